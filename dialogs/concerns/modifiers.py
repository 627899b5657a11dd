# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What stands around a hit and makes it less urgent: a negation, a time long gone, another person.

All of them together lower a level by one, and never below R1: a message that says "nicht" is still
worth reading.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cached_property, reduce
from operator import or_

from dialogs.concerns.normalise import Break
from dialogs.concerns.rule_files import set_of
from dialogs.concerns.rulebook import Kind, Modifier, Rule, Rulebook
from dialogs.concerns.search import Found, View
from dialogs.scales import Level

_NEGATION_BEFORE = 4
_NEGATION_AFTER = 3
_CONTRAST_AFTER = 8
_SUBJECT_BEFORE = 8
_TIME_AROUND = 10

_BELOW = {Level.R3: Level.R2, Level.R2: Level.R1, Level.R1: Level.R1, Level.R0: Level.R0}


class _Near:
    """Marks in the order of the message, so that those near a place are found without looking at all."""

    __slots__ = ("_firsts", "_longest", "_marks")

    def __init__(self, marks: Sequence[Found]) -> None:
        self._marks = sorted(marks, key=lambda mark: mark.first)
        self._firsts = [mark.first for mark in self._marks]
        self._longest = max((mark.last - mark.first for mark in marks), default=0)

    def of(self, hit: Found) -> Sequence[Found]:
        """All marks within `_TIME_AROUND` words of the hit, and perhaps some more."""
        if not self._marks:
            return ()
        low = bisect_left(self._firsts, hit.first - _TIME_AROUND - self._longest)
        return self._marks[low : bisect_right(self._firsts, hit.last + _TIME_AROUND)]


class Surroundings:
    """A message as the modifiers see it; `marks` are the places of the phrases that modify.

    What only some messages need is found out when it is asked for.
    """

    def __init__(self, view: View, book: Rulebook, marks: dict[Kind, list[Found]]) -> None:
        self.view = view
        self.book = book
        self.marks = marks
        self.breaks = view.words.breaks
        self._negations: dict[str, frozenset[int]] = {}

    def rule(self, found: Found) -> Rule:
        """The rule to which a phrase belongs."""
        return self.book.rules[self.book.owners[found.phrase]]

    def bit(self, name: str, language: str) -> int:
        """The bit that the masks of the view have where a word of this set of the language stands."""
        return self.book.index.mask_of(set_of(name, language))

    def negations(self, language: str) -> frozenset[int]:
        """The places of the words that negate what stands around them, in this language."""
        found = self._negations.get(language)
        if found is None:
            harmless = _places(self.marks[Kind.NO_NEGATION])
            bit = self.bit("negation", language)
            masks = enumerate(self.view.masks)
            found = frozenset(at for at, mask in masks if mask & bit and at not in harmless)
            self._negations[language] = found
        return found

    @cached_property
    def past(self) -> _Near:
        """What tells of a time long gone."""
        return _Near(self.marks[Kind.PAST])

    @cached_property
    def still(self) -> _Near:
        """What tells that it goes on."""
        return _Near(self.marks[Kind.STILL])

    @cached_property
    def idioms(self) -> frozenset[int]:
        """The places of all words inside idioms."""
        return _places(self.marks[Kind.IDIOM])

    @cached_property
    def calmed(self) -> dict[int, Level]:
        """For each place inside an idiom the lowest level of these idioms.

        Only of those within which no clause ends: what calms must not reach from one into the next.
        """
        found: dict[int, Level] = {}
        for mark in self.marks[Kind.IDIOM]:
            if any(self.breaks[mark.first + 1 : mark.last + 1]):
                continue
            level = self.rule(mark).level
            for at in range(mark.first, mark.last + 1):
                found[at] = lower(level, found.get(at, level))
        return found


def _places(marks: Sequence[Found]) -> frozenset[int]:
    return frozenset(at for mark in marks for at in range(mark.first, mark.last + 1))


