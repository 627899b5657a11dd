# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A person's time in a programme: its moves are a table, its history only grows, and only a human ends it.

What a programme is stands in `dialogs.programme_model`; here is who is in one.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.domain.editions import Origin
from bot.errors import UnknownTransition


@dataclass(frozen=True, slots=True)
class ProgrammeEdition:
    """One version of a programme as an agency has put it in force; the highest is the one of today."""

    agency_id: int
    name: str
    version: int
    digest: str
    source: str
    origin: Origin
    published_at: datetime


class Place(StrEnum):
    """Where a person stands to one phase of their programme."""

    OUTSIDE = "outside"
    INSIDE = "inside"
    CLOSED = "closed"  # the enrolment has ended: nothing moves any more


class Move(StrEnum):
    """What can happen in an enrolment."""

    BEGIN = "begin"
    ENTER = "enter"
    LEAVE = "leave"
    UPGRADE = "upgrade"  # the programme's rules are another version from here on
    END = "end"


#: The moves of one phase. BEGIN, UPGRADE and END are about the whole enrolment: they change no phase by
#: themselves, but after END nothing does.
MOVES: Mapping[tuple[Place, Move], Place] = {
    (Place.OUTSIDE, Move.ENTER): Place.INSIDE,
    (Place.OUTSIDE, Move.BEGIN): Place.OUTSIDE,
    (Place.OUTSIDE, Move.UPGRADE): Place.OUTSIDE,
    (Place.OUTSIDE, Move.END): Place.CLOSED,
    (Place.INSIDE, Move.LEAVE): Place.OUTSIDE,
    (Place.INSIDE, Move.UPGRADE): Place.INSIDE,
    (Place.INSIDE, Move.END): Place.CLOSED,
}


def after(place: Place, move: Move) -> Place:
    """Where somebody stands after a move. Raises `UnknownTransition` if there is no such move."""
    try:
        return MOVES[place, move]
    except KeyError:
        raise UnknownTransition(f"a phase {place} has no {move}") from None


@dataclass(frozen=True, slots=True)
class Enrolment:
    """One participation in one programme. Whoever comes back after its end gets a new one.

    `version` is that of the programme whose rules hold. `is_over_key`: the coach looked after more people
    than the programme's key when it began, so a lead confirms it; `confirmed_by` is who did.
    """

    id: int
    agency_id: int
    participant_id: int
    programme: str
    version: int
    began_at: datetime
    ended_at: datetime | None = None
    is_over_key: bool = False
    confirmed_by: int | None = None

    @property
    def is_open(self) -> bool:
        """True until a human has ended it."""
        return self.ended_at is None

    @property
    def awaits_lead(self) -> bool:
        """Whether a lead must still confirm that the coach takes one more."""
        return self.is_open and self.is_over_key and self.confirmed_by is None


@dataclass(frozen=True, slots=True)
class PhaseEvent:
    """One line of an enrolment's history; nothing in it is ever changed.

    `actor` is like `staff:17`, `system` or `command`. `reason` is what a human gave as one (sealed).
    """

    enrolment_id: int
    at: datetime
    move: Move
    phase: str
    actor: str
    reason: str = ""


def current(history: Iterable[PhaseEvent]) -> dict[str, datetime]:
    """The phases that somebody is in, each with the moment at which they came, in that order.

    Raises `UnknownTransition` for a history that cannot have been.
    """
    # "" stands for all phases that nobody has entered yet.
    places: dict[str, Place] = {"": Place.OUTSIDE}
    entered: dict[str, datetime] = {}
    for event in history:
        for phase in [event.phase] if event.phase else list(places):
            places[phase] = after(places.get(phase, places[""]), event.move)
            if event.move is Move.ENTER:
                entered[phase] = event.at
            elif places[phase] is not Place.INSIDE:
                entered.pop(phase, None)
    return entered


def entered_ever(history: Iterable[PhaseEvent]) -> frozenset[str]:
    """The phases that somebody is or was in."""
    return frozenset(event.phase for event in history if event.move is Move.ENTER)


class TaskKind(StrEnum):
    """What the program asks a human to decide. It decides none of it."""

    LIMIT_NEAR = "limit_near"
    LIMIT_REACHED = "limit_reached"
    PHASE_LONG = "phase_long"  # longer than usual: is it time for the next one?
    PHASE_PROPOSED = "phase_proposed"
    OVER_KEY = "over_key"  # for a lead


@dataclass(frozen=True, slots=True)
class ProgrammeTask:
    """A question of the program to staff about one enrolment, open until a human settles it.

    `mark` is its name within the enrolment, like `limit:18`: the same is never asked twice.
    """

    id: int
    agency_id: int
    participant_id: int
    enrolment_id: int
    kind: TaskKind
    mark: str
    raised_at: datetime
    settled_at: datetime | None = None
    settled_by: str = ""


def months_later(day: date, months: int) -> date:
    """The same day so many calendar months later, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def whole_months(since: date, day: date) -> int:
    """How many calendar months are over on that day: 23 until the day before the two years are full."""
    months = (day.year - since.year) * 12 + day.month - since.month
    return months if months_later(since, months) <= day else months - 1
