# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The time of one person: where they live, their dates, and when they want to hear of us."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from scheduler.plans import Anchor, Span
from scheduler.public_holidays import STATES, is_public_holiday
from scheduler.recurrence import FIRST_DAY, LAST_DAY

ALL_DAY: tuple[time, time | None] = (time(), None)


@dataclass(frozen=True, slots=True)
class PersonTime:
    """One person's time.

    `seed` is a number that belongs to the person and never changes; random moments are drawn from it.
    `dates` are the personal dates that are known, as days in the person's zone. `window` maps a weekday (0 is
    Monday) to the hours in which the person wants to hear of us, from the first until just before the second;
    a weekday that is missing is none, an empty map is always. `state` is a German state (see
    `public_holidays`), without which no day is a public holiday; `closed` are more days that count as such.
    `pauses` are the person's own.

    Raises `ValueError` for a number that is no weekday, hours that end before they begin, an unknown state,
    or a personal date that is not within 1991 to 2100.
    """

    zone: ZoneInfo
    seed: int
    dates: Mapping[str, date] = field(default_factory=dict)
    window: Mapping[int, tuple[time, time]] = field(default_factory=dict)
    state: str = ""
    closed: frozenset[date] = frozenset()
    pauses: tuple[Span, ...] = ()

    def __post_init__(self) -> None:
        if not all(0 <= weekday <= 6 for weekday in self.window):
            raise ValueError("weekdays are numbers from 0 (Monday) to 6 (Sunday)")
        if not all(start < end for start, end in self.window.values()):
            raise ValueError("the window must end after it begins, on the same day")
        if self.state and self.state not in STATES:
            raise ValueError(f"unknown state; known are {', '.join(STATES)}")
        if not all(FIRST_DAY <= day <= LAST_DAY for day in self.dates.values()):
            raise ValueError("personal dates must lie within the years 1991 to 2100")

    def hours(self, day: date) -> tuple[time, time | None] | None:
        """The window on this day, None if there is none; no end means midnight."""
        return self.window.get(day.weekday()) if self.window else ALL_DAY

    def is_holiday(self, day: date) -> bool:
        """True on public holidays and closed days (1991 to 2100)."""
        return day in self.closed or (bool(self.state) and is_public_holiday(day, self.state))

    def day_of(self, when: date | Anchor) -> date | None:
        """The day that is meant; None if the personal date is not known."""
        if isinstance(when, date):
            return when
        known = self.dates.get(when.name)
        return None if known is None else known + timedelta(days=when.days)
