# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What stands around a hit and makes it less urgent: a negation, a time long gone, another person.

All of them together lower a level by one, and never below R1: a message that says "nicht" is still
worth reading.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cached_property
from itertools import compress, repeat
from operator import contains
from typing import NamedTuple

from dialogs.concerns.matching import View
from dialogs.concerns.normalise import Break
from dialogs.concerns.rule_files import set_of
from dialogs.concerns.rulebook import Rulebook
from dialogs.concerns.rules import Modifier, Rule
from dialogs.concerns.search import Found
from dialogs.scales import Level

_NEGATION_BEFORE = 4
_NEGATION_AFTER = 3
_CONTRAST_AFTER = 8
_SUBJECT_BEFORE = 8
_TIME_AROUND = 10

# Looked up once: a member of an Enum takes ten times as long as a name.
_NEGATION, _PAST, _OTHER = Modifier.NEGATION, Modifier.PAST, Modifier.OTHER

_BELOW = {Level.R3: Level.R2, Level.R2: Level.R1, Level.R1: Level.R1, Level.R0: Level.R0}


class Marks(NamedTuple):
    """The places of the phrases of each `Kind`, in its order."""

    rule: list[Found]
    idiom: list[Found]
    concept: list[Found]
    past: list[Found]
    still: list[Found]
    no_negation: list[Found]
    sign: list[Found]
    tally: list[Found]


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


class _Speech(NamedTuple):
    """The places of words that negate, of those that mean who writes, and of those that mean somebody else.

    `reflexive` are those of the others that mean them beyond doubt ("sich"). `conjunctions` and `contrast`
    are numbers of sets of words.
    """

    negations: frozenset[int]
    first_person: frozenset[int]
    reflexive: frozenset[int]
    others: frozenset[int]
    conjunctions: int
    contrast: int


class Surroundings:
    """A message as the modifiers see it; `marks` are the places of the phrases that modify.

    What only some messages need is found out when it is asked for.
    """

    def __init__(self, view: View, book: Rulebook, marks: Marks) -> None:
        self.view = view
        self.book = book
        self.marks = marks
        self.breaks = view.words.breaks
        self._speeches: dict[str, _Speech] = {}

    def rule(self, found: Found) -> Rule:
        """The rule to which a phrase belongs."""
        return self.book.rules[self.book.owners[found.phrase]]

    def speech(self, language: str) -> _Speech:
        """The words of the message that change what others mean, as this language has them."""
        found = self._speeches.get(language)
        if found is None:
            found = self._speeches[language] = self._find_speech(language)
        return found

    def _find_speech(self, language: str) -> _Speech:
        number_of = self.book.index.number_of
        sets = [number_of(set_of(name, language)) for name in ("negation", "first_person", "reflexive")]
        negation, first_person, reflexive = (self._places_of(each) for each in sets)
        return _Speech(
            negation - _places(self.marks.no_negation),
            first_person,
            reflexive,
            reflexive | self._places_of(number_of(set_of("other_person", language))),
            number_of(set_of("conjunctions", language)),
            number_of(set_of("contrast", language)),
        )

    def _places_of(self, number: int) -> frozenset[int]:
        sets = self.view.sets
        return frozenset(compress(range(len(sets)), map(contains, sets, repeat(number))))

    def is_one_sentence(self, one: int, other: int) -> bool:
        """Whether no pause between these places may end a sentence: what calms must not reach across it."""
        return one == other or self.sentence(one) == self.sentence(other)

    def sentence(self, place: int) -> int:
        """The number of the sentence in which a word stands, if each pause ended one."""
        return bisect_right(self._pauses, place)

    @cached_property
    def _pauses(self) -> list[int]:
        return self.view.words.pauses()

    @cached_property
    def past(self) -> _Near:
        """What tells of a time long gone."""
        return _Near(self.marks.past)

    @cached_property
    def still(self) -> _Near:
        """What tells that it goes on."""
        return _Near(self.marks.still)

    @cached_property
    def idioms(self) -> frozenset[int]:
        """The places of all words inside idioms."""
        return _places(self.marks.idiom)

    @cached_property
    def calmed(self) -> dict[int, Level]:
        """For each place inside an idiom the lowest level of these idioms.

        Only of those within which no clause ends: what calms must not reach from one into the next.
        """
        found: dict[int, Level] = {}
        for mark in self.marks.idiom:
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
    return min(one, other)


