# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Delivery: messages that are ready are found agency by agency, urgent ones that wait without the others.

Frozen as it is: what later changes is another migration.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_outgoing_ready", "outgoing")
    for name, condition, columns in (
        (
            "ix_outgoing_ready",
            "state = 'queued' AND wait_until IS NULL",
            ["channel", "agency_id", "priority", "id"],
        ),
        (
            "ix_outgoing_wait_urgent",
            "wait_until IS NOT NULL AND priority <= 10",
            ["channel", "wait_until"],
        ),
    ):
        op.create_index(
            name,
            "outgoing",
            columns,
            sqlite_where=sa.text(condition),
            postgresql_where=sa.text(condition),
        )
