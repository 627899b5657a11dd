# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Who is there: the one place that knows absences, deputies, shifts and the pool.

Where a function takes `hours` (the agency's), people's own working hours count too. While the agency is
closed it counts whether they work on the day on which it opens next: at night nobody is at work, and whoever
will be there in the morning is the right one to call.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.domain.duty import Absence, Shift, Span, Team, Week
from bot.domain.people import TEAM, Role, Staff
from bot.ports import UnitOfWork
from bot.services.rota import shifts
from scheduler.local_time import ReadingHours, at_wall, local

_MOMENT = timedelta(microseconds=1)


def team(uow: UnitOfWork, agency_id: int, now: datetime, hours: ReadingHours | None = None) -> Team:
    """Everybody at this moment, in two statements, or three with `hours`. For whoever asks about several.

    Where somebody is off, the rota is asked as well: a shift outranks own hours.
    """
    members = {person.id: person for person in uow.people.all_staff(agency_id) if person.role in TEAM}
    away: dict[int, Absence] = {}
    for absence in uow.duty.absences(agency_id, now):
        if absence.covers(now):
            away[absence.staff_id] = absence
    return Team(members, away, _off(uow, agency_id, hours, now) if hours else frozenset())


def _off(uow: UnitOfWork, agency_id: int, hours: ReadingHours, now: datetime) -> frozenset[int]:
    off = off_duty(uow.duty.weeks(agency_id), hours, now)
    return off.difference(one.staff_id for one in running_shifts(uow, agency_id, now)) if off else off


def off_duty(weeks: Mapping[int, Week], hours: ReadingHours, now: datetime) -> frozenset[int]:
    """Who is not at work by their own hours; one of them may have a shift."""
    opening = hours.next_open(now)
    wall = local(opening, hours.zone)
    is_open = opening == now

    def is_off(week: Week) -> bool:
        own = week.get(wall.weekday())
        return own is None or (is_open and not own[0] <= wall.time() < own[1])

    return frozenset(staff_id for staff_id, week in weeks.items() if is_off(week))


def begins_later(
    weeks: Mapping[int, Week], staff_id: int, hours: ReadingHours, now: datetime
) -> datetime | None:
    """When their own hours begin, if that is still to come on the day of `now`."""
    wall = local(now, hours.zone)
    own = weeks.get(staff_id, {}).get(wall.weekday())
    begins = at_wall(wall.date(), own[0], hours.zone) if own else now
    return begins if begins > now else None


def is_present(uow: UnitOfWork, person: Staff, now: datetime, hours: ReadingHours | None = None) -> bool:
    """Whether the staff member is in the team and not away at this moment."""
    if person.left_at is not None:
        return False
    found = uow.duty.absences(person.agency_id, now)
    if any(absence.staff_id == person.id and absence.covers(now) for absence in found):
        return False
    return hours is None or person.id not in _off(uow, person.agency_id, hours, now)


def standing_in(
    uow: UnitOfWork, staff_id: int, now: datetime, hours: ReadingHours | None = None
) -> Staff | None:
    """The nearest of the chain of deputies who is present; never the person; None if there is none.

    The deputy named for an absence comes before the standing one. A chain that leads back to somebody already
    asked ends there.
    """
    person = uow.people.staff(staff_id)
    return team(uow, person.agency_id, now, hours).standing_in(staff_id) if person else None


def on_shift(uow: UnitOfWork, agency_id: int, now: datetime) -> list[Staff]:
    """Who has duty at this moment by the rota, overrides and swaps counted in; empty if nobody.

    Whoever is absent or has left has no duty, even if the rota names them.
    """
    running = running_shifts(uow, agency_id, now)
    if not running:
        return []
    everybody = team(uow, agency_id, now)
    found = dict.fromkeys(shift.staff_id for shift in running)
    return [everybody.members[staff_id] for staff_id in found if not everybody.is_away(staff_id)]


def running_shifts(uow: UnitOfWork, agency_id: int, now: datetime) -> list[Shift]:
    """The shifts of this moment, whether or not their people are there."""
    return shifts(uow, agency_id, Span(now, now + _MOMENT), clip=False)


def pool(uow: UnitOfWork, agency_id: int, now: datetime, hours: ReadingHours | None = None) -> list[Staff]:
    """Everybody present who takes what has no coach: the coaches of the team."""
    everybody = team(uow, agency_id, now, hours)
    return [person for person in everybody.members.values() if _is_there(everybody, person, Role.COACH)]


def leads(uow: UnitOfWork, agency_id: int, now: datetime, hours: ReadingHours | None = None) -> list[Staff]:
    """The leads who are present; all who are in the team if none is."""
    everybody = team(uow, agency_id, now, hours)
    found = [person for person in everybody.members.values() if _is_there(everybody, person, Role.LEAD)]
    return found or [
        person
        for person in everybody.members.values()
        if person.role is Role.LEAD and everybody.is_in_team(person.id)
    ]


def hearers(uow: UnitOfWork, agency_id: int, now: datetime, hours: ReadingHours) -> list[Staff]:
    """Who hears what leads must know: those who are there, or else all, or else the admins.

    It is the first of these groups to whom a way is open; empty if there is none.
    """
    everybody = team(uow, agency_id, now, hours)
    in_team = [person for person in everybody.members.values() if everybody.is_in_team(person.id)]
    all_leads = [person for person in in_team if person.role is Role.LEAD]
    there = [person for person in all_leads if everybody.is_present(person.id)]
    for group in (there, all_leads, admins(uow, agency_id)):
        if group and uow.people.staff_addresses([person.id for person in group]):
            return group
    return []


def admins(uow: UnitOfWork, agency_id: int) -> list[Staff]:
    """The admins of the team, whether or not they are there."""
    everybody = uow.people.all_staff(agency_id)
    return [one for one in everybody if one.role is Role.ADMIN and one.left_at is None]


def _is_there(everybody: Team, person: Staff, role: Role) -> bool:
    return person.role is role and everybody.is_present(person.id)
