# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What goes out has an end, and what it is about.

Frozen as it is: what later changes is another migration.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outgoing", sa.Column("expires_at", sa.BigInteger(), nullable=True))
    op.add_column("outgoing", sa.Column("subject", sa.Text(), server_default="", nullable=False))
    held = sa.text("state = 'queued' AND expires_at IS NOT NULL")
    op.create_index(
        "ix_outgoing_expires",
        "outgoing",
        ["channel", "expires_at"],
        sqlite_where=held,
        postgresql_where=held,
    )
