# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The tables of duty: absences, shifts, tests of reachability."""

from __future__ import annotations

from sqlalchemy import Column, Index, SmallInteger, UniqueConstraint

from bot.storage.columns import agency_id, moment, partial, reference, table, word

# There is no column for a reason, on purpose.
absence = table(
    "absence",
    agency_id(),
    reference("staff", "staff_id"),
    moment("since", nullable=False),
    moment("until"),
    reference("staff", "deputy_id", nullable=True),
    Index(None, "agency_id", "until"),
)

working_day = table(
    "working_day",
    agency_id(),
    reference("staff", "staff_id"),
    Column("weekday", SmallInteger, nullable=False),
    word("begins"),
    word("ends"),
    UniqueConstraint("staff_id", "weekday"),
    Index(None, "agency_id"),
)

shift_pattern = table(
    "shift_pattern",
    agency_id(),
    reference("staff", "staff_id"),
    word("rule"),
    word("first_day"),
    word("last_day", ""),
    word("begins"),
    word("ends"),
    word("zone"),
    Index(None, "agency_id"),
)

shift_change = table(
    "shift_change",
    agency_id(),
    reference("shift_pattern", "pattern_id"),
    word("day"),
    reference("staff", "staff_id", nullable=True),
    UniqueConstraint("pattern_id", "day"),
    Index(None, "agency_id", "day"),
)

takeover = table(
    "takeover",
    agency_id(),
    reference("staff", "staff_id"),
    moment("since", nullable=False),
    moment("until", nullable=False),
    Index(None, "agency_id", "until"),
)

shift_swap = table(
    "shift_swap",
    agency_id(),
    reference("shift_pattern", "pattern_id"),
    word("day"),
    reference("staff", "from_id"),
    reference("staff", "to_id"),
    word("state"),
    moment("proposed_at", nullable=False),
    # One question at a time about a shift: two who accept would both believe that it is theirs.
    partial("uq_shift_swap_proposed", "state = 'proposed'", "pattern_id", "day", unique=True),
)

reach_test = table(
    "reach_test",
    agency_id(),
    reference("address", "address_id"),
    moment("asked_at", nullable=False),
    moment("confirmed_at"),
    moment("missed_at"),
    UniqueConstraint("address_id"),
    Index(None, "agency_id"),
)

# What leads were told once. `subject` is a machine word such as `gap:2026-12-01T07:00:00+00:00`.
duty_told = table(
    "duty_told",
    agency_id(),
    word("subject"),
    moment("at", nullable=False),
    UniqueConstraint("agency_id", "subject"),
)
