# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Applications with carriers of rehabilitation: where each stands, what is next, by when, and who does it.

A list that staff keep for a person, from plan to decision. Deadlines are suggestions that a human checks:
nothing here is legal advice, and nothing that a person did not do is written down.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

import msgspec

from bot.domain.enrolments import months_later
from bot.errors import UnknownTransition

#: So long may one line be, and words of several lines.
LONGEST_LINE, LONGEST_WORDS = 120, 1000
#: More at a time nobody can keep in view.
MOST_OPEN = 10


class CarrierKind(StrEnum):
    """Who may pay: the carriers of § 6 SGB IX, and the offices beside them."""

    PENSION = "pension_insurance"
    HEALTH = "health_insurance"
    EMPLOYMENT = "employment_agency"
    INTEGRATION = "integration_assistance"  # Eingliederungshilfe
    ACCIDENT = "accident_insurance"
    YOUTH = "youth_welfare"
    OFFICE = "integration_office"  # Versorgungsamt, Integrationsamt
    OTHER = "other_carrier"


class Benefit(StrEnum):
    """What is applied for."""

    MEDICAL = "medical_rehab"
    VOCATIONAL = "vocational_rehab"  # Leistungen zur Teilhabe am Arbeitsleben
    PARTICIPATION = "participation"
    OTHER = "other_benefit"


class CarrierDecision(StrEnum):
    """What the carrier has decided. It is the carrier's, and says nothing about the person."""

    GRANTED = "granted"
    PARTLY = "partly_granted"
    NOT_GRANTED = "not_granted"


class Turn(StrEnum):
    """Who does what is next."""

    TEAM = "team"
    PERSON = "person"
    CARRIER = "carrier"
    OTHERS = "others"  # a surgery, a clinic, an employer


class ApplicationState(StrEnum):
    """Where an application stands."""

    PLANNED = "planned"
    FILED = "filed"  # it was sent
    RECEIVED = "received"  # the carrier has confirmed that it is there
    PAPERS = "papers_wanted"  # the carrier has asked for more
    DECIDED = "decided"
    OBJECTED = "objected"  # an objection is under way
    CLOSED = "closed"


class ApplicationEvent(StrEnum):
    """What can happen to an application."""

    CHANGE = "change"  # what it is for, what is next, until when, whose turn
    FILE = "file"
    RECEIVE = "receive"
    FORWARD = "forward"  # it was passed on to another carrier (§ 14 SGB IX)
    WANT_PAPERS = "want_papers"
    HAND_IN = "hand_in"  # what was asked for is there
    DECIDE = "decide"
    OBJECT = "object"
    DONE = "done"  # the person has done what was theirs
    REMIND = "remind"  # staff are asked to look at it
    TELL = "tell"  # the person was reminded, because they wanted to be
    CLOSE = "close"


class ApplicationParty(StrEnum):
    """Who lets something happen to an application."""

    STAFF = "staff"
    PERSON = "person"
    TIME = "time"


_S, _E = ApplicationState, ApplicationEvent
_GOES_ON = tuple(state for state in ApplicationState if state is not ApplicationState.CLOSED)
_WITH_CARRIER = (_S.FILED, _S.RECEIVED, _S.PAPERS)
_STAYING = (_E.CHANGE, _E.DONE, _E.REMIND, _E.TELL)
#: Every move there is; what is not here cannot happen. CLOSED is an end.
MOVES: Mapping[tuple[ApplicationState, ApplicationEvent], ApplicationState] = {
    (_S.PLANNED, _E.FILE): _S.FILED,
    (_S.FILED, _E.RECEIVE): _S.RECEIVED,
    **{(state, _E.FORWARD): _S.FILED for state in _WITH_CARRIER},
    **{(state, _E.WANT_PAPERS): _S.PAPERS for state in _WITH_CARRIER},
    (_S.PAPERS, _E.HAND_IN): _S.RECEIVED,
    **{(state, _E.DECIDE): _S.DECIDED for state in (*_WITH_CARRIER, _S.DECIDED, _S.OBJECTED)},
    (_S.DECIDED, _E.OBJECT): _S.OBJECTED,
    **{(state, event): state for state in _GOES_ON for event in _STAYING},
    **{(state, _E.CLOSE): _S.CLOSED for state in _GOES_ON},
}

