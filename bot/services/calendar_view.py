# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What a staff member's calendar shows: appointments of whom they look after, or of the whole agency."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.calendar_ports import Whose
from bot.domain.appointments import Appointment, AppointmentState
from bot.domain.duty import Span
from bot.domain.people import Participant, Role, Staff
from bot.ports import UnitOfWork
from bot.services import duty
from bot.services.rulebook import Rulebook

#: On one page at most; whoever has more looks at a shorter time.
MOST = 500
#: What is proposed is listed so far ahead.
AHEAD = timedelta(days=732)
_PAGE = (
    AppointmentState.PROPOSED,
    AppointmentState.AGREED,
    AppointmentState.MOVED,
    AppointmentState.OVER,
)
_OPEN = (AppointmentState.PROPOSED, AppointmentState.AGREED, AppointmentState.MOVED)
_WAITING = (AppointmentState.PROPOSED, AppointmentState.MOVED)


@dataclass(frozen=True, slots=True)
class Planned:
    """An appointment with the person whose it is; `name` is empty if it is not known."""

    kept: Appointment
    person: Participant
    name: str


def whose(uow: UnitOfWork, rules: Rulebook, staff: Staff, now: datetime) -> Whose:
    """Whose appointments are this staff member's own.

    Those of their people, and of the people of colleagues for whom they stand in at this moment; for coaches
    also those of people without a coach. It is what `bot.domain.access` lets them see of single ones.
    """
    team = duty.team(uow, staff.agency_id, now, rules.hours[staff.agency_id])
    stood_in = {
        member
        for member in team.members
        if member != staff.id and not team.is_present(member) and _is(team.standing_in(member), staff)
    }
    return Whose(staff.agency_id, frozenset(stood_in | {staff.id}), staff.role is Role.COACH)


def planned(uow: UnitOfWork, whom: Whose, during: Span) -> list[Planned]:
    """Everything that takes place in this time, or did, the soonest first."""
    return _named(uow, uow.calendars.between(whom, during, _PAGE, MOST))


def still_open(uow: UnitOfWork, rules: Rulebook, staff: Staff, during: Span, most: int) -> list[Appointment]:
    """The soonest that are this staff member's own as it stands when this time begins."""
    return uow.calendars.between(whose(uow, rules, staff, during.since), during, _OPEN, most)


def waiting(uow: UnitOfWork, whom: Whose, now: datetime) -> list[Planned]:
    """Proposed times on which nobody has agreed yet, the soonest first."""
    return _named(uow, uow.calendars.between(whom, Span(now, now + AHEAD), _WAITING, MOST))


def people(uow: UnitOfWork, whom: Whose) -> list[tuple[Participant, str]]:
    """For whom an appointment can be set, with their names, in the order of names."""
    everybody = uow.people_view.looked_after(whom.agency_id)
    found = [one for one in everybody if whom.coaches is None or _is_theirs(one, whom)]
    names = uow.people_view.names([one.id for one in found])
    named = [(one, names.get(one.id, "")) for one in found]
    return sorted(named, key=lambda pair: (pair[1].casefold() or "\U0010ffff", pair[0].case_code))


def _named(uow: UnitOfWork, found: Sequence[Appointment]) -> list[Planned]:
    numbers = {one.participant_id for one in found}
    persons, names = uow.people.participants_by(numbers), uow.people_view.names(numbers)
    return [
        Planned(one, persons[one.participant_id], names.get(one.participant_id, ""))
        for one in found
        if one.participant_id in persons
    ]


def _is_theirs(person: Participant, whom: Whose) -> bool:
    coaches = whom.coaches or frozenset()
    return person.coach_id in coaches or (whom.with_pool and person.coach_id is None)


def _is(person: Staff | None, staff: Staff) -> bool:
    return person is not None and person.id == staff.id
