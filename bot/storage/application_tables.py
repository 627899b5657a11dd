# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The tables of applications with carriers.

A change here needs a migration; a test compares the two on both databases.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Text

from bot.storage.columns import agency_id, moment, partial, reference, sealed, table, word

# Carrier and benefit may say something about the person's health: they lie in the content.
application = table(
    "application",
    agency_id(),
    reference("participant", "participant_id"),
    word("state"),
    word("turn"),
    # A day, 2026-12-01.
    Column("due_on", Text),
    sealed("application", "content"),
    reference("staff", "made_by"),
    moment("made_at", nullable=False),
    moment("changed_at", nullable=False),
    Index(None, "participant_id"),
    partial("ix_application_open", "state <> 'closed'", "agency_id", "due_on"),
)

# Rows are only added.
application_event = table(
    "application_event",
    agency_id(),
    reference("participant", "participant_id"),
    reference("application", "application_id"),
    moment("at", nullable=False),
    word("day"),
    word("event"),
    word("actor"),
    sealed("application_event", "note", nullable=True),
    Index(None, "participant_id"),
    Index(None, "application_id"),
)
