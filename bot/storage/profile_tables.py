# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The tables of what belongs to the person first: conversation profiles and licensed scores.

A change here needs a migration; a test compares the two on both databases.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, UniqueConstraint

from bot.storage.columns import agency_id, moment, reference, sealed, table, word

profile = table(
    "profile",
    agency_id(),
    reference("participant", "participant_id"),
    reference("conversation", "conversation_id"),
    moment("at", nullable=False),
    moment("shared_at"),
    sealed("profile", "content"),
    UniqueConstraint("conversation_id"),
    Index(None, "participant_id"),
)

# `result` also says why nothing could be computed.
licensed_score = table(
    "licensed_score",
    agency_id(),
    reference("participant", "participant_id"),
    reference("conversation", "conversation_id"),
    word("pack"),
    Column("version", Integer, nullable=False),
    moment("at", nullable=False),
    moment("shared_at"),
    sealed("licensed_score", "result"),
    Index(None, "participant_id"),
)

# Rows are only added.
score_judgement = table(
    "score_judgement",
    agency_id(),
    reference("participant", "participant_id"),
    reference("licensed_score", "score_id"),
    reference("staff", "staff_id"),
    moment("at", nullable=False),
    sealed("score_judgement", "words"),
    Index(None, "participant_id"),
)
