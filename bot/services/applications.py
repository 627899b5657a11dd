# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What staff do with an application, the same from every place: plan it, note what happened, close it.

Whoever looks after the person has their applications too: nothing here stores an owner. Days that are
suggested are a help to look in time; the deadline is what the carrier's letter says.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import msgspec

from bot.domain.access import Action
from bot.domain.applications import (
    LONGEST_LINE,
    LONGEST_WORDS,
    MOST_OPEN,
    Application,
    ApplicationContent,
    ApplicationEntry,
    ApplicationEvent,
    ApplicationParty,
    ApplicationState,
    CarrierDecision,
    CarrierKind,
    Coming,
    EntryNote,
    suggested,
)
from bot.domain.people import Participant
from bot.services.application_moves import happen, today_of
from bot.services.application_talks import subject_of
from bot.services.appointment_dates import FURTHEST, EntryFault
from bot.services.appointments import end_talks
from bot.services.desk import Desk
from bot.texts import mark

#: Older letters than these nobody enters on purpose: a wrong year is the likeliest slip.
_OLDEST = timedelta(days=5 * 366)
_NOT_THEIRS = mark("Um diesen Fall kümmert sich jemand anderes im Team.")
_NOT_NOW = mark("Das geht beim jetzigen Stand des Antrags nicht. Es wurde nichts geändert.")
_UNKNOWN = mark("Einen Antrag mit der Nummer {number} gibt es bei dieser Person nicht.")
_CHOOSE = mark("Bitte wählen Sie etwas aus der Liste.")


@dataclass(frozen=True, slots=True)
class Happened:
    """What happened on `day`, and what is to be done next. `due_on` None: a day is suggested.

    `detail` is the carrier's decision, or the kind of carrier that has it now; `place` is the latter's name.
    """

    event: ApplicationEvent
    day: date
    words: str = ""
    detail: str = ""
    place: str = ""
    next_step: str = ""
    due_on: date | None = None


def add(desk: Desk, person: Participant, content: ApplicationContent, coming: Coming) -> Application:
    """A new application, still to be sent. Raises `EntryFault`."""
    _check_may(desk, person)
    desk.uow.plans.lock(person.id)
    _check(desk, content, coming)
    every = desk.uow.casework.applications.of_participant(person.id)
    if sum(one.is_open for one in every) >= MOST_OPEN:
        raise EntryFault(
            mark("Es sind schon {most} Anträge offen. Bitte schließen Sie erst einen ab."), most=MOST_OPEN
        )
    new = Application(
        *(0, desk.agency.id, person.id, ApplicationState.PLANNED, content, desk.staff.id, desk.now, desk.now),
        due_on=coming.due_on,
        turn=coming.turn,
    )
    new = replace(new, id=desk.uow.casework.applications.add(new))
    return _happen(desk, new, Happened(ApplicationEvent.CHANGE, _today(desk)))


def change(
    desk: Desk, person: Participant, number: int, content: ApplicationContent, coming: Coming
) -> Application:
    """What it is for, what is next, until when, and whose turn it is. Raises `EntryFault`."""
    kept = application_of(desk, person, number)
    _check(desk, content, coming, kept.due_on)
    changed = replace(
        kept,
        content=msgspec.structs.replace(content, decision=kept.content.decision),
        due_on=coming.due_on,
        turn=coming.turn,
    )
    if changed == kept:
        return kept
    return _happen(desk, changed, Happened(ApplicationEvent.CHANGE, _today(desk)))


def happened(desk: Desk, person: Participant, number: int, what: Happened) -> Application:
    """Something happened: the application moves on, and a day to look again is suggested.

    Raises `EntryFault`.
    """
    kept = application_of(desk, person, number)
    if not kept.can(what.event, ApplicationParty.STAFF):
        raise EntryFault(_NOT_NOW)
    today = _today(desk)
    if not today - _OLDEST <= what.day <= today:
        raise EntryFault(mark("Wann war das? Bitte wählen Sie einen Tag bis heute."))
    content, decision = _after(kept.content, what)
    coming = suggested(what.event, what.day, decision)
    if what.due_on is not None:
        coming = replace(coming, due_on=what.due_on)
        _check(desk, content, coming)
    _check_lines(content)
    _check_words(what.words)
    changed = replace(kept, content=content, due_on=coming.due_on, turn=coming.turn)
    return _happen(desk, changed, what)


def close(desk: Desk, person: Participant, number: int, words: str) -> Application:
    """Nothing more is to be done; it and its history are kept. Raises `EntryFault`."""
    what = Happened(ApplicationEvent.CLOSE, _today(desk), words)
    closed = happened(desk, person, number, what)
    end_talks(desk, person.id, subject_of(closed))
    return closed


def application_of(desk: Desk, person: Participant, number: int) -> Application:
    """An application of the person whom this staff member looks after. Raises `EntryFault`."""
    _check_may(desk, person)
    desk.uow.plans.lock(person.id)
    found = desk.uow.casework.applications.get(number) if number < 2**63 else None
    if found is None or found.participant_id != person.id:
        raise EntryFault(_UNKNOWN, number=number)
    return found


def _after(content: ApplicationContent, what: Happened) -> tuple[ApplicationContent, CarrierDecision | None]:
    """What it is about after that; the decision if this was one. Raises `EntryFault`."""
    content = msgspec.structs.replace(content, next_step=what.next_step)
    if what.event is ApplicationEvent.DECIDE:
        if what.detail not in set(CarrierDecision):
            raise EntryFault(_CHOOSE)
        decision = CarrierDecision(what.detail)
        return msgspec.structs.replace(content, decision=decision), decision
    if what.event is ApplicationEvent.FORWARD:
        if what.detail not in set(CarrierKind):
            raise EntryFault(_CHOOSE)
        carrier = CarrierKind(what.detail)
        return msgspec.structs.replace(content, carrier=carrier, place=what.place, partner_id=0), None
    return content, None


def _happen(desk: Desk, application: Application, what: Happened) -> Application:
    if not application.can(what.event, ApplicationParty.STAFF):
        raise EntryFault(_NOT_NOW)
    note = EntryNote(detail=what.detail, words=what.words)
    entry = ApplicationEntry(desk.now, what.day, what.event, desk.actor, note)
    desk.changed.add(application.participant_id)
    return happen(desk.uow, desk.rules, application, ApplicationParty.STAFF, entry)


def _check(desk: Desk, content: ApplicationContent, coming: Coming, before: date | None = None) -> None:
    _check_lines(content)
    today, due = _today(desk), coming.due_on
    if due is not None and due != before and not today <= due <= today + FURTHEST:
        raise EntryFault(mark("Bitte nennen Sie einen Tag ab heute."))


def _check_lines(content: ApplicationContent) -> None:
    for line in (content.place, content.what, content.next_step):
        if len(line) > LONGEST_LINE or "\n" in line:
            raise EntryFault(mark("Das sind eine Zeile und höchstens {most} Zeichen."), most=LONGEST_LINE)


def _check_words(words: str) -> None:
    if len(words) > LONGEST_WORDS:
        raise EntryFault(mark("Worte dazu haben höchstens {most} Zeichen."), most=LONGEST_WORDS)


def _check_may(desk: Desk, person: Participant) -> None:
    if not desk.guard.person(person, Action.CHANGE_PLAN).is_allowed:
        raise EntryFault(_NOT_THEIRS)


def _today(desk: Desk) -> date:
    return today_of(desk.rules, desk.agency.id, desk.now)
