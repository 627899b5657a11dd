# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Licensed scores: refused without their papers; computed exactly or not at all, whatever was answered."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.conditions import Value
from dialogs.problems import DialogError
from dialogs.score_packs import Computed, Missing, NoScore, ScorePack, compute, load_score_packs
from dialogs.score_packs.model import Band, Input, Lookup, Mean, Operation, Piecewise, WeightedSum

SHELF = Path(__file__).parents[2] / "docs" / "examples" / "score_packs"
DEMO = load_score_packs(SHELF)["demo_score"]


def answered(pebbles: Value | None, clouds: Value | None, lantern: Value | None) -> dict[str, Value | None]:
    """The answers to the demonstration's questions."""
    return {
        "demo_questions.pebbles": pebbles,
        "demo_questions.clouds": clouds,
        "demo_questions.lantern": lantern,
    }


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (answered(0, 0, False), (0, "first")),
        (answered(10, 10, True), (100, "second")),
        (answered(0, 10, False), (50, "second")),
        (answered(1, 9, False), (48, "first")),
        # Half away from zero: 52.5 is 53.
        (answered(3, 4, True), (53, "second")),
        (answered(3, None, True), (Missing.ANSWER, ("clouds",))),
        (answered(None, None, None), (Missing.ANSWER, ("pebbles", "clouds", "lantern"))),
        ({}, (Missing.ANSWER, ("pebbles", "clouds", "lantern"))),
        (answered(11, 4, True), (Missing.NOT_VALID, ("pebbles",))),
        (answered(-1, "4", True), (Missing.NOT_VALID, ("pebbles", "clouds"))),
        (answered(True, 4, True), (Missing.NOT_VALID, ("pebbles",))),
        (answered(2.0, 4, True), (Missing.NOT_VALID, ("pebbles",))),
        (answered(2, 4, "perhaps"), (Missing.NOT_VALID, ("lantern",))),
        # What is missing is named before what is not valid.
        (answered(11, None, True), (Missing.ANSWER, ("clouds",))),
    ],
)
def test_computed_from_complete_valid_answers_or_not_at_all(
    answers: Mapping[str, Value | None], expected: tuple[object, object]
) -> None:
    found = compute(DEMO, answers)
    assert (found.pack, found.version) == ("demo_score", 1)
    if isinstance(found, Computed):
        assert (found.value, found.band) == expected
    else:
        assert (found.reason, found.items) == expected


def changed(folder: Path, old: str, new: str) -> Path:
    """A copy of the demonstration in which one thing is different."""
    shutil.copytree(SHELF / "demo_score", folder / "demo_score")
    file = folder / "demo_score" / "score.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("source: ", "sources: ", "the field 'source' is missing"),
        ("validity:\n", "validities:\n", "the field 'validity' is missing"),
        ("fixed_sentence:\n", "sentence:\n", "the field 'fixed_sentence' is missing"),
        ("verlieren die meisten Menschen", "behalten viele Menschen", "the fixed sentence in 'de'"),
        ("  de-x-einfach:", "  fr:", "the fixed sentence in 'de-x-einfach'"),
        ("version: 1", "version: one", "'version' is not a number"),
        ("score: demo_score", "score: other", "the folder's name is 'demo_score'"),
        ("from: value,", "from: values,", "there is no operation 'values'"),
        ("piecewise: together", "piecewise: later", "'later' is neither an input nor an operation before"),
        ("{0: 0, 20: 50, 40: 100}", "{0: 0}", "two points or more are needed"),
        ("{0: 0, 20: 50, 40: 100}", "{20: 50, 0: 0}", "two points or more are needed"),
        ("sum: {pebbles: 1", "eval: {pebbles: 1", "one operation is needed here"),
        ("clouds: 2,", "clouds: __import__,", "'clouds' is not a number"),
        ("second: {from: 50", "second: {from: 0", "the bands are not in rising order"),
        ("first: {from: 0", "first: {from: 10", "the bands do not cover the range"),
        ("de: Stufe 2", "de: Hohes Risiko", "rates people"),
        ("en: Band 2", "en: red", "rates people"),
        ("low: 0, high: 10}", "low: 10, high: 10}", "'low' is not below 'high'"),
        ("demo_questions.clouds", "clouds", "this is no question"),
    ],
)
def test_a_pack_that_is_not_whole_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, what: str
) -> None:
    with pytest.raises(DialogError) as refused:
        load_score_packs(changed(tmp_path, old, new))
    found = [one for one in refused.value.problems if what in one.what]
    assert found, [str(one) for one in refused.value.problems]
    assert found[0].file == "demo_score/score.yaml"
    assert found[0].remedy