def lower(one: Level, other: Level) -> Level:
    """The less urgent of two levels."""
    return one if one.rank <= other.rank else other


def level_after(hit: Found, rule: Rule, around: Surroundings) -> Level:
    """The level that remains of the rule's own."""
    return _BELOW[rule.level] if is_lowered(hit, rule, around) else rule.level


def is_lowered(hit: Found, rule: Rule, around: Surroundings) -> bool:
    """True if a negation, a time long gone or another person makes the hit less urgent."""
    return any(
        modifier not in rule.not_lowered_by and applies(hit, around, rule.language)
        for modifier, applies in _CHECKS.items()
    )


def _is_negated(hit: Found, around: Surroundings, language: str) -> bool:
    if hit.phrase in around.book.self_negating:
        return False
    negations = around.negations(language)
    if negations.isdisjoint(range(hit.first - _NEGATION_BEFORE, hit.last + _NEGATION_AFTER + 1)):
        return False
    if negations.isdisjoint(
        range(_scope_start(hit, around, language), _scope_end(hit, around, language) + 1)
    ):
        return False
    # "Ich will mich nicht umbringen, aber ...": what follows takes the negation back.
    return not _contrast_follows(hit, around, language)


def _scope_start(hit: Found, around: Surroundings, language: str) -> int:
    masks, breaks = around.view.masks, around.breaks
    conjunctions, first_person = around.bit("conjunctions", language), around.bit("first_person", language)
    at = hit.first
    while at > 0 and hit.first - at < _NEGATION_BEFORE and breaks[at] == Break.NONE:
        if masks[at - 1] & conjunctions or masks[at] & first_person:
            break
        at -= 1
    return at


def _scope_end(hit: Found, around: Surroundings, language: str) -> int:
    masks, breaks, conjunctions = around.view.masks, around.breaks, around.bit("conjunctions", language)
    at = hit.last
    while at + 1 < len(masks) and at - hit.last < _NEGATION_AFTER:
        if breaks[at + 1] != Break.NONE or masks[at + 1] & conjunctions:
            break
        at += 1
    return at


def _contrast_follows(hit: Found, around: Surroundings, language: str) -> bool:
    masks, breaks, contrast = around.view.masks, around.breaks, around.bit("contrast", language)
    for at in range(hit.last + 1, min(hit.last + 1 + _CONTRAST_AFTER, len(masks))):
        if breaks[at] == Break.SENTENCE:
            return False
        if masks[at] & contrast:
            return True
    return False


def _is_past(hit: Found, around: Surroundings, language: str) -> bool:
    # Dots may be hesitation or the end of a sentence; what only calms must not reach across them.
    if not any(_is_near(hit, mark, around, Break.HESITATION) for mark in around.past.of(hit)):
        return False
    return not any(_is_near(hit, mark, around, Break.SENTENCE) for mark in around.still.of(hit))


def _is_near(hit: Found, mark: Found, around: Surroundings, border: Break) -> bool:
    start, end = min(hit.last, mark.last), max(hit.first, mark.first)
    if end - start > _TIME_AROUND:
        return False
    return start >= end or max(around.breaks[start + 1 : end + 1]) < border


def _is_others(hit: Found, around: Surroundings, language: str) -> bool:
    masks, breaks = around.view.masks, around.breaks
    first_person, reflexive = around.bit("first_person", language), around.bit("reflexive", language)
    others = reflexive | around.bit("other_person", language)
    inside = reduce(or_, masks[hit.first : hit.last + 1])
    if inside & first_person:
        return False
    if inside & reflexive:
        return True
    at = hit.first
    while at > 0 and hit.first - at < _SUBJECT_BEFORE and breaks[at] == Break.NONE:
        at -= 1
        if masks[at] & first_person:
            return False
        if masks[at] & others:
            return True
    return False


_CHECKS = {Modifier.NEGATION: _is_negated, Modifier.PAST: _is_past, Modifier.OTHER: _is_others}
