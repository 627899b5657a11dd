# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Hand-over packs and outcome markers.

Frozen as it is: what later changes is another migration.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()


def upgrade() -> None:
    """Only new tables: what there is stays as it is."""
    _packs()
    _versions()
    _receivers()
    _markers()


def _packs() -> None:
    op.create_table(
        "handover_pack",
        sa.Column("id", BIG_ID, sa.Identity(), nullable=False),
        sa.Column("agency_id", BIG_ID, nullable=False),
        sa.Column("participant_id", BIG_ID, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("made_by", BIG_ID, nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("choice", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name="fk_handover_pack_participant_id"
        ),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name="fk_handover_pack_made_by"),
        sa.PrimaryKeyConstraint("id", name="pk_handover_pack"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_handover_pack_participant_id", "handover_pack", ["participant_id"])
    where = sa.text("state <> 'closed'")
    op.create_index(
        *("uq_handover_pack_open", "handover_pack", ["participant_id"]),
        unique=True,
        sqlite_where=where,
        postgresql_where=where,
    )


def _versions() -> None:
    op.create_table(
        "handover_version",
        sa.Column("id", BIG_ID, sa.Identity(), nullable=False),
        sa.Column("agency_id", BIG_ID, nullable=False),
        sa.Column("participant_id", BIG_ID, nullable=False),
        sa.Column("pack_id", BIG_ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        *_references("handover_version"),
        sa.PrimaryKeyConstraint("id", name="pk_handover_version"),
        sqlite_autoincrement=True,
    )
    _indexes("handover_version")


def _receivers() -> None:
    op.create_table(
        "handover_receiver",
        sa.Column("id", BIG_ID, sa.Identity(), nullable=False),
        sa.Column("agency_id", BIG_ID, nullable=False),
        sa.Column("participant_id", BIG_ID, nullable=False),
        sa.Column("pack_id", BIG_ID, nullable=False),
        sa.Column("ask_id", BIG_ID, nullable=True),
        sa.Column("place", sa.LargeBinary(), nullable=False),
        sa.Column("why", sa.LargeBinary(), nullable=False),
        sa.Column("added_by", BIG_ID, nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("way", sa.Text(), nullable=False, server_default=""),
        *_references("handover_receiver"),
        sa.ForeignKeyConstraint(["added_by"], ["staff.id"], name="fk_handover_receiver_added_by"),
        sa.PrimaryKeyConstraint("id", name="pk_handover_receiver"),
        sqlite_autoincrement=True,
    )
    _indexes("handover_receiver")


def _markers() -> None:
    op.create_table(
        "outcome_marker",
        sa.Column("id", BIG_ID, sa.Identity(), nullable=False),
        sa.Column("agency_id", BIG_ID, nullable=False),
        sa.Column("participant_id", BIG_ID, nullable=False),
        sa.Column("set_by", BIG_ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name="fk_outcome_marker_participant_id"
        ),
        sa.ForeignKeyConstraint(["set_by"], ["staff.id"], name="fk_outcome_marker_set_by"),
        sa.PrimaryKeyConstraint("id", name="pk_outcome_marker"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outcome_marker_participant_id", "outcome_marker", ["participant_id"])


def _references(table: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint(["participant_id"], ["participant.id"], name=f"fk_{table}_participant_id"),
        sa.ForeignKeyConstraint(["pack_id"], ["handover_pack.id"], name=f"fk_{table}_pack_id"),
    ]


def _indexes(table: str) -> None:
    for name in ("participant_id", "pack_id"):
        op.create_index(f"ix_{table}_{name}", table, [name])
