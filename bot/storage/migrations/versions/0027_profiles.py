# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Conversation profiles and licensed scores.

Frozen as it is: what later changes is another migration.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()


def upgrade() -> None:
    """New tables; and of each message whether it belongs to the person's own conversation."""
    for table in ("incoming", "outgoing"):
        op.add_column(table, sa.Column("own", sa.Boolean(), nullable=False, server_default=sa.text("false")))
    _profiles()
    _scores()


def _profiles() -> None:
    op.create_table(
        "profile",
        *_begin("profile"),
        sa.Column("conversation_id", BIG_ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("shared_at", MOMENT, nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        _conversation("profile"),
        sa.UniqueConstraint("conversation_id", name="uq_profile_conversation_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_profile_participant_id", "profile", ["participant_id"])


def _scores() -> None:
    op.create_table(
        "licensed_score",
        *_begin("licensed_score"),
        sa.Column("conversation_id", BIG_ID, nullable=False),
        sa.Column("pack", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("shared_at", MOMENT, nullable=True),
        sa.Column("result", sa.LargeBinary(), nullable=False),
        _conversation("licensed_score"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "score_judgement",
        *_begin("score_judgement"),
        sa.Column("score_id", BIG_ID, nullable=False),
        sa.Column("staff_id", BIG_ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["score_id"], ["licensed_score.id"], name="fk_score_judgement_score_id"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_score_judgement_staff_id"),
        sqlite_autoincrement=True,
    )
    for table in ("licensed_score", "score_judgement"):
        op.create_index(f"ix_{table}_participant_id", table, ["participant_id"])


def _begin(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("id", BIG_ID, sa.Identity(), nullable=False),
        sa.Column("agency_id", BIG_ID, nullable=False),
        sa.Column("participant_id", BIG_ID, nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.ForeignKeyConstraint(["participant_id"], ["participant.id"], name=f"fk_{table}_participant_id"),
    )


def _conversation(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["conversation_id"], ["conversation.id"], name=f"fk_{table}_conversation_id"
    )
