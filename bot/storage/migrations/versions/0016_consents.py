# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Consents: what was meant, for whom, until when.

Frozen as it is: what later changes is another migration.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Rows from before mean what the texts meant then; no hash was kept of them."""
    for column in (
        sa.Column("meaning", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("object", sa.LargeBinary(), nullable=True),
        sa.Column("text_hash", sa.Text(), nullable=False, server_default=""),
        sa.Column("valid_until", sa.BigInteger(), nullable=True),
    ):
        op.add_column("consent", column)
    op.add_column("outgoing", sa.Column("needs", sa.Text(), nullable=False, server_default=""))
