# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What stands around a hit and makes it less urgent: a negation, a time long gone, another person.

All of them together lower a level by one, and never below R1: a message that says "nicht" is still
worth reading.
"""

from __future__ import annotations

import msgspec

from dialogs.concerns.normalise import Break
from dialogs.concerns.rulebook import Kind, Modifier, Rule, Rulebook
from dialogs.concerns.search import Found, View
from dialogs.scales import Level

_NEGATION_BEFORE = 4
_NEGATION_AFTER = 3
_CONTRAST_AFTER = 8
_SUBJECT_BEFORE = 8
_TIME_AROUND = 10

_BELOW = {Level.R3: Level.R2, Level.R2: Level.R1, Level.R1: Level.R1, Level.R0: Level.R0}


class Surroundings(msgspec.Struct, frozen=True):
    """A message as the modifiers see it; `marks` are the places of the phrases that modify."""

    view: View
    book: Rulebook
    marks: dict[Kind, list[Found]]

    def rule(self, found: Found) -> Rule:
        """The rule to which a phrase belongs."""
        return self.book.rules[self.book.owners[found.phrase]]

    def has(self, at: int, name: str) -> bool:
        """True if the word at this place belongs to the set of this name."""
        return bool(self.view.masks[at] & self.book.index.mask_of(name))

    def has_any(self, first: int, last: int, name: str) -> bool:
        """True if any word from `first` to `last` belongs to the set."""
        bit = self.book.index.mask_of(name)
        return any(mask & bit for mask in self.view.masks[first : last + 1])

    def is_whole(self, mark: Found) -> bool:
        """True if no clause ends within: what only calms must not reach from one into the next."""
        return all(at == Break.NONE for at in self.view.words.breaks[mark.first + 1 : mark.last + 1])

    def is_marked(self, at: int, kind: Kind) -> bool:
        """True if the word at this place is part of a phrase of this kind."""
        return any(mark.first <= at <= mark.last for mark in self.marks[kind])


def level_after(hit: Found, rule: Rule, around: Surroundings) -> Level:
    """The level that remains of the rule's own."""
    return _BELOW[rule.level] if is_lowered(hit, rule, around) else rule.level


def is_lowered(hit: Found, rule: Rule, around: Surroundings) -> bool:
    """True if a negation, a time long gone or another person makes the hit less urgent."""
    return any(
        modifier not in rule.not_lowered_by and applies(hit, around) for modifier, applies in _CHECKS.items()
    )


def _is_negated(hit: Found, around: Surroundings) -> bool:
    if hit.phrase in around.book.self_negating:
        return False
    scope = range(_scope_start(hit, around), _scope_end(hit, around) + 1)
    negators = [at for at in scope if around.has(at, "negation")]
    if all(around.is_marked(at, Kind.NO_NEGATION) for at in negators):
        return False
    # "Ich will mich nicht umbringen, aber ...": what follows takes the negation back.
    return not _contrast_follows(hit, around)


def _scope_start(hit: Found, around: Surroundings) -> int:
    at = hit.first
    while at > 0 and hit.first - at < _NEGATION_BEFORE and around.view.words.breaks[at] == Break.NONE:
        if around.has(at - 1, "conjunctions") or around.has(at, "first_person"):
            break
        at -= 1
    return at


def _scope_end(hit: Found, around: Surroundings) -> int:
    at = hit.last
    while at + 1 < len(around.view.masks) and at - hit.last < _NEGATION_AFTER:
        if around.view.words.breaks[at + 1] != Break.NONE or around.has(at + 1, "conjunctions"):
            break
        at += 1
    return at


def _contrast_follows(hit: Found, around: Surroundings) -> bool:
    for at in range(hit.last + 1, min(hit.last + 1 + _CONTRAST_AFTER, len(around.view.masks))):
        if around.view.words.breaks[at] == Break.SENTENCE:
            return False
        if around.has(at, "contrast"):
            return True
    return False


def _is_past(hit: Found, around: Surroundings) -> bool:
    # Dots may be hesitation or the end of a sentence; what only calms must not reach across them.
    near = [mark for mark in around.marks[Kind.PAST] if _is_near(hit, mark, around, Break.HESITATION)]
    going_on = (_is_near(hit, mark, around, Break.SENTENCE) for mark in around.marks[Kind.STILL])
    return bool(near) and not any(going_on)


def _is_near(hit: Found, mark: Found, around: Surroundings, border: Break) -> bool:
    start, end = min(hit.last, mark.last), max(hit.first, mark.first)
    if end - start > _TIME_AROUND:
        return False
    return all(around.view.words.breaks[at] < border for at in range(start + 1, end + 1))


def _is_others(hit: Found, around: Surroundings) -> bool:
    if around.has_any(hit.first, hit.last, "first_person"):
        return False
    if around.has_any(hit.first, hit.last, "reflexive"):
        return True
    at = hit.first
    while at > 0 and hit.first - at < _SUBJECT_BEFORE and around.view.words.breaks[at] == Break.NONE:
        at -= 1
        if around.has(at, "first_person"):
            return False
        if around.has(at, "other_person") or around.has(at, "reflexive"):
            return True
    return False


_CHECKS = {Modifier.NEGATION: _is_negated, Modifier.PAST: _is_past, Modifier.OTHER: _is_others}
