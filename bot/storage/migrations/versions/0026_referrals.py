# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Referrals to partners.

Frozen as it is: what later changes is another migration.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()


def upgrade() -> None:
    """Only new tables: what there is stays as it is."""
    _referrals()
    _events()


def _referrals() -> None:
    op.create_table(
        "referral",
        sa.Column("id", BIG_ID, sa.Identity(), nullable=False),
        sa.Column("agency_id", BIG_ID, nullable=False),
        sa.Column("participant_id", BIG_ID, nullable=False),
        sa.Column("ask_id", BIG_ID, nullable=False),
        sa.Column("partner_id", BIG_ID, nullable=True),
        sa.Column("appointment_id", BIG_ID, nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("made_by", BIG_ID, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("result", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["participant_id"], ["participant.id"], name="fk_referral_participant_id"),
        sa.ForeignKeyConstraint(["ask_id"], ["sharing_ask.id"], name="fk_referral_ask_id"),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name="fk_referral_made_by"),
        sa.PrimaryKeyConstraint("id", name="pk_referral"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_referral_participant_id", "referral", ["participant_id"])
    for name, columns in (
        ("ix_referral_open", ["agency_id", "changed_at"]),
        ("ix_referral_appointment", ["appointment_id"]),
    ):
        where = sa.text("state <> 'closed'")
        op.create_index(name, "referral", columns, sqlite_where=where, postgresql_where=where)


def _events() -> None:
    op.create_table(
        "referral_event",
        sa.Column("id", BIG_ID, sa.Identity(), nullable=False),
        sa.Column("agency_id", BIG_ID, nullable=False),
        sa.Column("participant_id", BIG_ID, nullable=False),
        sa.Column("referral_id", BIG_ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name="fk_referral_event_participant_id"
        ),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name="fk_referral_event_referral_id"),
        sa.PrimaryKeyConstraint("id", name="pk_referral_event"),
        sqlite_autoincrement=True,
    )
    for name in ("participant_id", "referral_id"):
        op.create_index(f"ix_referral_event_{name}", "referral_event", [name])
