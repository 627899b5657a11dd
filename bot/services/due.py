# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What happens when a timer is due: the same road as a message, from the second step on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.domain.concerns import Concern, Event, State
from bot.domain.messages import Kind
from bot.ports import Contact, Receipt, UnitOfWork
from bot.services import crisis, escalate, plan_checkins
from bot.services.converse import TIMEOUT_KIND, go_on, start_dialog
from bot.services.rulebook import Rulebook
from bot.services.visit import Visit
from dialogs.inputs import TimedOut
from scheduler.timers import Timer


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
    found = uow.talks.conversation(timer.subject)
    visit = _visit(uow, rules, uow.people.contact_of(found[0]) if found else None, now)
    if visit is None or visit.conversation is None or visit.conversation.id != timer.subject:
        return Receipt()
    if visit.participant.talks_with_human(now):
        return Receipt()
    go_on(visit, TimedOut(int(timer.payload)), Kind.REMINDER)
    return _finish(visit)


def _checkin(uow: UnitOfWork, rules: Rulebook, timer: Timer, now: datetime) -> Receipt:
    visit = _visit(uow, rules, uow.people.contact_of(timer.subject), now)
    if visit is None:
        return Receipt()
    kind = plan_checkins.checkin_due(visit)
    if kind is not None:
        start_dialog(visit, plan_checkins.DIALOG, kind)
    return _finish(visit)


def _visit(uow: UnitOfWork, rules: Rulebook, contact: Contact | None, now: datetime) -> Visit | None:
    return Visit(uow, rules, contact, now) if contact else None


def _finish(visit: Visit) -> Receipt:
    visit.finish()
    return Receipt("", frozenset(visit.woken), frozenset({visit.participant.id}))


_HANDLERS: dict[str, Callable[[UnitOfWork, Rulebook, Timer, datetime], Receipt]] = {
    escalate.TIMER_KIND: _concern_due,
    escalate.TELL_KIND: _nobody_answered,
    TIMEOUT_KIND: _question_timeout,
    plan_checkins.TIMER_KIND: _checkin,
}
