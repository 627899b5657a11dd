# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The life of a concern: every state meets every event, and only a human ends it (promise P1)."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product

import pytest

from bot.domain.concerns import TRANSITIONS, Concern, Event, Level, State
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


def test_levels_sort_by_urgency() -> None:
    assert sorted([Level.R3, Level.R0, Level.R2, Level.R1]) == [Level.R0, Level.R1, Level.R2, Level.R3]
