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
from typing import NamedTuple

import msgspec

from dialogs.concerns.modifiers import Surroundings, is_lowered
from dialogs.concerns.rules import Rule
from dialogs.concerns.search import Found

WINDOW = 30
"""So many words apart, two signs are two matters: a long message must not add up to a grave one."""
_BY_PLACE = attrgetter("first", "last")
_BY_CALM = attrgetter("calm")


class Sum(msgspec.Struct, frozen=True):
    """A tally that applies, between the words `first` and `last`."""

    tally: Rule
    first: int
    last: int


class _Sign(NamedTuple):
    """A sign where it stands. Where others calm it: the number of their sentence, and their points."""

    found: Found
    rule: Rule
    sentence: int = -1
    calm: int = 0


class _Window(NamedTuple):
    """From which word to which; the different signs within, and their points less what calms."""

    first: int
    last: int
    points: int
    inside: set[str]


def applying(around: Surroundings) -> list[Sum]:
    """The gravest tally that applies to this message, if any."""
    tallies = _within_reach(around)
    if not tallies:
        return []
    signs = _weighing(around)
    # What lowers a sign is dear to find out, and seldom needed: most messages are too light in any case.
    tallies = [tally for tally, _ in _reached(tallies, signs)]
    if not tallies:
        return []
    reached = _reached(tallies, [each for each in signs if _counts(each, around)])
    return [Sum(tally, window.first, window.last) for tally, window in reached[:1]]


def _within_reach(around: Surroundings) -> list[Rule]:
    """The tallies for which all signs together are enough: none in nearly every message."""
    points = {rule.id: rule.points for rule in map(around.rule, around.marks.sign) if rule.points > 0}
    most = sum(points.values())
    return [tally for tally in around.book.tallies if tally.points <= most]


def _weighing(around: Surroundings) -> list[_Sign]:
    """The signs that weigh, in the order of the message."""
    found = sorted(around.marks.sign, key=_BY_PLACE)
    signs = list(map(_Sign, found, map(around.rule, found)))
    calming: defaultdict[int, list[_Sign]] = defaultdict(list)
    for each in signs:
        if each.rule.points < 0:
            calming[around.sentence(each.found.last)].append(each)
    weighing = [each for each in signs if each.rule.points > 0]
    return [_calmed(each, around, calming) for each in weighing] if calming else weighing


def _calmed(sign: _Sign, around: Surroundings, calming: Mapping[int, Sequence[_Sign]]) -> _Sign:
    """The sign with what calms in its sentence, up to `WINDOW` words away."""
    place = sign.found.first
    sentence = around.sentence(place)
    if sentence not in calming:
        return sign
    near = [each.rule for each in calming[sentence] if abs(each.found.first - place) <= WINDOW]
    calm = sum({rule.id: -rule.points for rule in near}.values())
    return sign._replace(sentence=sentence, calm=calm) if calm else sign


def _counts(sign: _Sign, around: Surroundings) -> bool:
    return sign.found.last not in around.idioms and not is_lowered(sign.found, sign.rule, around)


def _reached(tallies: Sequence[Rule], signs: Sequence[_Sign]) -> list[tuple[Rule, _Window]]:
    """The tallies whose points are reached, each with the first window in which they are."""
    windows = list(_windows(signs, min(tally.points for tally in tallies)))
    reached: list[tuple[Rule, _Window]] = []
    for tally in tallies:
        for window in windows:
            if window.points >= tally.points and not (tally.needs and window.inside.isdisjoint(tally.needs)):
                reached.append((tally, window))
                break
    return reached


def _windows(signs: Sequence[_Sign], least: int) -> Iterator[_Window]:
    """The windows that reach so many points, but those that lie within another one."""
    inside: dict[str, int] = {}
    points = calm = left = 0
    for at, (found, rule, _, calming) in enumerate(signs):
        inside[rule.id] = inside.get(rule.id, 0) + 1
        points += rule.points if inside[rule.id] == 1 else 0
        calm += calming
        while found.first - signs[left].found.first > WINDOW:
            gone = signs[left]
            inside[gone.rule.id] -= 1
            points -= 0 if inside[gone.rule.id] else gone.rule.points
            calm -= gone.calm
            left += 1
        if points < least:
            continue
        first = signs[left].found.first
        if at + 1 == len(signs) or signs[at + 1].found.first - first > WINDOW:
            within = signs[left : at + 1]
            remaining = _sum(within) if calm else points
            if remaining >= least:
                yield _Window(first, found.last, remaining, {each.rule.id for each in within})


def _sum(signs: Sequence[_Sign]) -> int:
    """The points of these signs, less in each sentence what calms there, and no less than nothing."""
    points: dict[int, int] = {}
    counted: set[str] = set()
    # A sign that stands twice counts where less calms it.
    for _, rule, sentence, calm in sorted(signs, key=_BY_CALM):
        if rule.id not in counted:
            counted.add(rule.id)
            points[sentence] = points.get(sentence, -calm) + rule.points
    return sum(each for each in points.values() if each > 0)
