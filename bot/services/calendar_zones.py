# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A time zone as calendar files describe it (VTIMEZONE, RFC 5545 section 3.6.5).

Written here because icalendar 7.3 gives the wall time after a change where the standard wants the one before
it, and lists of dates that other readers pass over: every appointment in summer came out an hour late.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard, vRecur

_DAY = timedelta(days=1)
#: A rule is only written where it holds for so many years; otherwise each change stands by itself.
_YEARS = 10


@dataclass(frozen=True, slots=True)
class _Change:
    """The clocks change: on the wall it is `shown` just before, in the offset `before`."""

    shown: datetime
    before: timedelta
    after: timedelta
    name: str
    is_daylight: bool

    @property
    def rule(self) -> str:
        """Every year on the last such weekday of the month; empty if it is not the last one."""
        if (self.shown + 7 * _DAY).month == self.shown.month:
            return ""
        weekday = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[self.shown.weekday()]
        return f"FREQ=YEARLY;BYMONTH={self.shown.month};BYDAY=-1{weekday}"


@lru_cache(maxsize=64)
def time_zone(name: str, year: int) -> Timezone:
    """The zone from the year before `year` on, for ten years at least."""
    where = ZoneInfo(name)
    changes = _changes(where, year - 1, year - 1 + _YEARS)
    described = Timezone()
    described.add("tzid", name)
    rules = {change.rule for change in changes}
    is_regular = "" not in rules and len(rules) == 2 and len(changes) == 2 * (_YEARS + 1)
    for change in changes[:2] if is_regular else changes:
        described.add_component(_observance(change, change.rule if is_regular else "FREQ=YEARLY;COUNT=1"))
    if not changes:
        begin = datetime(year - 1, 1, 1, tzinfo=where)
        offset = begin.utcoffset() or timedelta()
        always = _Change(
            begin.replace(tzinfo=None), offset, offset, begin.tzname() or name, is_daylight=False
        )
        described.add_component(_observance(always, "FREQ=YEARLY;COUNT=1"))
    return described


def _observance(change: _Change, rule: str) -> TimezoneDaylight | TimezoneStandard:
    part = TimezoneDaylight() if change.is_daylight else TimezoneStandard()
    part.add("dtstart", change.shown)
    part.add("tzoffsetfrom", change.before)
    part.add("tzoffsetto", change.after)
    part.add("tzname", change.name)
    part.add("rrule", vRecur.from_ical(rule))
    return part


def _changes(where: ZoneInfo, first: int, last: int) -> list[_Change]:
    found = []
    at, end = datetime(first, 1, 1, tzinfo=UTC), datetime(last + 1, 1, 1, tzinfo=UTC)
    while at < end:
        if _offset(at, where) != _offset(at + _DAY, where):
            found.append(_change(at, where))
        at += _DAY
    return found


def _change(at: datetime, where: ZoneInfo) -> _Change:
    """The change within a day of `at`, found by bisection to the second."""
    before = _offset(at, where)
    low, high = 0, int(_DAY.total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(at + timedelta(seconds=middle), where) == before:
            low = middle
        else:
            high = middle
    changed = (at + timedelta(seconds=high)).astimezone(where)
    shown = (at + timedelta(seconds=high) + before).replace(tzinfo=None)
    after = _offset(changed, where)
    return _Change(shown, before, after, changed.tzname() or "", bool(changed.dst()))


def _offset(at: datetime, where: ZoneInfo) -> timedelta:
    return at.astimezone(where).utcoffset() or timedelta()
