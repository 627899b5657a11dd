# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What a firm's contact sees and does: days and hours of internships there, while the person agrees to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.people import Role
from bot.domain.placements import Placement, WorkedWeek
from bot.services.appointment_dates import EntryFault
from bot.services.desk import Desk
from bot.services.looks import note_look
from bot.services.placements import ask_of
from bot.texts import mark
from scheduler.local_time import local, zone

#: So long after its end the firm can still enter hours; then it sees nothing of it any more.
SEEN_AFTER = timedelta(days=28)
_GONE = mark("Dieses Praktikum ist hier nicht mehr zu sehen. Es wurde nichts geändert.")
_NO_WEEK = mark("Für diese Woche lassen sich keine Stunden eintragen. Bitte wählen Sie eine aus der Liste.")


@dataclass(frozen=True, slots=True)
class AtFirm:
    """One internship as its firm may see it: nothing else about the person is in it."""

    number: int
    shown_as: str
    first_day: date
    last_day: date
    minutes: int
    times: str
    open_weeks: tuple[date, ...]
    worked: tuple[WorkedWeek, ...]


def seen_here(desk: Desk, *, again: bool = False) -> list[AtFirm]:
    """What this contact may see now, the oldest first. Each look is noted; `again` as in `note_look`."""
    found = _theirs(desk)
    worked = desk.uow.casework.placements.worked([one.id for one in found])
    for one in found:
        note_look(desk.uow, desk.staff, ("placement_shown", str(one.id)), desk.now, again=again)
    return [_shown(one, worked.get(one.id, ()), _today(desk)) for one in found]


def enter_hours(desk: Desk, number: int, week: date, minutes: int) -> None:
    """Keep how long the person worked in the week of this Monday; entered again it is replaced.

    Raises `EntryFault`.
    """
    placement = next((one for one in _theirs(desk) if one.id == number), None)
    if placement is None:
        raise EntryFault(_GONE)
    if week not in placement.weeks(_today(desk)):
        raise EntryFault(_NO_WEEK)
    worked = WorkedWeek(week, minutes, desk.staff.id, desk.now)
    desk.uow.casework.placements.enter(placement, worked)
    person = desk.uow.people.participants_by([placement.participant_id])[placement.participant_id]
    subject = f"{placement.id}:{person.case_code}"
    desk.uow.ledger.note(desk.agency.id, desk.now, desk.actor, "placement_hours", subject)
    desk.changed.add(placement.participant_id)


def _theirs(desk: Desk) -> list[Placement]:
    if desk.staff.role is not Role.EMPLOYER_CONTACT:
        return []
    every = desk.uow.casework.placements.of_contact(desk.staff.id)
    today = _today(desk)
    return [one for one in every if today < one.over_on + SEEN_AFTER and _may_see(desk, one)]


def _may_see(desk: Desk, placement: Placement) -> bool:
    return desk.guard.placement(ask_of(desk.uow, placement), placement.contact_id).is_allowed


def _today(desk: Desk) -> date:
    return local(desk.now, zone(desk.agency.zone)).date()


def _shown(one: Placement, worked: Sequence[WorkedWeek], today: date) -> AtFirm:
    terms = one.terms
    # When it ended early the firm knows itself; a last day is a date and says no more.
    last = min(terms.last_day, one.over_on - timedelta(days=1))
    return AtFirm(
        *(one.id, terms.shown_as, terms.first_day, last, terms.minutes, terms.times),
        open_weeks=tuple(one.weeks(today)),
        worked=tuple(worked),
    )
