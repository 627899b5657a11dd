# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A person's help plan: goals in their own words, small steps, and when to look at it again.

Staff write and propose, the person confirms or says what does not fit, and either ticks off steps. Every
version and everything that happened is kept. A step that is not done is nothing that anybody has to explain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

import msgspec

from bot.errors import UnknownTransition

#: So long may words be, and so many goals and steps a plan have: it is to be read on a small screen.
LONGEST_WORDS, LONGEST_HELPER = 200, 80
MOST_GOALS, MOST_STEPS = 5, 15


class PlanState(StrEnum):
    """Where a help plan stands."""

    DRAFT = "draft"  # the person has not seen it yet
    PROPOSED = "proposed"  # staff stand behind it, and the person is asked
    AGREED = "agreed"  # both have confirmed the version that is shown
    CHANGED = "changed"  # staff write a new version; the person still sees the one before
    CLOSED = "closed"


class PlanEvent(StrEnum):
    """What can happen to a help plan."""

    WRITE = "write"  # staff write its content; once it was proposed this is a new version
    PROPOSE = "propose"  # staff confirm a version, and the person is asked
    CONFIRM = "confirm"  # the person confirms the version they have seen
    TICK = "tick"  # a step is done
    UNTICK = "untick"  # it is not done after all
    REMIND = "remind"  # the person was reminded of a step, because they wanted to be
    REVIEW = "review"  # the day has come to look at the plan again
    CLOSE = "close"


class PlanParty(StrEnum):
    """Who lets something happen to a help plan."""

    STAFF = "staff"
    PERSON = "person"
    TIME = "time"


_S, _E = PlanState, PlanEvent
_GOES_ON = (_S.PROPOSED, _S.AGREED, _S.CHANGED)
#: Every move there is; what is not here cannot happen. CLOSED is an end.
MOVES: Mapping[tuple[PlanState, PlanEvent], PlanState] = {
    (_S.DRAFT, _E.WRITE): _S.DRAFT,
    (_S.DRAFT, _E.PROPOSE): _S.PROPOSED,
    (_S.DRAFT, _E.CLOSE): _S.CLOSED,
    (_S.PROPOSED, _E.WRITE): _S.CHANGED,
    (_S.PROPOSED, _E.CONFIRM): _S.AGREED,
    (_S.AGREED, _E.WRITE): _S.CHANGED,
    (_S.CHANGED, _E.WRITE): _S.CHANGED,
    (_S.CHANGED, _E.PROPOSE): _S.PROPOSED,
    **{(state, _E.CLOSE): _S.CLOSED for state in _GOES_ON},
    **{(state, event): state for state in _GOES_ON for event in (_E.TICK, _E.UNTICK, _E.REMIND, _E.REVIEW)},
}

#: Only the person confirms for themselves; what somebody has done, both know.
ALLOWED: Mapping[PlanEvent, frozenset[PlanParty]] = {
    _E.WRITE: frozenset({PlanParty.STAFF}),
    _E.PROPOSE: frozenset({PlanParty.STAFF}),
    _E.CONFIRM: frozenset({PlanParty.PERSON}),
    _E.TICK: frozenset({PlanParty.STAFF, PlanParty.PERSON}),
    _E.UNTICK: frozenset({PlanParty.STAFF, PlanParty.PERSON}),
    _E.REMIND: frozenset({PlanParty.TIME}),
    _E.REVIEW: frozenset({PlanParty.TIME}),
    _E.CLOSE: frozenset({PlanParty.STAFF}),
}


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One step. `number` is its own within the plan for ever; 0 for one that is new.

    `who` does it, as a word of `dialogs.programme_model.Who`; `helper` is who helps, in words.
    """

    words: str
    number: int = 0
    due: date | None = None
    who: str = "person"
    helper: str = ""


class Goal(msgspec.Struct, frozen=True, kw_only=True):
    """A goal in the person's words, with its steps."""

    words: str
    steps: tuple[Step, ...] = ()


class PlanContent(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in one version. `last_step` is the highest number that a step ever had."""

    goals: tuple[Goal, ...] = ()
    review_on: date | None = None
    last_step: int = 0

    @property
    def steps(self) -> Iterator[Step]:
        """All steps, in their order."""
        return (step for goal in self.goals for step in goal.steps)

    def step(self, number: int) -> Step | None:
        """The step of this number."""
        return next((step for step in self.steps if step.number == number), None)

    def numbered(self, last_step: int) -> PlanContent:
        """The same with a number for each new step; `last_step` is the highest that was ever given.

        A number that was never given, or that stands there twice, is replaced by a new one.
        """
        known, given = last_step, set[int]()
        goals = []
        for goal in self.goals:
            steps = []
            for step in goal.steps:
                number = step.number
                if not 0 < number <= known or number in given:
                    last_step = number = last_step + 1
                given.add(number)
                steps.append(msgspec.structs.replace(step, number=number))
            goals.append(msgspec.structs.replace(goal, steps=tuple(steps)))
        return msgspec.structs.replace(self, goals=tuple(goals), last_step=last_step)


@dataclass(frozen=True, slots=True)
class PlanEntry:
    """Something that happened to a plan; `step` is 0 where it is about no single one."""

    at: datetime
    event: PlanEvent
    actor: str
    version: int
    step: int = 0


@dataclass(frozen=True, slots=True)
class HelpPlan:
    """A person's plan. They have one that goes on at the most.

    `version` is the newest, `shown` the one that the person sees, 0 before the first was proposed. `reminds`:
    the person wants to be reminded of steps. `review_at` is when to look at it again.
    """

    id: int
    agency_id: int
    participant_id: int
    state: PlanState
    version: int
    made_by: int
    made_at: datetime
    changed_at: datetime
    shown: int = 0
    reminds: bool = False
    review_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """True until it is closed."""
        return self.state is not PlanState.CLOSED

    def can(self, event: PlanEvent, party: PlanParty) -> bool:
        """Whether `party` may let `event` happen now."""
        return party in ALLOWED[event] and (self.state, event) in MOVES

    def after(self, event: PlanEvent, party: PlanParty, now: datetime) -> HelpPlan:
        """The plan after `event`. Raises `UnknownTransition` for what `can` denies."""
        if not self.can(event, party):
            raise UnknownTransition(f"a help plan {self.state} has no {event} by {party}")
        changed = replace(self, state=MOVES[self.state, event], changed_at=now)
        if event is PlanEvent.WRITE and self.shown == self.version:
            return replace(changed, version=self.version + 1)
        return replace(changed, shown=self.version) if event is PlanEvent.PROPOSE else changed


def done_steps(history: Iterable[PlanEntry]) -> Mapping[int, PlanEntry]:
    """Which steps are done, with who ticked them off last and when; `history` the oldest first."""
    found: dict[int, PlanEntry] = {}
    for entry in history:
        if entry.event is PlanEvent.TICK:
            found[entry.step] = entry
        elif entry.event is PlanEvent.UNTICK:
            found.pop(entry.step, None)
    return found


def reminded_steps(history: Iterable[PlanEntry]) -> frozenset[int]:
    """Of which steps the person was reminded. Once is enough."""
    return frozenset(entry.step for entry in history if entry.event is PlanEvent.REMIND)
