# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""From answers to a score, or to the reason why there is none. Never a silent zero."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from dialogs.conditions import Value
from dialogs.instruments.model import Numbers, Pack, ScoringRule

Answers = Mapping[str, Value | None]
"""Item key to answer; `None`, or not there, means skipped."""


class Reason(StrEnum):
    """Why something could not be computed."""

    MISSING = "missing"
    """Items without an answer."""
    OUT_OF_RANGE = "out_of_range"
    """Answers that their scale does not have."""
    UNKNOWN_ITEM = "unknown_item"
    """Answers to items that the pack does not have."""
    NO_RULE = "no_rule"
    """The pack has no such rule: its key is not published, or the name is wrong."""
    TOO_FEW = "too_few"
    """Fewer scores than the trend looks at."""
    OTHER_RULE = "other_rule"
    """Scores by another rule or version among those that would be compared."""


class Score(msgspec.Struct, frozen=True, kw_only=True, tag="score"):
    """A value, and by which rule ("phq9.total") of which version of the pack it came about."""

    rule: str
    version: int
    value: int
    band: str = ""
    cutoffs: tuple[str, ...] = ()


class NotComputable(msgspec.Struct, frozen=True, kw_only=True, tag="not_computable"):
    """No value, and why. `items` are the keys that the reason is about."""

    rule: str
    version: int
    reason: Reason
    items: tuple[str, ...] = ()


def compute(pack: Pack, rule: str, answers: Answers) -> Score | NotComputable:
    """One score. Every answer given must be valid, also those that the rule does not look at.

    A wrong answer beside the rule means that this is not the form that the rule was made for.
    """
    found, name = pack.rules.get(rule), f"{pack.id}.{rule}"
    if found is None:
        return NotComputable(rule=name, version=pack.version, reason=Reason.NO_RULE)
    for reason, items in (
        (Reason.UNKNOWN_ITEM, tuple(sorted(answers.keys() - pack.items.keys()))),
        (Reason.OUT_OF_RANGE, _out_of_range(pack, answers)),
        (Reason.MISSING, tuple(key for key in found.weights if answers.get(key) is None)),
    ):
        if items:
            return NotComputable(rule=name, version=pack.version, reason=reason, items=items)
    value = found.times * sum(
        weight * _counted(pack, found, key, answers[key]) for key, weight in found.weights.items()
    )
    return Score(
        rule=name,
        version=pack.version,
        value=value,
        band=next((band.name for band in found.bands if band.low <= value <= band.high), ""),
        cutoffs=tuple(cutoff.name for cutoff in found.cutoffs if cutoff.is_met(value)),
    )


def compute_all(pack: Pack, answers: Answers) -> dict[str, Score | NotComputable]:
    """Every score of the pack, by its rule's own name."""
    return {rule: compute(pack, rule, answers) for rule in pack.rules}


def _out_of_range(pack: Pack, answers: Answers) -> tuple[str, ...]:
    given = ((item, answers.get(key)) for key, item in pack.items.items())
    return tuple(item.key for item, value in given if value is not None and not item.answers.admits(value))


def _counted(pack: Pack, rule: ScoringRule, key: str, value: Value | None) -> int:
    """The answer as it counts. Every weighted item has numbers, and `value` was found to be one of them."""
    numbers = pack.items[key].answers
    if not isinstance(numbers, Numbers) or not isinstance(value, int):
        raise TypeError("only whole numbers are scored")
    return numbers.low + numbers.high - value if key in rule.reversed else value
