# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A pack that a person takes along at the end of a programme: what is in it and who gets it, they alone say.

Staff may offer it and name places that could get it. What was seen last is what goes, word for word, and to
each place only with a consent of its own. What somebody leaves out, or whom they give it to, stands for
nothing: there is no state for a pack that was not made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

import msgspec

from bot.domain.referrals import SendWay
from bot.errors import UnknownTransition

#: So many places can be named for one pack, and so long may it be: a place reads it in one go.
MOST_RECEIVERS, LONGEST_PACK = 8, 3500
#: So long may the person's own words be.
LONGEST_STRENGTHS = 500


class Part(StrEnum):
    """What a pack can be made of, in the order in which it stands there."""

    STRENGTHS = "strengths"  # the person's own words
    STEPS = "steps"  # open steps of the help plan
    APPOINTMENTS = "appointments"  # those ahead
    PLACES = "places"  # referrals that the person has agreed to
    SIGNS = "signs"  # warning signs from the plan for hard hours


class PackState(StrEnum):
    """Where a pack stands."""

    OPEN = "open"  # the person puts it together, or has been offered to
    CHOSEN = "chosen"  # they have said that this version is right
    CLOSED = "closed"


class PackEvent(StrEnum):
    """What can happen to a pack."""

    OFFER = "offer"  # the person is asked whether they would like one
    CHOOSE = "choose"  # they put something in or leave it out: no older version goes anywhere any more
    FINISH = "finish"  # they say that it is right as they see it
    NAME = "name"  # staff name a place that could get it
    SEND = "send"  # it has gone to a place
    CLOSE = "close"


class PackParty(StrEnum):
    """Who lets something happen to a pack."""

    STAFF = "staff"
    PERSON = "person"


_S, _E = PackState, PackEvent
#: Every move there is; what is not here cannot happen. CLOSED is an end.
MOVES: Mapping[tuple[PackState, PackEvent], PackState] = {
    **{(state, event): state for state in (_S.OPEN, _S.CHOSEN) for event in (_E.OFFER, _E.NAME)},
    (_S.OPEN, _E.CHOOSE): _S.OPEN,
    (_S.CHOSEN, _E.CHOOSE): _S.OPEN,
    (_S.OPEN, _E.FINISH): _S.CHOSEN,
    (_S.CHOSEN, _E.SEND): _S.CHOSEN,
    (_S.OPEN, _E.CLOSE): _S.CLOSED,
    (_S.CHOSEN, _E.CLOSE): _S.CLOSED,
}
#: Only the person says what is in it.
ALLOWED: Mapping[PackEvent, PackParty] = {
    _E.OFFER: PackParty.STAFF,
    _E.CHOOSE: PackParty.PERSON,
    _E.FINISH: PackParty.PERSON,
    _E.NAME: PackParty.STAFF,
    _E.SEND: PackParty.STAFF,
    _E.CLOSE: PackParty.STAFF,
}


class Line(msgspec.Struct, frozen=True):
    """One line of a pack. `key` names what it is made from, as long as that exists."""

    part: Part
    key: str
    words: str


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """What the person has chosen so far. Nothing is in the pack that they have not put there.

    `left_out` are keys of single lines, `shown` is what they have seen last.
    """

    parts: tuple[Part, ...] = ()
    left_out: tuple[str, ...] = ()
    strengths: str = ""
    shown: tuple[Line, ...] = ()

    def with_part(self, part: Part, *, is_in: bool) -> Choice:
        """The same with or without a part; what was shown counts no more."""
        parts = tuple(one for one in Part if (is_in if one is part else one in self.parts))
        return msgspec.structs.replace(self, parts=parts, shown=())

    def without(self, number: int) -> Choice:
        """The same without the line of this number, from 1 on, as it was shown last. Raises `IndexError`."""
        if not 0 < number <= len(self.shown):
            raise IndexError(number)
        left_out = (*self.left_out, self.shown[number - 1].key)
        return msgspec.structs.replace(self, left_out=left_out, shown=())

    @property
    def shown_parts(self) -> tuple[Part, ...]:
        """The parts of which something was shown last."""
        return tuple(part for part in Part if any(line.part is part for line in self.shown))

    def chosen(self, lines: tuple[Line, ...]) -> tuple[Line, ...]:
        """Those that are to be in the pack, in the order of the parts."""
        is_in = [one for one in lines if one.part in self.parts and one.key not in self.left_out]
        return tuple(one for part in Part for one in is_in if one.part is part)


#: Nothing is chosen yet.
EMPTY = Choice()


@dataclass(frozen=True, slots=True)
class HandoverPack:
    """A person's pack. They have one that goes on at the most.

    `version` is the newest that they have found right, 0 before the first. `made_by` is None where the person
    has begun it themselves.
    """

    id: int
    agency_id: int
    participant_id: int
    state: PackState
    made_by: int | None
    made_at: datetime
    changed_at: datetime
    version: int = 0
    choice: Choice = EMPTY

    @property
    def is_open(self) -> bool:
        """True until it is closed."""
        return self.state is not PackState.CLOSED

    def can(self, event: PackEvent, party: PackParty) -> bool:
        """Whether `party` may let `event` happen now."""
        return ALLOWED[event] is party and (self.state, event) in MOVES

    def after(self, event: PackEvent, party: PackParty, now: datetime) -> HandoverPack:
        """The pack after `event`. Raises `UnknownTransition` for what `can` denies."""
        if not self.can(event, party):
            raise UnknownTransition(f"a pack {self.state} has no {event} by {party}")
        version = self.version + 1 if event is PackEvent.FINISH else self.version
        return replace(self, state=MOVES[self.state, event], changed_at=now, version=version)


@dataclass(frozen=True, slots=True)
class Receiver:
    """A place that could get a pack.

    `ask_id` is what the person is asked about the version `version`; None while there is nothing to ask.
    `sent_at` and `way` are of the last time it went there, with the version that went.
    """

    id: int
    agency_id: int
    participant_id: int
    pack_id: int
    place: str
    why: str
    added_by: int
    added_at: datetime
    ask_id: int | None = None
    version: int = 0
    sent_at: datetime | None = None
    way: SendWay | None = None
