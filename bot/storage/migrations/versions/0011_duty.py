# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Duty: absences, own hours, shifts and their swaps, tests of reachability; who has left the team.

Frozen as it is: what later changes is another migration.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()


def create_table(name: str, *columns: Any) -> None:
    key = sa.Column("id", BIG_ID, sa.Identity(), nullable=False)
    agency = sa.Column("agency_id", BIG_ID, nullable=False)
    primary = sa.PrimaryKeyConstraint("id", name=f"pk_{name}")
    op.create_table(name, key, agency, *columns, primary, sqlite_autoincrement=True)


def number(name: str, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, BIG_ID, nullable=nullable)


def moment(name: str, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, MOMENT, nullable=nullable)


def word(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=False)


def reference(table: str, target: str, name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([name], [f"{target}.id"], name=f"fk_{table}_{name}")


def index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))


def create_presence() -> None:
    create_table(
        "absence",
        number("staff_id"),
        moment("since"),
        moment("until", nullable=True),
        number("deputy_id", nullable=True),
        reference("absence", "staff", "staff_id"),
        reference("absence", "staff", "deputy_id"),
    )
    index("absence", "agency_id", "until")
    create_table(
        "working_day",
        number("staff_id"),
        sa.Column("weekday", sa.SmallInteger(), nullable=False),
        word("begins"),
        word("ends"),
        reference("working_day", "staff", "staff_id"),
        sa.UniqueConstraint("staff_id", "weekday", name="uq_working_day_staff_id_weekday"),
    )
    index("working_day", "agency_id")


def create_rota() -> None:
    create_table(
        "shift_pattern",
        number("staff_id"),
        word("rule"),
        word("first_day"),
        sa.Column("last_day", sa.Text(), server_default="", nullable=False),
        word("begins"),
        word("ends"),
        word("zone"),
        reference("shift_pattern", "staff", "staff_id"),
    )
    index("shift_pattern", "agency_id")
    create_table(
        "shift_change",
        number("pattern_id"),
        word("day"),
        number("staff_id", nullable=True),
        reference("shift_change", "shift_pattern", "pattern_id"),
        reference("shift_change", "staff", "staff_id"),
        sa.UniqueConstraint("pattern_id", "day", name="uq_shift_change_pattern_id_day"),
    )
    index("shift_change", "agency_id", "day")
    create_table(
        "takeover",
        number("staff_id"),
        moment("since"),
        moment("until"),
        reference("takeover", "staff", "staff_id"),
    )
    index("takeover", "agency_id", "until")


def create_swap() -> None:
    create_table(
        "shift_swap",
        number("pattern_id"),
        word("day"),
        number("from_id"),
        number("to_id"),
        word("state"),
        moment("proposed_at"),
        reference("shift_swap", "shift_pattern", "pattern_id"),
        reference("shift_swap", "staff", "from_id"),
        reference("shift_swap", "staff", "to_id"),
    )
    proposed = sa.text("state = 'proposed'")
    op.create_index(
        "uq_shift_swap_proposed",
        "shift_swap",
        ["pattern_id", "day"],
        unique=True,
        sqlite_where=proposed,
        postgresql_where=proposed,
    )


def create_reach() -> None:
    create_table(
        "reach_test",
        number("address_id"),
        moment("asked_at"),
        moment("confirmed_at", nullable=True),
        moment("missed_at", nullable=True),
        reference("reach_test", "address", "address_id"),
        sa.UniqueConstraint("address_id", name="uq_reach_test_address_id"),
    )
    index("reach_test", "agency_id")
    create_table(
        "duty_told",
        word("subject"),
        moment("at"),
        sa.UniqueConstraint("agency_id", "subject", name="uq_duty_told_agency_id_subject"),
    )


def upgrade() -> None:
    op.add_column("staff", sa.Column("left_at", MOMENT, nullable=True))
    create_presence()
    create_rota()
    create_swap()
    create_reach()
