# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.rehearsals import (
    MOVES,
    Rehearsal,
    RehearsalEvent,
    RehearsalState,
    RehearsalWish,
    reckoned,
)
from bot.errors import UnknownTransition

WISH = RehearsalWish("gecko", 0, people=60, months=3, staff=3)
ASKED = Rehearsal(1, 1, 1, datetime(2026, 11, 23, tzinfo=UTC), WISH)


@pytest.mark.parametrize("state", RehearsalState)
@pytest.mark.parametrize("event", RehearsalEvent)
def test_every_move_is_in_the_table_and_nothing_else_can_happen(
    state: RehearsalState, event: RehearsalEvent
) -> None:
    one = replace(ASKED, state=state)
    if (state, event) in MOVES:
        assert one.after(event) is MOVES[state, event]
        return
    with pytest.raises(UnknownTransition):
        one.after(event)


def test_what_is_over_stays_as_it_is() -> None:
    assert {state for state, _ in MOVES} == {RehearsalState.ASKED, RehearsalState.RUNNING}


def test_a_usual_one_is_a_matter_of_a_minute_and_a_comparison_takes_twice_as_long() -> None:
    assert timedelta(seconds=20) < reckoned(WISH) < timedelta(minutes=1)
    compared = RehearsalWish("gecko", 0, 60, 3, 3, against_staff=4)
    assert reckoned(compared) == 2 * reckoned(WISH)


@pytest.mark.parametrize(("people", "months", "fits"), [(400, 3, True), (50, 24, True), (401, 3, False)])
def test_people_times_months_have_a_limit(people: int, months: int, fits: bool) -> None:
    assert RehearsalWish("gecko", 0, people, months, 3).is_small_enough is fits
