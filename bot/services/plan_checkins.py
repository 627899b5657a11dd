# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The weekly check-in: one timer a person, set again each time it fires. Part 3 brings plans."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.concerns import Level
from bot.domain.consent import Purpose
from bot.domain.messages import Kind
from bot.services.visit import Visit
from scheduler.local_time import at_wall

TIMER_KIND = "checkin"
DIALOG = "weekly_checkin"
WEEKDAY = 0
HOUR = time(10, 0)
_PUT_OFF = timedelta(days=1)


def plan_next(visit: Visit) -> None:
    """Set the timer for the next check-in: the coming Monday at 10 in the person's own zone."""
    _set(visit, next_checkin(visit.now, visit.participant.zone))


def next_checkin(now: datetime, zone: str) -> datetime:
    """The first Monday at 10 local time that is at least a day and a half away."""
    day = (now + timedelta(hours=36)).astimezone(ZoneInfo(zone)).date()
    while day.weekday() != WEEKDAY or at_wall(day, HOUR, ZoneInfo(zone)) - now < timedelta(hours=36):
        day += timedelta(days=1)
    return at_wall(day, HOUR, ZoneInfo(zone))


def may_begin(visit: Visit) -> bool:
    """No survey while a human talks, in the middle of something, or with a serious concern open."""
    if visit.conversation is not None or visit.participant.talks_with_human(visit.now):
        return False
    serious = (c.level >= Level.R2 for c in visit.uow.concerns.of_participant(visit.participant.id))
    return not any(serious)


def checkin_due(visit: Visit) -> Kind | None:
    """What to do when the timer fires: the kind of message to begin with, or None to leave it for today.

    Either way the next one is planned, so that the rhythm never depends on an answer.
    """
    if visit.participant.is_paused(visit.now) or not visit.consents.get(Purpose.HEALTH_CHECKINS, False):
        plan_next(visit)
        return None
    if not may_begin(visit):
        _set(visit, visit.now + _PUT_OFF)
        return None
    plan_next(visit)
    return Kind.REMINDER


def _set(visit: Visit, at: datetime) -> None:
    key = f"checkin:{visit.participant.id}"
    visit.uow.timers.set(visit.agency.id, TIMER_KIND, visit.participant.id, at, key)
