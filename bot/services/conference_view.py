# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Which conferences somebody sees, and what of each. To all others there is none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.access import Action
from bot.domain.conferences import Conference, ConferenceCase, ConferenceState
from bot.domain.people import TEAM, Participant, Role, Staff
from bot.ports import UnitOfWork
from bot.services.access import Guard

#: Who can be invited with an account: the team, and contacts of partners.
INVITED = TEAM | {Role.PARTNER}
MOST = 500


@dataclass(frozen=True, slots=True)
class Seen:
    """A conference as one staff member sees it. `person` is None for a topic, and once they are erased.

    `is_host`: may change it. Of the sheet only hosts and guests see anything: see `shows_sheet`.
    """

    conference: Conference
    guests: frozenset[int]
    case: ConferenceCase | None
    person: Participant | None
    is_host: bool
    is_guest: bool

    def shows_sheet(self, now: datetime) -> bool:
        """Whether they see the sheet now: guests once it is released, from a week before until the end."""
        if self.case is None or self.case.version == 0:
            return False
        is_out = self.case.released_at is not None and self.conference.shows_sheet(now)
        return self.is_host or (self.is_guest and is_out)


def find(uow: UnitOfWork, guard: Guard, staff: Staff, number: int) -> Seen | None:
    """One conference; None if there is none for this staff member."""
    found = uow.casework.conferences.get(number) if 0 < number < 2**63 else None
    if found is None or found.agency_id != staff.agency_id or staff.role not in INVITED:
        return None
    guests = uow.casework.conferences.guests([found.id]).get(found.id, frozenset())
    case = uow.casework.conferences.cases([found.id]).get(found.id)
    person = uow.people.participants_by([case.participant_id]).get(case.participant_id) if case else None
    is_host = _is_host(guard, staff, found, person)
    is_guest = staff.id in guests
    if not (is_host or is_guest or _has_task(uow, staff, found)):
        return None
    return Seen(found, guests, case, person, is_host, is_guest)


def listed(uow: UnitOfWork, guard: Guard, staff: Staff) -> list[Conference]:
    """Those one called, is invited to, or whose person one looks after; leads see all. The latest first.

    A fixed number of statements, however many there are.
    """
    if staff.role not in INVITED:
        return []
    every = uow.casework.conferences.of_agency(staff.agency_id, MOST)
    numbers = [one.id for one in every]
    guests = uow.casework.conferences.guests(numbers)
    cases = uow.casework.conferences.cases(numbers)
    people = uow.people.participants_by({case.participant_id for case in cases.values()}) if cases else {}
    theirs = {one.id for one in guard.people(people.values(), Action.CHANGE_PLAN)}
    leads = guard.here(Action.CHANGE_PLAN).is_allowed
    works = guard.here(Action.WORK).is_allowed

    def sees(one: Conference) -> bool:
        case = cases.get(one.id)
        is_theirs = case is not None and case.participant_id in theirs
        is_own = works and case is None and one.made_by == staff.id
        return leads or is_own or is_theirs or staff.id in guests.get(one.id, frozenset())

    return [one for one in every if sees(one)]


def in_calendar(uow: UnitOfWork, guard: Guard, staff: Staff, since: datetime) -> list[Conference]:
    """Those that stand in somebody's calendar: they called it or are invited, and it is not called off."""
    found = [
        one
        for one in listed(uow, guard, staff)
        if one.state is not ConferenceState.CALLED_OFF and one.starts_at >= since
    ]
    guests = uow.casework.conferences.guests([one.id for one in found])
    return [one for one in found if staff.id == one.made_by or staff.id in guests.get(one.id, frozenset())]


def _is_host(guard: Guard, staff: Staff, one: Conference, person: Participant | None) -> bool:
    """Of a case whoever may change the person's plan; of a topic whoever called it, and the leads."""
    if person is not None:
        return guard.person(person, Action.CHANGE_PLAN).is_allowed
    is_own = one.made_by == staff.id and guard.here(Action.WORK).is_allowed
    return is_own or guard.here(Action.CHANGE_PLAN).is_allowed


def _has_task(uow: UnitOfWork, staff: Staff, one: Conference) -> bool:
    return any(task.conference_id == one.id for task in uow.casework.conferences.open_tasks(staff.id))
