# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The participants' own page: who may open it, with what beside the link, and for how long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

#: So many wrong answers close a link. The person loses nothing: a new link opens the same conversation.
MOST_TRIES = 5
#: So many lines about regular questions in a week call somebody to a page that they do not open.
MOST_LINES = 2
#: How the dedup key of such a line begins.
LINE = "page-line:"
SHORTEST_PIN, LONGEST_PIN = 6, 12
_STEPS = frozenset({-1, 0, 1})


class Factor(StrEnum):
    """What an agency asks for beside the link."""

    NONE = "none"
    BIRTH_YEAR = "birth_year"  # noted by the coach
    PIN = "pin"  # chosen by the person, at the first door


class Ask(StrEnum):
    """What a door asks of whoever stands before it."""

    NOTHING = "nothing"
    CHOOSE_PIN = "choose_pin"
    PIN = "pin"
    BIRTH_YEAR = "birth_year"


@dataclass(frozen=True, slots=True)
class PageRules:
    """How an agency has set up the page.

    A session nobody has used for `idle` is over. `leave_to` is where the quick exit leads; empty for an
    encyclopaedia.
    """

    factor: Factor = Factor.NONE
    link_lives: timedelta = timedelta(hours=24)
    idle: timedelta = timedelta(days=30)
    leave_to: str = ""


@dataclass(frozen=True, slots=True)
class PageLock:
    """What one person must know beside the link. `secret` is an argon2 hash."""

    agency_id: int
    participant_id: int
    factor: Factor
    secret: str
    set_at: datetime


@dataclass(frozen=True, slots=True)
class PageSession:
    """One browser in which somebody's page is open. `is_strong`: what the agency asks for was known there."""

    address_id: int
    agency_id: int
    participant_id: int
    opened_at: datetime
    seen_at: datetime
    is_strong: bool

    def is_over(self, now: datetime, idle: timedelta) -> bool:
        """Whether nobody has used it for too long."""
        return now - self.seen_at >= idle


def asked(factor: Factor, lock: PageLock | None, *, is_new: bool) -> Ask:
    """What a link asks for. `is_new`: it is the invitation of somebody who is not there yet.

    A year that nobody has noted cannot be asked for; a PIN that nobody has chosen is chosen now.
    """
    if factor is Factor.NONE:
        return Ask.NOTHING
    if lock is not None and lock.factor is factor and not is_new:
        return Ask(factor.value)
    return Ask.CHOOSE_PIN if factor is Factor.PIN else Ask.NOTHING


def is_enough(factor: Factor, lock: PageLock | None, session: PageSession) -> bool:
    """Whether a session may see what was said about somebody's health."""
    return session.is_strong or asked(factor, lock, is_new=False) in (Ask.NOTHING, Ask.CHOOSE_PIN)


def pin_fault(pin: str) -> bool:
    """Whether a PIN is none that somebody may choose: 6 to 12 digits, neither all the same nor in a row."""
    if not pin.isascii() or not pin.isdecimal() or not SHORTEST_PIN <= len(pin) <= LONGEST_PIN:
        return True
    steps = {int(after) - int(before) for before, after in pairwise(pin)}
    return len(steps) == 1 and steps <= _STEPS
