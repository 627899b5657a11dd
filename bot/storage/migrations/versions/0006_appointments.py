# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Appointments, their series, and what staff have typed and not confirmed yet.

Frozen as it is: what later changes is another migration.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()
SEALED = sa.LargeBinary()


def create_table(name: str, *columns: Any) -> None:
    key = sa.Column("id", BIG_ID, sa.Identity(), nullable=False)
    primary = sa.PrimaryKeyConstraint("id", name=f"pk_{name}")
    op.create_table(name, key, *columns, primary, sqlite_autoincrement=True)


def reference(table: str, target: str, name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([name], [f"{target}.id"], name=f"fk_{table}_{name}")


def create_series() -> None:
    create_table(
        "appointment_series",
        sa.Column("agency_id", BIG_ID, nullable=False),
        sa.Column("participant_id", BIG_ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("set_by", BIG_ID, nullable=False),
        sa.Column("set_at", MOMENT, nullable=False),
        sa.Column("details", SEALED, nullable=False),
        sa.Column("reminders", sa.Text(), server_default="", nullable=False),
        sa.Column("last_day", sa.Text(), server_default="", nullable=False),
        sa.Column("count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("made_until", sa.Text(), server_default="", nullable=False),
        sa.Column("is_cancelled", sa.Boolean(), nullable=False),
        reference("appointment_series", "participant", "participant_id"),
        reference("appointment_series", "staff", "set_by"),
    )
    op.create_index("ix_appointment_series_participant_id", "appointment_series", ["participant_id"])


def create_appointment() -> None:
    create_table(
        "appointment",
        sa.Column("agency_id", BIG_ID, nullable=False),
        sa.Column("participant_id", BIG_ID, nullable=False),
        sa.Column("series_id", BIG_ID, nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("set_by", BIG_ID, nullable=False),
        sa.Column("set_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("details", SEALED, nullable=False),
        sa.Column("reminders", sa.Text(), server_default="", nullable=False),
        sa.Column("held_at", MOMENT, nullable=True),
        sa.Column("said", SEALED, nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("sequence", sa.Integer(), server_default="0", nullable=False),
        sa.Column("series_day", sa.Text(), server_default="", nullable=False),
        reference("appointment", "participant", "participant_id"),
        reference("appointment", "appointment_series", "series_id"),
        reference("appointment", "staff", "set_by"),
    )
    op.create_index("ix_appointment_participant_id_starts_at", "appointment", ["participant_id", "starts_at"])
    occurrence = sa.text("series_id IS NOT NULL")
    op.create_index(
        "uq_appointment_occurrence",
        "appointment",
        ["series_id", "series_day"],
        unique=True,
        sqlite_where=occurrence,
        postgresql_where=occurrence,
    )


def upgrade() -> None:
    create_series()
    create_appointment()
    create_table(
        "appointment_entry",
        sa.Column("agency_id", BIG_ID, nullable=False),
        sa.Column("staff_id", BIG_ID, nullable=False),
        sa.Column("entry", SEALED, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        reference("appointment_entry", "staff", "staff_id"),
        sa.UniqueConstraint("staff_id", name="uq_appointment_entry_staff_id"),
    )
