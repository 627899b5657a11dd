# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The day after a group has met, those who were there may say how it was."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.appointments import HOUR_BEFORE, Appointment, Coming
from bot.domain.messages import Kind
from bot.ports import Receipt, UnitOfWork
from bot.services import floor
from bot.services.group_talks import FEEDBACK_DIALOG, FEEDBACK_SUBJECT
from bot.services.rulebook import Rulebook
from bot.services.visit import Visit
from scheduler.local_time import at_wall, local, zone
from scheduler.timers import Timer

TIMER_KIND = "group_feedback"
_ASK_FOR = timedelta(days=1)


def ask_later(uow: UnitOfWork, kept: Appointment) -> bool:
    """A meeting of a group is over: ask the day after, in place of everything else. False if it was none."""
    if kept.series_id is None or uow.casework.groups.seat_of_series(kept.series_id) is None:
        return False
    where = zone(kept.zone)
    at = at_wall(local(kept.starts_at, where).date() + timedelta(days=1), HOUR_BEFORE, where)
    if kept.coming is not Coming.NO:
        uow.timers.set(kept.agency_id, TIMER_KIND, kept.id, at, f"{TIMER_KIND}:{kept.id}")
    return True


def feedback_due(uow: UnitOfWork, rules: Rulebook, timer: Timer, now: datetime) -> Receipt:
    """Ask, unless it was entered already who was there, and this person was not."""
    kept = uow.appointments.get(timer.subject)
    seat = uow.casework.groups.seat_of_series(kept.series_id) if kept and kept.series_id else None
    contact = uow.people.contact_of(kept.participant_id) if kept is not None else None
    if kept is None or seat is None or contact is None:
        return Receipt()
    day = local(kept.starts_at, zone(kept.zone)).date()
    meetings = {one.day: one for one in uow.casework.groups.meetings(seat.group_id)}
    is_entered = day in meetings and meetings[day].came is not None
    if is_entered and kept.participant_id not in uow.casework.groups.visited(seat.group_id, day):
        return Receipt()
    visit = Visit(uow, rules, contact, now)
    floor.want(visit, FEEDBACK_DIALOG, Kind.REMINDER, _ASK_FOR, f"{FEEDBACK_SUBJECT}:{kept.id}")
    visit.finish()
    return Receipt("", frozenset(visit.woken), frozenset({kept.participant_id}))
