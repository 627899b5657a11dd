# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The days that a plan's rhythm names for one person, before weekends, holidays, pauses and windows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice, takewhile

from dateutil.relativedelta import relativedelta

from scheduler.person_time import PersonTime
from scheduler.plans import Counted, EveryDays, OnDates, Plan, Weekly
from scheduler.recurrence import FIRST_DAY, LAST_DAY, rule_days

_DAY = timedelta(days=1)


def planned_days(plan: Plan, person: PersonTime, first: date) -> Iterator[date]:
    """The days from `first` on, ascending, until the plan ends or 2100 does.

    None as long as a personal date from which the plan counts is not known; an end that counts from an
    unknown date is none.
    """
    start = _start(plan, person)
    if start is None:
        return iter(())
    last = _last_day(plan, person, start)
    return takewhile(lambda day: day <= last, _rhythm_days(plan, person, start, max(first, start)))


def missing_date(plan: Plan, person: PersonTime) -> str:
    """The name of a personal date without which the plan cannot begin; empty if nothing is missing."""
    needed = [plan.start.name] if plan.start is not None and not isinstance(plan.start, date) else []
    if isinstance(plan.rhythm, Counted):
        needed.append(plan.rhythm.since)
    return next((name for name in needed if name not in person.dates), "")


def end_day(plan: Plan, person: PersonTime) -> date:
    """The last day on which anything of the plan may happen, as far as a date says so."""
    until = None if plan.until is None else person.day_of(plan.until)
    return LAST_DAY if until is None else min(until, LAST_DAY)


def _start(plan: Plan, person: PersonTime) -> date | None:
    if missing_date(plan, person):
        return None
    start = FIRST_DAY if plan.start is None else person.day_of(plan.start)
    return None if start is None else max(start, FIRST_DAY)


def _last_day(plan: Plan, person: PersonTime, start: date) -> date:
    """The last day that can be planned: the end, the last of so many times, the eve of an endless pause."""
    last = end_day(plan, person)
    endless = [pause.first for pause in (*plan.pauses, *person.pauses) if pause.last is None]
    last = min([last, *(first - _DAY for first in endless)])
    if plan.times is not None:
        *_, last_time = (start, *islice(_rhythm_days(plan, person, start, start), plan.times))
        last = min(last, last_time)
    return last


def _rhythm_days(plan: Plan, person: PersonTime, start: date, first: date) -> Iterator[date]:
    """Ascending, from `first` (not before `start`), without an end other than the calendar's."""
    match plan.rhythm:
        case Weekly(weekdays):
            days_on = (n for n in _ordinals(1, first) if (n - 1) % 7 in weekdays)  # 1 January 1 was a Monday
            return map(date.fromordinal, days_on)
        case EveryDays(days):
            next_one = start + _DAY * (-((start - first).days // days) * days)
            return map(date.fromordinal, _ordinals(days, next_one))
        case OnDates(dates):
            return (day for day in sorted(set(dates)) if day >= first)
        case Counted(since):
            return (day for day in _counted(plan.rhythm, person.dates[since]) if day >= first)
        case rule:
            return rule_days(rule.rule, start, first)


def _ordinals(step: int, first: date) -> range:
    return range(first.toordinal(), LAST_DAY.toordinal() + 1, step)


def _counted(rhythm: Counted, since: date) -> list[date]:
    days = {since + _DAY * days for days in rhythm.days}
    return sorted(days | {since + relativedelta(months=months) for months in rhythm.months})
