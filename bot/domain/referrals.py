# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A person is referred to a partner, and their coach stays with them through every state.

A referral has no owner of its own: whoever looks after the person has it. What it hands over is a
`bot.domain.sharing.SharingAsk`, and the person's yes to that is a consent like any other. That somebody has
not said yes is written down nowhere: the referral is open, and that is all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

import msgspec

from bot.errors import UnknownTransition

#: So long may the words beside a result or an end be.
LONGEST_WORDS = 1000


class ReferralState(StrEnum):
    """Where a referral stands."""

    PROPOSED = "proposed"  # the person is asked, or will be; nothing goes anywhere
    CONSENTED = "consented"  # they agreed to exactly this partner and this content
    SENT = "sent"  # it was handed over
    APPOINTMENT_MADE = "appointment_made"
    FIRST_VISIT = "first_visit"  # they were there
    RESULT_KNOWN = "result_known"
    CLOSED = "closed"


class ReferralEvent(StrEnum):
    """What can happen to a referral."""

    PROPOSE = "propose"  # staff propose it, and the person is asked; also once more
    CONSENT = "consent"
    TAKE_BACK = "take_back"  # the person takes their yes back: from now on nothing goes there
    SEND = "send"
    MAKE_APPOINTMENT = "make_appointment"
    ASK = "ask"  # the person is asked a second time how it was
    ANSWER = "answer"  # the person has answered that, whatever they said
    VISIT = "visit"
    RESULT = "result"
    REMIND = "remind"  # staff are asked to look at it
    CLOSE = "close"


class ReferralParty(StrEnum):
    """Who lets something happen to a referral."""

    STAFF = "staff"
    PERSON = "person"
    TIME = "time"


class SendWay(StrEnum):
    """How something is handed over."""

    LOTSE = "lotse"  # to the partner's own contact in the staff bot
    LETTER = "letter"
    PHONE = "phone"
    MAIL = "mail"
    TOGETHER = "together"  # in a talk with the person there


class Need(StrEnum):
    """What a coach knows about one of the three questions of a specialist's check."""

    YES = "yes"
    NO = "no"
    OPEN = "open"


class Outcome(StrEnum):
    """How a referral ends. None of them is about what a person did not do."""

    ARRIVED = "arrived"  # the partner goes on with the person
    OWN_WAY = "own_way"  # the person has found a way themselves
    OTHER_PLACE = "other_place"
    NO_PLACE = "no_place"  # the partner has none
    NO_NEED = "no_need"
    OTHER = "other"


class ReferralResult(msgspec.Struct, frozen=True, kw_only=True):
    """What the partner's check found, as the coach has entered it; `words` may be empty."""

    prevention: Need = Need.OPEN
    rehab: Need = Need.OPEN
    motivation: Need = Need.OPEN
    words: str = ""


_S, _E = ReferralState, ReferralEvent
_GOES_ON = tuple(state for state in ReferralState if state is not ReferralState.CLOSED)
_HANDED = (_S.SENT, _S.APPOINTMENT_MADE, _S.FIRST_VISIT, _S.RESULT_KNOWN)
#: Every move there is; what is not here cannot happen. CLOSED is an end.
MOVES: Mapping[tuple[ReferralState, ReferralEvent], ReferralState] = {
    (_S.PROPOSED, _E.PROPOSE): _S.PROPOSED,
    (_S.PROPOSED, _E.CONSENT): _S.CONSENTED,
    (_S.CONSENTED, _E.TAKE_BACK): _S.PROPOSED,
    (_S.CONSENTED, _E.SEND): _S.SENT,
    (_S.CONSENTED, _E.MAKE_APPOINTMENT): _S.APPOINTMENT_MADE,
    **{(state, event): state for state in _HANDED for event in (_E.SEND, _E.CONSENT, _E.TAKE_BACK)},
    (_S.SENT, _E.MAKE_APPOINTMENT): _S.APPOINTMENT_MADE,
    (_S.APPOINTMENT_MADE, _E.MAKE_APPOINTMENT): _S.APPOINTMENT_MADE,
    (_S.APPOINTMENT_MADE, _E.ASK): _S.APPOINTMENT_MADE,
    (_S.APPOINTMENT_MADE, _E.ANSWER): _S.APPOINTMENT_MADE,
    (_S.SENT, _E.VISIT): _S.FIRST_VISIT,
    (_S.APPOINTMENT_MADE, _E.VISIT): _S.FIRST_VISIT,
    (_S.FIRST_VISIT, _E.RESULT): _S.RESULT_KNOWN,
    (_S.RESULT_KNOWN, _E.RESULT): _S.RESULT_KNOWN,
    **{(state, _E.REMIND): state for state in _GOES_ON},
    **{(state, _E.CLOSE): _S.CLOSED for state in _GOES_ON},
}

_STAFF, _PERSON = frozenset({ReferralParty.STAFF}), frozenset({ReferralParty.PERSON})
_TIME = frozenset({ReferralParty.TIME})
#: Only the person agrees and takes back; only the coach enters what a check has found.
ALLOWED: Mapping[ReferralEvent, frozenset[ReferralParty]] = {
    _E.PROPOSE: _STAFF,
    _E.CONSENT: _PERSON,
    _E.TAKE_BACK: _PERSON,
    _E.SEND: _STAFF,
    _E.MAKE_APPOINTMENT: _STAFF,
    _E.ASK: _TIME,
    _E.ANSWER: _PERSON,
    _E.VISIT: _STAFF | _PERSON,
    _E.RESULT: _STAFF,
    _E.REMIND: _TIME,
    _E.CLOSE: _STAFF,
}


@dataclass(frozen=True, slots=True)
class ReferralEntry:
    """Something that happened to a referral.

    `detail` is a machine word: the way it was sent, the number of the appointment, the outcome. `words` are
    staff's own: what was handed over, or the reason of an end.
    """

    at: datetime
    event: ReferralEvent
    actor: str
    detail: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Referral:
    """One referral of a person.

    `ask_id` is what they were asked: partner, content, purpose. `partner_id` is the entry of the directory it
    was made from, which may be gone by now; None for a place that was typed. `changed_at` is when a human
    changed it last: questions and reminders of ours leave it as it is.
    """

    id: int
    agency_id: int
    participant_id: int
    ask_id: int
    state: ReferralState
    made_by: int
    made_at: datetime
    changed_at: datetime
    partner_id: int | None = None
    appointment_id: int | None = None
    result: ReferralResult | None = None

    @property
    def is_open(self) -> bool:
        """True until it is closed."""
        return self.state is not ReferralState.CLOSED

    def can(self, event: ReferralEvent, party: ReferralParty) -> bool:
        """Whether `party` may let `event` happen now."""
        return party in ALLOWED[event] and (self.state, event) in MOVES

    def after(self, event: ReferralEvent, party: ReferralParty, now: datetime) -> Referral:
        """The referral after `event`. Raises `UnknownTransition` for what `can` denies."""
        if not self.can(event, party):
            raise UnknownTransition(f"a referral {self.state} has no {event} by {party}")
        changed_at = self.changed_at if party is ReferralParty.TIME else now
        return replace(self, state=MOVES[self.state, event], changed_at=changed_at)


def since_appointment(history: Iterable[ReferralEntry]) -> frozenset[ReferralEvent]:
    """What has happened since an appointment was last written down; `history` the oldest first."""
    found = set[ReferralEvent]()
    for entry in history:
        if entry.event is ReferralEvent.MAKE_APPOINTMENT:
            found.clear()
        found.add(entry.event)
    return frozenset(found)
