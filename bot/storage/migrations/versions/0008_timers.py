# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Timers at a million rows.

Frozen as it is: what later changes is another migration.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("timer", sa.Column("parked_at", sa.BigInteger(), nullable=True))
    # With the id, or ten thousand timers of one moment would be sorted anew at each claim.
    op.drop_index("ix_timer_due", "timer")
    _partial("ix_timer_due", "state = 'waiting'", "due_at", "id")
    _partial("ix_timer_parked", "state = 'parked'", "id")
    if op.get_bind().dialect.name == "postgresql":
        # Room in each page, so that a lease changes a row in place and no index; and removed rows are swept
        # up before the front of the index is full of them, not when they are a fifth of a million.
        op.execute(
            "ALTER TABLE timer SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.01, "
            "autovacuum_vacuum_threshold = 2000, autovacuum_analyze_scale_factor = 0.02)"
        )


def _partial(name: str, where: str, *columns: str) -> None:
    held = sa.text(where)
    op.create_index(name, "timer", list(columns), sqlite_where=held, postgresql_where=held)
