# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Concerns in free text, by rules that a person can read. It orders the queue; people read everything.

Nothing here learns or guesses: each hit names its rule, its place in the message and its level before
and after what stands around it.
"""

from __future__ import annotations

import msgspec

from dialogs.concerns.modifiers import Surroundings, level_after
from dialogs.concerns.normalise import Words
from dialogs.concerns.rulebook import Kind, Rule, Rulebook, rulebook
from dialogs.concerns.search import Found
from dialogs.concerns.tally import applying
from dialogs.scales import Level

_MOST_HITS_A_PHRASE = 20
_HOME_LANGUAGE = "de"


class Hit(msgspec.Struct, frozen=True):
    """One rule that applies.

    `span` is start and end in the original text, counted in characters. `level` is what counts,
    `level_before` the rule's own level, before negation, past, other persons and idioms.
    """

    rule: str
    span: tuple[int, int]
    level: Level
    level_before: Level


class Detection(msgspec.Struct, frozen=True):
    """The highest level of all hits (R0 without any), and the hits, most urgent first."""

    level: Level
    hits: tuple[Hit, ...]


_NONE = Detection(Level.R0, ())


def detect(text: str, language: str = _HOME_LANGUAGE, book: Rulebook | None = None) -> Detection:
    """What in this message a human should see soon.

    Rules for R3 and R2 of every language always count, because people mix languages; rules for R1
    count in German and in `language` (a tag such as "uk" or "en-GB"; an unknown one is no error).
    `book` are the shipped rules unless given, with a site's own for instance (`rulebook(path)`).
    """
    book = book or rulebook()
    view = book.view(text)
    marks: dict[Kind, list[Found]] = {kind: [] for kind in Kind}
    for found in book.index.find(view, _MOST_HITS_A_PHRASE):
        marks[_rule(book, found).kind].append(found)
    if not marks[Kind.RULE] and not marks[Kind.IDIOM] and not marks[Kind.SIGN]:
        return _NONE
    around = Surroundings(view, book, marks)
    counted = {_HOME_LANGUAGE, language.split("-", maxsplit=1)[0].casefold()}
    hits = [
        hit
        for found in marks[Kind.RULE] + marks[Kind.IDIOM]
        if (hit := _hit(found, around, counted)) is not None
    ]
    hits += [
        Hit(sum_.tally.id, _span(sum_.first, sum_.last, view.words), sum_.tally.level, sum_.tally.level)
        for sum_ in applying(around)
    ]
    if not hits:
        return _NONE
    hits.sort(key=lambda hit: (-hit.level.rank, -hit.level_before.rank, hit.span))
    return Detection(hits[0].level, _without_repeats(hits))


def _rule(book: Rulebook, found: Found) -> Rule:
    return book.rules[book.owners[found.phrase]]


def _hit(found: Found, around: Surroundings, languages: set[str]) -> Hit | None:
    rule = _rule(around.book, found)
    if rule.level is Level.R0 or (rule.level is Level.R1 and rule.language not in languages):
        return None
    level = level_after(found, rule, around) if rule.kind is Kind.RULE else rule.level
    for mark in around.marks[Kind.IDIOM]:
        if any(
            mark.first <= at <= mark.last for at in (found.first, found.anchor, found.last)
        ) and around.is_whole(mark):
            level = min(level, _rule(around.book, mark).level, key=lambda each: each.rank)
    return Hit(rule.id, _span(found.first, found.last, around.view.words), level, rule.level)


def _span(first: int, last: int, words: Words) -> tuple[int, int]:
    return words.spans[first][0], words.spans[last][1]


def _without_repeats(hits: list[Hit]) -> tuple[Hit, ...]:
    """Of overlapping hits of one rule, the most urgent."""
    kept: list[Hit] = []
    for hit in hits:
        if not any(
            other.rule == hit.rule and other.span[0] < hit.span[1] and hit.span[0] < other.span[1]
            for other in kept
        ):
            kept.append(hit)
    return tuple(kept)
