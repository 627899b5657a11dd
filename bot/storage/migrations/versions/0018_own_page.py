# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Links to the own page: what they need beside them, and who called them back.

Frozen as it is: what later changes is another migration.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()


def upgrade() -> None:
    op.add_column("invitation", sa.Column("tries", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "page_lock",
        sa.Column("id", BIG_ID, sa.Identity(), nullable=False),
        sa.Column("agency_id", BIG_ID, nullable=False),
        sa.Column("participant_id", BIG_ID, nullable=False),
        sa.Column("factor", sa.Text(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("set_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["participant_id"], ["participant.id"], name="fk_page_lock_participant_id"),
        sa.PrimaryKeyConstraint("id", name="pk_page_lock"),
        sa.UniqueConstraint("participant_id", name="uq_page_lock_participant_id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "page_session",
        sa.Column("id", BIG_ID, sa.Identity(), nullable=False),
        sa.Column("agency_id", BIG_ID, nullable=False),
        sa.Column("address_id", BIG_ID, nullable=False),
        sa.Column("participant_id", BIG_ID, nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("is_strong", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["address_id"], ["address.id"], name="fk_page_session_address_id"),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name="fk_page_session_participant_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_page_session"),
        sa.UniqueConstraint("address_id", name="uq_page_session_address_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_page_session_participant_id", "page_session", ["participant_id"])
