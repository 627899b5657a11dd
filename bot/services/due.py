# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What happens when a timer is due: the same road as a message, from the second step on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.concerns import Concern, Event, State
from bot.domain.messages import Kind
from bot.ports import Contact, Receipt, UnitOfWork
from bot.services import crisis, escalate, floor, plan_checkins
from bot.services.converse import TIMEOUT_KIND, timeout_key
from bot.services.rulebook import Rulebook
from bot.services.visit import Visit
from scheduler.timers import Timer

#: Nobody can be asked without an open address; it may open again any day.
_UNREACHABLE = timedelta(days=1)


def fire(uow: UnitOfWork, rules: Rulebook, timer: Timer, now: datetime) -> Receipt:
    """Let a claimed timer take effect and remove it, in one commit; one no longer due does nothing."""
    if not uow.timers.still_due(timer):
        return Receipt()
    # Removed first: a handler may set the same timer again.
    uow.timers.done(timer.id)
    return _HANDLERS[timer.kind](uow, rules, timer, now)


def _concern_due(uow: UnitOfWork, rules: Rulebook, timer: Timer, now: datetime) -> Receipt:
    concern = uow.concerns.get(timer.subject)
    if concern is None or not concern.is_open:
        return Receipt()
    if concern.state is not State.OPEN:
        concern = _back_in_queue(uow, concern, now)
    concern, drafts = escalate.climb(uow, rules, concern, now)
    uow.outbox.post(drafts, now)
    return Receipt("", frozenset(d.channel for d in drafts), frozenset({concern.participant_id}))


def _back_in_queue(uow: UnitOfWork, concern: Concern, now: datetime) -> Concern:
    # The ladder begins with whoever took it over: they know the case.
    uow.concerns.log(concern.id, now, Event.DUE.value, "system")
    return replace(
        concern.after(Event.DUE), owner_id=concern.taken_by or concern.owner_id, taken_by=None, rung=0
    )


def _nobody_answered(uow: UnitOfWork, rules: Rulebook, timer: Timer, now: datetime) -> Receipt:
    concern = uow.concerns.get(timer.subject)
    if concern is None or concern.state is not State.OPEN:
        return Receipt()
    visit = _visit(uow, rules, uow.people.contact_of(concern.participant_id), now)
    if visit is None:
        return Receipt()
    crisis.say_nobody_answered(visit, concern)
    return _finish(visit)


def _question_timeout(uow: UnitOfWork, rules: Rulebook, timer: Timer, now: datetime) -> Receipt:
    conversation = uow.talks.conversation(timer.subject)
    if conversation is None:
        return Receipt()
    visit = _visit(uow, rules, uow.people.contact_of(conversation.participant_id), now)
    if visit is None:
        _set_again(uow, timer, timeout_key(timer.subject), now + _UNREACHABLE)
        return Receipt()
    again = floor.time_out(visit, conversation, int(timer.payload))
    if again is not None:
        _set_again(uow, timer, timeout_key(timer.subject), again)
    return _finish(visit)


def _floor(uow: UnitOfWork, rules: Rulebook, timer: Timer, now: datetime) -> Receipt:
    visit = _visit(uow, rules, uow.people.contact_of(timer.subject), now)
    if visit is None:
        _set_again(uow, timer, floor.timer_key(timer.subject), now + _UNREACHABLE)
        return Receipt()
    floor.look_again(visit)
    return _finish(visit)


def _checkin(uow: UnitOfWork, rules: Rulebook, timer: Timer, now: datetime) -> Receipt:
    visit = _visit(uow, rules, uow.people.contact_of(timer.subject), now)
    if visit is None:
        _set_again(uow, timer, plan_checkins.timer_key(timer.subject), timer.due_at + timedelta(days=7))
        return Receipt()
    if plan_checkins.checkin_due(visit):
        floor.want(visit, plan_checkins.DIALOG, Kind.REMINDER, plan_checkins.KEEP_FOR)
    return _finish(visit)


def _set_again(uow: UnitOfWork, timer: Timer, dedup: str, at: datetime) -> None:
    uow.timers.set(timer.agency_id, timer.kind, timer.subject, at, dedup, timer.payload)


def _visit(uow: UnitOfWork, rules: Rulebook, contact: Contact | None, now: datetime) -> Visit | None:
    return Visit(uow, rules, contact, now) if contact else None


def _finish(visit: Visit) -> Receipt:
    visit.finish()
    return Receipt("", frozenset(visit.woken), frozenset({visit.participant.id}))


_HANDLERS: dict[str, Callable[[UnitOfWork, Rulebook, Timer, datetime], Receipt]] = {
    escalate.TIMER_KIND: _concern_due,
    escalate.TELL_KIND: _nobody_answered,
    TIMEOUT_KIND: _question_timeout,
    floor.TIMER_KIND: _floor,
    plan_checkins.TIMER_KIND: _checkin,
}
