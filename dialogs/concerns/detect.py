# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Concerns in free text, by rules that a person can read. It orders the queue; people read everything.

Nothing here learns or guesses: each hit names its rule, its place in the message and its level before
and after what stands around it.
"""

from __future__ import annotations

from bisect import bisect_left

import msgspec

from dialogs.concerns.matching import View
from dialogs.concerns.modifiers import Marks, Surroundings, level_after, lower
from dialogs.concerns.normalise import Words
from dialogs.concerns.rulebook import Rulebook, rulebook
from dialogs.concerns.rules import Kind
from dialogs.concerns.search import Found
from dialogs.concerns.tally import applying
from dialogs.scales import Level

_MOST_HITS_A_PHRASE = 20
_HOME_LANGUAGE = "de"
_KINDS = range(len(Kind))
# Looked up once: a member of an Enum takes ten times as long as a name.
_R0, _R1, _RULE = Level.R0, Level.R1, Kind.RULE
BUDGET = "detector.budget"
"""Names the hit of a message that would cost too much work to read to its end: a person must."""


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
    hits: list[Hit] = []
    for view in book.views(text):
        hits += _hits_in(view, book, language)
        if view.budget.ran_out:
            hits.append(Hit(BUDGET, (0, len(text)), Level.R2, Level.R2))
    if not hits:
        return _NONE
    if len(hits) > 1:
        hits.sort(key=lambda hit: (-hit.level.rank, -hit.level_before.rank, hit.span, hit.rule))
    return Detection(hits[0].level, _without_repeats(hits))


def _hits_in(view: View, book: Rulebook, language: str) -> list[Hit]:
    everything = book.index.find(view, _MOST_HITS_A_PHRASE)
    if not everything:
        return []
    found_of: list[list[Found]] = [[] for _ in _KINDS]
    kinds = book.kinds
    for found in everything:
        found_of[kinds[found.phrase]].append(found)
    marks = Marks(*found_of)
    if marks.rule or marks.idiom or marks.sign:
        return _hits(Surroundings(view, book, marks), language)
    return []


def _hits(around: Surroundings, language: str) -> list[Hit]:
    counted = {_HOME_LANGUAGE, language.split("-", maxsplit=1)[0].casefold()}
    hits = [
        hit
        for found in around.marks.rule + around.marks.idiom
        if (hit := _hit(found, around, counted)) is not None
    ]
    words = around.view.words
    hits += [
        Hit(each.tally.id, _span(each.first, each.last, words), each.tally.level, each.tally.level)
        for each in applying(around)
    ]
    return hits


def _hit(found: Found, around: Surroundings, languages: set[str]) -> Hit | None:
    rule = around.rule(found)
    level = rule.level
    if level is _R0 or (level is _R1 and rule.language not in languages):
        return None
    if rule.kind is _RULE:
        level = level_after(found, rule, around)
    if around.idioms:
        for at in (found.first, found.anchor, found.last):
            if around.is_one_sentence(at, found.anchor):
                level = lower(level, around.calmed.get(at, level))
    return Hit(rule.id, _span(found.first, found.last, around.view.words), level, rule.level)


def _span(first: int, last: int, words: Words) -> tuple[int, int]:
    return words.spans[first][0], words.spans[last][1]


def _without_repeats(hits: list[Hit]) -> tuple[Hit, ...]:
    """Of overlapping hits of one rule, the most urgent."""
    if len(hits) < 2:
        return tuple(hits)
    kept: list[Hit] = []
    taken: dict[str, list[tuple[int, int]]] = {}
    for hit in hits:
        # Spans that are kept of one rule never overlap, so only the two beside this one matter.
        spans = taken.setdefault(hit.rule, [])
        at = bisect_left(spans, hit.span)
        if (at and spans[at - 1][1] > hit.span[0]) or (at < len(spans) and spans[at][0] < hit.span[1]):
            continue
        spans.insert(at, hit.span)
        kept.append(hit)
    return tuple(kept)
