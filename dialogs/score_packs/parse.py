# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""From a `score.yaml` to a pack. All problems at once, each with its line and what to do about it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import pairwise

from dialogs.fields import NAME, Fields
from dialogs.model import Texts
from dialogs.problems import did_you_mean
from dialogs.score_packs.model import (
    FIXED_SENTENCE,
    Band,
    Input,
    Lookup,
    Mean,
    Operation,
    Piecewise,
    ScorePack,
    WeightedSum,
)

FORMAT = 1
MOST_INPUTS, MOST_OPERATIONS, MOST_ROWS, MOST_DECIMALS = 100, 30, 500, 3
_NUMBER = re.compile(r"-?\d{1,9}(\.\d{1,6})?", re.ASCII)
_QUESTION = re.compile(r"[a-z][a-z0-9_]{0,39}\.[a-z][a-z0-9_]{0,39}")
#: A band only names a part of the range: none of these says something about a person.
_RATING = re.compile(
    r"risiko|gefahr|gefähr|krank|gesund|schlecht|schlimm|kritisch|auffällig|normal|arbeitsunfähig|erwerbsunfähig"
    r"|\b(rot|gelb|grün)e?\b|risk|danger|\bill\b|healthy|\bbad\b|severe|critical|\b(red|yellow|green|amber)\b"
    r"|unfit|poor",
    re.IGNORECASE,
)
_ONE = {"sum": "sum: {a: 1, b: 2}", "mean": "mean: [a, b]", "table": "table: a", "piecewise": "piecewise: a"}


def parse_score(fields: Fields) -> ScorePack:
    """The pack that a file describes. If the notes of `fields` then hold problems, it must not be used."""
    if fields.whole("format", 0, 0, 1_000_000) != FORMAT:
        fields.notes.problem(fields.mapping, "the format is not known", "Write format: 1.")
    inputs = _inputs(fields)
    formula = _formula(fields, inputs)
    output = fields.nested("output", "Write output: {from: NAME, low: 0, high: 100}.")
    fields.scalar("version", "Write version: 1, and a higher number after every change.")
    pack = ScorePack(
        id=fields.name("score", "Write score: and the name of the folder."),
        version=fields.whole("version", 1, 1, 1_000_000),
        title=fields.texts("title", "Write title: and below it de: ... and en: ..."),
        inputs=inputs,
        formula=formula,
        output=_known(output, "from", formula) if output else "",
        low=_number(output, "low") if output else Fraction(0),
        high=_number(output, "high") if output else Fraction(0),
        decimals=output.whole("decimals", 0, 0, MOST_DECIMALS) if output else 0,
        bands=_bands(fields),
        source=_line(fields, "source", "Write source: and where the rule was published, with year and DOI."),
        validity=fields.texts(
            "validity", "Write validity: and below it, by language, for whom it was tried and how well."
        ),
        fixed_sentence=_fixed(fields),
        is_demonstration=fields.flag("demonstration"),
    )
    if output:
        output.finish()
        _check_range(fields, pack)
    fields.finish()
    return pack


def _line(fields: Fields, key: str, required: str) -> str:
    found = fields.scalar(key, required)
    return found.text.strip() if found else ""


def _fixed(fields: Fields) -> Texts:
    remedy = f"Write fixed_sentence: and below it de: {FIXED_SENTENCE['de']}"
    found = fields.texts("fixed_sentence", remedy)
    for language, sentence in FIXED_SENTENCE.items():
        if found and found.get(language) != sentence:
            at = fields.tree("fixed_sentence") or fields.mapping
            what = f"the fixed sentence in '{language}' is missing or changed"
            fields.notes.problem(at, what, f"Write {language}: {sentence}")
    return found


def _inputs(fields: Fields) -> dict[str, Input]:
    found: dict[str, Input] = {}
    inner = _named(fields, "inputs", MOST_INPUTS)
    for name, one in inner.items():
        question = one.scalar("question", "Write question: DIALOG.ANSWER, for example own_items.mood.")
        if question is not None and not _QUESTION.fullmatch(question.text):
            one.notes.problem(question, "this is no question", "Write for example check.sleep.")
        options = one.nested("options")
        asked = question.text if question else ""
        if options is not None:
            found[name] = Input(asked, options=_numbers(options))
        else:
            for key in ("low", "high"):
                one.scalar(key, "Write low: and high:, or options: {yes: 1, no: 0}.")
            found[name] = Input(asked, one.whole("low", 0, -1000, 1000), one.whole("high", 1, -1000, 1000))
            if found[name].low >= found[name].high:
                one.notes.problem(one.mapping, "'low' is not below 'high'", "Write the smaller as low.")
        one.finish()
    return found


def _formula(fields: Fields, inputs: Mapping[str, Input]) -> dict[str, Operation]:
    found: dict[str, Operation] = {}
    for name, one in _named(fields, "formula", MOST_OPERATIONS).items():
        kinds = [kind for kind in _ONE if one.has(kind)]
        if len(kinds) != 1:
            what = "one operation is needed here"
            one.notes.problem(one.mapping, what, f"Write one of: {', '.join(_ONE.values())}.")
            continue
        operation = _OPERATIONS[kinds[0]](one)
        one.finish()
        known = [*inputs, *found]
        for needed in operation.needs:
            if needed not in known:
                what = f"'{needed[:80]}' is neither an input nor an operation before this one"
                one.notes.problem(one.mapping, what, did_you_mean(needed, known))
        if name in inputs:
            one.notes.problem(one.mapping, f"'{name}' is an input already", "Give it another name.")
        found[name] = operation
    return found


