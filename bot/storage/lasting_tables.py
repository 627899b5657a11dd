# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The tables of what outlasts a conversation: facts and scores of a person, and published dialogs."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Table, Text, UniqueConstraint

from bot.storage.columns import BigId, agency_id, metadata, moment, reference, sealed, table, word

# What dialogs remember about a person beyond one conversation.
participant_fact = table(
    "participant_fact",
    agency_id(),
    reference("participant", "participant_id"),
    word("name"),
    sealed("participant_fact", "value"),
    moment("at", nullable=False),
    UniqueConstraint("participant_id", "name"),
)

# `value` is empty where nothing could be computed; then `reason` and `items` say why.
score = table(
    "score",
    agency_id(),
    reference("participant", "participant_id"),
    reference("conversation", "conversation_id"),
    word("rule"),
    Column("version", Integer, nullable=False),
    sealed("score", "value", nullable=True),
    word("reason", ""),
    sealed("score", "items"),
    moment("at", nullable=False),
    Index(None, "participant_id", "rule", "version", "id"),
)

# Dialogs and facts without an agency hold for all of them.
dialog_version = table(
    "dialog_version",
    Column("agency_id", BigId),
    word("dialog"),
    Column("version", Integer, nullable=False),
    word("digest"),
    word("source"),
    word("origin", "shipped"),
    moment("published_at", nullable=False),
    UniqueConstraint("dialog", "version"),
)

fact = Table(
    "fact",
    metadata,
    Column("name", Text, primary_key=True),
    Column("agency_id", BigId),
    word("value"),
)
