# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Conferences of experts: about one case, or about a topic; with a sheet, guests, and decisions as tasks.

The sheet of a case names nobody. There are no minutes: what is kept are decisions, and the words with which
the person is told of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from bot.errors import UnknownTransition

LONGEST_TOPIC, LONGEST_PLACE, LONGEST_ITEM, LONGEST_WORDS = 120, 120, 200, 1000
MOST_ITEMS, MOST_OUTSIDERS, MOST_DECISIONS = 12, 12, 30
#: Guests see the sheet from so long before the conference until it is closed.
SHEET_BEFORE = timedelta(days=7)


class ConferenceKind(StrEnum):
    """What a conference is about."""

    CASE = "case"
    TOPIC = "topic"  # a strategic one; nobody's case


class ConferenceState(StrEnum):
    """Where a conference stands."""

    PLANNED = "planned"
    HELD = "held"  # it took place; decisions are written down
    CLOSED = "closed"
    CALLED_OFF = "called_off"


class ConferenceEvent(StrEnum):
    """What can happen to a conference."""

    CHANGE = "change"  # its day, place, agenda or guests; the sheet
    HOLD = "hold"
    DECIDE = "decide"
    TICK = "tick"  # a decision is carried out
    REMIND = "remind"  # a decision is overdue
    CLOSE = "close"
    CALL_OFF = "call_off"


class ConferenceParty(StrEnum):
    """Who lets something happen to a conference."""

    HOST = "host"  # whoever called it, whoever looks after the person, and the leads
    OWNER = "owner"  # of a decision
    TIME = "time"


_S, _E = ConferenceState, ConferenceEvent
#: Every move there is; what is not here cannot happen. Tasks outlive the conference.
MOVES: Mapping[tuple[ConferenceState, ConferenceEvent], ConferenceState] = {
    (_S.PLANNED, _E.CHANGE): _S.PLANNED,
    (_S.PLANNED, _E.HOLD): _S.HELD,
    (_S.PLANNED, _E.CALL_OFF): _S.CALLED_OFF,
    (_S.HELD, _E.DECIDE): _S.HELD,
    (_S.HELD, _E.CLOSE): _S.CLOSED,
    **{(state, event): state for state in (_S.HELD, _S.CLOSED) for event in (_E.TICK, _E.REMIND)},
}

_HOST = frozenset({ConferenceParty.HOST})
ALLOWED: Mapping[ConferenceEvent, frozenset[ConferenceParty]] = {
    **dict.fromkeys((_E.CHANGE, _E.HOLD, _E.DECIDE, _E.CLOSE, _E.CALL_OFF), _HOST),
    _E.TICK: frozenset({ConferenceParty.HOST, ConferenceParty.OWNER}),
    _E.REMIND: frozenset({ConferenceParty.TIME}),
}


class Agenda(msgspec.Struct, frozen=True, kw_only=True):
    """What it is about and where. `outsiders` are experts without an account here, by name and place.

    They get nothing from Lotse: whoever invites them tells them.
    """

    topic: str
    place: str = ""
    items: tuple[str, ...] = ()
    outsiders: tuple[str, ...] = ()


class AgeBand(StrEnum):
    """How old the person is, roughly."""

    UNTIL_25 = "until_25"
    FROM_26 = "from_26"
    FROM_36 = "from_36"
    FROM_46 = "from_46"
    FROM_56 = "from_56"
    NOT_SAID = "not_said"


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """What guests read about a case: nothing in it is a name, a place or a number of the person.

    `month` counts from 1, 0 without a programme; `phases` are titles. `goals` come from the help plan,
    `questions` are typed by whoever prepares the conference.
    """

    age: AgeBand = AgeBand.NOT_SAID
    month: int = 0
    phases: tuple[str, ...] = ()
    goals: tuple[str, ...] = ()
    questions: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """Everything on it that somebody typed."""
        return (*self.goals, self.questions)


@dataclass(frozen=True, slots=True)
class Conference:
    """A conference. Tasks and guests are kept beside it."""

    id: int
    agency_id: int
    kind: ConferenceKind
    state: ConferenceState
    starts_at: datetime
    length: timedelta
    agenda: Agenda
    made_by: int
    made_at: datetime
    changed_at: datetime

    @property
    def is_open(self) -> bool:
        """True until it is closed or called off."""
        return self.state in (ConferenceState.PLANNED, ConferenceState.HELD)

    def can(self, event: ConferenceEvent, party: ConferenceParty) -> bool:
        """Whether `party` may let `event` happen now."""
        return party in ALLOWED[event] and (self.state, event) in MOVES

    def after(self, event: ConferenceEvent, party: ConferenceParty, now: datetime) -> Conference:
        """The conference after `event`. Raises `UnknownTransition` for what `can` denies."""
        if not self.can(event, party):
            raise UnknownTransition(f"a conference {self.state} has no {event} by {party}")
        return replace(self, state=MOVES[self.state, event], changed_at=now)

    def shows_sheet(self, now: datetime) -> bool:
        """Whether guests may see the sheet of the case now."""
        return self.is_open and now >= self.starts_at - SHEET_BEFORE


@dataclass(frozen=True, slots=True)
class ConferenceCase:
    """Whose case a conference is about; the row goes with the person.

    `version` counts how often the sheet was written, `released_at` is when it was let go to the guests, None
    since it was written anew. `ask_id` is the question whether the person may be named, `words` what they
    are told of what was decided.
    """

    agency_id: int
    conference_id: int
    participant_id: int
    sheet: Sheet = field(default_factory=Sheet)
    version: int = 0
    released_at: datetime | None = None
    ask_id: int | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided, as somebody's task. `due_at` is the end of its day.

    `participant_id` is the person it is about; None for a topic, and once the person is erased: then it
    has no words any more, and nothing is left to do.
    `lead_told_at`: the leads have heard that it is overdue.
    """

    id: int
    agency_id: int
    conference_id: int
    participant_id: int | None
    owner_id: int
    words: str
    due_at: datetime
    made_at: datetime
    done_at: datetime | None = None
    lead_told_at: datetime | None = None
