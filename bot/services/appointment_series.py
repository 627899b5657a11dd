# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Series: the rule makes appointments some weeks ahead, and each of them lives a life of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import islice, takewhile

from bot.domain.appointments import Appointment, AppointmentState, Series
from bot.ports import Receipt, UnitOfWork
from bot.services.appointment_timers import plan
from bot.services.rulebook import Rulebook
from scheduler.local_time import at_wall, local, zone
from scheduler.recurrence import rule_days
from scheduler.timers import Timer

TIMER_KIND = "appointment_series"
#: How far ahead occurrences are made, and how often this is seen to.
AHEAD, LOOK_AGAIN = timedelta(weeks=8), timedelta(weeks=1)


def timer_key(series_id: int) -> str:
    """The one timer of a series."""
    return f"appointment_series:{series_id}"


def series_due(uow: UnitOfWork, rules: Rulebook, timer: Timer, now: datetime) -> Receipt:
    """Make what has come within reach."""
    series = uow.appointments.series(timer.subject)
    if series is None:
        return Receipt()
    make_ahead(uow, rules, series, now)
    return Receipt("", frozenset(), frozenset({series.participant_id}))


def days_of(series: Series) -> Iterator[date]:
    """Every day of a series from its first on, whatever became of the appointment on it."""
    days = rule_days(series.rule, series.first_day, series.first_day)
    ended = takewhile(lambda day: series.last_day is None or day <= series.last_day, days)
    return islice(ended, series.count)


def make_ahead(uow: UnitOfWork, rules: Rulebook, series: Series, now: datetime) -> list[int]:
    """Make the occurrences of the next weeks that are not made yet; the first one however far it is.

    Returns their numbers. What has begun meanwhile is left out: nobody could be reminded of it.
    """
    if series.is_cancelled:
        return []
    where = zone(series.zone)
    horizon = max(local(now, where).date() + AHEAD, series.first_day)
    coming = [day for day in days_of(series) if series.made_until is None or day > series.made_until]
    near = [day for day in coming if day <= horizon]
    made = []
    for day in near:
        starts_at = at_wall(day, series.at, where)
        new = _occurrence(series, day, starts_at, now)
        number = uow.appointments.add(new) if starts_at > now else None
        if number is not None:
            plan(uow, rules, replace(new, id=number), now)
            made.append(number)
    uow.appointments.save_series(replace(series, made_until=horizon))
    if len(near) < len(coming):
        uow.timers.set(series.agency_id, TIMER_KIND, series.id, now + LOOK_AGAIN, timer_key(series.id))
    return made


def _occurrence(series: Series, day: date, starts_at: datetime, now: datetime) -> Appointment:
    return Appointment(
        id=0,
        agency_id=series.agency_id,
        participant_id=series.participant_id,
        kind=series.kind,
        state=AppointmentState.AGREED,
        starts_at=starts_at,
        zone=series.zone,
        length=series.length,
        uid=series.uid,
        set_by=series.set_by,
        set_at=now,
        changed_at=now,
        details=series.details,
        reminders=series.reminders,
        # The person hears of the series as a whole.
        told=True,
        series_id=series.id,
        series_day=day,
    )
