# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What a coach enters about how things have turned out, and what an evaluation gets of it.

Nobody else enters it, nothing follows from it, and the person has every entry in their copy.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.domain.access import Action
from bot.domain.outcome_markers import FINDINGS, LONGEST_WORDS, Finding, Marker, MarkerEntry, current
from bot.domain.people import Participant, Role
from bot.ports import UnitOfWork
from bot.services.appointment_dates import EntryFault
from bot.services.desk import Desk
from bot.services.evaluation_data import Added, Collected
from bot.services.evaluation_sheets import Variable
from bot.services.outcome_words import MARKERS
from bot.texts import mark
from scheduler.local_time import local

_VALUES = {1: "unter 3 Stunden", 2: "3 bis unter 6 Stunden", 3: "6 Stunden und mehr"}
_BANDS = (Finding.UNDER_3, Finding.FROM_3, Finding.FROM_6)
_NOT_FITTING = mark("Bitte wählen Sie etwas aus der Liste.")


@dataclass(frozen=True, slots=True)
class Entered:
    """What is entered. `day`: since when it is so."""

    marker: Marker
    finding: Finding
    day: date
    words: str = ""


def may_enter(desk: Desk, person: Participant) -> bool:
    """Only whoever looks after the person as a coach, also in a colleague's place."""
    is_coach = desk.staff.role is Role.COACH
    return is_coach and desk.guard.person(person, Action.CHANGE_PLAN).is_allowed


def enter(desk: Desk, person: Participant, new: Entered) -> bool:
    """Keep an entry. False if exactly that stands there already. Raises `EntryFault`."""
    if not may_enter(desk, person):
        raise EntryFault(mark("Das trägt nur der Coach ein, der für die Person da ist."))
    words = " ".join(new.words.split())
    if new.finding not in FINDINGS[new.marker]:
        raise EntryFault(_NOT_FITTING)
    if len(words) > LONGEST_WORDS:
        raise EntryFault(mark("Worte dazu haben höchstens {most} Zeichen."), most=LONGEST_WORDS)
    if new.day > local(desk.now, desk.rules.hours[desk.agency.id].zone).date():
        raise EntryFault(mark("Der Tag liegt in der Zukunft. Es wurde nichts gespeichert."))
    desk.uow.plans.lock(person.id)
    kept = current(history(desk.uow, person)).get(new.marker)
    if kept is not None and (kept.finding, kept.day, kept.words) == (new.finding, new.day, words):
        return False
    entry = MarkerEntry(
        *(0, desk.agency.id, person.id, desk.staff.id, desk.now, new.marker, new.finding, new.day, words)
    )
    desk.uow.casework.outcome_markers.add(entry)
    desk.uow.ledger.note(desk.agency.id, desk.now, desk.actor, "outcome_entered", person.case_code)
    desk.changed.add(person.id)
    return True


def history(uow: UnitOfWork, person: Participant) -> list[MarkerEntry]:
    """All entries of a person, the oldest first. Only with `Action.SEE_CONTENT`, and noted by the caller."""
    return uow.casework.outcome_markers.of([person.id]).get(person.id, [])


def for_evaluation(uow: UnitOfWork, found: Collected) -> Added:
    """An `evaluation_data.Extra`: what stood there on the day, entered in this participation; never words."""
    kept = uow.casework.outcome_markers.of({case.enrolment.participant_id for case in found.cases})
    rows = []
    for case in found.cases:
        enrolment = case.enrolment
        until = enrolment.ended_at if case.is_over and enrolment.ended_at is not None else found.end
        until = min(until, found.end)
        entries = [e for e in kept.get(enrolment.participant_id, ()) if enrolment.began_at <= e.at <= until]
        rows.append(tuple(_coded(current(entries).get(marker)) for marker in Marker))
    return tuple(_variable(marker) for marker in Marker), rows


def _variable(marker: Marker) -> Variable:
    values = _VALUES if marker is Marker.HOURS else {1: "ja"}
    return Variable(
        name=f"outcome_{marker}", label=f"{MARKERS[marker]} (vom Coach)", values=values, source="Lotse"
    )


def _coded(entry: MarkerEntry | None) -> int | None:
    if entry is None or entry.finding is Finding.OPEN:
        return None
    return _BANDS.index(entry.finding) + 1 if entry.finding in _BANDS else 1
