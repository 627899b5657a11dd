# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A score comes from complete, valid answers by a named rule, or there is a reason why not. Never a zero."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.conditions import Value
from dialogs.instruments import (
    NotComputable,
    Pack,
    Reason,
    Score,
    compute,
    compute_all,
    load_pack,
    shipped_packs,
)
from dialogs.instruments.model import Numbers
from tests.dialogs.instruments.shelves import record, shelve

PACKS = shipped_packs()
RULES = [(pack, rule) for pack, one in PACKS.items() for rule in one.rules]
PLAIN_SUMS = [
    ("phq9", "total"),
    ("phq9", "phq8"),
    ("gad7", "total"),
    ("phq4", "total"),
    ("who5", "index"),
    ("wsas", "total"),
    ("auditc", "total"),
]

Answers = dict[str, Value | None]


def numbers(pack: Pack) -> dict[str, Numbers]:
    return {key: item.answers for key, item in pack.items.items() if isinstance(item.answers, Numbers)}


def complete(pack: Pack) -> st.SearchStrategy[Answers]:
    one: dict[Any, Any] = {key: st.integers(scale.low, scale.high) for key, scale in numbers(pack).items()}
    return st.fixed_dictionaries(one)


def lowest(pack: Pack) -> Answers:
    return {key: scale.low for key, scale in numbers(pack).items()}


@pytest.mark.parametrize(("pack", "rule"), RULES)
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_every_complete_form_has_a_score_in_its_range_and_in_one_band(
    pack: str, rule: str, data: st.DataObject
) -> None:
    score = compute(PACKS[pack], rule, data.draw(complete(PACKS[pack])))
    assert isinstance(score, Score)
    found = PACKS[pack].rules[rule]
    assert found.low <= score.value <= found.high
    assert isinstance(score.value, int)
    assert (score.rule, score.version) == (f"{pack}.{rule}", PACKS[pack].version)
    bands = [band.name for band in found.bands if band.low <= score.value <= band.high]
    assert bands == ([score.band] if found.bands else [])


@pytest.mark.parametrize(("pack", "rule"), RULES)
def test_both_ends_of_the_range_can_be_reached(pack: str, rule: str) -> None:
    found, scales = PACKS[pack].rules[rule], numbers(PACKS[pack])
    for end, value in (("low", found.low), ("high", found.high)):
        other = "high" if end == "low" else "low"
        answers: Answers = {
            key: getattr(scale, other if key in found.reversed else end) for key, scale in scales.items()
        }
        score = compute(PACKS[pack], rule, answers)
        assert isinstance(score, Score)
        assert score.value == value


@pytest.mark.parametrize(("pack", "rule"), PLAIN_SUMS)
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_a_plain_sum_does_not_depend_on_the_order(pack: str, rule: str, data: st.DataObject) -> None:
    answers = data.draw(complete(PACKS[pack]))
    keys = list(PACKS[pack].rules[rule].weights)
    mixed = answers | dict(zip(keys, (answers[key] for key in data.draw(st.permutations(keys))), strict=True))
    assert compute(PACKS[pack], rule, mixed) == compute(PACKS[pack], rule, answers)


def test_a_reversed_item_counts_the_other_way_round() -> None:
    answers = lowest(PACKS["pss4"]) | {"pss_2": 4, "pss_3": 4}
    assert PACKS["pss4"].rules["total"].reversed == {"pss_2", "pss_3"}
    assert compute(PACKS["pss4"], "total", answers) == Score(rule="pss4.total", version=1, value=0)


@pytest.mark.parametrize(("first", "third", "value"), [(1, 5, -3), (3, 10, -30), (0, 0, 18), (3, 0, 0)])
def test_weights_and_a_multiplier(first: int, third: int, value: int, tmp_path: Path) -> None:
    """3 x (2 x (3 - first) - third)."""
    pack = load_pack(record(shelve(tmp_path)), "demo")
    score = compute(pack, "mixed", {"first": first, "third": third})
    assert score == Score(rule="demo.mixed", version=1, value=value)


