# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Group offers: who comes, who waits for a place, and for whom one is kept for a while.

Of a person is only written down that they come or wait. Whoever says no, leaves or does not answer has no row
here at all, and no reason is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

import msgspec

from bot.errors import UnknownTransition

#: So long may the texts be, and so many places a group have.
LONGEST_TITLE, LONGEST_LINE, LONGEST_WHAT = 80, 200, 600
MOST_PLACES = 200
#: So long a place is kept for somebody who is asked, counted in hours in which Lotse writes.
KEPT_FOR = timedelta(hours=24)


class GroupState(StrEnum):
    """Whether a group takes place."""

    OPEN = "open"
    CANCELLED = "cancelled"


class SeatState(StrEnum):
    """How a person stands to a group. Whoever has nothing to do with it has no seat."""

    WAITS = "waits"
    HELD = "held"  # a place is kept for them, and they are asked
    COMES = "comes"


class SeatEvent(StrEnum):
    """What can happen to somebody who waits. Leaving ends every seat, and is no state."""

    HOLD = "hold"  # a place has become free, and it is their turn
    COME = "come"
    PASS = "pass"  # the time is over: they wait on, and the next is asked


_S, _E = SeatState, SeatEvent
#: Every move there is; what is not here cannot happen.
MOVES: Mapping[tuple[SeatState, SeatEvent], SeatState] = {
    (_S.WAITS, _E.HOLD): _S.HELD,
    (_S.WAITS, _E.COME): _S.COMES,
    (_S.HELD, _E.COME): _S.COMES,
    (_S.HELD, _E.PASS): _S.WAITS,
}


class Feeling(StrEnum):
    """How a meeting was, in numbers that say nothing about anybody."""

    GOOD = "good"
    MIXED = "mixed"
    BAD = "bad"


class Dates(msgspec.Struct, frozen=True, kw_only=True):
    """When a group meets: like `appointments.Series`, with `minutes` as its length."""

    first_day: date
    at: time
    zone: str
    minutes: int
    rule: str = "FREQ=DAILY"
    last_day: date | None = None
    count: int | None = 1


class GroupContent(msgspec.Struct, frozen=True, kw_only=True):
    """What people read about a group. `what` has a text by language, in German always.

    `programmes` are names; empty: for all. `languages` are tags; empty: not said. `guided_by` is who leads
    it, in words.
    """

    title: str
    what: Mapping[str, str]
    dates: Dates
    place: str = ""
    open_for: str = ""
    guided_by: str = ""
    languages: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()

    def said(self, language: str) -> str:
        """What it is, in this language or in German."""
        return self.what.get(language) or self.what["de"]


@dataclass(frozen=True, slots=True)
class Group:
    """One offer. `led_by` looks after it in Lotse; `partner_id` is the entry of the directory that leads it.

    `freed_at` is when a place last became free: whoever waits is asked once for it.
    """

    id: int
    agency_id: int
    state: GroupState
    capacity: int
    led_by: int
    made_by: int
    made_at: datetime
    content: GroupContent
    partner_id: int | None = None
    freed_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """True unless it was cancelled."""
        return self.state is GroupState.OPEN


@dataclass(frozen=True, slots=True)
class Seat:
    """A person who comes or waits. `place` is the number of theirs, from 1; None while they wait.

    `since` orders those who wait. `asked_at` is when a place was last kept for them, `held_until` how long.
    `series_id` are their appointments, once they come.
    """

    id: int
    agency_id: int
    group_id: int
    participant_id: int
    state: SeatState
    since: datetime
    place: int | None = None
    asked_at: datetime | None = None
    held_until: datetime | None = None
    series_id: int | None = None

    def after(self, event: SeatEvent) -> Seat:
        """The seat after `event`. Raises `UnknownTransition` for what cannot happen."""
        if (self.state, event) not in MOVES:
            raise UnknownTransition(f"a seat that {self.state} has no {event}")
        state = MOVES[self.state, event]
        is_held, has_place = state is SeatState.HELD, state is not SeatState.WAITS
        return replace(
            self,
            state=state,
            place=self.place if has_place else None,
            held_until=self.held_until if is_held else None,
        )


@dataclass(frozen=True, slots=True)
class Meeting:
    """What is known of one day of a group, as counts. `came` is None until it was entered."""

    day: date
    came: int | None = None
    feelings: Mapping[Feeling, int] = field(default_factory=dict)


def free_places(group: Group, seats: Iterable[Seat]) -> list[int]:
    """The numbers of places that nobody has and that are kept for nobody."""
    taken = {seat.place for seat in seats if seat.place is not None}
    return [number for number in range(1, group.capacity + 1) if number not in taken]


def to_ask(group: Group, seats: Iterable[Seat]) -> list[Seat]:
    """Who waits and was not asked since a place last became free, the first to ask first."""
    waiting = [seat for seat in seats if seat.state is SeatState.WAITS]
    return in_turn(seat for seat in waiting if not _was_asked(group, seat))


def in_turn(seats: Iterable[Seat]) -> list[Seat]:
    """Those who have waited longest first."""
    return sorted(seats, key=lambda seat: (seat.since, seat.id))


def place_for(group: Group, seats: Sequence[Seat], participant_id: int) -> int | None:
    """The place that somebody gets who says yes now; None if they have to wait.

    A place that is kept for them is theirs. Others who wait and were not asked yet go before everybody else.
    """
    own = next((seat for seat in seats if seat.participant_id == participant_id), None)
    if own is not None and own.place is not None:
        return own.place
    free = free_places(group, seats)
    before = [seat for seat in to_ask(group, seats) if seat.participant_id != participant_id]
    return free[0] if len(free) > len(before) else None


def next_moment(group: Group, seats: Sequence[Seat], now: datetime) -> datetime | None:
    """When time has something to do; `now` if at once, None if nothing."""
    if not group.is_open:
        return now if seats else None
    if free_places(group, seats) and to_ask(group, seats):
        return now
    return min((seat.held_until for seat in seats if seat.held_until is not None), default=None)


def _was_asked(group: Group, seat: Seat) -> bool:
    if seat.asked_at is None:
        return False
    return group.freed_at is None or seat.asked_at >= group.freed_at
