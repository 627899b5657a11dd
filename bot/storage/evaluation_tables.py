# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The table of measuring points. It has no answers: it says which conversation they are in."""

from __future__ import annotations

from sqlalchemy import Index, UniqueConstraint

from bot.storage.columns import agency_id, moment, reference, table, word

measuring_point = table(
    "measuring_point",
    agency_id(),
    reference("participant", "participant_id"),
    reference("enrolment", "enrolment_id"),
    word("point"),
    word("instrument"),
    moment("opens_at", nullable=False),
    moment("closes_at", nullable=False),
    moment("made_at", nullable=False),
    moment("asked_at"),
    reference("conversation", "run_id", nullable=True),
    moment("answered_at"),
    UniqueConstraint("enrolment_id", "point", "instrument"),
    Index(None, "participant_id"),
)
