# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What happens when a timer is due: the same road as a message, from the second step on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.domain.concerns import ANSWERED_IN_TIME, TOLD_NOBODY_YET, Level, State
from bot.ports import Contact, Receipt, UnitOfWork
from bot.services import ask_by_plan, change_plans, crisis, escalate, floor, follow_plans, repeat_questions
from bot.services.accompaniment_due import accompaniment_due
from bot.services.accompaniment_moves import TIMER_KIND as ACCOMPANIMENT_KIND
from bot.services.application_due import application_due
from bot.services.application_moves import TIMER_KIND as APPLICATION_KIND
from bot.services.appointment_due import appointment_due
from bot.services.appointment_series import TIMER_KIND as SERIES_KIND
from bot.services.appointment_series import series_due
from bot.services.appointment_timers import HOME_KIND
from bot.services.appointment_timers import TIMER_KIND as APPOINTMENT_KIND
from bot.services.conference_moves import TASK_KIND as CONFERENCE_TASK_KIND
from bot.services.conference_moves import TIMER_KIND as CONFERENCE_KIND
from bot.services.conference_tasks import conference_due, task_due
from bot.services.converse import TIMEOUT_KIND, timeout_key
from bot.services.decisions import TIMER_KIND as DECISION_KIND
from bot.services.decisions import decision_due
from bot.services.digest import TIMER_KIND as DIGEST_KIND
from bot.services.digest import digest_due
from bot.services.duty_watch import TIMER_KIND as DUTY_KIND
from bot.services.duty_watch import duty_day
from bot.services.erase_person import TIMER_KIND as ERASURE_KIND
from bot.services.erase_person import erasure_due
from bot.services.group_due import group_due
from bot.services.group_feedback import TIMER_KIND as GROUP_FEEDBACK_KIND
from bot.services.group_feedback import feedback_due
from bot.services.group_moves import TIMER_KIND as GROUP_KIND
from bot.services.help_plan_due import help_plan_due
from bot.services.help_plan_moves import TIMER_KIND as HELP_PLAN_KIND
from bot.services.home_visit_due import home_visit_due
from bot.services.human_talks import has_written_since
from bot.services.leaving import TIMER_KIND as LEAVING_KIND
from bot.services.leaving_due import leaving_due
from bot.services.measuring import TIMER_KIND as MEASURING_KIND
from bot.services.measuring_due import measuring_due
from bot.services.own_words import was_said
from bot.services.parked import TIMER_KIND as PARKED_KIND
from bot.services.parked import tell_parked
from bot.services.programme_tasks import TIMER_KIND as ENROLMENT_KIND
from bot.services.programme_tasks import enrolment_due
from bot.services.referral_due import referral_due
from bot.services.referral_moves import TIMER_KIND as REFERRAL_KIND
from bot.services.relay import TIMER_KIND as RELAY_KIND
from bot.services.relay import silent
from bot.services.retention import TIMER_KIND as RETENTION_KIND
from bot.services.retention import retention_due
from bot.services.rulebook import Rulebook
from bot.services.too_late import TIMER_KIND as TOO_LATE_KIND
from bot.services.too_late import too_late
from bot.services.visit import Visit
from scheduler.timers import Timer, UnknownTimerKind

#: Nobody can be asked without an open address; it may open again any day.
_UNREACHABLE = timedelta(days=1)


def fire(uow: UnitOfWork, rules: Rulebook, timer: Timer, now: datetime) -> Receipt:
    """Let a claimed timer take effect and remove it, in one commit; one no longer due does nothing."""
    # Removed first: a handler may set the same timer again.
    if not uow.timers.take(timer):
        return Receipt()
    if timer.kind not in _HANDLERS:
        raise UnknownTimerKind(timer.kind)
    return _HANDLERS[timer.kind](uow, rules, timer, now)


