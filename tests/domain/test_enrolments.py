# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Time in a programme: every place with every move, and months by the calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.enrolments import (
    Move,
    PhaseEvent,
    Place,
    after,
    current,
    entered_ever,
    months_later,
    whole_months,
)
from bot.errors import UnknownTransition

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
P, M = Place, Move
#: For each place, what each move leads to; what is not here must be refused.
EXPECTED = {
    P.OUTSIDE: {M.BEGIN: P.OUTSIDE, M.ENTER: P.INSIDE, M.UPGRADE: P.OUTSIDE, M.END: P.CLOSED},
    P.INSIDE: {M.LEAVE: P.OUTSIDE, M.UPGRADE: P.INSIDE, M.END: P.CLOSED},
    P.CLOSED: {},
}


@pytest.mark.parametrize("place", Place)
@pytest.mark.parametrize("move", Move)
def test_every_place_with_every_move(place: Place, move: Move) -> None:
    if move in EXPECTED[place]:
        assert after(place, move) is EXPECTED[place][move]
    else:
        with pytest.raises(UnknownTransition):
            after(place, move)


def history(*moves: tuple[Move, str]) -> list[PhaseEvent]:
    return [
        PhaseEvent(1, NOW + timedelta(days=number), move, phase, "staff:1")
        for number, (move, phase) in enumerate(moves)
    ]


def test_phases_overlap_and_after_the_end_nothing_moves() -> None:
    lived = history(
        (M.BEGIN, ""), (M.ENTER, "a"), (M.ENTER, "b"), (M.LEAVE, "a"), (M.UPGRADE, ""), (M.ENTER, "a")
    )
    assert current(lived[:3]) == {"a": lived[1].at, "b": lived[2].at}
    assert current(lived) == {"b": lived[2].at, "a": lived[5].at}
    ended = [*lived, *history((M.END, ""))]
    assert current(ended) == {}
    assert entered_ever(ended) == {"a", "b"}
    for late in ((M.ENTER, "c"), (M.ENTER, "a"), (M.UPGRADE, "")):
        with pytest.raises(UnknownTransition):
            current([*ended, *history(late)])


@pytest.mark.parametrize(
    ("since", "day", "months"),
    [
        (date(2026, 11, 23), date(2026, 11, 23), 0),
        (date(2026, 11, 23), date(2028, 10, 22), 22),
        (date(2026, 11, 23), date(2028, 10, 23), 23),
        (date(2026, 11, 23), date(2028, 11, 22), 23),
        (date(2026, 11, 23), date(2028, 11, 23), 24),
        (date(2027, 8, 31), date(2028, 2, 28), 5),
        (date(2027, 8, 31), date(2028, 2, 29), 6),
        (date(2024, 2, 29), date(2026, 2, 28), 24),
        (date(2026, 11, 23), date(2026, 11, 22), -1),
    ],
)
def test_whole_months(since: date, day: date, months: int) -> None:
    assert whole_months(since, day) == months
    assert months_later(since, months) <= day < months_later(since, months + 1)
