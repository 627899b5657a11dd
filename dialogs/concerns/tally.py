# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Signs that say little alone and much together: "müde", "allein", "wozu noch", "Abschied".

Each sign has points, counted once however often it stands there; signs of an everyday matter take points
away. A tally applies where the signs within `WINDOW` words reach its points. A sign that is negated, long
past or another person's does not count, nor does one inside a listed idiom.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from dialogs.concerns.modifiers import Surroundings, is_lowered
from dialogs.concerns.rulebook import Kind, Rule
from dialogs.concerns.search import Found

WINDOW = 30
"""So many words apart, two signs are two matters: a long message must not add up to a grave one."""


class Sum(msgspec.Struct, frozen=True):
    """A tally that applies, between the words `first` and `last`."""

    tally: Rule
    first: int
    last: int


def applying(around: Surroundings) -> list[Sum]:
    """The gravest tally that applies to this message, if any."""
    tallies = _within_reach(around)
    if not tallies:
        return []
    signs = sorted(around.marks[Kind.SIGN], key=lambda found: (found.first, found.last))
    # What lowers a sign is dear to find out, and seldom needed: most messages are too light in any case.
    tallies = [tally for tally in tallies if _reached(tally, signs, around) is not None]
    if tallies:
        signs = [found for found in signs if _counts(found, around)]
    for tally in tallies:
        at = _reached(tally, signs, around)
        if at is not None:
            return [Sum(tally, *at)]
    return []


def _within_reach(around: Surroundings) -> list[Rule]:
    """The tallies for which all signs together are enough: none in nearly every message."""
    points = {rule.id: rule.points for rule in map(around.rule, around.marks[Kind.SIGN]) if rule.points > 0}
    most = sum(points.values())
    return [tally for tally in around.book.tallies if tally.points <= most]


def _counts(found: Found, around: Surroundings) -> bool:
    rule = around.rule(found)
    if rule.points < 0:
        return True
    if found.last in around.idioms:
        return False
    return not is_lowered(found, rule, around)


def _reached(tally: Rule, signs: Sequence[Found], around: Surroundings) -> tuple[int, int] | None:
    """The first and the last word of the first window whose signs reach the points."""
    inside: dict[str, int] = {}
    points = left = 0
    rules = [around.rule(found) for found in signs]
    for at, (found, rule) in enumerate(zip(signs, rules, strict=True)):
        inside[rule.id] = inside.get(rule.id, 0) + 1
        points += rule.points if inside[rule.id] == 1 else 0
        while found.first - signs[left].first > WINDOW:
            gone = rules[left]
            inside[gone.id] -= 1
            points -= gone.points if not inside[gone.id] else 0
            left += 1
        if points >= tally.points and any(inside.get(sign) for sign in tally.needs or (rule.id,)):
            ahead = _calming_ahead(at, signs, around)
            if points + sum(value for sign, value in ahead.items() if not inside.get(sign)) >= tally.points:
                return signs[left].first, found.last
    return None


def _calming_ahead(at: int, signs: Sequence[Found], around: Surroundings) -> dict[str, int]:
    """The points that signs of an everyday matter take away, of those within the window behind this one."""
    points: dict[str, int] = {}
    for after in range(at + 1, len(signs)):
        if signs[after].first - signs[at].first > WINDOW:
            break
        rule = around.rule(signs[after])
        if rule.points < 0:
            points[rule.id] = rule.points
    return points
