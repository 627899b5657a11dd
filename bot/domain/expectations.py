# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What the person, their job centre, a partner and an employer expect of the same matter, side by side.

Nobody is right or wrong here: topics stand in the order in which they came up, and the sides of each in the
same order everywhere, the person first. A topic is open until it is noted what was agreed. One that began
with a joint appointment is its note: what was agreed there, and what the person says to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

import msgspec

from bot.errors import UnknownTransition

#: So long may each of the texts be, and so many topics a person and sides a topic have.
LONGEST_HEADLINE, LONGEST_WORDS, LONGEST_NAME = 80, 500, 120
MOST_TOPICS, MOST_SIDES = 20, 6
#: Half-lines of text that one page of paper holds, and characters that a line holds; both with a reserve.
MOST_ON_SHEET = 84
_LINE = 80


class SideKind(StrEnum):
    """Who expects something, in the order in which they are shown."""

    PERSON = "person"
    AGENCY = "agency"
    PARTNER = "partner"  # a clinic, or another place of the directory
    EMPLOYER = "employer"


class TopicState(StrEnum):
    """Where a topic stands."""

    OPEN = "open"
    AGREED = "agreed"


class TopicEvent(StrEnum):
    """What can happen to a topic."""

    NOTE = "note"  # staff note or correct what a side said
    SPEAK = "speak"  # the person puts down their own side
    AGREE = "agree"  # it is noted what was agreed
    CONFIRM = "confirm"  # the person says that it is noted as it was
    REOPEN = "reopen"


_S, _E = TopicState, TopicEvent
#: What is not in it cannot happen. Where the person says something anew, it is open again, until they say
#: that it was right as it was noted.
MOVES: Mapping[tuple[TopicState, TopicEvent], TopicState] = {
    (_S.OPEN, _E.NOTE): _S.OPEN,
    (_S.OPEN, _E.SPEAK): _S.OPEN,
    (_S.OPEN, _E.AGREE): _S.AGREED,
    (_S.AGREED, _E.SPEAK): _S.OPEN,
    (_S.AGREED, _E.CONFIRM): _S.AGREED,
    (_S.OPEN, _E.CONFIRM): _S.AGREED,
    (_S.AGREED, _E.REOPEN): _S.OPEN,
}


class Agreement(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was agreed, on which day and with whom. It stays readable where the topic is opened again.

    `confirmed_on` is the day on which the person said that it is noted as it was; None: nothing is known.
    """

    words: str
    day: date
    with_whom: str
    confirmed_on: date | None = None


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What a side expects, and on which day they said so. `name` is the place or firm; often empty."""

    words: str
    day: date
    name: str = ""


@dataclass(frozen=True, slots=True)
class Topic:
    """One matter. `made_by` is the staff member who put it down; None: the person did.

    `appointment_id` is the joint appointment of which it is the note; None for every other.
    """

    id: int
    agency_id: int
    participant_id: int
    state: TopicState
    headline: str
    made_by: int | None
    made_at: datetime
    changed_at: datetime
    agreement: Agreement | None = None
    appointment_id: int | None = None

    @property
    def is_to_confirm(self) -> bool:
        """Whether something holds to which the person has not said yet that it is noted as it was."""
        return self.state is TopicState.AGREED and self.can_be_confirmed

    @property
    def can_be_confirmed(self) -> bool:
        """Whether something was noted, also if it is open again, to which the person has not said so yet."""
        return self.agreement is not None and not self.is_confirmed

    @property
    def is_confirmed(self) -> bool:
        """Whether the person has said so to what was agreed last."""
        return self.agreement is not None and self.agreement.confirmed_on is not None

    def can(self, event: TopicEvent) -> bool:
        """Whether it can happen now."""
        return (self.state, event) in MOVES

    def after(self, event: TopicEvent, now: datetime) -> Topic:
        """The topic after `event`. Raises `UnknownTransition` for what `can` denies."""
        if not self.can(event):
            raise UnknownTransition(f"a topic {self.state} has no {event}")
        return replace(self, state=MOVES[self.state, event], changed_at=now)


@dataclass(frozen=True, slots=True)
class Side:
    """What one side expects of a topic. `noted_by` is the staff member who wrote it; None: the person did."""

    id: int
    agency_id: int
    participant_id: int
    topic_id: int
    kind: SideKind
    said: Said
    noted_by: int | None
    noted_at: datetime

    @property
    def whose(self) -> tuple[SideKind, str]:
        """What tells two sides of a topic apart: only of places and firms there can be several."""
        named = self.kind in (SideKind.PARTNER, SideKind.EMPLOYER)
        return self.kind, " ".join(self.said.name.casefold().split()) if named else ""

    @property
    def is_own(self) -> bool:
        """Whether the person wrote it: nobody else changes it."""
        return self.noted_by is None


class SheetSide(msgspec.Struct, frozen=True, kw_only=True):
    """One side on paper."""

    kind: SideKind
    said: Said


class SheetTopic(msgspec.Struct, frozen=True, kw_only=True):
    """One topic on paper. `agreement` only where it holds."""

    headline: str
    sides: tuple[SheetSide, ...]
    agreement: Agreement | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """What may lie on the table of a joint talk: as it was when the person was asked, and never another.

    `ask_id` is what they were asked about the place that would read it.
    """

    id: int
    agency_id: int
    participant_id: int
    ask_id: int
    topics: tuple[SheetTopic, ...]
    made_by: int
    made_at: datetime


def in_order(sides: Iterable[Side]) -> list[Side]:
    """The person first, then always the same order: it says nothing about who is right."""
    order = list(SideKind)
    return sorted(sides, key=lambda one: (order.index(one.kind), one.id))


def size_of(topics: Iterable[SheetTopic]) -> int:
    """How many half-lines they take on paper, with the gaps between them."""
    total = 0
    for one in topics:
        held = one.agreement
        total += 2 + 2 * _lines(one.headline)
        total += 3 + 2 * (_lines(held.words, len(held.with_whom)) if held is not None else 1)
        total += 2 if held is not None and held.confirmed_on is not None else 0
        total += sum(1 + 2 * _lines(side.said.words) + 2 * _lines(side.said.name) for side in one.sides)
    return total


def _lines(text: str, more: int = 0) -> int:
    return sum(1 + len(part) // _LINE for part in text.split("\n")) + more // _LINE
