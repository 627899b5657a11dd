# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Set again what ends a talk, wakes a conversation, asks by a plan, or belongs to an appointment, a referral,
a conference or the duty of an agency, where its timer was lost.

Each looks again and returns the agency, or None if nothing waits any more.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from bot.domain.conversations import ConversationState
from bot.ports import UnitOfWork
from bot.services import (
    appointment_timers,
    conference_moves,
    conference_tasks,
    duty_watch,
    floor,
    follow_plans,
    human_talks,
    referral_moves,
    relay,
)
from bot.services.appointment_times import next_act
from bot.services.converse import TIMEOUT_KIND, timeout_key
from bot.services.person_dates import zone_of
from bot.services.rulebook import Rulebook
from dialogs.engine import LATER_SECONDS
from dialogs.model import Wait
from dialogs.session import Session, Sleep, load
from scheduler.local_time import at_wall, local, zone


def end_talk(uow: UnitOfWork, rules: Rulebook, participant_id: int, now: datetime) -> int | None:
    """The end is said when it should have been, or now; where nobody talks, the bot just speaks again."""
    person = uow.plans.lock(participant_id)
    if person is None or person.human_until is None:
        return None
    agency_id = person.agency_id
    concerns = uow.concerns.of_participant(participant_id, open_only=False)
    talks = [talk for one in concerns if (talk := human_talks.talk_about(uow, one)) is not None]
    if not talks:
        uow.people.change_participant(participant_id, human_until=None)
        uow.timers.set(agency_id, floor.TIMER_KIND, participant_id, now, floor.timer_key(participant_id))
        return agency_id
    talk = max(talks, key=lambda one: one.last_words)
    quiet, zone = rules.quiet_of(agency_id), zone_of(person, rules.agencies[agency_id])
    latest = now + relay.HUMAN_TALKS_FOR
    at, ends = now, person.human_until - relay.SPARE
    if quiet is not None:  # nobody is woken to hear that a conversation is over
        at, latest = quiet.next_allowed(now, zone), quiet.next_allowed(latest, zone)
    if now < ends <= latest:
        at = ends
    key = relay.timer_key(participant_id)
    uow.timers.set(agency_id, relay.TIMER_KIND, participant_id, at, key, str(talk.concern.id))
    return agency_id


def wake(uow: UnitOfWork, rules: Rulebook, conversation_id: int, now: datetime) -> int | None:
    """It goes on when its waiting time is over, counted from its last question, or now."""
    row = uow.talks.conversation(conversation_id)
    person = uow.plans.lock(row.participant_id) if row is not None else None
    if row is None or person is None or row.state is not ConversationState.ASLEEP:
        return None
    session = load(row.session)
    # A clock that ran ahead may have asked in the future: it has been asked by now.
    asked_at = min(session.asked_at, now) if session.asked_at else None
    at = max(asked_at + _sleeps_for(rules, session), now) if asked_at else now
    key = timeout_key(conversation_id)
    uow.timers.set(person.agency_id, TIMEOUT_KIND, conversation_id, at, key, str(session.turn))
    return person.agency_id


def plan_appointment(uow: UnitOfWork, rules: Rulebook, appointment_id: int, now: datetime) -> int | None:
    """One is reminded, and asked how it was, as if nothing had happened; what is over is not made up for."""
    kept = uow.appointments.get(appointment_id)
    if kept is None or kept.starts_at <= now:
        return None
    # As if nothing had been said on this day: a reminder too many is better than none.
    where = zone(kept.zone)
    before = at_wall(local(now, where).date(), time.min, where) - timedelta(microseconds=1)
    coming = next_act(kept, rules.quiet_of(kept.agency_id), before)
    appointment_timers.plan(uow, rules, kept, before if coming and coming[0] > now else now)
    return kept.agency_id


def ask_after_visit(uow: UnitOfWork, rules: Rulebook, appointment_id: int, now: datetime) -> int | None:
    """Whoever visits somebody at home is asked whether they are back at its end, or at once."""
    del rules
    kept = uow.appointments.get(appointment_id)
    if kept is None:
        return None
    at, key = max(kept.ends_at, now), appointment_timers.home_key(kept.id)
    uow.timers.set(kept.agency_id, appointment_timers.HOME_KIND, kept.id, at, key)
    return kept.agency_id


def follow_plans_again(uow: UnitOfWork, rules: Rulebook, participant_id: int, now: datetime) -> int | None:
    """What came due meanwhile is asked as after an outage: while the plan's grace lasts, and once."""
    person = uow.plans.lock(participant_id)
    if person is None or not follow_plans.is_left_behind(uow, rules, person, now):
        return None
    follow_plans.follow(uow, rules, person, now)
    return person.agency_id


def watch_duty(uow: UnitOfWork, rules: Rulebook, agency_id: int, now: datetime) -> int | None:
    """At the next opening, as at a start; what was told is not told again."""
    duty_watch.ensure_watch(uow, rules, agency_id, now)
    return agency_id


def look_at_referral(uow: UnitOfWork, rules: Rulebook, referral_id: int, now: datetime) -> int | None:
    """The person or the coach is asked when they should have been, or now."""
    del now
    referral = uow.casework.referrals.get(referral_id)
    if referral is None:
        return None
    referral_moves.wait(uow, rules, referral)
    return referral.agency_id


def ask_after_conference(uow: UnitOfWork, rules: Rulebook, conference_id: int, now: datetime) -> int | None:
    """Whoever called it is asked a day after its end, or a day from now."""
    kept = uow.casework.conferences.get(conference_id)
    if kept is None or not kept.is_open:
        return None
    conference_moves.wait(uow, rules, kept, now)
    return kept.agency_id


def remind_of_task(uow: UnitOfWork, rules: Rulebook, decision_id: int, now: datetime) -> int | None:
    """Whoever has it is reminded after its day, or when the agency opens."""
    task = uow.casework.conferences.decision(decision_id)
    if task is None or task.done_at is not None:
        return None
    conference_tasks.wait(uow, rules, task, max(task.due_at, now))
    return task.agency_id


def _sleeps_for(rules: Rulebook, session: Session) -> timedelta:
    if session.sleep is Sleep.LATER:
        return timedelta(seconds=LATER_SECONDS)
    frame = session.frames[-1] if session.frames else None
    dialog = rules.book.get(frame.dialog, frame.version) if frame else None
    step = dialog.steps.get(frame.step) if dialog and frame else None
    return timedelta(seconds=step.seconds) if isinstance(step, Wait) else timedelta()