def level_after(hit: Found, rule: Rule, around: Surroundings) -> Level:
    """The level that remains of the rule's own."""
    return _BELOW[rule.level] if is_lowered(hit, rule, around) else rule.level


def is_lowered(hit: Found, rule: Rule, around: Surroundings) -> bool:
    """True if a negation, a time long gone or another person makes the hit less urgent."""
    spared, speech = rule.not_lowered_by, around.speech(rule.language)
    return (
        (_NEGATION not in spared and _is_negated(hit, around, speech))
        or (_PAST not in spared and _is_past(hit, around))
        or (_OTHER not in spared and _is_others(hit, around, speech))
    )


def _is_negated(hit: Found, around: Surroundings, speech: _Speech) -> bool:
    negations = speech.negations
    if hit.phrase in around.book.self_negating:
        return False
    if negations.isdisjoint(range(hit.first - _NEGATION_BEFORE, hit.last + _NEGATION_AFTER + 1)):
        return False
    if negations.isdisjoint(range(_scope_start(hit, around, speech), _scope_end(hit, around, speech) + 1)):
        return False
    # "Ich will mich nicht umbringen, aber ...": what follows takes the negation back.
    return not _contrast_follows(hit, around, speech)


def _scope_start(hit: Found, around: Surroundings, speech: _Speech) -> int:
    sets, breaks = around.view.sets, around.breaks
    at = hit.first
    while at > 0 and hit.first - at < _NEGATION_BEFORE and breaks[at] == Break.NONE:
        if speech.conjunctions in sets[at - 1] or at in speech.first_person:
            break
        at -= 1
    return at


def _scope_end(hit: Found, around: Surroundings, speech: _Speech) -> int:
    sets, breaks = around.view.sets, around.breaks
    at = hit.last
    while at + 1 < len(sets) and at - hit.last < _NEGATION_AFTER:
        if breaks[at + 1] != Break.NONE or speech.conjunctions in sets[at + 1]:
            break
        at += 1
    return at


def _contrast_follows(hit: Found, around: Surroundings, speech: _Speech) -> bool:
    sets, breaks = around.view.sets, around.breaks
    for at in range(hit.last + 1, min(hit.last + 1 + _CONTRAST_AFTER, len(sets))):
        if breaks[at] == Break.SENTENCE:
            return False
        if speech.contrast in sets[at]:
            return True
    return False


def _is_past(hit: Found, around: Surroundings) -> bool:
    # Dots may be hesitation or the end of a sentence; what only calms must not reach across them.
    if not any(_is_near(hit, mark, around, Break.HESITATION) for mark in around.past.of(hit)):
        return False
    return not any(_is_near(hit, mark, around, Break.SENTENCE) for mark in around.still.of(hit))


def _is_near(hit: Found, mark: Found, around: Surroundings, border: int) -> bool:
    start, end = min(hit.last, mark.last), max(hit.first, mark.first)
    if end - start > _TIME_AROUND:
        return False
    return start >= end or max(around.breaks[start + 1 : end + 1]) < border


def _is_others(hit: Found, around: Surroundings, speech: _Speech) -> bool:
    if speech.others.isdisjoint(range(hit.first - _SUBJECT_BEFORE, hit.last + 1)):
        return False
    inside = range(hit.first, hit.last + 1)
    if not speech.first_person.isdisjoint(inside):
        return False
    if not speech.reflexive.isdisjoint(inside):
        return True
    at = hit.first
    while at > 0 and hit.first - at < _SUBJECT_BEFORE and around.breaks[at] == Break.NONE:
        at -= 1
        if at in speech.first_person:
            return False
        if at in speech.others:
            return True
    return False
