# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Help plans and partners.

Frozen as it is: what later changes is another migration.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()


def upgrade() -> None:
    """Only new tables: what there is stays as it is."""
    _plans()
    _history()
    _partners()


def _plans() -> None:
    op.create_table(
        "help_plan",
        sa.Column("id", BIG_ID, sa.Identity(), nullable=False),
        sa.Column("agency_id", BIG_ID, nullable=False),
        sa.Column("participant_id", BIG_ID, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("reminds", sa.Boolean(), nullable=False),
        sa.Column("review_at", MOMENT, nullable=True),
        sa.Column("made_by", BIG_ID, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["participant_id"], ["participant.id"], name="fk_help_plan_participant_id"),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name="fk_help_plan_made_by"),
        sa.PrimaryKeyConstraint("id", name="pk_help_plan"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_help_plan_participant_id", "help_plan", ["participant_id"])
    for name, columns, unique in (
        ("uq_help_plan_open", ["participant_id"], True),
        ("ix_help_plan_review", ["agency_id", "review_at"], False),
    ):
        where = sa.text("state <> 'closed'")
        op.create_index(name, "help_plan", columns, unique=unique, sqlite_where=where, postgresql_where=where)


def _history() -> None:
    op.create_table(
        "help_plan_version",
        sa.Column("id", BIG_ID, sa.Identity(), nullable=False),
        sa.Column("agency_id", BIG_ID, nullable=False),
        sa.Column("participant_id", BIG_ID, nullable=False),
        sa.Column("plan_id", BIG_ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        *_references("help_plan_version"),
        sa.PrimaryKeyConstraint("id", name="pk_help_plan_version"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "help_plan_event",
        sa.Column("id", BIG_ID, sa.Identity(), nullable=False),
        sa.Column("agency_id", BIG_ID, nullable=False),
        sa.Column("participant_id", BIG_ID, nullable=False),
        sa.Column("plan_id", BIG_ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False, server_default="0"),
        *_references("help_plan_event"),
        sa.PrimaryKeyConstraint("id", name="pk_help_plan_event"),
        sqlite_autoincrement=True,
    )
    for table in ("help_plan_version", "help_plan_event"):
        for name in ("participant_id", "plan_id"):
            op.create_index(f"ix_{table}_{name}", table, [name])


def _references(table: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint(["participant_id"], ["participant.id"], name=f"fk_{table}_participant_id"),
        sa.ForeignKeyConstraint(["plan_id"], ["help_plan.id"], name=f"fk_{table}_plan_id"),
    ]


def _partners() -> None:
    op.create_table(
        "partner",
        sa.Column("id", BIG_ID, sa.Identity(), nullable=False),
        sa.Column("agency_id", BIG_ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("details", sa.LargeBinary(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_partner"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_partner_agency_id", "partner", ["agency_id"])
