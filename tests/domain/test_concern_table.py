# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The life of a concern: every state meets every event, and only a human ends it (promise P1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from bot.domain.concerns import TRANSITIONS, Concern, Event, Level, State, urgency
from bot.errors import UnknownTransition

RAISED = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def concern(state: State) -> Concern:
    return Concern(
        id=1,
        agency_id=1,
        participant_id=1,
        level=Level.R2,
        source="message",
        reason="test",
        state=state,
        raised_at=RAISED,
        owner_id=1,
        next_action_at=RAISED,
    )


@pytest.mark.parametrize(("state", "event"), list(product(State, Event)))
def test_only_what_the_table_has_can_happen(state: State, event: Event) -> None:
    before = concern(state)
    if (state, event) in TRANSITIONS:
        assert before.can(event)
        assert before.after(event).state is TRANSITIONS[state, event]
    else:
        assert not before.can(event)
        with pytest.raises(UnknownTransition):
            before.after(event)


def test_nothing_that_happens_by_itself_closes_a_concern() -> None:
    by_itself = {Event.DUE}
    assert not [move for move, to in TRANSITIONS.items() if to is State.CLOSED and move[1] in by_itself]
    assert {event for (_, event), to in TRANSITIONS.items() if to is State.CLOSED} == {Event.CLOSE}


def test_taking_over_is_not_yet_acknowledging() -> None:
    taken = concern(State.OPEN).after(Event.TAKE_OVER)
    assert taken.state is State.TAKEN
    assert taken.after(Event.DUE).state is State.OPEN
    assert taken.after(Event.PLAN).state is State.IN_HAND


def test_nobody_closes_what_nobody_has_taken() -> None:
    assert not concern(State.OPEN).can(Event.CLOSE)


@pytest.mark.parametrize("event", [Event.PLAN, Event.SNOOZE])
def test_a_step_or_a_date_acknowledges(event: Event) -> None:
    assert not concern(State.OPEN).can(event)
    assert concern(State.TAKEN).after(event).state is State.IN_HAND


def test_whoever_reopens_a_concern_has_it() -> None:
    assert concern(State.CLOSED).after(Event.REOPEN).state is State.TAKEN


def test_a_raised_level_wants_a_new_step_and_a_lowered_one_does_not() -> None:
    assert concern(State.IN_HAND).after(Event.RAISE).state is State.TAKEN
    assert concern(State.IN_HAND).after(Event.LOWER).state is State.IN_HAND


@pytest.mark.parametrize("state", [state for state in State if state is not State.CLOSED])
def test_what_was_given_to_somebody_is_in_nobodys_hand(state: State) -> None:
    assert concern(state).after(Event.HAND_OVER).state is State.OPEN


def test_the_queue_begins_with_what_must_not_wait() -> None:
    now = RAISED + timedelta(hours=5)
    later, soon = now + timedelta(hours=9), now + timedelta(hours=1)
    rows = [
        replace(concern(State.OPEN), id=1, level=Level.R1, next_action_at=later),
        replace(concern(State.OPEN), id=2, level=Level.R2, next_action_at=later),
        replace(concern(State.OPEN), id=3, level=Level.R2, next_action_at=soon),
        replace(concern(State.OPEN), id=4, level=Level.R1, next_action_at=later, uncovered=True),
        replace(concern(State.IN_HAND), id=5, level=Level.R2, next_action_at=RAISED),
        replace(concern(State.OPEN), id=6, level=Level.R3, next_action_at=later),
        replace(concern(State.OPEN), id=7, level=Level.R3, next_action_at=soon),
        replace(concern(State.OPEN), id=8, level=Level.R1, next_action_at=later, round=1),
    ]
    assert [one.id for one in sorted(rows, key=lambda one: urgency(one, now))] == [7, 6, 5, 4, 8, 3, 2, 1]
    assert not replace(concern(State.CLOSED), round=3).is_overdue(now)


def test_levels_sort_by_urgency() -> None:
    assert sorted([Level.R3, Level.R0, Level.R2, Level.R1]) == [Level.R0, Level.R1, Level.R2, Level.R3]
