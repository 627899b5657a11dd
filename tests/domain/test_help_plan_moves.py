# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Every state of a help plan with every event and every party, and numbers of steps that never move."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

import pytest

from bot.domain.help_plans import (
    ALLOWED,
    MOVES,
    Goal,
    HelpPlan,
    PlanContent,
    PlanEntry,
    PlanEvent,
    PlanParty,
    PlanState,
    Step,
    done_steps,
)
from bot.errors import UnknownTransition

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
PLAN = HelpPlan(1, 1, 1, PlanState.DRAFT, 1, 1, NOW, NOW)

#: What may happen in each state, as one would tell it: (event, who) and the state after it.
BOTH = (PlanParty.STAFF, PlanParty.PERSON)
GOING_ON = {(event, party) for event in (PlanEvent.TICK, PlanEvent.UNTICK) for party in BOTH} | {
    (PlanEvent.REMIND, PlanParty.TIME),
    (PlanEvent.REVIEW, PlanParty.TIME),
    (PlanEvent.CLOSE, PlanParty.STAFF),
    (PlanEvent.WRITE, PlanParty.STAFF),
}
EXPECTED = {
    PlanState.DRAFT: {
        (PlanEvent.WRITE, PlanParty.STAFF),
        (PlanEvent.PROPOSE, PlanParty.STAFF),
        (PlanEvent.CLOSE, PlanParty.STAFF),
    },
    PlanState.PROPOSED: GOING_ON | {(PlanEvent.CONFIRM, PlanParty.PERSON)},
    PlanState.AGREED: GOING_ON,
    PlanState.CHANGED: GOING_ON | {(PlanEvent.PROPOSE, PlanParty.STAFF)},
    PlanState.CLOSED: set(),
}


@pytest.mark.parametrize("state", PlanState)
def test_every_event_in_every_state(state: PlanState) -> None:
    plan = replace(PLAN, state=state)
    for event, party in product(PlanEvent, PlanParty):
        if (event, party) in EXPECTED[state]:
            assert plan.after(event, party, NOW).state is MOVES[state, event]
        else:
            with pytest.raises(UnknownTransition):
                plan.after(event, party, NOW)
    assert set(ALLOWED) == set(PlanEvent)


def test_what_the_person_sees_changes_only_when_it_is_proposed() -> None:
    plan, seen = PLAN, []
    for event in (
        *(PlanEvent.WRITE, PlanEvent.PROPOSE, PlanEvent.CONFIRM, PlanEvent.WRITE, PlanEvent.WRITE),
        PlanEvent.PROPOSE,
    ):
        party = PlanParty.PERSON if event is PlanEvent.CONFIRM else PlanParty.STAFF
        plan = plan.after(event, party, NOW)
        seen.append((plan.state.value, plan.version, plan.shown))
    assert seen == [
        ("draft", 1, 0),
        ("proposed", 1, 1),
        ("agreed", 1, 1),
        ("changed", 2, 1),
        ("changed", 2, 1),
        ("proposed", 2, 2),
    ]


def test_a_step_keeps_its_number_and_none_is_given_twice() -> None:
    first = PlanContent(goals=(Goal(words="Ziel", steps=(Step(words="a"), Step(words="b"))),)).numbered(0)
    assert [step.number for step in first.steps] == [1, 2]
    kept = next(step for step in first.steps if step.number == 2)
    steps = (kept, Step(words="c"), kept, Step(words="d", number=77))
    second = PlanContent(goals=(Goal(words="Ziel", steps=steps),)).numbered(first.last_step)
    assert [(step.words, step.number) for step in second.steps] == [("b", 2), ("c", 3), ("b", 4), ("d", 5)]
    assert second.last_step == 5


def test_the_last_word_about_a_step_counts() -> None:
    events = [(PlanEvent.TICK, 1), (PlanEvent.TICK, 2), (PlanEvent.UNTICK, 1), (PlanEvent.REMIND, 3)]
    history = [PlanEntry(NOW, event, "participant", 1, step) for event, step in events]
    assert set(done_steps(history)) == {2}
