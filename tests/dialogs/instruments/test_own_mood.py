# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The own mood question has no cut-off: it is compared with the same person's last three answers."""

from __future__ import annotations

import pytest

from dialogs.instruments import NotComputable, Reason, Score, Trend, compute, judge, shipped_packs
from dialogs.scales import Level

OWN = shipped_packs()["own_items"]


def moods(*values: int | None) -> list[Score | NotComputable]:
    """What the answers were counted as, oldest first; None is a question that was skipped."""
    return [compute(OWN, "mood", {"mood": value}) for value in values]


@pytest.mark.parametrize(
    ("answers", "median", "holds"),
    [
        ((6, 6, 6, 3), 6, True),
        ((6, 6, 6, 4), 6, False),
        ((2, 2, 2, 0), 2, False),
        ((9, 5, 7, 4), 7, True),
        ((9, 9, 5, 5, 5, 4), 5, False),
        ((10, 10, 10, 7), 10, True),
        ((3, 3, 3, 9), 3, False),
        ((6, None, 6, 6, 3), 6, True),
    ],
    ids=[
        "exactly three",
        "two",
        "always low is no drop",
        "the middle one counts",
        "only the last three",
        "a drop from a good level",
        "a rise",
        "a skipped week in between",
    ],
)
def test_a_drop_of_three_points_below_the_own_median(
    answers: tuple[int | None, ...], median: int, holds: bool
) -> None:
    found = judge(OWN, "mood_drop", moods(*answers))
    assert isinstance(found, Trend)
    assert (found.rule, found.version) == ("own_items.mood_drop", 2)
    assert (found.compared_with, found.holds, found.level) == (median, holds, Level.R1)


@pytest.mark.parametrize(
    ("answers", "reason"),
    [((), Reason.TOO_FEW), ((9, 9, 0), Reason.TOO_FEW), ((6, 6, 6, None), Reason.MISSING)],
)
def test_without_a_baseline_or_an_answer_nothing_is_judged(
    answers: tuple[int | None, ...], reason: Reason
) -> None:
    found = judge(OWN, "mood_drop", moods(*answers))
    assert isinstance(found, NotComputable)
    assert found.reason is reason


def test_scores_of_version_1_are_no_baseline_for_version_2() -> None:
    """They were counted by the same weights, but a comparison across versions is never made silently."""
    before = [Score(rule="own_items.mood", version=1, value=9) for _ in range(3)]
    found = judge(OWN, "mood_drop", [*before, *moods(3)])
    assert isinstance(found, NotComputable)
    assert found.reason is Reason.OTHER_RULE


def test_strength_sleep_and_work_have_no_trend_of_their_own() -> None:
    assert set(OWN.trends) == {"mood_drop"}
