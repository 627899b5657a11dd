# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The timers of leaving: the dialog of a phase is wanted, or a participation is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.consent import may_send
from bot.domain.enrolments import Enrolment, Move
from bot.domain.messages import Kind
from bot.domain.people import Participant, Standing
from bot.ports import Receipt, UnitOfWork
from bot.services import floor
from bot.services.leaving import END, KEEP_FOR, SUBJECT, dialog_of, fact_of, subject_of
from bot.services.retention import end_participation
from bot.services.rulebook import Rulebook
from bot.services.visit import Visit
from scheduler.timers import Timer


def leaving_due(uow: UnitOfWork, rules: Rulebook, timer: Timer, now: datetime) -> Receipt:
    """Let the timer of an enrolment that was left take effect."""
    enrolment = uow.programmes.enrolment(timer.subject)
    person = uow.plans.lock(enrolment.participant_id) if enrolment is not None else None
    if enrolment is None or person is None:
        return Receipt()
    contact = uow.people.contact_of(person.id)
    visit = Visit(uow, rules, contact, now) if contact is not None else None
    if timer.payload == END:
        _end(uow, visit, person, enrolment, now)
    elif visit is not None:
        _want(visit, enrolment, timer.payload)
    if visit is None:
        return Receipt("", frozenset(), frozenset({person.id}))
    visit.finish()
    return Receipt("", frozenset(visit.woken), frozenset({person.id}))


def _want(visit: Visit, enrolment: Enrolment, phase: str) -> None:
    dialog = dialog_of(visit.uow, visit.rules.programmes, enrolment, phase)
    if not dialog or fact_of(enrolment.id, dialog) in visit.uow.memory.facts(visit.participant.id):
        return
    # A pause is waited for; whoever has ended contact or never agreed hears nothing.
    awake = replace(visit.participant, paused_until=None)
    if may_send(Kind.NOTICE, awake, visit.consents, visit.now):
        floor.want(visit, dialog, Kind.NOTICE, KEEP_FOR, subject_of(enrolment.id, phase))


def _end(
    uow: UnitOfWork, visit: Visit | None, person: Participant, enrolment: Enrolment, now: datetime
) -> None:
    is_back = any(one.is_open for one in uow.programmes.of_participant(person.id))
    if person.standing is Standing.LEFT or is_back:
        return
    if visit is not None:
        for row in uow.talks.under_way(person.id):
            if row.subject.startswith(f"{SUBJECT}:"):
                floor.end_about(visit, row.subject, "changed")
    history = uow.programmes.history([enrolment.id]).get(enrolment.id, [])
    # A human has ended it; this is only the moment.
    actor = next((one.actor for one in reversed(history) if one.move is Move.END), "system")
    end_participation(uow, person, actor, now)
