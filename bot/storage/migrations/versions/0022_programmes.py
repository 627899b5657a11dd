# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Programmes as they were installed, and the phases of the people in them.

Frozen as it is: what later changes is another migration.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()


def upgrade() -> None:
    """Nobody is in a programme yet: what an invitation named stays in `participant.programme`."""
    _versions()
    _enrolments()
    _history()
    _tasks()


def _versions() -> None:
    op.create_table(
        "programme_version",
        sa.Column("id", BIG_ID, sa.Identity(), nullable=False),
        sa.Column("agency_id", BIG_ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("published_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_programme_version"),
        sa.UniqueConstraint(
            "agency_id", "name", "version", name="uq_programme_version_agency_id_name_version"
        ),
        sqlite_autoincrement=True,
    )


def _enrolments() -> None:
    op.create_table(
        "enrolment",
        sa.Column("id", BIG_ID, sa.Identity(), nullable=False),
        sa.Column("agency_id", BIG_ID, nullable=False),
        sa.Column("participant_id", BIG_ID, nullable=False),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("is_over_key", sa.Boolean(), nullable=False),
        sa.Column("confirmed_by", BIG_ID, nullable=True),
        sa.ForeignKeyConstraint(["participant_id"], ["participant.id"], name="fk_enrolment_participant_id"),
        sa.ForeignKeyConstraint(["confirmed_by"], ["staff.id"], name="fk_enrolment_confirmed_by"),
        sa.PrimaryKeyConstraint("id", name="pk_enrolment"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_enrolment_participant_id", "enrolment", ["participant_id"])
    for name, columns, unique in (
        ("uq_enrolment_open", ["participant_id", "programme"], True),
        ("ix_enrolment_agency", ["agency_id", "programme"], False),
    ):
        where = sa.text("ended_at IS NULL")
        op.create_index(name, "enrolment", columns, unique=unique, sqlite_where=where, postgresql_where=where)


def _history() -> None:
    op.create_table(
        "phase_event",
        sa.Column("id", BIG_ID, sa.Identity(), nullable=False),
        sa.Column("agency_id", BIG_ID, nullable=False),
        sa.Column("participant_id", BIG_ID, nullable=False),
        sa.Column("enrolment_id", BIG_ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("move", sa.Text(), nullable=False),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["participant_id"], ["participant.id"], name="fk_phase_event_participant_id"),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name="fk_phase_event_enrolment_id"),
        sa.PrimaryKeyConstraint("id", name="pk_phase_event"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_phase_event_enrolment_id", "phase_event", ["enrolment_id"])
    op.create_index("ix_phase_event_participant_id", "phase_event", ["participant_id"])


def _tasks() -> None:
    op.create_table(
        "programme_task",
        sa.Column("id", BIG_ID, sa.Identity(), nullable=False),
        sa.Column("agency_id", BIG_ID, nullable=False),
        sa.Column("participant_id", BIG_ID, nullable=False),
        sa.Column("enrolment_id", BIG_ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("raised_at", MOMENT, nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("settled_by", sa.Text(), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name="fk_programme_task_participant_id"
        ),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name="fk_programme_task_enrolment_id"),
        sa.PrimaryKeyConstraint("id", name="pk_programme_task"),
        sa.UniqueConstraint("enrolment_id", "mark", name="uq_programme_task_enrolment_id_mark"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_programme_task_participant_id", "programme_task", ["participant_id"])
    where = sa.text("settled_at IS NULL")
    op.create_index(
        "ix_programme_task_open",
        "programme_task",
        ["agency_id"],
        sqlite_where=where,
        postgresql_where=where,
    )
