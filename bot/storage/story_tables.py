# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The table of what staff note about a person.

A change here needs a migration; a test compares the two on both databases.
"""

from __future__ import annotations

from sqlalchemy import Index

from bot.storage.columns import agency_id, moment, reference, sealed, table

person_note = table(
    "person_note",
    agency_id(),
    reference("participant", "participant_id"),
    reference("staff", "staff_id"),
    moment("at", nullable=False),
    sealed("person_note", "text"),
    Index(None, "participant_id", "at"),
)
