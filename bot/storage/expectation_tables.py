# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The tables of what each side expects.

A change here needs a migration; a test compares the two on both databases.
"""

from __future__ import annotations

from sqlalchemy import Index, UniqueConstraint

from bot.storage.columns import agency_id, moment, reference, sealed, table, word

# Nobody of the team made it: the person did. With an appointment it is the one note of that appointment.
expectation_topic = table(
    "expectation_topic",
    agency_id(),
    reference("participant", "participant_id"),
    word("state"),
    sealed("expectation_topic", "headline"),
    sealed("expectation_topic", "agreement", nullable=True),
    reference("staff", "made_by", nullable=True),
    moment("made_at", nullable=False),
    moment("changed_at", nullable=False),
    reference("appointment", "appointment_id", nullable=True),
    UniqueConstraint("appointment_id"),
    Index(None, "participant_id"),
)

# Nobody of the team noted it: the person wrote it.
expectation_side = table(
    "expectation_side",
    agency_id(),
    reference("participant", "participant_id"),
    reference("expectation_topic", "topic_id"),
    word("side"),
    sealed("expectation_side", "said"),
    reference("staff", "noted_by", nullable=True),
    moment("noted_at", nullable=False),
    Index(None, "participant_id"),
    Index(None, "topic_id"),
)

expectation_sheet = table(
    "expectation_sheet",
    agency_id(),
    reference("participant", "participant_id"),
    reference("sharing_ask", "ask_id"),
    sealed("expectation_sheet", "topics"),
    reference("staff", "made_by"),
    moment("made_at", nullable=False),
    Index(None, "participant_id"),
)
