# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Applications with carriers of rehabilitation.

Frozen as it is: what later changes is another migration.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()


def upgrade() -> None:
    """Only new tables: what there is stays as it is."""
    _applications()
    _events()


def _applications() -> None:
    op.create_table(
        "application",
        sa.Column("id", BIG_ID, sa.Identity(), nullable=False),
        sa.Column("agency_id", BIG_ID, nullable=False),
        sa.Column("participant_id", BIG_ID, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("turn", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Text(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("made_by", BIG_ID, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["participant_id"], ["participant.id"], name="fk_application_participant_id"),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name="fk_application_made_by"),
        sa.PrimaryKeyConstraint("id", name="pk_application"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_application_participant_id", "application", ["participant_id"])
    where = sa.text("state <> 'closed'")
    op.create_index(
        "ix_application_open",
        "application",
        ["agency_id", "due_on"],
        sqlite_where=where,
        postgresql_where=where,
    )


def _events() -> None:
    op.create_table(
        "application_event",
        sa.Column("id", BIG_ID, sa.Identity(), nullable=False),
        sa.Column("agency_id", BIG_ID, nullable=False),
        sa.Column("participant_id", BIG_ID, nullable=False),
        sa.Column("application_id", BIG_ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name="fk_application_event_participant_id"
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name="fk_application_event_application_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_application_event"),
        sqlite_autoincrement=True,
    )
    for name in ("participant_id", "application_id"):
        op.create_index(f"ix_application_event_{name}", "application_event", [name])
