# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Concerns: what a human must see. Their states are a table; what is not in it cannot happen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.errors import UnknownTransition


class Level(StrEnum):
    """How soon a human should look. The values sort by urgency."""

    R0 = "R0"
    R1 = "R1"  # strain, or a wish for contact: next working day
    R2 = "R2"  # serious: the same day
    R3 = "R3"  # danger now


class State(StrEnum):
    """Where a concern stands in the staff queue."""

    OPEN = "open"  # nobody has it
    TAKEN = "taken"  # somebody pressed "take over", the next step is still missing
    IN_HAND = "in_hand"  # taken over, with a date, and a next step unless it was snoozed
    CLOSED = "closed"


def read_level(stored: str) -> Level:
    """The level of a row; one that does not exist counts as the gravest: a human looks at it first."""
    return Level(stored) if stored in set(Level) else Level.R3


def read_state(stored: str) -> State:
    """Where a row stands; what does not exist counts as open, so that somebody takes it over."""
    return State(stored) if stored in set(State) else State.OPEN


class Event(StrEnum):
    """What can happen to a concern."""

    TAKE_OVER = "take_over"
    PLAN = "plan"  # a next step with its date
    SNOOZE = "snooze"  # a date without a step
    DUE = "due"  # the time for the next step (or for choosing one) has passed
    HAND_OVER = "pass_on"  # the stored word of the first release
    RAISE = "raise"  # a human says that it is more urgent
    LOWER = "lower"  # a human says that it is less urgent, and why
    CLOSE = "close"
    REOPEN = "reopen"


class Outcome(StrEnum):
    """Why a human closed a concern."""

    REACHED = "reached"
    NOT_REACHED = "not_reached"
    EMERGENCY = "emergency"  # handed to 112 or a crisis service
    THIRD_PERSON = "third_person"  # somebody else was informed
    NO_NEED = "no_need"
    CORRECTED = "corrected"  # what the person said is not right about their data is right by now
    STAYS = "stays"  # it was looked at and stays as it is; the person was told why


#: What the history says once the promised moment is over: the person heard that nobody has answered yet, or
#: need not hear it, because a human has written to them.
TOLD_NOBODY_YET, ANSWERED_IN_TIME = "told_nobody_yet", "answered_in_time"
#: The reason of a concern in which somebody says that something about them is not right (Art. 16 GDPR).
NOT_RIGHT = "not_right"
_OF_A_CORRECTION = frozenset({Outcome.CORRECTED, Outcome.STAYS})


#: Acknowledging needs a next step or a date: TAKE_OVER alone leads only to TAKEN, and DUE leads back to OPEN.
#: A raised level asks for a new step; whoever reopens a concern has it.
TRANSITIONS: dict[tuple[State, Event], State] = {
    (State.OPEN, Event.TAKE_OVER): State.TAKEN,
    (State.OPEN, Event.HAND_OVER): State.OPEN,
    (State.OPEN, Event.RAISE): State.OPEN,
    (State.OPEN, Event.LOWER): State.OPEN,
    (State.OPEN, Event.DUE): State.OPEN,
    (State.TAKEN, Event.TAKE_OVER): State.TAKEN,
    (State.TAKEN, Event.PLAN): State.IN_HAND,
    (State.TAKEN, Event.SNOOZE): State.IN_HAND,
    (State.TAKEN, Event.HAND_OVER): State.OPEN,
    (State.TAKEN, Event.RAISE): State.TAKEN,
    (State.TAKEN, Event.LOWER): State.TAKEN,
    (State.TAKEN, Event.DUE): State.OPEN,
    (State.TAKEN, Event.CLOSE): State.CLOSED,
    (State.IN_HAND, Event.TAKE_OVER): State.TAKEN,
    (State.IN_HAND, Event.PLAN): State.IN_HAND,
    (State.IN_HAND, Event.SNOOZE): State.IN_HAND,
    (State.IN_HAND, Event.HAND_OVER): State.OPEN,
    (State.IN_HAND, Event.RAISE): State.TAKEN,
    (State.IN_HAND, Event.LOWER): State.IN_HAND,
    (State.IN_HAND, Event.DUE): State.OPEN,
    (State.IN_HAND, Event.CLOSE): State.CLOSED,
    (State.CLOSED, Event.REOPEN): State.TAKEN,
}


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A concern as the queue lists it: everything that orders it and says whose it is, and no words.

    `rung` is the step of the ladder that comes next, `round` how often the ladder has begun.
    `next_action_at` is never empty while the concern is not closed (promise P1). `uncovered` says that
    nobody on duty could be reached. `language` is the person's.
    """

    id: int
    agency_id: int
    participant_id: int
    level: Level
    source: str
    reason: str
    state: State
    raised_at: datetime
    owner_id: int | None
    next_action_at: datetime | None
    rung: int = 0
    round: int = 0
    taken_by: int | None = None
    uncovered: bool = False
    case_code: str = ""
    language: str = ""

    @property
    def is_open(self) -> bool:
        """True until a human has closed it."""
        return self.state is not State.CLOSED

    def is_overdue(self, now: datetime) -> bool:
        """True if it is open and its moment has passed, or if a whole ladder was climbed in vain."""
        if not self.is_open:
            return False
        in_vain = self.state is State.OPEN and self.round > 0
        return in_vain or self.next_action_at is None or self.next_action_at <= now


@dataclass(frozen=True, slots=True)
class Concern(QueueRow):
    """One concern of one person, whole. Append-only in its history; never merged with another.

    `policy` is the snapshot of the ladder at the moment it was raised.
    """

    policy: str = ""
    next_step: str = ""
    quote: str = ""
    outcome: Outcome | None = None
    receipt_given: bool = False

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """Why a human may close it: what somebody said is not right has an answer of its own."""
        is_correction = self.reason == NOT_RIGHT
        return tuple(one for one in Outcome if (one in _OF_A_CORRECTION) == is_correction)

    def can(self, event: Event) -> bool:
        """Whether the table has a move for `event` from here."""
        return (self.state, event) in TRANSITIONS

    def after(self, event: Event) -> Concern:
        """The concern after `event`. Raises `UnknownTransition` if the table has no such move."""
        try:
            state = TRANSITIONS[self.state, event]
        except KeyError:
            raise UnknownTransition(f"concern {self.state} has no {event}") from None
        return replace(self, state=state)


def urgency(concern: QueueRow, now: datetime) -> tuple[bool, int, float, int]:
    """The order of the queue, for sorting: the smallest comes first.

    First what is overdue, what nobody on duty could be called for, and danger; within both groups the higher
    level, then the sooner next action, then the older one.
    """
    is_first = concern.is_overdue(now) or concern.uncovered or concern.level is Level.R3
    due = concern.next_action_at.timestamp() if concern.next_action_at else 0.0
    return (not is_first, -int(concern.level.value[1]), due, concern.id)
