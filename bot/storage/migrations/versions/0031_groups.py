# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Group offers.

Frozen as it is: what later changes is another migration.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()


def upgrade() -> None:
    """Only new tables: what there is stays as it is."""
    _offers()
    _seats()
    _days()


def _offers() -> None:
    op.create_table(
        "group_offer",
        sa.Column("id", BIG_ID, sa.Identity(), nullable=False),
        sa.Column("agency_id", BIG_ID, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("led_by", BIG_ID, nullable=False),
        sa.Column("partner_id", BIG_ID, nullable=True),
        sa.Column("made_by", BIG_ID, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("freed_at", MOMENT, nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["led_by"], ["staff.id"], name="fk_group_offer_led_by"),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name="fk_group_offer_made_by"),
        sa.PrimaryKeyConstraint("id", name="pk_group_offer"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_group_offer_agency_id", "group_offer", ["agency_id"])


def _seats() -> None:
    op.create_table(
        "group_seat",
        sa.Column("id", BIG_ID, sa.Identity(), nullable=False),
        sa.Column("agency_id", BIG_ID, nullable=False),
        sa.Column("group_id", BIG_ID, nullable=False),
        sa.Column("participant_id", BIG_ID, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("asked_at", MOMENT, nullable=True),
        sa.Column("held_until", MOMENT, nullable=True),
        sa.Column("series_id", BIG_ID, nullable=True),
        *_references("group_seat"),
        sa.PrimaryKeyConstraint("id", name="pk_group_seat"),
        sa.UniqueConstraint("group_id", "participant_id", name="uq_group_seat_group_id_participant_id"),
        sqlite_autoincrement=True,
    )
    for name in ("participant_id", "series_id"):
        op.create_index(f"ix_group_seat_{name}", "group_seat", [name])
    where = sa.text("place IS NOT NULL")
    op.create_index(
        "uq_group_seat_place",
        "group_seat",
        ["group_id", "place"],
        unique=True,
        sqlite_where=where,
        postgresql_where=where,
    )


def _days() -> None:
    op.create_table(
        "group_visit",
        sa.Column("id", BIG_ID, sa.Identity(), nullable=False),
        sa.Column("agency_id", BIG_ID, nullable=False),
        sa.Column("group_id", BIG_ID, nullable=False),
        sa.Column("participant_id", BIG_ID, nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        *_references("group_visit"),
        sa.PrimaryKeyConstraint("id", name="pk_group_visit"),
        sa.UniqueConstraint(
            "group_id", "day", "participant_id", name="uq_group_visit_group_id_day_participant_id"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_group_visit_participant_id", "group_visit", ["participant_id"])
    op.create_table(
        "group_day",
        sa.Column("id", BIG_ID, sa.Identity(), nullable=False),
        sa.Column("agency_id", BIG_ID, nullable=False),
        sa.Column("group_id", BIG_ID, nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("came", sa.Integer(), nullable=True),
        *(
            sa.Column(name, sa.Integer(), nullable=False, server_default="0")
            for name in ("good", "mixed", "bad")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["group_offer.id"], name="fk_group_day_group_id"),
        sa.PrimaryKeyConstraint("id", name="pk_group_day"),
        sa.UniqueConstraint("group_id", "day", name="uq_group_day_group_id_day"),
        sqlite_autoincrement=True,
    )


def _references(table: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint(["group_id"], ["group_offer.id"], name=f"fk_{table}_group_id"),
        sa.ForeignKeyConstraint(["participant_id"], ["participant.id"], name=f"fk_{table}_participant_id"),
    ]
