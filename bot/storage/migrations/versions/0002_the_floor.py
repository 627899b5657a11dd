# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Conversations that wait: asleep, put by, or wanted. What had not ended is open."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    columns: tuple[sa.Column[Any], ...] = (
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("priority", sa.SmallInteger(), server_default="1", nullable=False),
        sa.Column("kind", sa.Text(), server_default="reply", nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("partial", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    for column in columns:
        op.add_column("conversation", column)
    op.execute("UPDATE conversation SET state = 'ended' WHERE ended_at IS NOT NULL")
    op.drop_index("uq_conversation_open", "conversation")
    for name, condition, unique in (
        ("uq_conversation_open", "state = 'open'", True),
        ("ix_conversation_under_way", "state <> 'ended'", False),
    ):
        op.create_index(
            name,
            "conversation",
            ["participant_id"],
            unique=unique,
            sqlite_where=sa.text(condition),
            postgresql_where=sa.text(condition),
        )
