# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Who comes along to an appointment, visits at home, the note of a joint appointment.

Frozen as it is: what later changes is another migration.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()


def upgrade() -> None:
    """Only new tables: what there is stays as it is."""
    op.create_table(
        "accompaniment",
        *_of_appointment("accompaniment"),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("staff_id", BIG_ID, nullable=True),
        sa.Column("companion", sa.LargeBinary(), nullable=False),
        sa.Column("promised_for", MOMENT, nullable=True),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_accompaniment_staff_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_accompaniment_participant_id", "accompaniment", ["participant_id"])
    where = sa.text("state IN ('asked', 'offered', 'confirmed')")
    op.create_index(
        "ix_accompaniment_promised",
        "accompaniment",
        ["staff_id"],
        sqlite_where=where,
        postgresql_where=where,
    )
    _home_visits()


def _home_visits() -> None:
    op.create_table(
        "home_visit",
        *_of_appointment("home_visit"),
        sa.Column("staff_id", BIG_ID, nullable=False),
        sa.Column("second_id", BIG_ID, nullable=True),
        sa.Column("asked_at", MOMENT, nullable=True),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.Column("back_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_home_visit_staff_id"),
        sa.ForeignKeyConstraint(["second_id"], ["staff.id"], name="fk_home_visit_second_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_home_visit_participant_id", "home_visit", ["participant_id"])


def _of_appointment(name: str) -> tuple[sa.Column[int] | sa.Constraint, ...]:
    """What every table has of which there is one row for an appointment."""
    return (
        sa.Column("id", BIG_ID, sa.Identity(), nullable=False),
        sa.Column("agency_id", BIG_ID, nullable=False),
        sa.Column("participant_id", BIG_ID, nullable=False),
        sa.Column("appointment_id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(["participant_id"], ["participant.id"], name=f"fk_{name}_participant_id"),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointment.id"], name=f"fk_{name}_appointment_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sa.UniqueConstraint("appointment_id", name=f"uq_{name}_appointment_id"),
    )
