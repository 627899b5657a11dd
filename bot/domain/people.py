# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""People and the ways to reach them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What somebody is to the agency. What each may do stands in `bot.domain.access`."""

    COACH = "coach"
    LEAD = "lead"
    ADMIN = "admin"
    EVALUATOR = "evaluator"  # numbers only, never a person
    PARTNER = "partner"  # another body that a person may be sent to
    EMPLOYER_CONTACT = "employer_contact"  # the contact at a firm for an internship


#: Who works with people or for those who do: only they are deputies, have duty, are called or look after
#: anybody.
TEAM = frozenset({Role.COACH, Role.LEAD, Role.ADMIN})


class Standing(StrEnum):
    """Where a participant stands with Lotse. There is no value for refusing or missing anything."""

    VISITOR = "visitor"  # wrote without an invitation; kept only because a concern needs an address
    INVITED = "invited"  # opened an invitation, has not agreed yet
    ACTIVE = "active"
    STOPPED = "stopped"  # said STOPP; only direct replies and crisis texts go out
    LEFT = "left"  # participation is over


class AddressState(StrEnum):
    """Whether an address can be written to."""

    OPEN = "open"
    CLOSED = "closed"  # the messenger said that it is permanently unreachable


@dataclass(frozen=True, slots=True)
class Participant:
    """A person in the programme. `case_code` is what staff notifications show instead of a name.

    `programme` is the one of their invitation; empty for the standard one.
    """

    id: int
    agency_id: int
    case_code: str
    standing: Standing
    language: str
    coach_id: int | None
    paused_until: datetime | None = None
    human_until: datetime | None = None
    zone: str = "Europe/Berlin"
    programme: str = ""

    def is_paused(self, now: datetime) -> bool:
        """True while the person asked to be left alone for a time."""
        return self.paused_until is not None and now < self.paused_until

    def talks_with_human(self, now: datetime) -> bool:
        """True while a coach leads the conversation and the bot keeps quiet."""
        return self.human_until is not None and now < self.human_until


@dataclass(frozen=True, slots=True)
class Staff:
    """A coach, lead or admin. `focus` is what their next typed words are for, like `reply:17`.

    Whoever has `left_at` set is not in the team any more and is never called.
    """

    id: int
    agency_id: int
    name: str
    role: Role
    language: str = "de"
    deputy_id: int | None = None
    focus: str = ""
    left_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Address:
    """Where somebody can be reached: one account on one channel."""

    id: int
    channel: str
    value: str
    state: AddressState = AddressState.OPEN
    participant_id: int | None = None
    staff_id: int | None = None


@dataclass(frozen=True, slots=True)
class Invitation:
    """A one-time code that binds an account to an enrolment or to a staff member."""

    id: int
    agency_id: int
    language: str
    programme: str
    coach_id: int | None = None
    staff_id: int | None = None
    participant_id: int | None = None
    expires_at: datetime | None = None
    used_at: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        """True while the code was neither used nor has expired."""
        return self.used_at is None and (self.expires_at is None or now < self.expires_at)
