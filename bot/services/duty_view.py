# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What the pages about duty show: who is there now and next, gaps, questions about shifts, the team."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from bot.domain.duty import Absence, ReachTest, Shift, ShiftPattern, Span, Swap, Team, Week
from bot.domain.people import TEAM, Address, Staff
from bot.ports import UnitOfWork
from bot.services import duty, reachability, rota
from bot.services.caseload import caseload, key_of
from bot.services.duty_watch import AHEAD
from bot.services.rulebook import Rulebook

#: What comes next is listed so far ahead; one's own shifts further.
NEXT, OWN = timedelta(days=7), timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Way:
    """One way to a staff member, and what is known of its last test."""

    address: Address
    test: ReachTest | None

    @property
    def is_missed(self) -> bool:
        """Its last test was not confirmed in time."""
        return self.test is not None and self.test.missed_at is not None

    @property
    def is_confirmed(self) -> bool:
        """Its last test was confirmed."""
        return self.test is not None and self.test.missed_at is None and not self.test.is_open


@dataclass(frozen=True, slots=True)
class Member:
    """One of the team. `people` and `open_concerns` count for whom they look after."""

    person: Staff
    absence: Absence | None
    is_off: bool
    stood_in_by: Staff | None
    people: int
    open_concerns: int
    ways: Sequence[Way]


class DutyBoard:
    """Who is there, of one agency at one moment; what it looks up, it looks up once."""

    def __init__(self, uow: UnitOfWork, rules: Rulebook, agency_id: int, now: datetime) -> None:
        self._uow, self._rules, self._agency_id, self._now = uow, rules, agency_id, now

    @cached_property
    def people(self) -> Mapping[int, Staff]:
        """Everybody in the team, by number, in the order of names."""
        there = [
            one
            for one in self._uow.people.all_staff(self._agency_id)
            if one.left_at is None and one.role in TEAM
        ]
        return {one.id: one for one in sorted(there, key=lambda one: (one.name.casefold(), one.id))}

    @cached_property
    def team(self) -> Team:
        """Who is away or off at this moment."""
        return duty.team(self._uow, self._agency_id, self._now, self._rules.hours[self._agency_id])

    @cached_property
    def coming(self) -> list[Shift]:
        """Every shift of the next weeks, the running ones whole, the soonest first."""
        during = Span(self._now, self._now + OWN)
        return rota.shifts(self._uow, self._agency_id, during, clip=False)

    @cached_property
    def patterns(self) -> Mapping[int, ShiftPattern]:
        """What the rota is made of, by number."""
        return {one.id: one for one in self._uow.duty.patterns(self._agency_id)}

    @property
    def on_duty(self) -> list[Staff]:
        """Who has duty at this moment, without whoever is away."""
        running = dict.fromkeys(one.staff_id for one in self.coming if one.span.contains(self._now))
        return [self.people[one] for one in running if one in self.people and not self.team.is_away(one)]

    @property
    def present(self) -> list[Staff]:
        """Who is at work now, by their own hours and the agency's; nobody while it is closed."""
        if not self._rules.is_read_now(self._agency_id, self._now):
            return []
        return [one for one in self.people.values() if self.team.is_present(one.id)]

    def gaps(self) -> list[Span]:
        """When nobody will be there in the next two weeks."""
        return rota.gaps(self._uow, self._rules, self._agency_id, self._now, self._now + AHEAD)

    def shifts(self, during: Span) -> list[Shift]:
        """What touches this time, whole."""
        return rota.shifts(self._uow, self._agency_id, during, clip=False)

    def dropped(self, first: date, last: date) -> list[Shift]:
        """Shifts of these days that do not take place; each names whoever has it usually."""
        return [
            Shift(pattern.staff_id, span, one.day, pattern.id)
            for one in self._uow.duty.changes(self._agency_id, first, last)
            if one.staff_id is None
            and (pattern := self.patterns.get(one.pattern_id)) is not None
            and rota.falls_on(pattern, one.day)
            and (span := rota.shift_span(pattern, one.day)) is not None
        ]

    def own_shifts(self, staff_id: int) -> list[Shift]:
        """Their shifts that have not begun, and can be given to somebody else."""
        return [
            one
            for one in self.coming
            if one.staff_id == staff_id and one.pattern_id is not None and one.span.since > self._now
        ]

    def questions(self, staff_id: int) -> list[tuple[Swap, Shift]]:
        """Open questions about shifts, asked by them or of them, whose shift has not begun."""
        known = {(one.pattern_id, one.day, one.staff_id): one for one in self.coming}
        found = []
        for swap in self._uow.duty.open_swaps(staff_id):
            shift = known.get((swap.pattern_id, swap.day, swap.from_id))
            if shift is not None and shift.span.since > self._now:
                found.append((swap, shift))
        return found

    def absences(self, staff_id: int) -> list[Absence]:
        """Theirs that are not over, the soonest first."""
        found = self._uow.duty.absences(self._agency_id, self._now)
        return [one for one in found if one.staff_id == staff_id]

    def chain(self, staff_id: int) -> list[Staff]:
        """Who stands in, and who for them, and so on; it ends where it would lead back."""
        found: dict[int, Staff] = {}
        at = self.people.get(staff_id)
        while at is not None and at.deputy_id is not None:
            at = self.people.get(at.deputy_id)
            if at is None or at.id == staff_id or at.id in found:
                break
            found[at.id] = at
        return list(found.values())

    def week(self, staff_id: int) -> Week:
        """Own working hours; empty for the agency's."""
        return self._uow.duty.weeks(self._agency_id).get(staff_id, {})

    def ways(self, people: Sequence[Staff]) -> dict[int, list[Way]]:
        """The ways that call each of these people."""
        tests = self._uow.duty.reach_tests(self._agency_id)
        found: dict[int, list[Way]] = {one.id: [] for one in people}
        for address in reachability.ways_to(self._uow, people):
            found[address.staff_id or 0].append(Way(address, tests.get(address.id)))
        return found

    def members(self) -> list[Member]:
        """The whole team for a lead."""
        load = {one.coach_id: one for one in caseload(self._uow, self._agency_id)}
        everybody = list(self.people.values())
        ways = self.ways(everybody)
        return [
            Member(
                one,
                self.team.away.get(one.id),
                one.id in self.team.off,
                None if self.team.is_present(one.id) else self.team.standing_in(one.id),
                load[one.id].people if one.id in load else 0,
                load[one.id].open_concerns if one.id in load else 0,
                ways[one.id],
            )
            for one in everybody
        ]

    def without_coach(self) -> list[str]:
        """Case codes of people whom nobody looks after."""
        return self._uow.duty.without_coach(self._agency_id)

    def key(self) -> int:
        """How many people one coach looks after at most."""
        return key_of(self._uow, self._rules, self._agency_id)
