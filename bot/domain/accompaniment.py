# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Somebody comes along to an appointment: wished, promised by somebody, wanted by the person.

A promise counts for one time of the appointment. Whoever has promised and cannot be there, or a time that
changed, opens the question again: then nobody is named to the person until somebody has promised anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

import msgspec

from bot.domain.appointments import Appointment
from bot.errors import UnknownTransition

#: So long each of the texts may be.
LONGEST_NAME, LONGEST_LINE = 80, 200


class AccompanimentState(StrEnum):
    """Where it stands."""

    WISHED = "wished"
    ASKED = "asked"  # a colleague was asked whether they come along
    OFFERED = "offered"  # somebody has promised, and the person is asked whether they would like it
    CONFIRMED = "confirmed"  # promised and wanted: only now the person is told who comes along
    OPEN_AGAIN = "open_again"  # a promise does not hold any more, and somebody has to look anew
    NOT_POSSIBLE = "not_possible"  # nobody can; the person is told what can be done instead
    NOT_NEEDED = "not_needed"


class AccompanimentEvent(StrEnum):
    """What can happen to it."""

    WISH = "wish"
    ASK = "ask"
    OFFER = "offer"
    ARRANGE = "arrange"  # by word of mouth, so that the person need not be asked
    CONFIRM = "confirm"
    REOPEN = "reopen"
    CANNOT = "cannot"
    LET_GO = "let_go"


class AccompanimentParty(StrEnum):
    """Who lets something happen to it."""

    PERSON = "person"
    STAFF = "staff"  # whoever may change the appointment
    COMPANION = "companion"  # the colleague who was asked
    TIME = "time"


_S, _E, _P = AccompanimentState, AccompanimentEvent, AccompanimentParty
_PROMISED = (_S.ASKED, _S.OFFERED, _S.CONFIRMED)
_WANTED = (_S.WISHED, *_PROMISED, _S.OPEN_AGAIN)
#: Every move there is; what is not here cannot happen.
MOVES: Mapping[tuple[AccompanimentState, AccompanimentEvent], AccompanimentState] = {
    **{(state, _E.WISH): _S.WISHED for state in (_S.NOT_POSSIBLE, _S.NOT_NEEDED)},
    **{(state, _E.ASK): _S.ASKED for state in _S},
    **{(state, _E.OFFER): _S.OFFERED for state in _S},
    **{(state, _E.ARRANGE): _S.CONFIRMED for state in _S},
    (_S.OFFERED, _E.CONFIRM): _S.CONFIRMED,
    **{(state, _E.REOPEN): _S.OPEN_AGAIN for state in _PROMISED},
    **{(state, _E.CANNOT): _S.NOT_POSSIBLE for state in _WANTED},
    **{(state, _E.LET_GO): _S.NOT_NEEDED for state in (*_WANTED, _S.NOT_POSSIBLE)},
}
ALLOWED: Mapping[AccompanimentEvent, frozenset[AccompanimentParty]] = {
    _E.WISH: frozenset({_P.PERSON, _P.STAFF}),
    _E.ASK: frozenset({_P.STAFF}),
    _E.OFFER: frozenset({_P.STAFF, _P.COMPANION}),
    _E.ARRANGE: frozenset({_P.STAFF}),
    _E.CONFIRM: frozenset({_P.PERSON}),
    _E.REOPEN: frozenset({_P.COMPANION, _P.TIME}),
    _E.CANNOT: frozenset({_P.STAFF}),
    # By time: the appointment does not take place.
    _E.LET_GO: frozenset({_P.PERSON, _P.STAFF, _P.TIME}),
}


class Companion(msgspec.Struct, frozen=True, kw_only=True):
    """Who comes along, as the person reads it, and where they meet; `instead`: what else is possible."""

    name: str = ""
    meet: str = ""
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Accompaniment:
    """Somebody comes along to one appointment.

    `staff_id` is the colleague who does or is asked, None for a partner or nobody yet. `promised_for` is the
    start for which it was promised.
    """

    agency_id: int
    participant_id: int
    appointment_id: int
    state: AccompanimentState
    changed_at: datetime
    companion: Companion = field(default_factory=Companion)
    staff_id: int | None = None
    promised_for: datetime | None = None

    @property
    def is_promised(self) -> bool:
        """Whether somebody has promised it, or is asked to."""
        return self.state in _PROMISED

    @property
    def is_settled(self) -> bool:
        """Whether nobody has to do anything about it."""
        return self.state in (_S.CONFIRMED, _S.NOT_POSSIBLE, _S.NOT_NEEDED)

    def holds_for(self, kept: Appointment) -> bool:
        """Whether what was promised is about the time that the appointment has now."""
        return self.is_promised and kept.is_open and self.promised_for == kept.starts_at

    def can(self, event: AccompanimentEvent, party: AccompanimentParty) -> bool:
        """Whether `party` may let `event` happen now."""
        # A colleague promises only what they were asked for.
        if event is _E.OFFER and party is _P.COMPANION and self.state is not _S.ASKED:
            return False
        return party in ALLOWED[event] and (self.state, event) in MOVES

    def after(self, event: AccompanimentEvent, party: AccompanimentParty, now: datetime) -> Accompaniment:
        """How it stands after `event`. Raises `UnknownTransition` for what `can` denies."""
        if not self.can(event, party):
            raise UnknownTransition(f"accompaniment {self.state} has no {event} by {party}")
        return replace(self, state=MOVES[self.state, event], changed_at=now)
