# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The tables of what has its time: appointments, their series, plans that are followed, and timers."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, UniqueConstraint

from bot.storage.columns import BigId, agency_id, moment, number, partial, reference, sealed, table, word

# A calendar keeps what was in it: a cancelled appointment stays as a row. `details` and `said` are JSON.
appointment = table(
    "appointment",
    agency_id(),
    reference("participant", "participant_id"),
    reference("appointment_series", "series_id", nullable=True),
    word("kind"),
    word("state"),
    moment("starts_at", nullable=False),
    word("zone"),
    Column("minutes", Integer, nullable=False),
    word("uid"),
    reference("staff", "set_by"),
    moment("set_at", nullable=False),
    moment("changed_at", nullable=False),
    sealed("appointment", "details"),
    word("reminders", ""),
    moment("held_at"),
    sealed("appointment", "said"),
    Column("told", Boolean, nullable=False),
    number("sequence"),
    word("series_day", ""),
    Index(None, "participant_id", "starts_at"),
    Index(None, "agency_id", "starts_at"),
    # An occurrence is made once, however often its series is looked at.
    partial("uq_appointment_occurrence", "series_id IS NOT NULL", "series_id", "series_day", unique=True),
)

appointment_series = table(
    "appointment_series",
    agency_id(),
    reference("participant", "participant_id"),
    word("kind"),
    word("rule"),
    word("first_day"),
    word("at"),
    word("zone"),
    Column("minutes", Integer, nullable=False),
    word("uid"),
    reference("staff", "set_by"),
    moment("set_at", nullable=False),
    sealed("appointment_series", "details"),
    word("reminders", ""),
    word("last_day", ""),
    number("count"),
    word("made_until", ""),
    Column("is_cancelled", Boolean, nullable=False),
    Index(None, "participant_id"),
)

# What a staff member has typed and not confirmed yet: one at a time.
appointment_entry = table(
    "appointment_entry",
    agency_id(),
    reference("staff", "staff_id"),
    sealed("appointment_entry", "entry"),
    moment("at", nullable=False),
    UniqueConstraint("staff_id"),
)

# Every published file of plans is kept. What is in it says nothing about anybody, so it is not sealed.
plan_version = table(
    "plan_version",
    agency_id(),
    Column("version", Integer, nullable=False),
    word("digest"),
    word("source"),
    word("origin"),
    moment("published_at", nullable=False),
    UniqueConstraint("agency_id", "version"),
)

followed = table(
    "followed",
    agency_id(),
    reference("participant", "participant_id"),
    word("plan"),
    Column("version", Integer, nullable=False),
    moment("seen_until", nullable=False),
    Column("is_on", Boolean, nullable=False),
    word("handled_day", ""),
    UniqueConstraint("participant_id", "plan"),
)

timer = table(
    "timer",
    agency_id(),
    word("kind"),
    Column("subject", BigId, nullable=False),
    moment("due_at", nullable=False),
    word("dedup"),
    word("payload", ""),
    word("state", "waiting"),
    moment("lease_until"),
    number("attempts"),
    word("error", ""),
    partial("uq_timer_dedup", "state = 'waiting'", "dedup", unique=True),
    moment("parked_at"),
    partial("ix_timer_due", "state = 'waiting'", "due_at", "id"),
    partial("ix_timer_parked", "state = 'parked'", "id"),
    Index(None, "subject"),
)
