# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Whom another house vouches for when staff sign in, and of whom nothing is known any more.

Frozen as it is: what later changes is another migration.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()


def upgrade() -> None:
    op.add_column("staff", sa.Column("cleared_at", MOMENT, nullable=True))
    op.create_table(
        "staff_identity",
        sa.Column("id", BIG_ID, sa.Identity(), nullable=False),
        sa.Column("agency_id", BIG_ID, nullable=False),
        sa.Column("staff_id", BIG_ID, nullable=False),
        sa.Column("mark", sa.LargeBinary(), nullable=True),
        sa.Column("since", MOMENT, nullable=True),
        sa.Column("link_mark", sa.LargeBinary(), nullable=True),
        sa.Column("link_until", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_staff_identity_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_staff_identity"),
        sa.UniqueConstraint("staff_id", name="uq_staff_identity_staff_id"),
        sa.UniqueConstraint("mark", name="uq_staff_identity_mark"),
        sa.UniqueConstraint("link_mark", name="uq_staff_identity_link_mark"),
        sqlite_autoincrement=True,
    )
