# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The working calendar of an agency, for staff's clocks.

It knows opening hours, the state's public holidays and the agency's own closing days. The arithmetic is that
of `ReadingHours`; here it is put together and asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from scheduler.local_time import ReadingHours
from scheduler.plans import Span
from scheduler.public_holidays import german_holidays


@dataclass(frozen=True, slots=True)
class Closures:
    """Days on which an agency is closed although it is no public holiday.

    `spans` are days off such as those between the years, each with an end; `yearly` are pairs of month and
    day that are closed every year, such as (12, 24); (2, 29) only where there is one. Raises `ValueError` for
    a span without an end or a day that no year has.
    """

    spans: tuple[Span, ...] = ()
    yearly: frozenset[tuple[int, int]] = frozenset()

    def __post_init__(self) -> None:
        if any(span.last is None for span in self.spans):
            raise ValueError("a closure needs a last day")
        for month, day in self.yearly:
            date(2000, month, day)  # a leap year; raises ValueError by itself

    def days(self, years: Iterable[int]) -> frozenset[date]:
        """All closed days: of the spans, and of `yearly` in these years."""
        spans = {day for span in self.spans for day in _days_of(span)}
        found = (_day(year, month, day) for year in years for month, day in self.yearly)
        return frozenset(spans | {day for day in found if day is not None})


def working_calendar(
    zone: ZoneInfo,
    weekly: Mapping[int, tuple[time, time]],
    state: str,
    years: Iterable[int],
    closures: Closures = Closures(),
) -> ReadingHours:
    """An agency's calendar in a German `state` (see `public_holidays`), with its holidays of these years.

    Outside these years no holidays and no yearly closures are known. Raises `ValueError` for an unknown state
    or year, and as `ReadingHours` does.
    """
    span = tuple(years)
    return ReadingHours(zone, weekly, german_holidays(state, span) | closures.days(span))


def working_minutes_between(a: datetime, b: datetime, hours: ReadingHours) -> int:
    """Whole minutes of working time from `a` to `b`, rounded down; none if `b` is not after `a`."""
    return hours.working_minutes(a, b)


def next_working_moment(at: datetime, hours: ReadingHours) -> datetime:
    """The first moment at `at` or later, in UTC, that is working time."""
    return hours.next_open(at)


def _days_of(span: Span) -> Iterable[date]:
    days = (span.last - span.first).days if span.last is not None else 0
    return (span.first + timedelta(days=number) for number in range(days + 1))


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:  # 29 February, in a year that has none
        return None
