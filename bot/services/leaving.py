# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Leaving a phase: its `leaving` dialog is talked through once, in its turn, and only then is anything over.

With the last enrolment the participation ends. If there is still something to say, it ends the day after
that was said, at the latest four weeks after staff have ended it; meanwhile no plan asks anything. Whoever
said STOPP or never agreed to messages is written nothing, and for them it ends at once.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.consent import holding, may_send
from bot.domain.enrolments import Enrolment, Move, current
from bot.domain.messages import Kind
from bot.domain.people import Participant
from bot.ports import Conversation, UnitOfWork
from bot.services.read_programmes import ProgrammeShelf
from bot.services.rulebook import Rulebook
from bot.services.visit import Visit
from dialogs.effects import Value
from dialogs.own_words import pick

TIMER_KIND = "leaving"
#: What such a conversation is about: `leaving:<enrolment>:<phase>`.
SUBJECT = "leaving"
#: So long the dialog waits for its opportunity.
KEEP_FOR = timedelta(days=14)
#: When a participation that staff have ended is over in any case.
AT_THE_LATEST = timedelta(days=28)
#: The last words of the dialog may wait for the end of the night.
_LAST_WORDS = timedelta(days=1)
#: Instead of a phase: the participation ends.
END = ""


def timer_key(enrolment_id: int, phase: str) -> str:
    """The one timer of an enrolment and a phase; `END` for the end of the participation."""
    return f"leaving:{enrolment_id}:{phase}"


def subject_of(enrolment_id: int, phase: str) -> str:
    """The subject of a conversation about leaving a phase."""
    return f"{SUBJECT}:{enrolment_id}:{phase}"


def dialog_of(uow: UnitOfWork, shelf: ProgrammeShelf, enrolment: Enrolment, phase: str) -> str:
    """The dialog with which somebody leaves a phase; empty if there is none."""
    programme = shelf.of(uow, enrolment)
    return programme.phases[phase].leaving if programme is not None and phase in programme.phases else ""


def ask(uow: UnitOfWork, rules: Rulebook, enrolment: Enrolment, left: Collection[str], now: datetime) -> None:
    """The person has left these phases: what is asked then is wanted from now on."""
    for phase in left:
        if dialog_of(uow, rules.programmes, enrolment, phase):
            key = timer_key(enrolment.id, phase)
            uow.timers.set(enrolment.agency_id, TIMER_KIND, enrolment.id, now, key, phase)


def has_words(
    uow: UnitOfWork, rules: Rulebook, person: Participant, enrolment: Enrolment, now: datetime
) -> bool:
    """Whether the end of this enrolment has something to say that the person may be told.

    That is what the phases ask that they are in, or left so recently that it may still be waiting.
    """
    consents = holding(uow.talks.given(person.id), rules.book.meanings, now)
    if not may_send(Kind.NOTICE, replace(person, paused_until=None), consents, now):
        return False
    history = uow.programmes.history([enrolment.id]).get(enrolment.id, [])
    recent = {one.phase for one in history if one.move is Move.LEAVE and one.at > now - KEEP_FOR}
    known = uow.memory.facts(person.id)
    dialogs = {dialog_of(uow, rules.programmes, enrolment, phase) for phase in recent.union(current(history))}
    under_way = any(row.subject.startswith(f"{SUBJECT}:") for row in uow.talks.under_way(person.id))
    return under_way or any(one and fact_of(enrolment.id, one) not in known for one in dialogs)


def end_later(uow: UnitOfWork, enrolment: Enrolment, now: datetime) -> None:
    """The participation ends when everything is said; see above."""
    key = timer_key(enrolment.id, END)
    uow.timers.set(enrolment.agency_id, TIMER_KIND, enrolment.id, now + AT_THE_LATEST, key, END)


def fact_of(enrolment_id: int, dialog: str) -> str:
    """What says that it was begun once. With a dot, so that no dialog remembers anything under that name."""
    return f"leaving.{enrolment_id}.{dialog}"


def enrolment_of(uow: UnitOfWork, conversation: Conversation) -> tuple[Enrolment | None, str]:
    """The enrolment and the phase that a conversation is about."""
    _, number, phase = (*conversation.subject.split(":", 2), "", "")[:3]
    return (uow.programmes.enrolment(int(number)) if number.isdecimal() else None), phase


def facts(visit: Visit, conversation: Conversation) -> Mapping[str, Value]:
    """The programme's own name, and whether the person is in one any longer."""
    enrolment, _ = enrolment_of(visit.uow, conversation)
    programme = visit.rules.programmes.of(visit.uow, enrolment) if enrolment is not None else None
    found: dict[str, Value] = {}
    if programme is not None:
        found["programme"] = pick(programme.title, visit.participant.language) or programme.id
    if any(one.is_open for one in visit.uow.programmes.of_participant(visit.participant.id)):
        found["goes_on"] = True
    return found


def fits(visit: Visit, conversation: Conversation) -> bool:
    """Whether the person has not come back meanwhile, into the phase or the programme."""
    enrolment, phase = enrolment_of(visit.uow, conversation)
    if enrolment is None or enrolment.participant_id != visit.participant.id:
        return False
    if enrolment.is_open:
        return phase not in current(visit.uow.programmes.history([enrolment.id]).get(enrolment.id, []))
    theirs = visit.uow.programmes.of_participant(visit.participant.id)
    return not any(one.is_open and one.programme == enrolment.programme for one in theirs)


def begun(visit: Visit, conversation: Conversation) -> None:
    """It is asked once."""
    enrolment, phase = enrolment_of(visit.uow, conversation)
    if enrolment is not None:
        dialog = dialog_of(visit.uow, visit.rules.programmes, enrolment, phase)
        visit.remember(fact_of(enrolment.id, dialog), True)


def ended(visit: Visit, conversation: Conversation, outcome: str) -> None:
    """Everything is said, or there was no opportunity: what staff have ended may be over."""
    del outcome
    enrolment, _ = enrolment_of(visit.uow, conversation)
    if enrolment is None or enrolment.is_open:
        return
    key = timer_key(enrolment.id, END)
    visit.uow.timers.set(visit.agency.id, TIMER_KIND, enrolment.id, visit.now + _LAST_WORDS, key, END)
