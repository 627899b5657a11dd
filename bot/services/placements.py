# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What staff do with an internship, the same from every place: enter it, change it, end it.

The person hears of it and may say that something does not fit. The firm sees nothing before they agree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from bot.domain.access import Action
from bot.domain.people import Participant, Role
from bot.domain.placements import (
    LONGEST,
    LONGEST_LINE,
    LONGEST_NAME,
    LONGEST_REASON,
    MOST_MINUTES,
    EarlyEnd,
    Placement,
    PlacementTerms,
)
from bot.domain.sharing import SharingAsk
from bot.errors import NotFound
from bot.ports import UnitOfWork
from bot.services import share, staff_plans
from bot.services.appointment_dates import EntryFault
from bot.services.appointments import Telling, end_talks, tell_about
from bot.services.desk import Desk
from bot.services.person_dates import SAID, zone_of
from bot.services.placement_talks import DIALOG, ENDED_DIALOG, subject_of
from bot.texts import mark
from scheduler.local_time import local

#: So long what is to be said about an internship waits for its opportunity.
_KEEP_FOR = timedelta(days=14)
_A_DAY = timedelta(days=1)
_FIRST, _LAST = SAID["internship_start"], SAID["internship_end"]
_NOT_THEIRS = mark("Um diesen Fall kümmert sich jemand anderes im Team.")
_UNKNOWN = mark("Ein Praktikum mit der Nummer {number} gibt es bei dieser Person nicht.")
_IS_OVER = mark("Dieses Praktikum ist schon zu Ende. Es wurde nichts geändert.")
_GOES_ON = mark("Es ist schon ein Praktikum eingetragen. Bitte ändern oder beenden Sie zuerst dieses.")


def add(
    desk: Desk, person: Participant, terms: PlacementTerms, contact_id: int | None
) -> tuple[Placement, Telling]:
    """A new internship, one at a time; plans count from its days. Raises `EntryFault`."""
    _check_may(desk, person)
    desk.uow.plans.lock(person.id)
    if current(desk.uow, person, today_of(desk, person)) is not None:
        raise EntryFault(_GOES_ON)
    _check(desk, person, terms, contact_id)
    ask = _ask(desk, person, terms)
    new = Placement(
        *(0, desk.agency.id, person.id, ask.id, terms, desk.staff.id, desk.now, desk.now),
        contact_id=contact_id,
    )
    new = replace(new, id=desk.uow.casework.placements.add(new))
    _note(desk, person, new, "placement_set")
    return new, _tell(desk, person, new)


def change(
    desk: Desk, person: Participant, number: int, terms: PlacementTerms, contact_id: int | None
) -> tuple[Placement, Telling]:
    """Something was arranged differently. Raises `EntryFault`.

    Another firm, or another name for the person, is asked for anew: the yes from before does not cover it.
    """
    kept = _open(desk, person, number)
    _check(desk, person, terms, contact_id)
    if (terms, contact_id) == (kept.terms, kept.contact_id):
        return kept, Telling.NEVER_KNEW
    asked = (terms.employer, terms.shown_as) == (kept.terms.employer, kept.terms.shown_as)
    ask_id = kept.ask_id if asked else _ask(desk, person, terms).id
    changed = replace(kept, terms=terms, contact_id=contact_id, ask_id=ask_id, changed_at=desk.now)
    desk.uow.casework.placements.save(changed)
    _note(desk, person, changed, "placement_changed")
    return changed, _tell(desk, person, changed)


def end_early(desk: Desk, person: Participant, number: int, ending: EarlyEnd) -> tuple[Placement, Telling]:
    """It ends before its last day, or does not begin after all; the person hears it. Raises `EntryFault`.

    `ending.day` is the first on which the person is not there any more. The reason stays with the team.
    """
    kept = _open(desk, person, number)
    if ending.day > kept.terms.last_day:
        raise EntryFault(mark("Dieser Tag liegt nach dem letzten Tag des Praktikums."))
    if len(ending.reason) > LONGEST_REASON:
        raise EntryFault(mark("Worte dazu haben höchstens {most} Zeichen."), most=LONGEST_REASON)
    ended = replace(kept, ending=ending, changed_at=desk.now)
    desk.uow.casework.placements.save(ended)
    first, last = kept.terms.first_day, ending.day - _A_DAY
    days = (first.isoformat(), last.isoformat()) if last >= first else ("", "")
    staff_plans.keep_facts(desk, person, {_FIRST: days[0], _LAST: days[1]})
    end_talks(desk, person.id, subject_of(ended), DIALOG)
    _note(desk, person, ended, "placement_ended")
    return ended, tell_about(desk, person.id, (ENDED_DIALOG, subject_of(ended)), _KEEP_FOR)


