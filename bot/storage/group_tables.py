# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The tables of group offers.

A change here needs a migration; a test compares the two on both databases.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, UniqueConstraint

from bot.storage.columns import BigId, agency_id, moment, number, partial, reference, sealed, table, word

# No participant is ever in here.
group_offer = table(
    "group_offer",
    agency_id(),
    word("state"),
    Column("capacity", Integer, nullable=False),
    reference("staff", "led_by"),
    # No foreign key: a partner may leave the directory.
    Column("partner_id", BigId),
    reference("staff", "made_by"),
    moment("made_at", nullable=False),
    moment("freed_at"),
    sealed("group_offer", "content"),
    Index(None, "agency_id"),
)

# A row says that somebody comes or waits; whoever does neither has none.
group_seat = table(
    "group_seat",
    agency_id(),
    reference("group_offer", "group_id"),
    reference("participant", "participant_id"),
    word("state"),
    moment("since", nullable=False),
    Column("place", Integer),
    moment("asked_at"),
    moment("held_until"),
    # No foreign key: appointments go in their own time.
    Column("series_id", BigId),
    Index(None, "participant_id"),
    Index(None, "series_id"),
    UniqueConstraint("group_id", "participant_id"),
    # Nobody shares a place, whatever a program does.
    partial("uq_group_seat_place", "place IS NOT NULL", "group_id", "place", unique=True),
)

# Who was there. Of everybody else there is nothing.
group_visit = table(
    "group_visit",
    agency_id(),
    reference("group_offer", "group_id"),
    reference("participant", "participant_id"),
    word("day"),
    Index(None, "participant_id"),
    UniqueConstraint("group_id", "day", "participant_id"),
)

# Counts alone: who it was stands nowhere.
group_day = table(
    "group_day",
    agency_id(),
    reference("group_offer", "group_id"),
    word("day"),
    Column("came", Integer),
    number("good"),
    number("mixed"),
    number("bad"),
    UniqueConstraint("group_id", "day"),
)
