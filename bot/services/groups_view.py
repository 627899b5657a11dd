# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What staff see of groups: who comes, as far as they may know whom, and counts that name nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.domain.access import Action
from bot.domain.groups import Feeling, Group, Meeting, Seat, SeatState, in_turn
from bot.domain.people import Participant
from bot.domain.small_cells import Shown, shown
from bot.services.desk import Desk
from bot.services.group_facts import coming, days, is_joinable, starts
from bot.services.groups import may_lead
from scheduler.local_time import local, zone


@dataclass(frozen=True, slots=True)
class Counted:
    """A group with how many come, and how many wait."""

    group: Group
    comes: int
    waits: int
    next_day: date | None


@dataclass(frozen=True, slots=True)
class Guest:
    """One who comes or waits. `name` is empty where this staff member may not know it."""

    seat: Seat
    person: Participant
    name: str


def counted(desk: Desk) -> list[Counted]:
    """All groups of the agency: what meets soonest first, then what is over, the newest first."""
    seats = desk.uow.casework.groups.all_seats(desk.agency.id)
    found = []
    for group in desk.uow.casework.groups.of_agency(desk.agency.id):
        inside = [seat for seat in seats if seat.group_id == group.id]
        comes = sum(seat.state is SeatState.COMES for seat in inside)
        left = coming(group, desk.now) if is_joinable(group, desk.now) else []
        found.append(Counted(group, comes, len(inside) - comes, left[0] if left else None))
    return sorted(found, key=lambda one: (one.next_day is None, one.next_day or date.min, -one.group.id))


def guests(desk: Desk, group: Group) -> list[Guest]:
    """Who comes and who waits, each in their order.

    Whoever looks after the group sees everybody, all others only their own people.
    """
    seats = in_turn(desk.uow.casework.groups.seats(group.id))
    persons = desk.uow.people.participants_by({seat.participant_id for seat in seats})
    named = desk.guard.people(persons.values(), Action.SEE_NAME)
    names = desk.uow.people_view.names([one.id for one in named])
    visible = set(persons) if may_lead(desk, group) else {one.id for one in named}
    return [
        Guest(seat, persons[seat.participant_id], names.get(seat.participant_id, ""))
        for seat in seats
        if seat.participant_id in visible
    ]


def past_days(desk: Desk, group: Group) -> list[date]:
    """The days that have begun, the newest first."""
    return [day for day in reversed(days(group)) if starts(group, day) <= desk.now]


def today(desk: Desk) -> list[Group]:
    """The groups that this staff member looks after and that meet today."""
    found = desk.uow.casework.groups.of_agency(desk.agency.id)
    own = [one for one in found if one.is_open and desk.staff.id in (one.led_by, one.made_by)]
    return [one for one in own if _today(desk, one) in days(one)]


def _today(desk: Desk, group: Group) -> date:
    return local(desk.now, zone(group.content.dates.zone)).date()


def felt(meeting: Meeting) -> Shown:
    """How a meeting was, in the order of `Feeling`; what is too few to show stays hidden."""
    return shown([meeting.feelings[how] for how in Feeling])