@pytest.mark.parametrize("paper", ["LICENSE", "NOTICE"])
@pytest.mark.parametrize("is_empty", [True, False])
def test_a_pack_without_its_papers_is_refused(tmp_path: Path, paper: str, is_empty: bool) -> None:
    shutil.copytree(SHELF / "demo_score", tmp_path / "demo_score")
    file = tmp_path / "demo_score" / paper
    file.unlink()
    if is_empty:
        file.touch()
    with pytest.raises(DialogError) as refused:
        load_score_packs(tmp_path)
    assert [one.file for one in refused.value.problems] == [f"demo_score/{paper}"]


NUMBERS = st.integers(-400, 400).map(lambda number: Fraction(number, 8))
VALUES: st.SearchStrategy[Value | None] = st.one_of(
    st.none(), st.booleans(), st.integers(-20, 20), st.floats(allow_nan=True), st.text(max_size=5)
)


@st.composite
def packs(draw: st.DrawFn) -> ScorePack:
    """Any pack that the reader would accept."""
    inputs = {
        f"i{n}": Input(f"d.i{n}", 0, draw(st.integers(1, 10)))
        if draw(st.booleans())
        else Input(f"d.i{n}", options={"yes": draw(NUMBERS), "no": draw(NUMBERS)})
        for n in range(draw(st.integers(1, 4)))
    }
    formula: dict[str, Operation] = {}
    for number in range(draw(st.integers(1, 5))):
        name = draw(st.sampled_from([*inputs, *formula]))
        formula[f"o{number}"] = draw(
            st.one_of(
                st.builds(WeightedSum, st.just({name: draw(NUMBERS)}), NUMBERS),
                st.builds(Mean, st.lists(st.just(name), min_size=1, max_size=3).map(tuple)),
                st.builds(Lookup, st.just(name), st.dictionaries(NUMBERS, NUMBERS, min_size=1, max_size=3)),
                st.builds(
                    Piecewise,
                    st.just(name),
                    st.dictionaries(NUMBERS, NUMBERS, min_size=2, max_size=4).map(
                        lambda rows: tuple(sorted(rows.items()))
                    ),
                ),
            )
        )
    low = draw(st.integers(-50, 50))
    high = low + draw(st.integers(1, 100))
    return ScorePack(
        id="any",
        version=draw(st.integers(1, 9)),
        title={"de": "Irgendeins"},
        inputs=inputs,
        formula=formula,
        output=draw(st.sampled_from([*formula])),
        low=Fraction(low),
        high=Fraction(high),
        decimals=draw(st.integers(0, 3)),
        bands={"only": Band(Fraction(low), {"de": "Stufe 1"})},
        source="Erfunden",
        validity={"de": "Nirgends erprobt"},
        fixed_sentence={},
    )


@settings(max_examples=60)
@given(st.data())
def test_the_formula_always_ends_within_its_range_or_with_a_reason(data: st.DataObject) -> None:
    pack = data.draw(packs())
    answers = {one.question: data.draw(VALUES) for one in pack.inputs.values()}
    found = compute(pack, answers)
    assert found.version == pack.version
    if isinstance(found, NoScore):
        assert set(found.items) <= pack.inputs.keys()
        assert bool(found.items) is (found.reason is not Missing.OUTSIDE)
        return
    assert pack.low <= found.value <= pack.high
    assert (found.value * 10**pack.decimals).denominator == 1
    assert found.band in pack.bands
    for one in pack.inputs.values():
        assert answers[one.question] is not None
        assert compute(pack, {**answers, one.question: None}) != found


@settings(max_examples=30)
@given(st.text(max_size=300))
def test_whatever_stands_in_the_file_it_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    folder = tmp_path_factory.mktemp("packs") / "any"
    folder.mkdir()
    for name, content in (("LICENSE", "x"), ("NOTICE", "x"), ("score.yaml", text)):
        (folder / name).write_text(content, encoding="utf-8")
    with pytest.raises(DialogError):
        load_score_packs(folder.parent)
