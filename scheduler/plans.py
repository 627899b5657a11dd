# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What a plan is: on which days and when Lotse begins to talk by itself, and what bounds that.

A plan is data: it says nothing about whom it is for. `scheduler.occurrences` makes moments of it for one
person. Its parts check themselves, so a plan that exists can be followed. As JSON it is made by msgspec.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, time, timedelta
from enum import StrEnum

import msgspec

from scheduler.recurrence import FIRST_DAY, LAST_DAY, RuleFault, check_rule

PERSONAL_DATES = frozenset(
    (
        *("enrolment", "discharge", "internship_start", "internship_end", "last_answer"),
        *("new_start", "prevention_start"),
    )
)
"""The dates of a person that plans can count from; a programme may know others."""

MAX_TIMES = 1000
MAX_GRACE = timedelta(days=14)
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_NONE = timedelta()


class PlanFault(ValueError):
    """Something in a plan that cannot be: in which field, what, and what to do."""

    def __init__(self, field: str, what: str, remedy: str) -> None:
        super().__init__(f"{what}. {remedy}")
        self.field, self.what, self.remedy = field, what, remedy


class DaysOff(StrEnum):
    """What happens to an occurrence that falls on a weekend or a public holiday."""

    AS_IS = "as is"
    SKIP = "skip"
    NEXT_WORKING_DAY = "next working day"


class Weekly(msgspec.Struct, frozen=True, tag="weekly"):
    """On these weekdays; 0 is Monday."""

    weekdays: tuple[int, ...]

    def __post_init__(self) -> None:
        if not self.weekdays or not all(0 <= weekday <= 6 for weekday in self.weekdays):
            raise PlanFault("weekdays", "no weekday is named", "Write for example: weekdays: [mon, thu].")


class EveryDays(msgspec.Struct, frozen=True, tag="every_days"):
    """On the plan's first day and every `days` (1 to 366) after it."""

    days: int

    def __post_init__(self) -> None:
        if not 1 <= self.days <= 366:
            raise PlanFault("every", "the distance is not 1 to 366 days", "Write for example: every: 3 days.")


class OnDates(msgspec.Struct, frozen=True, tag="dates"):
    """On these days."""

    dates: tuple[date, ...]

    def __post_init__(self) -> None:
        if not self.dates or len(self.dates) > 400:
            raise PlanFault("dates", "there are none, or more than 400", "Write: dates: [2026-12-01].")
        _check_years("dates", self.dates)


class Counted(msgspec.Struct, frozen=True, tag="counted"):
    """So many days or months after a personal date; day 0 is the date itself, negative ones are before it.

    A month later is the same day of the month, or the last if there is no such day: a year after 29 February
    is 28 February.
    """

    since: str
    days: tuple[int, ...] = ()
    months: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        _check_name("after", self.since)
        if not self.days and not self.months:
            raise PlanFault("after", "no day is named", "Write for example: days: [1, 3, 7, 14, 30].")
        if len(self.days) + len(self.months) > 200:
            raise PlanFault("after", "more than 200 days are named", "Use 'every' or 'rule' instead.")
        if not all(-366 <= days <= 3660 for days in self.days):
            raise PlanFault("after", "a day is not within -366 to 3660", "Check the numbers.")
        if not all(-12 <= months <= 120 for months in self.months):
            raise PlanFault("after", "a month is not within -12 to 120", "Check the numbers.")


class Rule(msgspec.Struct, frozen=True, tag="rule"):
    """A rule of RFC 5545, as `scheduler.recurrence` understands it."""

    rule: str

    def __post_init__(self) -> None:
        try:
            check_rule(self.rule)
        except RuleFault as fault:
            raise PlanFault("rule", fault.what, fault.remedy) from None


Rhythm = Weekly | EveryDays | OnDates | Counted | Rule


class Between(msgspec.Struct, frozen=True):
    """A moment drawn from `start` until just before `end`, by the clock on the wall, on the same day."""

    start: time
    end: time

    def __post_init__(self) -> None:
        if not self.start < self.end:
            what = "the window does not end after it begins"
            raise PlanFault("between", what, "Write for example: between: 9:00 to 17:00.")
        _check_wall("between", self.start, self.end)


class Anchor(msgspec.Struct, frozen=True):
    """So many days after a personal date; negative ones are before it."""

    name: str
    days: int = 0

    def __post_init__(self) -> None:
        _check_name("start", self.name)
        if abs(self.days) > 3660:
            raise PlanFault("start", "the distance is over ten years", "Use at most 3660 days.")


