# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The tables of internships.

A change here needs a migration; a test compares the two on both databases.
"""

from __future__ import annotations

from sqlalchemy import Index, UniqueConstraint

from bot.storage.columns import agency_id, moment, reference, sealed, table, word

placement = table(
    "placement",
    agency_id(),
    reference("participant", "participant_id"),
    reference("sharing_ask", "ask_id"),
    reference("staff", "contact_id", nullable=True),
    sealed("placement", "terms"),
    sealed("placement", "ending", nullable=True),
    reference("staff", "made_by"),
    moment("made_at", nullable=False),
    moment("changed_at", nullable=False),
    Index(None, "participant_id"),
    Index(None, "contact_id"),
)

# One row for each week, named by its Monday.
placement_week = table(
    "placement_week",
    agency_id(),
    reference("participant", "participant_id"),
    reference("placement", "placement_id"),
    word("week"),
    sealed("placement_week", "minutes"),
    reference("staff", "entered_by"),
    moment("entered_at", nullable=False),
    Index(None, "participant_id"),
    UniqueConstraint("placement_id", "week"),
)
