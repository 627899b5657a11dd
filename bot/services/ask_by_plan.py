# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The moment of a plan has come: look once more whether it fits, ask at most once, set the next moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.consent import may_send
from bot.domain.conversations import ConversationState, Underway
from bot.domain.messages import Kind
from bot.services import floor, repeat_questions
from bot.services import whose_turn as turn
from bot.services.ask_again import ask_again
from bot.services.follow_plans import handled, leave, look, look_next, may_ask, may_follow, set_timer
from bot.services.person_dates import person_time
from bot.services.plan_conditions import still_fits
from bot.services.read_plans import CheckIn
from bot.services.visit import Visit
from dialogs.inputs import Repeat
from scheduler.catching_up import Ask


def plan_due(visit: Visit, name: str) -> None:
    """Ask what the plan wants to ask now, and set its next moment.

    Whatever is handled lies before `seen_until` afterwards, so a timer that fires twice asks once.
    """
    person, uow = visit.participant, visit.uow
    plans = visit.rules.plans.in_force(uow, visit.agency.id)
    row = uow.plans.followed(person.id).get(name)
    check_in = plans.check_ins.get(name)
    if row is None or not row.is_on:
        return
    if check_in is None or not may_follow(check_in, person, visit.consents):
        uow.plans.follow(visit.agency.id, [leave(uow, row)])
        return
    time = person_time(uow, visit.rules, person, visit.now)
    found = look(check_in, time, row, visit.now)
    if found.asks or found.skipped:
        ask_again(visit)
    later = _later(visit, found.asks)
    if later is not None:
        set_timer(uow, person, name, later)
        return
    seen = handled(replace(row, version=plans.version), found, visit.now)
    uow.plans.follow(visit.agency.id, [seen])
    quiet = visit.rules.quiet_of(visit.agency.id)
    set_timer(uow, person, name, look_next(check_in, time, found, quiet, visit.now))
    if found.asks and _fits(visit, check_in):
        for ask in found.asks:
            subject = f"{repeat_questions.SUBJECT}:{name}:{ask.occurrence.day.isoformat()}"
            keep_for = ask.occurrence.closes - visit.now
            floor.want(visit, check_in.dialog, Kind.REMINDER, keep_for, subject)


def reminder_due(visit: Visit, row: Underway, left: int) -> datetime | None:
    """Repeat the open question of what a plan began. Returns when to try again if this is no moment."""
    check_in = repeat_questions.check_in_of(visit, row.subject)
    if check_in is None or not may_ask(check_in, visit.participant, visit.consents):
        return None
    until = turn.quiet_until(visit) or turn.rests_until(visit, row)
    if until is not None:
        return until
    if row.state is ConversationState.OPEN:
        # A conversation that is put off or put by has its own way back, with its question.
        floor.go_on(visit, Repeat(), Kind.REMINDER)
    repeat_questions.set_next(visit, row.id, check_in, left - 1)
    return None


def _later(visit: Visit, asks: tuple[Ask, ...]) -> datetime | None:
    """When to look again because nothing may be asked right now; None if this is the moment.

    While the person pauses or their window is closed, what is due stays due.
    """
    if not asks:
        return None
    if visit.participant.is_paused(visit.now):
        return visit.participant.paused_until
    return asks[0].at if asks[0].at > visit.now else None


def _fits(visit: Visit, check_in: CheckIn) -> bool:
    """Whether asking makes sense now: the condition holds, and the same is not being asked already."""
    if not may_send(Kind.REMINDER, visit.participant, visit.consents, visit.now):
        return False
    rows = visit.uow.talks.under_way(visit.participant.id)
    if any(turn.is_about(row, check_in.dialog) for row in rows):
        return False
    return still_fits(visit, check_in)
