# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Group offers on every store: what is kept, and that nobody ever shares a place."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, time
from functools import partial

import pytest

from bot import house
from bot.domain.groups import Dates, Feeling, Group, GroupContent, GroupState, Meeting, Seat, SeatState
from bot.domain.people import Standing
from bot.errors import NotFound
from bot.ports import UnitOfWork
from bot.services.group_moves import join
from bot.settings import without_environment
from dialogs.book import DialogBook
from tests.storage.stores import AGENCY, HOUR, NOW, World

DAY = date(2026, 11, 24)
CONTENT = GroupContent(
    title="Nähtreff",
    what={"de": "Wir nähen zusammen."},
    dates=Dates(first_day=DAY, at=time(10), zone="Europe/Berlin", minutes=90),
    place="Haus Muster",
    languages=("de", "uk"),
)


def offer(world: World, capacity: int = 2) -> Group:
    new = Group(0, AGENCY, GroupState.OPEN, capacity, world.coach, world.coach, NOW, CONTENT)
    return replace(new, id=world.do(lambda uow: uow.casework.groups.add(new)))


def somebody(world: World) -> int:
    return world.do(lambda uow: uow.people.add_participant(AGENCY, Standing.ACTIVE, "de", world.coach, ""))


def test_what_is_kept(world: World) -> None:
    group = offer(world)
    assert world.do(lambda uow: uow.casework.groups.lock(group.id)) == group
    changed = replace(group, capacity=3, freed_at=NOW, partner_id=7, state=GroupState.CANCELLED)
    world.do(lambda uow: uow.casework.groups.save(changed))
    assert world.do(lambda uow: uow.casework.groups.of_agency(AGENCY)) == [changed]
    with pytest.raises(NotFound):
        world.do(lambda uow: uow.casework.groups.save(replace(changed, id=99)))
    me, other = world.participant, somebody(world)
    seat = Seat(0, AGENCY, group.id, me, SeatState.COMES, NOW, 1)
    seat = replace(seat, id=world.do(lambda uow: uow.casework.groups.sit(seat)) or 0)
    assert world.do(lambda uow: uow.casework.groups.sit(seat)) is None
    # The place is taken, in both ways to get one.
    twin = replace(seat, participant_id=other)
    assert world.do(lambda uow: uow.casework.groups.sit(twin)) is None
    waits = replace(twin, state=SeatState.WAITS, place=None)
    waits = replace(waits, id=world.do(lambda uow: uow.casework.groups.sit(waits)) or 0)
    held = replace(waits, state=SeatState.HELD, place=1, asked_at=NOW, held_until=NOW + HOUR, series_id=5)
    assert not world.do(lambda uow: uow.casework.groups.save_seat(held))
    assert world.do(lambda uow: uow.casework.groups.seats(group.id)) == [seat, waits]
    assert world.do(lambda uow: uow.casework.groups.save_seat(replace(held, place=2)))
    assert world.do(lambda uow: uow.casework.groups.seat_of_series(5)) == replace(held, place=2)
    assert world.do(lambda uow: uow.casework.groups.seats_of(other)) == [replace(held, place=2)]
    assert len(world.do(lambda uow: uow.casework.groups.all_seats(AGENCY))) == 2
    world.do(lambda uow: uow.casework.groups.stand_up(seat))
    assert world.do(lambda uow: uow.casework.groups.seats_of(me)) == []


def test_a_day_is_counted_and_says_who_was_there(world: World) -> None:
    group, me, other = offer(world), world.participant, somebody(world)
    world.do(lambda uow: uow.casework.groups.felt(group, DAY, Feeling.GOOD))
    assert world.do(lambda uow: uow.casework.groups.meetings(group.id))[0].came is None
    for who in ((me, other), (other,)):
        world.do(partial(_enter, group, who))
    for _ in range(2):
        world.do(lambda uow: uow.casework.groups.felt(group, DAY, Feeling.GOOD))
    world.do(lambda uow: uow.casework.groups.felt(group, DAY, Feeling.BAD))
    assert world.do(lambda uow: uow.casework.groups.visited(group.id, DAY)) == {other}
    assert world.do(lambda uow: uow.casework.groups.visits_of(me)) == []
    assert world.do(lambda uow: uow.casework.groups.visits_of(other)) == [(group.id, DAY)]
    counts = {Feeling.GOOD: 3, Feeling.MIXED: 0, Feeling.BAD: 1}
    assert world.do(lambda uow: uow.casework.groups.meetings(group.id)) == [Meeting(DAY, 1, counts)]


def _enter(group: Group, who: tuple[int, ...], uow: UnitOfWork) -> None:
    uow.casework.groups.enter_visits(group, DAY, who)


def test_two_at_once_never_get_the_same_place(world: World) -> None:
    rules = house.build_rulebook(without_environment(), DialogBook())
    group, people = offer(world, capacity=2), [somebody(world) for _ in range(6)]

    def badly(person: int, uow: UnitOfWork) -> int | None:
        # As badly as can be: without looking, and without a lock.
        return uow.casework.groups.sit(Seat(0, AGENCY, group.id, person, SeatState.COMES, NOW, 1))

    def properly(person: int, uow: UnitOfWork) -> SeatState | None:
        uow.plans.lock(person)
        return join(uow, rules, group.id, person, NOW)

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda person: world.do(partial(badly, person)), people))
        assert sum(one is not None for one in found) == 1
        states = list(pool.map(lambda person: world.do(partial(properly, person)), people))
    assert sorted(state for state in states if state) == [SeatState.COMES] * 2 + [SeatState.WAITS] * 4
    places = [seat.place for seat in world.do(lambda uow: uow.casework.groups.seats(group.id))]
    assert sorted(place for place in places if place) == [1, 2]


def test_a_group_goes_only_when_nobody_is_left_in_it(world: World) -> None:
    seated, visited, empty, other = (offer(world) for _ in range(4))
    world.do(
        lambda uow: uow.casework.groups.sit(
            Seat(0, AGENCY, seated.id, world.participant, SeatState.COMES, NOW, 1)
        )
    )
    world.do(lambda uow: uow.casework.groups.enter_visits(visited, DAY, [world.participant]))
    world.do(lambda uow: uow.casework.groups.enter_visits(empty, DAY, []))
    world.do(lambda uow: uow.casework.groups.felt(empty, DAY, Feeling.GOOD))
    asked = [seated.id, visited.id, empty.id]
    assert world.do(lambda uow: uow.casework.groups.drop(asked)) == 1
    assert {one.id for one in world.do(lambda uow: uow.casework.groups.of_agency(AGENCY))} == {
        *(seated.id, visited.id, other.id)
    }
    assert world.do(lambda uow: uow.casework.groups.meetings(empty.id)) == []
    assert world.do(lambda uow: uow.casework.groups.drop([])) == 0
