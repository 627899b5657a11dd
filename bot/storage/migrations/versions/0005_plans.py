# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Plans: what is published, and where each person stands in it.

Frozen as it is: what later changes is another migration.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()


def create_table(name: str, *columns: Any) -> None:
    key = sa.Column("id", BIG_ID, sa.Identity(), nullable=False)
    primary = sa.PrimaryKeyConstraint("id", name=f"pk_{name}")
    op.create_table(name, key, *columns, primary, sqlite_autoincrement=True)


def upgrade() -> None:
    create_table(
        "plan_version",
        sa.Column("agency_id", BIG_ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("published_at", MOMENT, nullable=False),
        sa.UniqueConstraint("agency_id", "version", name="uq_plan_version_agency_id_version"),
    )
    create_table(
        "followed",
        sa.Column("agency_id", BIG_ID, nullable=False),
        sa.Column("participant_id", BIG_ID, nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("seen_until", MOMENT, nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("handled_day", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["participant_id"], ["participant.id"], name="fk_followed_participant_id"),
        sa.UniqueConstraint("participant_id", "plan", name="uq_followed_participant_id_plan"),
    )
    # The weekly check-in had a timer of its own; the plans of everybody are set when the first are published.
    op.execute("DELETE FROM timer WHERE kind = 'checkin'")
