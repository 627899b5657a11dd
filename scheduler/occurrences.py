# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The moments that a plan has for one person. Pure: the same plan and person give the same moments for ever.

At most one on a local day, so a day names an occurrence. What may not happen on its own day (a holiday, a
weekday outside the person's window) happens later, never earlier, and within four weeks or not at all. Where
two come together on a day they are one.
"""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

import msgspec

from scheduler.local_time import again_at_wall, at_wall, local
from scheduler.person_time import PersonTime
from scheduler.planned_days import end_day, missing_date, planned_days
from scheduler.plans import Between, DaysOff, Plan

MAX_MOVE_DAYS = 28
_MAX_CANDIDATES = 1500
_MAX_DRAWS = 64
_DAY = timedelta(days=1)


class Occurrence(msgspec.Struct, frozen=True):
    """One moment of a plan.

    `day` is its local day, `planned` the day that the rhythm named (earlier, if it was moved), `at` the
    moment and `closes` the last one at which it may begin, both aware UTC.
    """

    plan: str
    day: date
    planned: date
    at: datetime
    closes: datetime

    @property
    def key(self) -> str:
        """The same for the same person, plan and day, whatever else changes: what makes a timer unique."""
        return f"{self.plan}:{self.day.isoformat()}"


class Obstacle(StrEnum):
    """Why a plan has nothing to come."""

    WAITS_FOR_DATE = "waits for date"
    OVER = "over"
    PAUSED = "paused"
    NEVER_FITS = "never fits"


def next_occurrence(plan: Plan, person: PersonTime, after: datetime) -> Occurrence | None:
    """The first one later than `after` (aware, 1991 to 2100), or None if none is to come.

    Never the same or an earlier one when the clock was set back, if `after` is the latest moment that was
    looked at. Looks at 1,500 days of the rhythm; where none of these fits, it gives up, see `why_none`.
    """
    today = local(after, person.zone).date()
    candidates = islice(planned_days(plan, person, today - MAX_MOVE_DAYS * _DAY), _MAX_CANDIDATES)
    return next((one for one in _occurrences(plan, person, candidates, today) if one.at > after), None)


def occurrences_between(
    plan: Plan, person: PersonTime, after: datetime, until: datetime
) -> Iterator[Occurrence]:
    """Those later than `after` and not later than `until`, in order."""
    first, last = (local(at, person.zone).date() for at in (after, until))
    planned = planned_days(plan, person, first - MAX_MOVE_DAYS * _DAY)
    for one in _occurrences(plan, person, takewhile(lambda day: day <= last, planned), first):
        if after < one.at <= until:
            yield one


def why_none(plan: Plan, person: PersonTime, after: datetime) -> Obstacle | None:
    """What keeps the plan from having a next occurrence; None if it has one."""
    if next_occurrence(plan, person, after) is not None:
        return None
    if missing_date(plan, person):
        return Obstacle.WAITS_FOR_DATE
    plan, person = msgspec.structs.replace(plan, pauses=()), replace(person, pauses=())
    if next_occurrence(plan, person, after) is not None:
        return Obstacle.PAUSED
    to_come = next(planned_days(plan, person, local(after, person.zone).date() + _DAY), None)
    return Obstacle.OVER if to_come is None else Obstacle.NEVER_FITS


def earliest_start(plan: Plan, person: PersonTime, at: datetime) -> datetime | None:
    """The first moment at `at` or later, in UTC, at which the plan may write to this person.

    That is within the person's window, on a day on which the plan does not rest and nothing is paused. None
    if there is none within four weeks or before the plan's end.
    """
    today = local(at, person.zone).date()
    for days in range(MAX_MOVE_DAYS + 1):
        day = today + days * _DAY
        if day > end_day(plan, person):
            return None
        if _is_paused(plan, person, day) or _rests(plan, person, day):
            continue
        found = _first_in_window(person, day, at)
        if found is not None:
            return found
    return None


def _first_in_window(person: PersonTime, day: date, at: datetime) -> datetime | None:
    hours = person.hours(day)
    if hours is None:
        return None
    start, end = hours
    # On the night on which an hour comes twice, a window can begin, end and begin again.
    begins = (at_wall(day, start, person.zone), again_at_wall(day, start, person.zone))
    for moment in (at, *begins):
        shown = local(moment, person.zone)
        in_window = start <= shown.time() and (end is None or shown.time() < end)
        if moment >= at and shown.date() == day and in_window:
            return moment.astimezone(UTC)
    return None


def _occurrences(
    plan: Plan, person: PersonTime, planned_days: Iterable[date], first: date
) -> Iterator[Occurrence]:
    """What becomes of these planned days, in order, from `first` on."""
    for day, planned in _settled(plan, person, planned_days):
        if day >= first:
            at = _moment(plan, person, day, moved=day > planned)
            yield Occurrence(plan.id, day, planned, at, at + plan.grace)


def _settled(plan: Plan, person: PersonTime, planned_days: Iterable[date]) -> Iterator[tuple[date, date]]:
    """Each day on which something happens, in order, and the planned day that comes to it."""
    # A day that was moved can be overtaken by a later one, so it waits until the planned days are past it.
    waiting: list[tuple[date, date]] = []
    for planned in planned_days:
        while waiting and waiting[0][0] < planned:
            yield _pop_day(waiting)
        day = _settle(plan, person, planned)
        if day is not None:
            heapq.heappush(waiting, (day, planned))
    while waiting:
        yield _pop_day(waiting)


def _pop_day(waiting: list[tuple[date, date]]) -> tuple[date, date]:
    day, planned = heapq.heappop(waiting)
    while waiting and waiting[0][0] == day:
        _, planned = heapq.heappop(waiting)
    return day, planned


def _settle(plan: Plan, person: PersonTime, planned: date) -> date | None:
    """The day on which a planned day's occurrence happens; None if it falls out."""
    rules = _rules(plan, person, planned)
    if DaysOff.SKIP in rules:
        return None
    must_work = DaysOff.NEXT_WORKING_DAY in rules
    last = min(planned + MAX_MOVE_DAYS * _DAY, end_day(plan, person))
    day = planned
    while day <= last:
        off = _is_off(person, day) if must_work else _rests(plan, person, day)
        if not off and _slot(plan, person, day, moved=day > planned) is not None:
            return None if _is_paused(plan, person, day) else day
        day += _DAY
    return None


def _rules(plan: Plan, person: PersonTime, day: date) -> set[DaysOff]:
    rules = {plan.weekends} if day.weekday() >= 5 else set()
    if plan.holidays is not DaysOff.AS_IS and person.is_holiday(day):
        rules.add(plan.holidays)
    return rules


def _rests(plan: Plan, person: PersonTime, day: date) -> bool:
    return bool(_rules(plan, person, day) - {DaysOff.AS_IS})


def _is_off(person: PersonTime, day: date) -> bool:
    return day.weekday() >= 5 or person.is_holiday(day)


def _is_paused(plan: Plan, person: PersonTime, day: date) -> bool:
    return any(day in pause for pause in (*plan.pauses, *person.pauses))


def _slot(plan: Plan, person: PersonTime, day: date, *, moved: bool) -> tuple[time, time | None] | None:
    """From when until just before when it can happen on this day; None if it cannot.

    A time before the window waits for it. One after it does not fit, unless the occurrence comes from an
    earlier day: then any time in the window does. No end means that the first time is the only one wanted.
    """
    hours = person.hours(day)
    if hours is None:
        return None
    start, end = hours
    wanted, wanted_end = (plan.at, None) if isinstance(plan.at, time) else (plan.at.start, plan.at.end)
    low = max(wanted, start)
    if end is not None and low >= end:
        if not moved:
            return None
        low = start
    if wanted_end is not None and low < wanted_end:
        end = wanted_end if end is None else min(end, wanted_end)
    if _is_even(day, person.zone) or _exists(day, low, end, person.zone):
        return low, end
    return None


@lru_cache(maxsize=4096)
def _is_even(day: date, zone: ZoneInfo) -> bool:
    """True for a day of 24 hours, on which every time on the wall comes once."""
    return at_wall(day + _DAY, time(), zone) - at_wall(day, time(), zone) == _DAY


def _exists(day: date, low: time, end: time | None, zone: ZoneInfo) -> bool:
    """False if on a night on which clocks change the window, or the whole day, is missing."""
    at = at_wall(day, low, zone)
    return local(at, zone).date() == day and (end is None or at < at_wall(day, end, zone))


def _moment(plan: Plan, person: PersonTime, day: date, *, moved: bool) -> datetime:
    slot = _slot(plan, person, day, moved=moved)
    assert slot is not None
    low, end = slot
    if isinstance(plan.at, Between) and end is not None and low < plan.at.end:
        return _draw(plan, person, day, (low, end))
    return at_wall(day, low, person.zone)


def _draw(plan: Plan, person: PersonTime, day: date, walls: tuple[time, time]) -> datetime:
    """A minute of the window, always the same one for this plan, person and day."""
    begin, end = (wall.hour * 60 + wall.minute for wall in walls)
    for attempt in range(_MAX_DRAWS):
        seed = f"{plan.id}|{person.seed}|{day.isoformat()}|{attempt}".encode()
        number = int.from_bytes(hashlib.blake2b(seed, digest_size=8).digest())
        hour, minute = divmod(begin + number % max(1, end - begin), 60)
        at = at_wall(day, time(hour, minute), person.zone)
        if local(at, person.zone).time() == time(hour, minute):
            return at
    return at_wall(day, walls[0], person.zone)  # nearly all of the window is in an hour that does not exist
