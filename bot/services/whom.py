# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Whom a rung of a ladder means at this moment, and where they can be called."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from bot.domain.concerns import Concern
from bot.domain.escalation import Target, Way
from bot.domain.people import Address, Participant, Role, Staff
from bot.ports import UnitOfWork
from bot.services import duty
from bot.services.rulebook import Rulebook

#: Channels that are not messengers.
_WAYS = {"console": Way.CONSOLE, "mail": Way.MAIL}


class Roster:
    """Who is there in an agency at one moment, looked up once."""

    def __init__(self, uow: UnitOfWork, rules: Rulebook, agency_id: int, now: datetime) -> None:
        self._uow, self._agency_id, self._now = uow, agency_id, now
        self._team = duty.team(uow, agency_id, now, rules.hours[agency_id])

    def is_present(self, staff_id: int) -> bool:
        """In the team and neither away nor off."""
        return self._team.is_present(staff_id)

    def whom(self, concern: Concern, target: Target) -> list[Staff]:
        """Whom `target` means for this concern now; empty if nobody.

        An owner who is away is replaced by whoever stands in, at once. A concern without an owner belongs to
        the pool, or to the leads where there is none.
        """
        match target:
            case Target.OWNER if concern.owner_id is None:
                return self.pool() or self.leads()
            case Target.OWNER if self.is_present(concern.owner_id or 0):
                return [self._team.members[concern.owner_id or 0]]
            case Target.OWNER | Target.DEPUTY:
                stand_in = self.stand_in(concern.owner_id)
                return [stand_in] if stand_in else []
            case Target.LEAD:
                return self.leads()
            case Target.DUTY:
                return duty.on_shift(self._uow, self._agency_id, self._now)
            case Target.POOL:
                return self.pool()

    def is_away(self, staff_id: int) -> bool:
        """Absent or not in the team any more; a day off by one's own hours is neither."""
        return self._team.is_away(staff_id)

    def stand_in(self, staff_id: int | None) -> Staff | None:
        """The nearest deputy who is there; None if there is none."""
        return self._team.standing_in(staff_id) if staff_id else None

    def pool(self) -> list[Staff]:
        """The coaches who are there."""
        return self._there(Role.COACH)

    def leads(self) -> list[Staff]:
        """The leads who are there, or else all of them; where nobody leads, the admins.

        So no ladder ends before a human.
        """
        team = self._team.members.values()
        away = [one for one in team if one.role is Role.LEAD and self._team.is_in_team(one.id)]
        return self._there(Role.LEAD) or away or self._there(Role.ADMIN)

    def last_resort(self) -> tuple[list[Staff], ...]:
        """Whom to call, one group after the other, until somebody who is there can be called."""
        return self.leads(), self._there(Role.ADMIN), self.pool()

    def off(self) -> list[Staff]:
        """Who has a day off by their own hours, and is not absent: an agency may be one person."""
        return [self._team.members[one] for one in sorted(self._team.off) if not self._team.is_away(one)]

    def _there(self, role: Role) -> list[Staff]:
        team = self._team.members.values()
        return [person for person in team if person.role is role and self.is_present(person.id)]


def ways_to(uow: UnitOfWork, people: Collection[int], where: Collection[Way] = ()) -> list[Address]:
    """Open addresses of these staff members on the ways `where`; on every way if none is named."""
    if not people:
        return []
    found = uow.people.staff_addresses(sorted(people))
    return [one for one in found if not where or _WAYS.get(one.channel, Way.MESSENGER) in where]


def reader_of(uow: UnitOfWork, rules: Rulebook, coach_id: int | None, now: datetime) -> Staff | None:
    """Who would be called first for a person of this coach, and can be: the coach, or whoever stands in.

    None if it would be nobody in particular. Only this name may be given to the person (promise P7).
    """
    coach = uow.people.staff(coach_id) if coach_id else None
    if coach is None:
        return None
    roster = Roster(uow, rules, coach.agency_id, now)
    first = coach if roster.is_present(coach.id) else roster.stand_in(coach.id)
    return first if first and ways_to(uow, [first.id]) else None


def next_reader(uow: UnitOfWork, rules: Rulebook, person: Participant, now: datetime) -> str | None:
    """The name of whoever reads first what this person says now; None if it is nobody in particular."""
    reader = reader_of(uow, rules, person.coach_id, rules.next_reading(person.agency_id, now))
    return reader.name if reader else None


def somebody_reads(uow: UnitOfWork, rules: Rulebook, agency_id: int, now: datetime) -> bool:
    """Whether staff are at work at this moment: in reading hours, or somebody with a shift can be called."""
    if rules.is_read_now(agency_id, now):
        return True
    return bool(ways_to(uow, [person.id for person in duty.on_shift(uow, agency_id, now)]))