@pytest.mark.parametrize(("pack", "rule"), RULES)
@pytest.mark.parametrize("skipped", [True, False], ids=["skipped", "not asked"])
def test_a_missing_answer_is_named_and_nothing_is_computed(pack: str, rule: str, skipped: bool) -> None:
    for key in PACKS[pack].rules[rule].weights:
        answers = lowest(PACKS[pack])
        if skipped:
            answers[key] = None
        else:
            del answers[key]
        assert compute(PACKS[pack], rule, answers) == NotComputable(
            rule=f"{pack}.{rule}", version=PACKS[pack].version, reason=Reason.MISSING, items=(key,)
        )


def test_no_answers_are_no_zero() -> None:
    for pack in PACKS.values():
        for score in compute_all(pack, {}).values():
            assert isinstance(score, NotComputable)
            assert score.reason is Reason.MISSING


@pytest.mark.parametrize("value", [-1, 4, 10**30, "2", "", 2.0, float("nan"), True, False])
def test_an_answer_out_of_range_is_named_and_nothing_is_computed(value: Value) -> None:
    answers = lowest(PACKS["phq9"]) | {"phq_7": value}
    for rule, score in compute_all(PACKS["phq9"], answers).items():
        assert score == NotComputable(
            rule=f"phq9.{rule}", version=1, reason=Reason.OUT_OF_RANGE, items=("phq_7",)
        ), "also where the rule does not look at the item"


def test_an_unknown_item_is_named_and_nothing_is_computed() -> None:
    answers = lowest(PACKS["phq2"]) | {"phq_3": 1}
    score = compute(PACKS["phq2"], "total", answers)
    assert score == NotComputable(rule="phq2.total", version=1, reason=Reason.UNKNOWN_ITEM, items=("phq_3",))


@settings(max_examples=50, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([*PACKS["phq4"].items, "phq_9", "", "mood"]),
        st.one_of(st.none(), st.integers(-2, 5), st.booleans(), st.text(max_size=3), st.floats()),
    )
)
def test_whatever_comes_in_a_score_comes_only_from_a_complete_valid_form(answers: Answers) -> None:
    score = compute(PACKS["phq4"], "total", answers)
    valid = answers.keys() == PACKS["phq4"].items.keys() and all(
        type(value) is int and 0 <= value <= 3 for value in answers.values()
    )
    assert isinstance(score, Score) == valid


@pytest.mark.parametrize(("pack", "rule"), [("spe", "total"), ("phq9", "phq4"), ("own_items", "total")])
def test_without_a_rule_nothing_is_computed(pack: str, rule: str) -> None:
    score = compute(PACKS[pack], rule, {})
    assert score == NotComputable(rule=f"{pack}.{rule}", version=PACKS[pack].version, reason=Reason.NO_RULE)


@pytest.mark.parametrize(
    ("raw", "answers", "index", "cutoffs"),
    [
        (12, (3, 2, 3, 2, 2), 48, ("at_most_50",)),
        (13, (3, 3, 3, 2, 2), 52, ()),
        (7, (1, 2, 1, 2, 1), 28, ("at_most_50", "at_most_28")),
        (8, (2, 2, 2, 1, 1), 32, ("at_most_50",)),
    ],
)
def test_who5_at_its_boundaries(
    raw: int, answers: tuple[int, ...], index: int, cutoffs: tuple[str, ...]
) -> None:
    scores = compute_all(PACKS["who5"], dict(zip(PACKS["who5"].items, answers, strict=True)))
    assert scores == {
        "raw": Score(rule="who5.raw", version=1, value=raw),
        "index": Score(rule="who5.index", version=1, value=index, cutoffs=cutoffs),
    }


def test_own_items_are_never_banded() -> None:
    own = PACKS["own_items"]
    assert all(not rule.bands and not rule.cutoffs and len(rule.weights) == 1 for rule in own.rules.values())
    answers: Answers = {
        "mood": 0,
        "sleep": 10,
        "strength": None,
        "achieved": "Ein Spaziergang",
        "contact": "no",
    }
    assert compute(own, "mood", answers) == Score(rule="own_items.mood", version=2, value=0)
    skipped = compute(own, "strength", answers)
    assert isinstance(skipped, NotComputable)
