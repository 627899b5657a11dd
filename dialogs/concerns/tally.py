# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Signs that say little alone and much together: "müde", "allein", "wozu noch", "Abschied".

Each sign has points, counted once however often it stands there; signs of an everyday matter take points
away where something in their own sentence weighs. A tally applies where the signs within `WINDOW` words reach
its points. A sign that is negated, long past or another person's does not count, nor does one inside a listed
idiom.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import NamedTuple

import msgspec

from dialogs.concerns.modifiers import Surroundings, is_lowered
from dialogs.concerns.rules import Rule
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


class _Window(NamedTuple):
    """From which sign to which; the different signs within, and their points less what calms behind them."""

    first: int
    last: int
    points: int
    inside: set[str]


def applying(around: Surroundings) -> list[Sum]:
    """The gravest tally that applies to this message, if any."""
    tallies = _within_reach(around)
    if not tallies:
        return []
    signs = _in_order(around.marks.sign, around)
    # What lowers a sign is dear to find out, and seldom needed: most messages are too light in any case.
    tallies = _reaching(tallies, signs)
    if tallies:
        signs = _in_order([found for found in signs.found if _counts(found, around)], around)
        heavy = _heavy_windows(tallies, signs)
        for tally in tallies:
            at = _reached(tally, signs, heavy)
            if at is not None:
                return [Sum(tally, *at)]
    return []


def _reaching(tallies: Sequence[Rule], signs: _Signs) -> list[Rule]:
    heavy = _heavy_windows(tallies, signs)
    return [tally for tally in tallies if _reached(tally, signs, heavy) is not None]


def _in_order(found: Sequence[Found], around: Surroundings) -> _Signs:
    in_order = sorted(found, key=_BY_PLACE)
    rules = list(map(around.rule, in_order))
    if all(rule.points > 0 for rule in rules):
        return _Signs(in_order, rules)
    # What calms is left out where nothing in its sentence weighs: it belongs to another matter. A sign of one
    # point ("ich") stands in every sentence.
    both = list(zip(in_order, rules, strict=True))
    weigh = {around.sentence(each.last) for each, rule in both if rule.points > 1}
    both = [(each, rule) for each, rule in both if rule.points > 0 or around.sentence(each.first) in weigh]
    return _Signs([each for each, _ in both], [rule for _, rule in both])


def _within_reach(around: Surroundings) -> list[Rule]:
    """The tallies for which all signs together are enough: none in nearly every message."""
    points = {rule.id: rule.points for rule in map(around.rule, around.marks.sign) if rule.points > 0}
    most = sum(points.values())
    return [tally for tally in around.book.tallies if tally.points <= most]


def _counts(found: Found, around: Surroundings) -> bool:
    rule = around.rule(found)
    if rule.points < 0:
        return True
    if found.last in around.idioms:
        return False
    return not is_lowered(found, rule, around)


def _heavy_windows(tallies: Sequence[Rule], signs: _Signs) -> list[_Window]:
    """The windows, one ending at each sign, that are heavy enough for one of the tallies at least."""
    least = min(tally.points for tally in tallies)
    heavy: list[_Window] = []
    inside: dict[str, int] = {}
    points = left = 0
    found, rules = signs
    calming = [at for at, rule in enumerate(rules) if rule.points < 0]
    for at, rule in enumerate(rules):
        inside[rule.id] = inside.get(rule.id, 0) + 1
        points += rule.points if inside[rule.id] == 1 else 0
        while found[at].first - found[left].first > WINDOW:
            gone = rules[left]
            inside[gone.id] -= 1
            points -= gone.points if not inside[gone.id] else 0
            left += 1
        if points >= least:
            here = {sign for sign, times in inside.items() if times}
            ahead = {rules[each].id: rules[each].points for each in calming if _is_ahead(each, at, found)}
            calmed = sum(value for sign, value in ahead.items() if sign not in here)
            heavy.append(_Window(left, at, points + calmed, here))
    return heavy


def _reached(tally: Rule, signs: _Signs, heavy: Sequence[_Window]) -> tuple[int, int] | None:
    """The first and the last word of the first window whose signs reach the points."""
    for window in heavy:
        if window.points >= tally.points and not (tally.needs and window.inside.isdisjoint(tally.needs)):
            return signs.found[window.first].first, signs.found[window.last].last
    return None


def _is_ahead(one: int, other: int, found: Sequence[Found]) -> bool:
    """True if this sign comes after the other one, and lies within the window that begins there."""
    return one > other and found[one].first - found[other].first <= WINDOW
