# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Case conferences.

Frozen as it is: what later changes is another migration.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()


def upgrade() -> None:
    """Only new tables: what there is stays as it is."""
    _conferences()
    _cases()
    _decisions()


def _conferences() -> None:
    op.create_table(
        "conference",
        *_numbers(),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("agenda", sa.LargeBinary(), nullable=False),
        sa.Column("made_by", BIG_ID, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        *_keys("conference", made_by="staff"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_conference_agency_id_starts_at", "conference", ["agency_id", "starts_at"])
    op.create_table(
        "conference_guest",
        *_numbers(),
        sa.Column("conference_id", BIG_ID, nullable=False),
        sa.Column("staff_id", BIG_ID, nullable=False),
        *_keys("conference_guest", conference_id="conference", staff_id="staff"),
        sa.UniqueConstraint("conference_id", "staff_id", name="uq_conference_guest_conference_id_staff_id"),
        sqlite_autoincrement=True,
    )


def _cases() -> None:
    op.create_table(
        "conference_case",
        *_numbers(),
        sa.Column("conference_id", BIG_ID, nullable=False),
        sa.Column("participant_id", BIG_ID, nullable=False),
        sa.Column("sheet", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("released_at", MOMENT, nullable=True),
        sa.Column("ask_id", BIG_ID, nullable=True),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        *_keys(
            "conference_case",
            conference_id="conference",
            participant_id="participant",
            ask_id="sharing_ask",
        ),
        sa.UniqueConstraint("conference_id", name="uq_conference_case_conference_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_conference_case_participant_id", "conference_case", ["participant_id"])


def _decisions() -> None:
    op.create_table(
        "conference_decision",
        *_numbers(),
        sa.Column("conference_id", BIG_ID, nullable=False),
        sa.Column("participant_id", BIG_ID, nullable=True),
        sa.Column("owner_id", BIG_ID, nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("lead_told_at", MOMENT, nullable=True),
        *_keys(
            "conference_decision",
            conference_id="conference",
            participant_id="participant",
            owner_id="staff",
        ),
        sqlite_autoincrement=True,
    )
    for name in ("conference_id", "participant_id"):
        op.create_index(f"ix_conference_decision_{name}", "conference_decision", [name])
    where = sa.text("done_at IS NULL")
    op.create_index(
        "ix_conference_decision_open",
        "conference_decision",
        ["owner_id", "due_at"],
        sqlite_where=where,
        postgresql_where=where,
    )


def _numbers() -> list[sa.Column[int]]:
    return [
        sa.Column("id", BIG_ID, sa.Identity(), nullable=False),
        sa.Column("agency_id", BIG_ID, nullable=False),
    ]


def _keys(table: str, **targets: str) -> list[sa.Constraint]:
    references = [
        sa.ForeignKeyConstraint([name], [f"{target}.id"], name=f"fk_{table}_{name}")
        for name, target in targets.items()
    ]
    return [*references, sa.PrimaryKeyConstraint("id", name=f"pk_{table}")]
