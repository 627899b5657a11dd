# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Trends compare a person with the same person, and say which rule and which figures."""

from __future__ import annotations

import pytest

from dialogs.instruments import NotComputable, Reason, Score, Trend, judge, shipped_packs
from dialogs.scales import Level

WHO5 = shipped_packs()["who5"]


def scores(*values: int | None, rule: str = "who5.index", version: int = 1) -> list[Score | NotComputable]:
    """One score a value; `None` is a form that could not be computed."""
    skipped = NotComputable(rule=rule, version=version, reason=Reason.MISSING, items=("who_2",))
    return [skipped if one is None else Score(rule=rule, version=version, value=one) for one in values]


@pytest.mark.parametrize(
    ("history", "median", "holds"),
    [
        ((60, 60, 60, 52), 60, False),
        ((60, 60, 60, 48), 60, True),
        ((60, 60, 60, 50), 60, True),
        ((60, 60, 60, 51), 60, False),
        ((40, 80, 60, 48), 60, True),
        ((100, 100, 60, 60, 56, 52), 60, False),
        ((20, 20, 60, 60), 20, False),
        ((0, 0, 0, 0), 0, False),
    ],
    ids=["8", "12", "exactly 10", "9", "middle one", "only the last three", "a rise", "floor"],
)
def test_a_drop_against_the_median_of_the_last_three(
    history: tuple[int, ...], median: int, holds: bool
) -> None:
    used = history[-4:]
    assert judge(WHO5, "index_drop", scores(*history)) == Trend(
        rule="who5.index_drop",
        version=1,
        holds=holds,
        level=Level.R1,
        values=used,
        compared_with=median,
        change=used[-1] - median,
    )


@pytest.mark.parametrize(
    ("history", "holds"),
    [((28, 28), True), ((28, 32), False), ((32, 28), False), ((80, 20, 24), True), ((20, 24, 80), False)],
)
def test_two_in_a_row_at_or_below(history: tuple[int, ...], holds: bool) -> None:
    assert judge(WHO5, "index_low_twice", scores(*history)) == Trend(
        rule="who5.index_low_twice",
        version=1,
        holds=holds,
        level=Level.R1,
        values=history[-2:],
        compared_with=28,
        change=history[-1] - 28,
    )


def test_a_skipped_question_does_not_break_a_row() -> None:
    low = judge(WHO5, "index_low_twice", scores(20, None, 24))
    drop = judge(WHO5, "index_drop", scores(60, None, 60, 60, None, 40))
    assert isinstance(low, Trend)
    assert isinstance(drop, Trend)
    assert (low.holds, low.values) == (True, (20, 24))
    assert (drop.holds, drop.values) == (True, (60, 60, 60, 40))


@pytest.mark.parametrize(
    ("trend", "history", "reason"),
    [
        ("index_drop", scores(), Reason.TOO_FEW),
        ("index_drop", scores(60, 60, 20), Reason.TOO_FEW),
        ("index_drop", scores(60, None, 60, 20), Reason.TOO_FEW),
        ("index_low_twice", scores(20), Reason.TOO_FEW),
        ("index_low_twice", scores(20, 20, None), Reason.MISSING),
        ("index_low_twice", scores(20, 20, rule="who5.raw"), Reason.OTHER_RULE),
        ("index_low_twice", [*scores(20), *scores(20, version=2)], Reason.OTHER_RULE),
        ("mood_drop", scores(20, 20), Reason.NO_RULE),
    ],
)
def test_what_cannot_be_judged_says_why(
    trend: str, history: list[Score | NotComputable], reason: Reason
) -> None:
    found = judge(WHO5, trend, history)
    assert isinstance(found, NotComputable)
    assert (found.rule, found.reason) == (f"who5.{trend}", reason)


def test_a_version_before_the_scores_that_are_compared_does_not_matter() -> None:
    assert isinstance(judge(WHO5, "index_low_twice", [*scores(20, version=9), *scores(20, 20)]), Trend)
