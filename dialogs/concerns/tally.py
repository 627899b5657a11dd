# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Signs that say little alone and much together: "müde", "allein", "wozu noch", "Abschied".

Each sign has points, counted once however often it stands there; signs of an everyday matter take points
away. A tally applies where the signs within `WINDOW` words reach its points. A sign that is negated, long
past or another person's does not count, nor does one inside a listed idiom.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import NamedTuple

import msgspec

from dialogs.concerns.modifiers import Surroundings, is_lowered
from dialogs.concerns.rulebook import Kind, Rule
from dialogs.concerns.search import Found

WINDOW = 30
"""So many words apart, two signs are two matters: a long message must not add up to a grave one."""
_BY_PLACE = attrgetter("first", "last")


class Sum(msgspec.Struct, frozen=True):
    """A tally that applies, between the words `first` and `last`."""

    tally: Rule
    first: int
    last: int


class _Signs(NamedTuple):
    """Signs in the order of the message, and what each belongs to."""

    found: list[Found]
    rules: list[Rule]


def applying(around: Surroundings) -> list[Sum]:
    """The gravest tally that applies to this message, if any."""
    tallies = _within_reach(around)
    if not tallies:
        return []
    signs = _in_order(around.marks[Kind.SIGN], around)
    most = max(points for _, _, points, _ in _windows(signs))
    # What lowers a sign is dear to find out, and seldom needed: most messages are too light in any case.
    tallies = [tally for tally in tallies if tally.points <= most and _reached(tally, signs) is not None]
    if tallies:
        signs = _in_order([found for found in signs.found if _counts(found, around)], around)
    for tally in tallies:
        at = _reached(tally, signs)
        if at is not None:
            return [Sum(tally, *at)]
    return []


def _in_order(found: Sequence[Found], around: Surroundings) -> _Signs:
    in_order = sorted(found, key=_BY_PLACE)
    return _Signs(in_order, list(map(around.rule, in_order)))


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


def _windows(signs: _Signs) -> Iterator[tuple[int, int, int, dict[str, int]]]:
    """For each sign the first one in its window, the points in there, and how often each sign is there."""
    inside: dict[str, int] = {}
    points = left = 0
    found, rules = signs
    for at, rule in enumerate(rules):
        inside[rule.id] = inside.get(rule.id, 0) + 1
        points += rule.points if inside[rule.id] == 1 else 0
        while found[at].first - found[left].first > WINDOW:
            gone = rules[left]
            inside[gone.id] -= 1
            points -= gone.points if not inside[gone.id] else 0
            left += 1
        yield at, left, points, inside


def _reached(tally: Rule, signs: _Signs) -> tuple[int, int] | None:
    """The first and the last word of the first window whose signs reach the points."""
    for at, left, points, inside in _windows(signs):
        if points >= tally.points and any(inside.get(sign) for sign in tally.needs or (signs.rules[at].id,)):
            ahead = _calming_ahead(at, signs)
            if points + sum(value for sign, value in ahead.items() if not inside.get(sign)) >= tally.points:
                return signs.found[left].first, signs.found[at].last
    return None


def _calming_ahead(at: int, signs: _Signs) -> dict[str, int]:
    """The points that signs of an everyday matter take away, of those within the window behind this one."""
    points: dict[str, int] = {}
    found, rules = signs
    for after in range(at + 1, len(rules)):
        if found[after].first - found[at].first > WINDOW:
            break
        if rules[after].points < 0:
            points[rules[after].id] = rules[after].points
    return points
