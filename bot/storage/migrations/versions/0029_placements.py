# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Internships.

Frozen as it is: what later changes is another migration.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()


def upgrade() -> None:
    """Only new tables: what there is stays as it is."""
    op.create_table(
        "placement",
        sa.Column("id", BIG_ID, sa.Identity(), nullable=False),
        sa.Column("agency_id", BIG_ID, nullable=False),
        sa.Column("participant_id", BIG_ID, nullable=False),
        sa.Column("ask_id", BIG_ID, nullable=False),
        sa.Column("contact_id", BIG_ID, nullable=True),
        sa.Column("terms", sa.LargeBinary(), nullable=False),
        sa.Column("ending", sa.LargeBinary(), nullable=True),
        sa.Column("made_by", BIG_ID, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["participant_id"], ["participant.id"], name="fk_placement_participant_id"),
        sa.ForeignKeyConstraint(["ask_id"], ["sharing_ask.id"], name="fk_placement_ask_id"),
        sa.ForeignKeyConstraint(["contact_id"], ["staff.id"], name="fk_placement_contact_id"),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name="fk_placement_made_by"),
        sa.PrimaryKeyConstraint("id", name="pk_placement"),
        sqlite_autoincrement=True,
    )
    for name in ("participant_id", "contact_id"):
        op.create_index(f"ix_placement_{name}", "placement", [name])
    _weeks()


def _weeks() -> None:
    op.create_table(
        "placement_week",
        sa.Column("id", BIG_ID, sa.Identity(), nullable=False),
        sa.Column("agency_id", BIG_ID, nullable=False),
        sa.Column("participant_id", BIG_ID, nullable=False),
        sa.Column("placement_id", BIG_ID, nullable=False),
        sa.Column("week", sa.Text(), nullable=False),
        sa.Column("minutes", sa.LargeBinary(), nullable=False),
        sa.Column("entered_by", BIG_ID, nullable=False),
        sa.Column("entered_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name="fk_placement_week_participant_id"
        ),
        sa.ForeignKeyConstraint(["placement_id"], ["placement.id"], name="fk_placement_week_placement_id"),
        sa.ForeignKeyConstraint(["entered_by"], ["staff.id"], name="fk_placement_week_entered_by"),
        sa.PrimaryKeyConstraint("id", name="pk_placement_week"),
        sa.UniqueConstraint("placement_id", "week", name="uq_placement_week_placement_id_week"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_placement_week_participant_id", "placement_week", ["participant_id"])
