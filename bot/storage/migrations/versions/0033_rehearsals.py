# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Rehearsals that were asked for in the console.

Frozen as it is: what later changes is another migration.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()


def upgrade() -> None:
    """Only a new table: what there is stays as it is."""
    op.create_table(
        "rehearsal",
        sa.Column("id", BIG_ID, sa.Identity(), nullable=False),
        sa.Column("agency_id", BIG_ID, nullable=False),
        sa.Column("asked_by", BIG_ID, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("wish", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("began_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("fault", sa.Text(), nullable=False, server_default=""),
        sa.Column("report", sa.Text(), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["asked_by"], ["staff.id"], name="fk_rehearsal_asked_by"),
        sa.PrimaryKeyConstraint("id", name="pk_rehearsal"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_rehearsal_agency_id", "rehearsal", ["agency_id"])
    where = sa.text("state IN ('asked', 'running')")
    op.create_index(
        "ix_rehearsal_unfinished", "rehearsal", ["id"], sqlite_where=where, postgresql_where=where
    )
