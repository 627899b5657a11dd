# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The tables of what belongs to an appointment with others.

A change here needs a migration; a test compares the two on both databases.
"""

from __future__ import annotations

from sqlalchemy import Index, UniqueConstraint

from bot.storage.columns import agency_id, moment, partial, reference, sealed, table, word

accompaniment = table(
    "accompaniment",
    agency_id(),
    reference("participant", "participant_id"),
    reference("appointment", "appointment_id"),
    word("state"),
    reference("staff", "staff_id", nullable=True),
    sealed("accompaniment", "companion"),
    moment("promised_for"),
    moment("changed_at", nullable=False),
    UniqueConstraint("appointment_id"),
    Index(None, "participant_id"),
    partial("ix_accompaniment_promised", "state IN ('asked', 'offered', 'confirmed')", "staff_id"),
)

# Nothing in it says where somebody lives.
home_visit = table(
    "home_visit",
    agency_id(),
    reference("participant", "participant_id"),
    reference("appointment", "appointment_id"),
    reference("staff", "staff_id"),
    reference("staff", "second_id", nullable=True),
    moment("asked_at"),
    moment("told_at"),
    moment("back_at"),
    UniqueConstraint("appointment_id"),
    Index(None, "participant_id"),
)
