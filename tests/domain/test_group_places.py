# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The places of a group: every move there is, and that whatever happens nobody shares one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.groups import (
    MOVES,
    Dates,
    Group,
    GroupContent,
    GroupState,
    Seat,
    SeatEvent,
    SeatState,
    free_places,
    next_moment,
    place_for,
    to_ask,
)
from bot.errors import UnknownTransition

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
CONTENT = GroupContent(
    title="Nähtreff",
    what={"de": "Wir nähen."},
    dates=Dates(first_day=date(2026, 11, 24), at=time(10), zone="Europe/Berlin", minutes=90),
)


def group(capacity: int) -> Group:
    return Group(1, 1, GroupState.OPEN, capacity, 1, 1, NOW, CONTENT)


@pytest.mark.parametrize("state", SeatState)
@pytest.mark.parametrize("event", SeatEvent)
def test_every_move(state: SeatState, event: SeatEvent) -> None:
    place = None if state is SeatState.WAITS else 3
    seat = Seat(1, 1, 1, 1, state, NOW, place=place, held_until=NOW)
    if (state, event) not in MOVES:
        with pytest.raises(UnknownTransition):
            seat.after(event)
        return
    after = seat.after(event)
    assert after.state is MOVES[state, event]
    assert (after.place is None) or after.state is not SeatState.WAITS
    assert (after.held_until is not None) == (after.state is SeatState.HELD)


Seats = dict[int, Seat]
#: Who does what: joins, leaves, or time goes on for whoever is next.
_STEPS = st.lists(st.tuples(st.sampled_from(["join", "leave", "time"]), st.integers(1, 6)), max_size=60)


@given(st.integers(1, 3), _STEPS)
def test_nobody_shares_a_place_and_nobody_is_passed_over(capacity: int, steps: list[tuple[str, int]]) -> None:
    offer, seats, now = group(capacity), Seats(), NOW
    for what, who in steps:
        now += timedelta(minutes=1)
        offer, seats = _STEP[what](offer, seats, who, now)
        taken = [seat.place for seat in seats.values() if seat.place is not None]
        assert len(taken) == len(set(taken)) <= capacity
        assert all(1 <= place <= capacity for place in taken)
        assert all((seat.place is None) == (seat.state is SeatState.WAITS) for seat in seats.values())
    # As long as time goes on, no place stays free while somebody waits who was not asked.
    for _ in range(20):
        now += timedelta(hours=25)
        offer, seats = _time(offer, seats, 0, now)
    every = list(seats.values())
    assert next_moment(offer, every, now) is None
    assert not (free_places(offer, every) and to_ask(offer, every))


def _join(offer: Group, seats: Seats, who: int, now: datetime) -> tuple[Group, Seats]:
    own = seats.get(who) or Seat(who, 1, 1, who, SeatState.WAITS, now)
    place = place_for(offer, list(seats.values()), who)
    if place is not None and own.state is not SeatState.COMES:
        own = replace(own.after(SeatEvent.COME), place=place)
    return offer, seats | {who: own}


def _leave(offer: Group, seats: Seats, who: int, now: datetime) -> tuple[Group, Seats]:
    has_place = who in seats and seats[who].state is SeatState.COMES
    left = {number: seat for number, seat in seats.items() if number != who}
    return replace(offer, freed_at=now) if has_place else offer, left


def _time(offer: Group, seats: Seats, _: int, now: datetime) -> tuple[Group, Seats]:
    for who, seat in seats.items():
        if seat.held_until is not None and seat.held_until <= now:
            return offer, seats | {who: seat.after(SeatEvent.PASS)}
    free, waiting = free_places(offer, seats.values()), to_ask(offer, seats.values())
    if free and waiting:
        until = now + timedelta(hours=24)
        held = replace(waiting[0].after(SeatEvent.HOLD), place=free[0], asked_at=now, held_until=until)
        seats = seats | {held.participant_id: held}
    return offer, seats


_STEP = {"join": _join, "leave": _leave, "time": _time}


def test_a_newcomer_does_not_get_what_somebody_waits_for() -> None:
    offer = replace(group(1), freed_at=NOW)
    waiting = [Seat(1, 1, 1, 1, SeatState.WAITS, NOW)]
    assert place_for(offer, waiting, 2) is None
    assert place_for(offer, waiting, 1) == 1
    # Once they were asked in this turn, the place is for whoever says yes.
    asked = [replace(waiting[0], asked_at=NOW + timedelta(minutes=1))]
    assert place_for(offer, asked, 2) == 1
