# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The weekly check-in: one timer a person, set again each time it fires. Part 3 brings plans."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.consent import Purpose
from bot.services.visit import Visit
from scheduler.local_time import at_wall

TIMER_KIND = "checkin"
DIALOG = "weekly_checkin"
WEEKDAY = 0
HOUR = time(10, 0)
#: A check-in that could not begin for so long is left out; the next one comes anyway.
KEEP_FOR = timedelta(days=1)


def timer_key(participant_id: int) -> str:
    """The one timer for a person's next check-in."""
    return f"checkin:{participant_id}"


def plan_next(visit: Visit) -> None:
    """Set the timer for the next check-in: the coming Monday at 10 in the person's own zone."""
    person = visit.participant
    at = next_checkin(visit.now, person.zone)
    visit.uow.timers.set(visit.agency.id, TIMER_KIND, person.id, at, timer_key(person.id))


def next_checkin(now: datetime, zone: str) -> datetime:
    """The first Monday at 10 local time that is at least a day and a half away."""
    day = (now + timedelta(hours=36)).astimezone(ZoneInfo(zone)).date()
    while day.weekday() != WEEKDAY or at_wall(day, HOUR, ZoneInfo(zone)) - now < timedelta(hours=36):
        day += timedelta(days=1)
    return at_wall(day, HOUR, ZoneInfo(zone))


def checkin_due(visit: Visit) -> bool:
    """The timer has fired: whether the person should be asked now, or as soon as they may be.

    Either way the next one is planned, so that the rhythm never depends on an answer.
    """
    plan_next(visit)
    if visit.participant.is_paused(visit.now):
        return False
    return visit.consents.get(Purpose.HEALTH_CHECKINS, False)
