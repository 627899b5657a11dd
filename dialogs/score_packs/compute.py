# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Computing a licensed score from complete, valid answers, or saying why there is none. It always ends."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise

from dialogs.conditions import Value
from dialogs.score_packs.model import (
    Computed,
    Input,
    Lookup,
    Mean,
    Missing,
    NoScore,
    Operation,
    Piecewise,
    ScorePack,
    WeightedSum,
)


def compute(pack: ScorePack, answers: Mapping[str, Value | None]) -> Computed | NoScore:
    """The score of `answers` by question ("dialog.answer"); None stands for one that was skipped."""
    taken = {name: _taken(wanted, answers) for name, wanted in pack.inputs.items()}
    for reason in (Missing.ANSWER, Missing.NOT_VALID):
        if items := tuple(name for name, one in taken.items() if one is reason):
            return NoScore(pack.id, pack.version, reason, items)
    known = {name: one for name, one in taken.items() if isinstance(one, Fraction)}
    for name, operation in pack.formula.items():
        result = _result(operation, known)
        if result is None:
            return NoScore(pack.id, pack.version, Missing.OUTSIDE)
        known[name] = result
    value = _rounded(known[pack.output], pack.decimals)
    if not pack.low <= value <= pack.high:
        return NoScore(pack.id, pack.version, Missing.OUTSIDE)
    below = {name: band.low for name, band in pack.bands.items() if band.low <= value}
    return Computed(pack.id, pack.version, value, max(below, key=below.__getitem__))


def _taken(wanted: Input, answers: Mapping[str, Value | None]) -> Fraction | Missing:
    answer = answers.get(wanted.question)
    if answer is None:
        return Missing.ANSWER
    number = _number(wanted, answer)
    return Missing.NOT_VALID if number is None else number


def _number(wanted: Input, answer: Value) -> Fraction | None:
    if wanted.options:
        key = {True: "yes", False: "no"}[answer] if isinstance(answer, bool) else str(answer)
        return wanted.options.get(key)
    is_valid = type(answer) is int and wanted.low <= answer <= wanted.high
    return Fraction(int(answer)) if is_valid else None


def _result(operation: Operation, known: Mapping[str, Fraction]) -> Fraction | None:
    match operation:
        case WeightedSum(weights, plus):
            return sum((known[name] * weight for name, weight in weights.items()), start=plus)
        case Mean(names):
            return sum((known[name] for name in names), start=Fraction(0)) / len(names)
        case Lookup(name, rows):
            return rows.get(known[name])
        case Piecewise(name, points):
            return _between(known[name], points)


def _between(at: Fraction, points: tuple[tuple[Fraction, Fraction], ...]) -> Fraction | None:
    for (left, low), (right, high) in pairwise(points):
        if left <= at <= right:
            return low + (high - low) * (at - left) / (right - left)
    return None


def _rounded(value: Fraction, decimals: int) -> Fraction:
    scaled = abs(value) * 10**decimals
    whole = Fraction(int(scaled + Fraction(1, 2)), 10**decimals)
    return whole if value >= 0 else -whole
