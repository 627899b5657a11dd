# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The tables of conferences.

A change here needs a migration; a test compares the two on both databases.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, UniqueConstraint

from bot.storage.columns import agency_id, moment, number, partial, reference, sealed, table, word

# No participant is ever in here.
conference = table(
    "conference",
    agency_id(),
    word("kind"),
    word("state"),
    moment("starts_at", nullable=False),
    Column("minutes", Integer, nullable=False),
    sealed("conference", "agenda"),
    reference("staff", "made_by"),
    moment("made_at", nullable=False),
    moment("changed_at", nullable=False),
    Index(None, "agency_id", "starts_at"),
)

conference_guest = table(
    "conference_guest",
    agency_id(),
    reference("conference", "conference_id"),
    reference("staff", "staff_id"),
    UniqueConstraint("conference_id", "staff_id"),
)

# Goes with the person: what is left is a conference about nobody.
conference_case = table(
    "conference_case",
    agency_id(),
    reference("conference", "conference_id"),
    reference("participant", "participant_id"),
    sealed("conference_case", "sheet"),
    number("version"),
    moment("released_at"),
    reference("sharing_ask", "ask_id", nullable=True),
    sealed("conference_case", "words", nullable=True),
    UniqueConstraint("conference_id"),
    Index(None, "participant_id"),
)

# When the person is erased it stays without its words, about nobody: see `bot.storage.erasing`.
conference_decision = table(
    "conference_decision",
    agency_id(),
    reference("conference", "conference_id"),
    reference("participant", "participant_id", nullable=True),
    reference("staff", "owner_id"),
    sealed("conference_decision", "words"),
    moment("due_at", nullable=False),
    moment("made_at", nullable=False),
    moment("done_at"),
    moment("lead_told_at"),
    Index(None, "conference_id"),
    Index(None, "participant_id"),
    partial("ix_conference_decision_open", "done_at IS NULL", "owner_id", "due_at"),
)
