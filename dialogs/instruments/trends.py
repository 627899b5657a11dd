# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A person's scores against that person's own earlier ones: absolute cut-offs ring for almost everybody.

Scores that could not be computed are left out before anything is compared: a skipped question in a bad week
must not break a row. Only if the newest could not be computed, there is nothing to judge.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median_low

import msgspec

from dialogs.instruments.model import Drop, Pack, TrendRule
from dialogs.instruments.scoring import NotComputable, Reason, Score
from dialogs.scales import Level


class Trend(msgspec.Struct, frozen=True, kw_only=True, tag="trend"):
    """What a trend rule found, with its figures.

    `values` are the scores looked at, oldest first. `compared_with` is the median or the limit, `change` how
    far the newest lies from it (negative: below). `level` is that of the rule, whether or not it `holds`.
    """

    rule: str
    version: int
    holds: bool
    level: Level
    values: tuple[int, ...]
    compared_with: int
    change: int


def judge(pack: Pack, trend: str, history: Sequence[Score | NotComputable]) -> Trend | NotComputable:
    """Judge the newest score; `history` is one person's, oldest first, by the rule the trend looks at."""
    rule, name = pack.trends.get(trend), f"{pack.id}.{trend}"
    if rule is None:
        return NotComputable(rule=name, version=pack.version, reason=Reason.NO_RULE)
    if history and isinstance(history[-1], NotComputable):
        last = history[-1]
        return NotComputable(rule=name, version=pack.version, reason=last.reason, items=last.items)
    needed = rule.of_last + 1 if isinstance(rule, Drop) else rule.in_a_row
    recent = [score for score in history if isinstance(score, Score)][-needed:]
    if any((score.rule, score.version) != (f"{pack.id}.{rule.score}", pack.version) for score in recent):
        return NotComputable(rule=name, version=pack.version, reason=Reason.OTHER_RULE)
    if len(recent) < needed:
        return NotComputable(rule=name, version=pack.version, reason=Reason.TOO_FEW)
    return _judged(rule, name, pack.version, tuple(score.value for score in recent))


def _judged(rule: TrendRule, name: str, version: int, values: tuple[int, ...]) -> Trend:
    if isinstance(rule, Drop):
        compared_with = median_low(values[:-1])
        holds = compared_with - values[-1] >= rule.points
    else:
        compared_with = rule.at_most
        holds = all(value <= rule.at_most for value in values)
    return Trend(
        rule=name,
        version=version,
        holds=holds,
        level=rule.level,
        values=values,
        compared_with=compared_with,
        change=values[-1] - compared_with,
    )