def current(uow: UnitOfWork, person: Participant, today: date) -> Placement | None:
    """The internship that is planned or has begun, if there is one."""
    found = uow.casework.placements.of_participant(person.id)
    return next((one for one in found if one.goes_on(today)), None)


def today_of(desk: Desk, person: Participant) -> date:
    """The person's day."""
    return local(desk.now, zone_of(person, desk.agency)).date()


def contacts(desk: Desk) -> Mapping[int, str]:
    """The firms' contacts who are connected to this agency, by number."""
    everybody = desk.uow.people.all_staff(desk.agency.id)
    return {
        one.id: one.name for one in everybody if one.role is Role.EMPLOYER_CONTACT and one.left_at is None
    }


def ask_of(uow: UnitOfWork, placement: Placement) -> SharingAsk:
    """What the person is asked about the firm. Raises `NotFound`."""
    ask = uow.sharing.get(placement.ask_id)
    if ask is None:
        raise NotFound(f"there is no sharing ask {placement.ask_id}")
    return ask


def _open(desk: Desk, person: Participant, number: int) -> Placement:
    _check_may(desk, person)
    desk.uow.plans.lock(person.id)
    kept = desk.uow.casework.placements.get(number) if 0 < number < 2**63 else None
    if kept is None or kept.participant_id != person.id:
        raise EntryFault(_UNKNOWN, number=number)
    if not kept.goes_on(today_of(desk, person)):
        raise EntryFault(_IS_OVER)
    return kept


def _ask(desk: Desk, person: Participant, terms: PlacementTerms) -> SharingAsk:
    """What the person is asked, in their language."""
    voice = desk.rules.voice(person.language)
    what = voice.say(
        "Ihren Namen so: „{name}“. Die Tage, Zeiten und Stunden von Ihrem Praktikum. Sonst nichts",
        name=terms.shown_as,
    )
    why = voice.say("Der Betrieb kann planen und Ihre Stunden eintragen")
    return share.keep_ask(desk, person, share.Wish(terms.employer, what, why))


def _tell(desk: Desk, person: Participant, placement: Placement) -> Telling:
    days = {_FIRST: placement.terms.first_day.isoformat(), _LAST: placement.terms.last_day.isoformat()}
    staff_plans.keep_facts(desk, person, days)
    return tell_about(desk, person.id, (DIALOG, subject_of(placement)), _KEEP_FOR, anew=True)


def _note(desk: Desk, person: Participant, placement: Placement, action: str) -> None:
    subject = f"{placement.id}:{person.case_code}"
    desk.uow.ledger.note(desk.agency.id, desk.now, desk.actor, action, subject)


def _check_may(desk: Desk, person: Participant) -> None:
    if not desk.guard.person(person, Action.CHANGE_PLAN).is_allowed:
        raise EntryFault(_NOT_THEIRS)


def _check(desk: Desk, person: Participant, terms: PlacementTerms, contact_id: int | None) -> None:
    for needed in (terms.employer, terms.shown_as):
        if not 0 < len(needed.strip()) <= LONGEST_NAME or "\n" in needed:
            raise EntryFault(
                mark(
                    "Bitte schreiben Sie den Betrieb und den Namen, den er sieht, in je 1 bis {most} Zeichen."
                ),
                most=LONGEST_NAME,
            )
    if any(len(line) > LONGEST_LINE or "\n" in line for line in (terms.district, terms.times, terms.contact)):
        raise EntryFault(
            mark("Bezirk, Zeiten und Ansprechperson haben je eine Zeile mit höchstens {most} Zeichen."),
            most=LONGEST_LINE,
        )
    if terms.last_day < terms.first_day:
        raise EntryFault(mark("Der letzte Tag liegt vor dem ersten."))
    is_far = not all(staff_plans.may_be_meant(desk, person, day) for day in (terms.first_day, terms.last_day))
    if is_far or terms.last_day - terms.first_day > LONGEST:
        raise EntryFault(mark("Dieser Tag ist zu weit weg. Ist das Jahr richtig?"))
    if terms.last_day < today_of(desk, person):
        raise EntryFault(mark("Der letzte Tag ist schon vorbei. Es wurde nichts geändert."))
    if not 0 < terms.minutes <= MOST_MINUTES:
        raise EntryFault(mark("Ein Praktikum hat mehr als 0 und höchstens 60 Stunden in der Woche."))
    if contact_id is not None and contact_id not in contacts(desk):
        raise EntryFault(mark("Diese Person im Betrieb kennt Lotse nicht. Bitte wählen Sie aus der Liste."))