_TIME, _PERSON = frozenset({ApplicationParty.TIME}), frozenset({ApplicationParty.PERSON})
#: Staff keep the list; the person says that their own part is done.
ALLOWED: Mapping[ApplicationEvent, frozenset[ApplicationParty]] = {
    **{event: frozenset({ApplicationParty.STAFF}) for event in ApplicationEvent},
    _E.DONE: _PERSON,
    _E.REMIND: _TIME,
    _E.TELL: _TIME,
}


class ApplicationContent(msgspec.Struct, frozen=True, kw_only=True):
    """What an application is about.

    `place` is the carrier by its name, `partner_id` its entry of the directory, which may be gone by now;
    0 for one that was typed or is not known. `what` is what exactly is applied for, `next_step` what comes
    next; the person reads both. `decision` is the carrier's newest.
    """

    carrier: CarrierKind
    benefit: Benefit
    place: str = ""
    partner_id: int = 0
    what: str = ""
    next_step: str = ""
    decision: CarrierDecision | None = None


class EntryNote(msgspec.Struct, frozen=True, kw_only=True):
    """What is written beside something that happened: the decision or the new carrier, and words."""

    detail: str = ""
    words: str = ""


#: Nothing beside it.
NO_NOTE = EntryNote()


@dataclass(frozen=True, slots=True)
class ApplicationEntry:
    """Something that happened on `day`, as it was written down at `at`."""

    at: datetime
    day: date
    event: ApplicationEvent
    actor: str
    note: EntryNote = NO_NOTE


@dataclass(frozen=True, slots=True)
class Application:
    """One application of a person. Whoever looks after the person has it: no owner is stored.

    `due_on` is the day until which what is next is to be done; None where nobody knows one. `changed_at` is
    when a human changed it last: reminders leave it as it is.
    """

    id: int
    agency_id: int
    participant_id: int
    state: ApplicationState
    content: ApplicationContent
    made_by: int
    made_at: datetime
    changed_at: datetime
    due_on: date | None = None
    turn: Turn = Turn.TEAM

    @property
    def is_open(self) -> bool:
        """True until it is closed."""
        return self.state is not ApplicationState.CLOSED

    def can(self, event: ApplicationEvent, party: ApplicationParty) -> bool:
        """Whether `party` may let `event` happen now."""
        return party in ALLOWED[event] and (self.state, event) in MOVES

    def after(self, event: ApplicationEvent, party: ApplicationParty, now: datetime) -> Application:
        """The application after `event`. Raises `UnknownTransition` for what `can` denies."""
        if not self.can(event, party):
            raise UnknownTransition(f"an application {self.state} has no {event} by {party}")
        changed_at = self.changed_at if party is ApplicationParty.TIME else now
        return replace(self, state=MOVES[self.state, event], changed_at=changed_at)


@dataclass(frozen=True, slots=True)
class Coming:
    """Until when what is next is to be done, and whose turn it is."""

    due_on: date | None
    turn: Turn


def suggested(event: ApplicationEvent, day: date, decision: CarrierDecision | None = None) -> Coming:
    """What usually comes next after `event` on `day`. Staff check and change it.

    Sources: § 14 (1) SGB IX (two weeks after receipt a carrier has determined whether it is responsible),
    § 14 (2) SGB IX (three weeks after receipt it decides where no expert report is needed, also the one to
    which it was passed on), § 84 (1) SGG and § 70 (1) VwGO (an objection within one month after the decision
    was made known). What was asked for by letter has the deadline of the letter: none is suggested. The day
    of receipt is not known exactly, and exceptions exist: these are days to look, not deadlines.
    """
    match event:
        case ApplicationEvent.FILE:
            return Coming(day + timedelta(weeks=2), Turn.CARRIER)
        case ApplicationEvent.RECEIVE | ApplicationEvent.FORWARD | ApplicationEvent.HAND_IN:
            return Coming(day + timedelta(weeks=3), Turn.CARRIER)
        case ApplicationEvent.DECIDE if decision is not CarrierDecision.GRANTED:
            return Coming(months_later(day, 1), Turn.PERSON)
        case ApplicationEvent.WANT_PAPERS:
            return Coming(None, Turn.PERSON)
        case ApplicationEvent.OBJECT:
            return Coming(months_later(day, 3), Turn.CARRIER)
        case _:
            return Coming(None, Turn.TEAM)
