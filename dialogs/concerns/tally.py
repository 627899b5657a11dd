# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Signs that say little alone and much together: "müde", "allein", "wozu noch", "Abschied".

Each sign has points, counted once however often it stands there; signs of an everyday matter take points
away, from what weighs in their own sentence and no more. A tally applies where the signs within `WINDOW`
words reach its points. A sign that is negated, long past or another person's does not count, nor does one
inside a listed idiom.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from operator import attrgetter

import msgspec

from dialogs.concerns.modifiers import Surroundings, is_lowered
from dialogs.concerns.rules import Rule
from dialogs.concerns.search import Found

WINDOW = 30
"""So many words apart, two signs are two matters: a long message must not add up to a grave one."""
_BY_PLACE = attrgetter("first", "last")
_CALM = attrgetter("calm")


class Sum(msgspec.Struct, frozen=True):
    """A tally that applies, between the words `first` and `last`."""

    tally: Rule
    first: int
    last: int


class _Sign(msgspec.Struct, frozen=True, gc=False):
    """A sign that weighs, where it stands; the number of its sentence, and how many points calm it there."""

    found: Found
    rule: Rule
    sentence: int
    calm: int


def applying(around: Surroundings) -> list[Sum]:
    """The gravest tally that applies to this message, if any."""
    found = sorted(around.marks.sign, key=_BY_PLACE)
    rules = list(map(around.rule, found))
    # All signs together are enough for none in nearly every message.
    tallies = _fitting(around.book.tallies, {rule.id: rule.points for rule in rules if rule.points > 0})
    if not tallies:
        return []
    least = min(tally.points for tally in tallies)
    signs = _weighing(found, rules, around)
    # What lowers a sign is dear to find out, and seldom needed: most messages are too light in any case.
    heavy: set[int] = set()
    for span in _windows(signs, least):
        if _reached(tallies, signs[span]):
            heavy.update(range(span.start, span.stop))
    counting = [signs[at] for at in sorted(heavy) if _counts(signs[at], around)]
    windows = [counting[span] for span in _windows(counting, least)]
    for tally in tallies:
        for window in windows:
            if _reached([tally], window):
                return [Sum(tally, window[0].found.first, window[-1].found.last)]
    return []


def _fitting(tallies: Sequence[Rule], points: Mapping[str, int]) -> list[Rule]:
    """The tallies for which these signs would be enough if nothing calmed or lowered them."""
    most = sum(points.values())
    return [
        tally
        for tally in tallies
        if tally.points <= most and not (tally.needs and points.keys().isdisjoint(tally.needs))
    ]


def _weighing(found: Sequence[Found], rules: Sequence[Rule], around: Surroundings) -> list[_Sign]:
    """The signs that weigh, in the order in which they were found."""
    calming: defaultdict[int, list[tuple[int, Rule]]] = defaultdict(list)
    for each, rule in zip(found, rules, strict=True):
        if rule.points < 0:
            calming[around.sentence(each.first)].append((each.first, rule))
    signs: list[_Sign] = []
    for each, rule in zip(found, rules, strict=True):
        if rule.points > 0:
            sentence = around.sentence(each.first) if calming else 0
            calm = _calm(each.first, calming[sentence]) if sentence in calming else 0
            signs.append(_Sign(each, rule, sentence, calm))
    return signs


def _calm(place: int, calming: Sequence[tuple[int, Rule]]) -> int:
    """How many points signs of the same sentence take away there: those up to `WINDOW` words from it."""
    near = [rule for first, rule in calming if abs(first - place) <= WINDOW]
    return sum({rule.id: -rule.points for rule in near}.values())


def _counts(sign: _Sign, around: Surroundings) -> bool:
    return sign.found.last not in around.idioms and not is_lowered(sign.found, sign.rule, around)


def _windows(signs: Sequence[_Sign], least: int) -> Iterator[slice]:
    """The places of signs within `WINDOW` words of each other, but not of those within another window.

    Only where they have `least` points together, were each of them counted.
    """
    firsts, weights = [sign.found.first for sign in signs], [sign.rule.points for sign in signs]
    left = points = 0
    for at, (first, weight) in enumerate(zip(firsts, weights, strict=True), 1):
        points += weight
        while first - firsts[left] > WINDOW:
            points -= weights[left]
            left += 1
        is_last = at == len(signs) or firsts[at] - firsts[left] > WINDOW
        if is_last and points >= least:
            yield slice(left, at)


def _reached(tallies: Sequence[Rule], window: Sequence[_Sign]) -> list[Rule]:
    """The tallies whose points are reached in this window."""
    fitting = _fitting(tallies, {each.rule.id: each.rule.points for each in window})
    if not fitting:
        return []
    points = _remaining(window)
    return [tally for tally in fitting if tally.points <= points]


def _remaining(window: Sequence[_Sign]) -> int:
    """The points of these signs, less in each sentence what calms there, and no less than nothing."""
    points: dict[int, int] = {}
    counted: set[str] = set()
    # A sign that stands twice counts where less calms it.
    for sign in sorted(window, key=_CALM):
        if sign.rule.id not in counted:
            counted.add(sign.rule.id)
            points[sign.sentence] = points.get(sign.sentence, -sign.calm) + sign.rule.points
    return sum(each for each in points.values() if each > 0)