class Span(msgspec.Struct, frozen=True):
    """From a day to another, both included; without `last` it does not end."""

    first: date
    last: date | None = None

    def __post_init__(self) -> None:
        _check_years("pause", [self.first] if self.last is None else [self.first, self.last])
        if self.last is not None and self.last < self.first:
            raise PlanFault("pause", "it ends before it begins", "Swap the two days.")

    def __contains__(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


class Reminders(msgspec.Struct, frozen=True):
    """How often the open question is repeated (0 to 5), and how long after the one before."""

    number: int = 0
    distance: timedelta = timedelta(days=1)

    def __post_init__(self) -> None:
        if not 0 <= self.number <= 5:
            raise PlanFault("reminders", "more than 5 reminders press people", "Use 0 to 5.")
        if not timedelta(hours=1) <= self.distance <= timedelta(days=30):
            raise PlanFault("reminders", "the distance is not 1 hour to 30 days", "Write: distance: 1 day.")


class Outage(msgspec.Struct, frozen=True):
    """What happens to what was missed while the program was down, by its age.

    Up to `send_within` old it is asked by itself; up to `merge_within`, all such become one question; what
    is older is skipped.
    """

    send_within: timedelta = _NONE
    merge_within: timedelta = _NONE

    def __post_init__(self) -> None:
        if self.send_within < _NONE or self.merge_within < _NONE:
            raise PlanFault("outage", "an age is below none", "Write for example: merge: 12 hours.")


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """When something begins. All times are the person's local ones.

    `id` is part of the draw of random moments and of the keys of occurrences: keep it when the plan changes.
    Without `start` a plan has always begun. Two ends count both, whichever comes first; `times` counts the
    rhythm's days from the start on, also those that are then skipped, as RFC 5545 does. `condition` is for
    the caller, who evaluates it just before sending. `grace` is how long after its moment (over none, at most
    14 days) something may still begin.
    """

    id: str
    rhythm: Rhythm
    at: time | Between
    start: date | Anchor | None = None
    until: date | Anchor | None = None
    times: int | None = None
    pauses: tuple[Span, ...] = ()
    condition: str = ""
    weekends: DaysOff = DaysOff.AS_IS
    holidays: DaysOff = DaysOff.AS_IS
    grace: timedelta = timedelta(days=1)
    reminders: Reminders = Reminders()
    outage: Outage = Outage(merge_within=timedelta(days=1))

    def __post_init__(self) -> None:
        _check_name("id", self.id)
        self._check_times()
        self._check_bounds()

    def _check_times(self) -> None:
        if isinstance(self.at, time):
            _check_wall("at", self.at)
        if not _NONE < self.grace <= MAX_GRACE:
            raise PlanFault("grace", "it is not within 14 days", "Write for example: grace: 12 hours.")
        if max(self.outage.send_within, self.outage.merge_within) > self.grace:
            what = "what is older than the grace cannot begin any more"
            raise PlanFault("outage", what, "Lengthen 'grace' or shorten the age.")

    def _check_bounds(self) -> None:
        _check_years("start", [self.start] if isinstance(self.start, date) else [])
        _check_years("end", [self.until] if isinstance(self.until, date) else [])
        begins_by_itself = isinstance(self.rhythm, Weekly | OnDates | Counted)
        if self.start is None and not begins_by_itself:
            what = "a plan that counts needs a day to count from"
            raise PlanFault("start", what, "Write for example: start: enrolment.")
        if self.times is not None and not 1 <= self.times <= MAX_TIMES:
            raise PlanFault("end", f"it is not 1 to {MAX_TIMES} times", "Write for example: end: 12 times.")
        if self.times is not None and self.start is None and isinstance(self.rhythm, Weekly):
            what = "a number of times needs a day to count from"
            raise PlanFault("start", what, "Write for example: start: enrolment.")
        first = self.start if isinstance(self.start, date) else FIRST_DAY
        last = self.until if isinstance(self.until, date) else LAST_DAY
        if last < first:
            raise PlanFault("end", "the plan ends before it begins", "Swap the two days.")
        if isinstance(self.rhythm, OnDates) and not all(first <= day <= last for day in self.rhythm.dates):
            what = "a day lies before the plan's start or after its end"
            raise PlanFault("dates", what, "Leave it out, or move the start or the end.")


def _check_name(field: str, name: str) -> None:
    if not _NAME.fullmatch(name):
        raise PlanFault(field, "this is not a name", "Use a-z, 0-9 and _, at most 40, a letter first.")


def _check_wall(field: str, *walls: time) -> None:
    if any(wall.second or wall.microsecond or wall.tzinfo for wall in walls):
        raise PlanFault(field, "this is not a time in hours and minutes", "Write for example: at: 10:00.")


def _check_years(field: str, days: Iterable[date]) -> None:
    if not all(FIRST_DAY <= day <= LAST_DAY for day in days):
        what = f"a day is not within the years {FIRST_DAY.year} to {LAST_DAY.year}"
        raise PlanFault(field, what, "Check the year.")