def _sum(fields: Fields) -> Operation:
    inner = fields.nested("sum")
    weights = _numbers(inner) if inner else {}
    if not weights:
        fields.notes.problem(fields.mapping, "the sum is empty", "Write sum: {a: 1, b: 2}.")
    return WeightedSum(weights, _number(fields, "plus", "0"))


def _mean(fields: Fields) -> Operation:
    names = fields.names("mean")
    if not names:
        fields.notes.problem(fields.mapping, "the mean is of nothing", "Write mean: [a, b].")
    return Mean(names)


def _table(fields: Fields) -> Operation:
    return Lookup(fields.name("table"), dict(_pairs(fields, "rows")))


def _piecewise(fields: Fields) -> Operation:
    points = _pairs(fields, "points")
    if len(points) < 2 or any(left >= right for (left, _), (right, _) in pairwise(points)):
        at = fields.tree("points") or fields.mapping
        fields.notes.problem(
            at, "two points or more are needed, in rising order", "Write points: {0: 0, 10: 100}."
        )
    return Piecewise(fields.name("piecewise"), points)


_OPERATIONS: Mapping[str, Callable[[Fields], Operation]] = {
    "sum": _sum,
    "mean": _mean,
    "table": _table,
    "piecewise": _piecewise,
}


def _bands(fields: Fields) -> dict[str, Band]:
    found: dict[str, Band] = {}
    for name, one in _named(fields, "bands", MOST_OPERATIONS).items():
        one.scalar("from", "Write from: and the number at which the band begins.")
        said = one.texts("name", "Write name: and below it de: ... and en: ...")
        for language, text in said.items():
            if hit := _RATING.search(text):
                what = f"the band's name in '{language}' rates people: '{hit.group()}'"
                one.notes.problem(one.mapping, what, "Name the part of the range only: Stufe 1, Stufe 2.")
        found[name] = Band(_number(one, "from"), said)
        one.finish()
    return found


def _check_range(fields: Fields, pack: ScorePack) -> None:
    begins = [band.low for band in pack.bands.values()]
    at = fields.tree("bands") or fields.mapping
    if pack.low >= pack.high:
        at = fields.tree("output") or fields.mapping
        fields.notes.problem(at, "'low' is not below 'high'", "Write the smaller number as low.")
    elif begins and (begins[0] != pack.low or begins[-1] > pack.high):
        fields.notes.problem(at, "the bands do not cover the range", f"Let the first begin at {pack.low}.")
    if any(left >= right for left, right in pairwise(begins)):
        fields.notes.problem(at, "the bands are not in rising order", "Write the lowest first.")


def _named(fields: Fields, key: str, most: int) -> dict[str, Fields]:
    inner = fields.nested(key, f"Write {key}: and below it one line or more with a name.")
    found: dict[str, Fields] = {}
    for name, entry in inner.mapping.entries.items() if inner else ():
        one = inner.nested(name) if inner else None
        if not NAME.fullmatch(name):
            fields.notes.problem(entry.key, f"'{name[:80]}' is not a name", "Use a-z, digits and _.")
        elif one is not None:
            found[name] = one
    if inner and not 0 < len(inner.mapping.entries) <= most:
        fields.notes.problem(inner.mapping, f"'{key}' needs 1 to {most} entries", "Write at least one.")
    return found


def _known(fields: Fields, key: str, names: Mapping[str, object]) -> str:
    found = fields.scalar(key, "Write from: and the name of an operation.")
    if found is not None and found.text not in names:
        what = f"there is no operation '{found.text[:80]}'"
        fields.notes.problem(found, what, did_you_mean(found.text, names))
    return found.text if found else ""


def _number(fields: Fields, key: str, default: str = "") -> Fraction:
    found = fields.scalar(key, "" if default else f"Write {key}: and a number.")
    if found is None:
        return Fraction(default or 0)
    if not _NUMBER.fullmatch(found.text):
        fields.notes.problem(found, f"'{key}' is not a number", "Write digits, for example 2 or 0.5.")
        return Fraction(0)
    return Fraction(found.text)


def _numbers(fields: Fields) -> dict[str, Fraction]:
    return {name: _number(fields, name) for name in fields.mapping.entries}


def _pairs(fields: Fields, key: str) -> tuple[tuple[Fraction, Fraction], ...]:
    inner = fields.nested(key, f"Write {key}: {{0: 0, 10: 100}}.")
    if inner is None:
        return ()
    entries = inner.mapping.entries
    if not 0 < len(entries) <= MOST_ROWS:
        inner.notes.problem(inner.mapping, f"'{key}' needs 1 to {MOST_ROWS} rows", "Write at least one.")
    found = []
    for name, entry in entries.items():
        if _NUMBER.fullmatch(name):
            found.append((Fraction(name), _number(inner, name)))
        else:
            inner.notes.problem(entry.key, f"'{name[:80]}' is not a number", "Write digits: 2 or 0.5.")
            inner.has(name)
    return tuple(found)
