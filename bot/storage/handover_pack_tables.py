# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The tables of the end of a programme: packs that people take along, and how things have turned out.

A change here needs a migration; a test compares the two on both databases.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer

from bot.storage.columns import BigId, agency_id, moment, number, partial, reference, sealed, table, word

handover_pack = table(
    "handover_pack",
    agency_id(),
    reference("participant", "participant_id"),
    word("state"),
    number("version"),
    reference("staff", "made_by", nullable=True),
    moment("made_at", nullable=False),
    moment("changed_at", nullable=False),
    sealed("handover_pack", "choice"),
    Index(None, "participant_id"),
    # Nobody has two that go on.
    partial("uq_handover_pack_open", "state <> 'closed'", "participant_id", unique=True),
)

# Rows are only added.
handover_version = table(
    "handover_version",
    agency_id(),
    reference("participant", "participant_id"),
    reference("handover_pack", "pack_id"),
    Column("version", Integer, nullable=False),
    moment("at", nullable=False),
    sealed("handover_version", "content"),
    Index(None, "participant_id"),
    Index(None, "pack_id"),
)

handover_receiver = table(
    "handover_receiver",
    agency_id(),
    reference("participant", "participant_id"),
    reference("handover_pack", "pack_id"),
    # No foreign key: what the person was asked goes in its own time.
    Column("ask_id", BigId),
    sealed("handover_receiver", "place"),
    sealed("handover_receiver", "why"),
    reference("staff", "added_by"),
    moment("added_at", nullable=False),
    number("version"),
    moment("sent_at"),
    word("way", ""),
    Index(None, "participant_id"),
    Index(None, "pack_id"),
)

# Rows are only added. What is so is sealed: nothing can be sorted or counted by it.
outcome_marker = table(
    "outcome_marker",
    agency_id(),
    reference("participant", "participant_id"),
    reference("staff", "set_by"),
    moment("at", nullable=False),
    sealed("outcome_marker", "content"),
    Index(None, "participant_id"),
)
