# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Rehearsals that somebody asked for in the console: what is wanted, how far it is, how much may be asked.

Everything in a rehearsal is invented, so nothing here is about anybody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from bot.errors import UnknownTransition

#: The most that is asked for at once: people times months, and each of the parts.
MOST_PERSON_MONTHS = 1200
MOST_PEOPLE, MOST_MONTHS, MOST_STAFF = 400, 36, 40
#: So many of an agency may wait; one runs at a time, in the whole installation.
MOST_WAITING = 3
#: A rehearsal whose process died is begun once more.
MOST_TRIES = 2
#: Measured on two cores shared with others (docs/rehearsal.md): the beginning, and one person for one month.
_BEGINNING, _PERSON_MONTH = timedelta(seconds=6), timedelta(seconds=0.17)


class RehearsalState(StrEnum):
    """How far a rehearsal is."""

    ASKED = "asked"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class RehearsalEvent(StrEnum):
    """What can happen to a rehearsal."""

    BEGIN = "begin"  # a process has it in hand
    GIVE_BACK = "give_back"  # that process ends before the rehearsal does
    BEGIN_AGAIN = "begin_again"  # that process was not heard of for too long, and another one has it in hand
    FINISH = "finish"  # there is a report
    FAIL = "fail"  # there will be none


class RehearsalFault(StrEnum):
    """Why there is no report."""

    PROGRAMME = "programme"  # this program cannot rehearse that version
    TOO_LONG = "too_long"
    TOO_LARGE = "too_large"  # the memory that it may have was not enough
    STOPPED = "stopped"  # it ended by itself, or its process died twice


_S, _E = RehearsalState, RehearsalEvent
#: Every move there is; what is not here cannot happen. DONE and FAILED are ends.
MOVES: Mapping[tuple[RehearsalState, RehearsalEvent], RehearsalState] = {
    (_S.ASKED, _E.BEGIN): _S.RUNNING,
    (_S.RUNNING, _E.GIVE_BACK): _S.ASKED,
    (_S.RUNNING, _E.BEGIN_AGAIN): _S.RUNNING,
    (_S.RUNNING, _E.FINISH): _S.DONE,
    (_S.RUNNING, _E.FAIL): _S.FAILED,
}


class RehearsalWish(msgspec.Struct, frozen=True):
    """What is to be rehearsed. `version` is that of the agency's programme, 0 for the one that ships.

    `against_staff` is a second number of coaches to compare with, 0 for no comparison. `language` is that of
    the report.
    """

    programme: str
    version: int
    people: int
    months: int
    staff: int
    against_staff: int = 0
    language: str = "de"

    @property
    def is_small_enough(self) -> bool:
        """Whether so much may be asked for at once."""
        return self.people * self.months <= MOST_PERSON_MONTHS


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """One that was asked for. `tries` counts how often it was begun; `lease_until` is set while it runs."""

    id: int
    agency_id: int
    asked_by: int
    asked_at: datetime
    wish: RehearsalWish
    state: RehearsalState = RehearsalState.ASKED
    tries: int = 0
    lease_until: datetime | None = None
    began_at: datetime | None = None
    ended_at: datetime | None = None
    fault: RehearsalFault | None = None

    def after(self, event: RehearsalEvent) -> RehearsalState:
        """The state after an event. Raises `UnknownTransition`."""
        try:
            return MOVES[self.state, event]
        except KeyError:
            raise UnknownTransition(f"a rehearsal that is {self.state} cannot {event}") from None


def reckoned(wish: RehearsalWish) -> timedelta:
    """About how long it takes from its beginning. A comparison takes twice as long."""
    times = 2 if wish.against_staff else 1
    return times * (_BEGINNING + wish.people * wish.months * _PERSON_MONTH)
