# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Facts and scores of a person, and who brought a version of a dialog.

Frozen as it is: what later changes is another migration.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()
SEALED = sa.LargeBinary()


def create_table(name: str, *columns: Any) -> None:
    key = sa.Column("id", BIG_ID, sa.Identity(), nullable=False)
    primary = sa.PrimaryKeyConstraint("id", name=f"pk_{name}")
    op.create_table(name, key, *columns, primary, sqlite_autoincrement=True)


def upgrade() -> None:
    create_table(
        "participant_fact",
        sa.Column("agency_id", BIG_ID, nullable=False),
        sa.Column("participant_id", BIG_ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", SEALED, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name="fk_participant_fact_participant_id"
        ),
        sa.UniqueConstraint("participant_id", "name", name="uq_participant_fact_participant_id_name"),
    )
    create_table(
        "score",
        sa.Column("agency_id", BIG_ID, nullable=False),
        sa.Column("participant_id", BIG_ID, nullable=False),
        sa.Column("conversation_id", BIG_ID, nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("value", SEALED, nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("items", SEALED, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name="fk_score_conversation_id"),
        sa.ForeignKeyConstraint(["participant_id"], ["participant.id"], name="fk_score_participant_id"),
    )
    op.create_index(
        "ix_score_participant_id_rule_version_id", "score", ["participant_id", "rule", "version", "id"]
    )
    # Whatever was published so far came with the program: there was no other way.
    op.add_column("dialog_version", sa.Column("origin", sa.Text(), server_default="shipped", nullable=False))
