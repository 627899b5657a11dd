# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Local time: the only module in which it exists. Everywhere else a moment is aware UTC.

Two rules for the nights on which clocks change. A wall-clock time that does not exist (in Germany 02:30 on
28.3.2027) is the first moment after the gap. One that exists twice (02:30 on 25.10.2026) is the first of the
two.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_DAY = timedelta(days=1)
_NONE = timedelta()
_SEARCH_DAYS = 400


def zone(name: str) -> ZoneInfo:
    """The time zone of an IANA name such as "Europe/Berlin". Raises `ValueError` for an unknown one."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # a folder's name is an OSError
        raise ValueError("unknown time zone") from error


def local(at: datetime, zone: ZoneInfo) -> datetime:
    """What the clock on the wall shows at this moment. Raises `ValueError` if `at` is naive."""
    if at.tzinfo is None:
        raise ValueError("the moment must be aware")
    return at.astimezone(zone)


def at_wall(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """The moment, in UTC, when the clock on the wall shows `wall` on `day`, by the module's two rules."""
    shown = datetime.combine(day, wall.replace(tzinfo=None, fold=0))
    moment = shown.replace(tzinfo=zone).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == shown:
        return moment
    return _end_of_gap(shown, zone)


def again_at_wall(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """The later of two moments with this wall-clock time; the same as `at_wall` where there is only one."""
    first = at_wall(day, wall, zone)
    second = datetime.combine(day, wall.replace(tzinfo=None, fold=1)).replace(tzinfo=zone).astimezone(UTC)
    return max(first, second)


def _end_of_gap(missing: datetime, zone: ZoneInfo) -> datetime:
    """The moment at which the clock jumps over `missing`, found by bisection to the second."""
    before = missing.replace(tzinfo=zone, fold=1, microsecond=0).astimezone(UTC)
    old_offset = before.astimezone(zone).utcoffset()
    low, high = 0, int(_DAY.total_seconds())  # no gap in history is longer than a day
    while high - low > 1:
        middle = (low + high) // 2
        if (before + timedelta(seconds=middle)).astimezone(zone).utcoffset() == old_offset:
            low = middle
        else:
            high = middle
    return before + timedelta(seconds=high)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """When nobody wants to be disturbed: from `start` until just before `end`, also over midnight.

    Raises `ValueError` if both are the same: it would be unclear whether that is never or always.
    """

    start: time
    end: time

    def __post_init__(self) -> None:
        if self.start == self.end:
            raise ValueError("quiet hours need two different times")

    def contains(self, at: datetime, zone: ZoneInfo) -> bool:
        """True if the clock on the wall shows a quiet time."""
        wall = local(at, zone).time()
        if self.start < self.end:
            return self.start <= wall < self.end
        return wall >= self.start or wall < self.end

    def next_allowed(self, at: datetime, zone: ZoneInfo) -> datetime:
        """The first moment at `at` or later, in UTC, that is not quiet.

        On the night on which an hour comes twice, it is quiet whenever the clock shows a quiet time.
        """
        if not self.contains(at, zone):
            return at.astimezone(UTC)
        today = local(at, zone).date()
        for days in range(_SEARCH_DAYS):
            day = today + days * _DAY
            for moment in (at_wall(day, self.end, zone), again_at_wall(day, self.end, zone)):
                if moment >= at and not self.contains(moment, zone):
                    return moment
        raise ArithmeticError("a time zone without an allowed moment in a year")


@dataclass(frozen=True, slots=True)
class ReadingHours:
    """When humans read messages: the agency's working calendar.

    `weekly` maps a weekday (0 is Monday) to its hours, from the first time until just before the second, on
    the same day; a weekday that is missing is closed. `closed` holds days that are closed whatever they are.
    Raises `ValueError` for no open weekday, hours that end before they begin, a number that is no weekday, or
    so many closed days that there is no open one in more than a year.
    """

    zone: ZoneInfo
    weekly: Mapping[int, tuple[time, time]]
    closed: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if not self.weekly:
            raise ValueError("at least one weekday must be open")
        if not all(0 <= weekday <= 6 for weekday in self.weekly):
            raise ValueError("weekdays are numbers from 0 (Monday) to 6 (Sunday)")
        if not all(start < end for start, end in self.weekly.values()):
            raise ValueError("reading hours must end after they begin, on the same day")
        if self._longest_closure() > _SEARCH_DAYS - 30:
            raise ValueError("at least one day a year must be open")

    def is_open(self, at: datetime) -> bool:
        """True if somebody reads at this moment: at the opening minute yes, at the closing minute no more."""
        opening = self._opening(local(at, self.zone).date())
        return opening is not None and opening[0] <= at < opening[1]

    def next_open(self, at: datetime) -> datetime:
        """The first moment at `at` or later, in UTC, at which somebody reads."""
        return max(at.astimezone(UTC), self._opening_from(at)[0])

    def after_working(self, at: datetime, duration: timedelta) -> datetime:
        """The first moment, in UTC, by which `duration` of working time has passed since `at`.

        Time that ends exactly at closing ends there, not on the next morning; no time at all ends when
        somebody reads next. Raises `ValueError` for less than none or more than 400 days of working time.
        """
        if not _NONE <= duration <= _SEARCH_DAYS * _DAY:
            raise ValueError("working time must be between none and 400 days")
        start, end = self._opening_from(at)
        start = max(at.astimezone(UTC), start)
        while duration > end - start:
            duration -= end - start
            start, end = self._opening_from(end)
        return start + duration

    def working_time(self, a: datetime, b: datetime) -> timedelta:
        """How much working time lies between two moments, exactly; none if `b` is not after `a`."""
        total = _NONE
        day, last = local(a, self.zone).date(), local(b, self.zone).date()
        while day <= last:
            opening = self._opening(day)
            if opening is not None:
                total += max(_NONE, min(b, opening[1]) - max(a, opening[0]))
            day += _DAY
        return total

    def working_minutes(self, a: datetime, b: datetime) -> int:
        """`working_time` in whole minutes, rounded down."""
        return self.working_time(a, b) // timedelta(minutes=1)

    def _opening(self, day: date) -> tuple[datetime, datetime] | None:
        """When a day opens and closes, in UTC; None if not, or only in an hour that does not exist."""
        hours = self.weekly.get(day.weekday())
        if hours is None or day in self.closed:
            return None
        start, end = (at_wall(day, wall, self.zone) for wall in hours)
        return (start, end) if start < end else None

    def _opening_from(self, at: datetime) -> tuple[datetime, datetime]:
        """The first opening that ends after `at`."""
        today = local(at, self.zone).date()
        for days in range(_SEARCH_DAYS):
            opening = self._opening(today + days * _DAY)
            if opening is not None and opening[1] > at:
                return opening
        raise ArithmeticError("no open day in a year although the calendar has one")

    def _longest_closure(self) -> int:
        """The longest time without an open day, in days, at most a week and a day too long."""
        longest = 0
        first = last = date.min
        for day in sorted(day for day in self.closed if day.weekday() in self.weekly):
            # Between two closed days of one closure lies no day that would be open.
            between = (last + n * _DAY for n in range(1, min((day - last).days, 8)))
            if (day - last).days > 7 or any(other.weekday() in self.weekly for other in between):
                first = day
            last = day
            longest = max(longest, (last - first).days + 1)
        return longest