def _concern_due(uow: UnitOfWork, rules: Rulebook, timer: Timer, now: datetime) -> Receipt:
    concern = uow.concerns.get(timer.subject)
    if concern is None or not concern.is_open:
        return Receipt()
    call = escalate.climb if concern.state is State.OPEN else escalate.take_back
    concern, drafts = call(uow, rules, concern, now)
    uow.outbox.post(drafts, now)
    woken = crisis.say_nobody_reached(uow, rules, concern, now)
    return Receipt("", woken | {d.channel for d in drafts}, frozenset({concern.participant_id}))


def _nobody_answered(uow: UnitOfWork, rules: Rulebook, timer: Timer, now: datetime) -> Receipt:
    concern = uow.concerns.get(timer.subject)
    if concern is None or concern.state is not State.OPEN:
        return Receipt()
    if concern.level is not Level.R3 and not was_said(concern):
        return Receipt()  # whoever has said nothing waits for no answer
    visit = _visit(uow, rules, uow.people.contact_of(concern.participant_id), now)
    if visit is None:
        return Receipt()
    # Written down either way: where neither stands, the timer was lost, and the auditor sets it again.
    if has_written_since(uow, concern):
        uow.concerns.log(concern.id, now, ANSWERED_IN_TIME, "system")
        return Receipt()
    crisis.say_nobody_answered(visit, concern)
    uow.concerns.log(concern.id, now, TOLD_NOBODY_YET, "system")
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


def _plan(uow: UnitOfWork, rules: Rulebook, timer: Timer, now: datetime) -> Receipt:
    visit = _visit(uow, rules, uow.people.contact_of(timer.subject), now)
    if visit is None:
        # The coach was told when the address closed. What is due stays due while the grace lasts.
        _set_again(uow, timer, follow_plans.timer_key(timer.subject, timer.payload), now + _UNREACHABLE)
        return Receipt()
    ask_by_plan.plan_due(visit, timer.payload)
    return _finish(visit)


def _plan_reminder(uow: UnitOfWork, rules: Rulebook, timer: Timer, now: datetime) -> Receipt:
    conversation = uow.talks.conversation(timer.subject)
    contact = uow.people.contact_of(conversation.participant_id) if conversation else None
    visit = _visit(uow, rules, contact, now)
    if conversation is None or visit is None:
        return Receipt()
    again = ask_by_plan.reminder_due(visit, conversation, int(timer.payload))
    if again is not None:
        _set_again(uow, timer, repeat_questions.timer_key(timer.subject), again)
    return _finish(visit)


def _plans_changed(uow: UnitOfWork, rules: Rulebook, timer: Timer, now: datetime) -> Receipt:
    change_plans.go_on(uow, rules, timer.subject, int(timer.payload), now)
    return Receipt()


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
    PARKED_KIND: tell_parked,
    floor.TIMER_KIND: _floor,
    follow_plans.TIMER_KIND: _plan,
    repeat_questions.TIMER_KIND: _plan_reminder,
    change_plans.TIMER_KIND: _plans_changed,
    APPOINTMENT_KIND: appointment_due,
    ACCOMPANIMENT_KIND: accompaniment_due,
    HOME_KIND: home_visit_due,
    SERIES_KIND: series_due,
    DUTY_KIND: duty_day,
    DIGEST_KIND: digest_due,
    RELAY_KIND: silent,
    TOO_LATE_KIND: too_late,
    ERASURE_KIND: erasure_due,
    ENROLMENT_KIND: enrolment_due,
    GROUP_KIND: group_due,
    GROUP_FEEDBACK_KIND: feedback_due,
    HELP_PLAN_KIND: help_plan_due,
    REFERRAL_KIND: referral_due,
    APPLICATION_KIND: application_due,
    LEAVING_KIND: leaving_due,
    DECISION_KIND: decision_due,
    MEASURING_KIND: measuring_due,
    CONFERENCE_KIND: conference_due,
    CONFERENCE_TASK_KIND: task_due,
    RETENTION_KIND: retention_due,
}
