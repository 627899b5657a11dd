# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What the sides expect of one another.

Frozen as it is: what later changes is another migration.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()


def upgrade() -> None:
    """Only new tables: what there is stays as it is."""
    op.create_table(
        "expectation_topic",
        *_numbers(),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("headline", sa.LargeBinary(), nullable=False),
        sa.Column("agreement", sa.LargeBinary(), nullable=True),
        sa.Column("made_by", BIG_ID, nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("appointment_id", BIG_ID, nullable=True),
        *_keys("expectation_topic", made_by="staff", appointment_id="appointment"),
        sa.UniqueConstraint("appointment_id", name="uq_expectation_topic_appointment_id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "expectation_side",
        *_numbers(),
        sa.Column("topic_id", BIG_ID, nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("said", sa.LargeBinary(), nullable=False),
        sa.Column("noted_by", BIG_ID, nullable=True),
        sa.Column("noted_at", MOMENT, nullable=False),
        *_keys("expectation_side", topic_id="expectation_topic", noted_by="staff"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "expectation_sheet",
        *_numbers(),
        sa.Column("ask_id", BIG_ID, nullable=False),
        sa.Column("topics", sa.LargeBinary(), nullable=False),
        sa.Column("made_by", BIG_ID, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        *_keys("expectation_sheet", ask_id="sharing_ask", made_by="staff"),
        sqlite_autoincrement=True,
    )
    for name in ("expectation_topic", "expectation_side", "expectation_sheet"):
        op.create_index(f"ix_{name}_participant_id", name, ["participant_id"])
    op.create_index("ix_expectation_side_topic_id", "expectation_side", ["topic_id"])


def _numbers() -> list[sa.Column[int]]:
    return [
        sa.Column("id", BIG_ID, sa.Identity(), nullable=False),
        sa.Column("agency_id", BIG_ID, nullable=False),
        sa.Column("participant_id", BIG_ID, nullable=False),
    ]


def _keys(table: str, **targets: str) -> list[sa.Constraint]:
    references = [
        sa.ForeignKeyConstraint([name], [f"{target}.id"], name=f"fk_{table}_{name}")
        for name, target in {"participant_id": "participant", **targets}.items()
    ]
    return [*references, sa.PrimaryKeyConstraint("id", name=f"pk_{table}")]
