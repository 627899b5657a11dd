# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Questionnaires inside a conversation: may one be asked now, and what do the answers count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from dialogs.conditions import Value
from dialogs.instruments import Duty, NotComputable, Pack, Refusal, Score, Trend, compute, judge, may_offer

SWITCHED_OFF = "switched_off"
DUTY_UNKNOWN = "duty_unknown"

History = Mapping[str, Sequence[Score | NotComputable]]


class Measured(msgspec.Struct, frozen=True):
    """What the rules of one questionnaire made of the answers."""

    scores: tuple[Score | NotComputable, ...]
    trends: tuple[Trend | NotComputable, ...]


def reasons_against(
    pack: Pack | None, on: frozenset[str], at: datetime, duty: Duty | None
) -> tuple[str, ...]:
    """Everything that speaks against asking a questionnaire at a moment; empty if nothing does.

    Where it matters what time it is, the clock is that of whoever must be there, as `duty` has it.
    """
    if pack is None or not pack.can_be_asked or not (pack.is_on_by_default or pack.id in on):
        return (SWITCHED_OFF,)
    if pack.offer is None:
        return ()
    if duty is None:
        return (DUTY_UNKNOWN,)
    if duty.closing is None:
        return (Refusal.NOBODY_READS_TODAY,)
    return may_offer(pack, at.astimezone(duty.closing.tzinfo), duty)


def measure(pack: Pack, answers: Mapping[str, Value | None], history: History) -> Measured:
    """Score the answers by every rule that looks at one of the questions asked, then judge the trends.

    `answers` holds every question that was asked, with None where it was skipped; `history` what there was
    before.
    """
    rules = [name for name, rule in pack.rules.items() if rule.weights.keys() <= answers.keys()]
    scores = {f"{pack.id}.{name}": compute(pack, name, answers) for name in rules}
    trends = [
        judge(pack, name, [*history.get(rule, ()), scores[rule]])
        for name, trend in pack.trends.items()
        if (rule := f"{pack.id}.{trend.score}") in scores
    ]
    return Measured(tuple(scores.values()), tuple(trends))


def measured(packs: Mapping[str, Pack], name: str, history: History) -> Value | None:
    """The newest value of a score ("phq4.total"), or whether a trend holds; None where there is none."""
    pack_id, _, rule = name.partition(".")
    pack = packs.get(pack_id)
    if pack is None:
        return None
    if rule in pack.trends:
        found = judge(pack, rule, history.get(f"{pack_id}.{pack.trends[rule].score}", ()))
        return found.holds if isinstance(found, Trend) else None
    scores = history.get(name, ())
    return scores[-1].value if scores and isinstance(scores[-1], Score) else None
