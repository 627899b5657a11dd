# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Finds many phrases in one message, in time that grows with the message's length only.

Each phrase has one rare word, its anchor. A word of the message that is nobody's anchor costs a
look-up; at an anchor the rest of the phrase is looked for to both sides, a bounded number of words
far, and only if the sentence has all the words it needs. Concepts are found first: where one ends, it
counts as a word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from operator import or_

import msgspec

from dialogs.concerns.normalise import Break, Words
from dialogs.concerns.patterns import Phrase
from dialogs.concerns.vocabulary import Entry, Vocabulary

_FILLERS_IN_A_ROW = 4
_NEAR_BAG = 3
_COMMON_LENGTH = 3


class Found(msgspec.Struct, frozen=True):
    """Phrase number `phrase` lies between the words `first` and `last`; `anchor` is its rarest word."""

    phrase: int
    first: int
    last: int
    anchor: int


class View(msgspec.Struct, frozen=True):
    """A message as phrases are looked for in it, one item a word; concepts are added while it is read."""

    words: Words
    masks: list[int]
    anchors: list[tuple[int, ...]]
    starts: list[int]
    """The first word of the sentence."""
    ends: list[int]
    """The word after the sentence's last."""


class _Step(msgspec.Struct, frozen=True):
    bit: int
    gap: int
    crosses: bool
    not_next: int


class _Compiled(msgspec.Struct, frozen=True):
    steps: tuple[_Step, ...]
    anchor: int
    not_before: int
    at_end: bool
    needs: int
    """The bits of all steps: a place without one of them cannot hold the phrase."""
    crosses: bool
    reach: int
    without: int


class PhraseIndex:
    """Phrases, concepts and named sets of words, compiled once.

    The set "fillers" must be there: its words may stand anywhere within a sequence. `concepts` maps
    numbers of phrases to the names under which other phrases know them.
    """

    __slots__ = ("_bits", "_compiled", "_concepts", "_fillers", "_sets", "vocabulary")

    def __init__(
        self,
        phrases: Sequence[Phrase],
        sets: Mapping[str, frozenset[str]],
        concepts: Mapping[int, str],
        vocabulary: Callable[[Mapping[str, Entry]], Vocabulary],
    ) -> None:
        self._bits: dict[frozenset[str], int] = {}
        self._sets = {name: self._bit(words) for name, words in sets.items()}
        self._fillers = self._sets["fillers"]
        self._compiled = tuple(map(self._compile, phrases, _anchors(phrases)))
        entries = self._entries(phrases, concepts)
        self._concepts = {number: entries.get(name, Entry()) for number, name in concepts.items()}
        self.vocabulary = vocabulary(entries)

    def _bit(self, words: frozenset[str]) -> int:
        if not words:
            return 0
        return self._bits.setdefault(words, 1 << len(self._bits))

    def _compile(self, phrase: Phrase, anchor: int) -> _Compiled:
        # That the anchor fits is known from where it was found, so its words need no bit of their own.
        steps = tuple(
            _Step(
                0 if at == anchor else self._bit(step.words), step.gap, step.crosses, self._bit(step.not_next)
            )
            for at, step in enumerate(phrase.steps)
        )
        return _Compiled(
            steps,
            anchor,
            self._bit(phrase.not_before),
            phrase.at_end,
            needs=reduce(or_, (step.bit for step in steps)),
            crosses=phrase.crosses or any(step.crosses for step in steps),
            reach=phrase.reach,
            without=self._bit(phrase.without),
        )

    def _entries(self, phrases: Sequence[Phrase], concepts: Mapping[int, str]) -> dict[str, Entry]:
        masks: dict[str, int] = {}
        for words, bit in self._bits.items():
            for word in words:
                masks[word] = masks.get(word, 0) | bit
        anchors: dict[str, list[int]] = {}
        of_concepts: dict[str, list[int]] = {}
        for number, (phrase, compiled) in enumerate(zip(phrases, self._compiled, strict=True)):
            for word in phrase.steps[compiled.anchor].words:
                (of_concepts if number in concepts else anchors).setdefault(word, []).append(number)
        return {
            word: Entry(masks.get(word, 0), tuple(anchors.get(word, ())), tuple(of_concepts.get(word, ())))
            for word in masks.keys() | anchors.keys() | of_concepts.keys()
        }

    def mask_of(self, name: str) -> int:
        """The bit that the mask of every word in the set of this name has."""
        return self._sets[name]

    def view(self, words: Words) -> View:
        """The message with what each word is good for, concepts included."""
        entry = self.vocabulary.entry
        entries = [entry(word) for word in words.folded]
        starts, ends = _sentences(words.breaks)
        view = View(words, [each.mask for each in entries], [each.anchors for each in entries], starts, ends)
        for found in self._find(view, [each.concepts for each in entries], len(entries)):
            concept = self._concepts[found.phrase]
            view.masks[found.last] |= concept.mask
            view.anchors[found.last] += concept.anchors
        return view

    def find(self, view: View, most: int) -> list[Found]:
        """Every phrase at every place, at most `most` times each, in the order of the message."""
        return self._find(view, view.anchors, most)

    def _find(self, view: View, anchors: Sequence[tuple[int, ...]], most: int) -> list[Found]:
        found: list[Found] = []
        times: Counter[int] = Counter()
        lacks_message = ~reduce(or_, view.masks, 0)
        lacks_sentence, end = 0, 0
        for place, numbers in enumerate(anchors):
            if place >= end:
                end = view.ends[place]
                lacks_sentence = ~reduce(or_, view.masks[place:end], 0)
            for number in numbers:
                phrase = self._compiled[number]
                if phrase.needs & (lacks_message if phrase.crosses else lacks_sentence):
                    continue
                if times[number] < most and (reached := self._match(phrase, view, place)) is not None:
                    times[number] += 1
                    found.append(Found(number, reached[0], reached[1], place))
        return found

    def _match(self, phrase: _Compiled, view: View, anchor: int) -> tuple[int, int] | None:
        if phrase.reach:
            return _bag(phrase, view, anchor)
        steps, middle = phrase.steps, phrase.anchor
        if steps[middle].not_next and not _may_follow(steps[middle], view, anchor):
            return None
        lasts = [anchor]
        for step in steps[middle + 1 :]:
            lasts = self._onward(lasts, step, step, view, 1)
            if not lasts:
                return None
        if phrase.at_end:
            lasts = [place for place in lasts if self._ends(place, view)]
        firsts = [anchor]
        for at in range(middle - 1, -1, -1):
            firsts = self._onward(firsts, steps[at], steps[at + 1], view, -1)
            if not firsts:
                return None
        if phrase.not_before:
            firsts = [place for place in firsts if not _precedes(phrase.not_before, view, place)]
        return (max(firsts), min(lasts)) if firsts and lasts else None

    def _onward(self, places: list[int], step: _Step, space: _Step, view: View, way: int) -> list[int]:
        """From these places to where `step` is found, at most the gap of `space` away."""
        masks, reached = view.masks, []
        bit, wary = step.bit, bool(step.not_next)
        for place in places:
            left, fillers, at = space.gap, _FILLERS_IN_A_ROW, place + way
            low = 0 if space.crosses else view.starts[place]
            high = len(masks) if space.crosses else view.ends[place]
            while low <= at < high:
                if masks[at] & bit and at not in reached and (not wary or _may_follow(step, view, at)):
                    reached.append(at)
                if fillers and masks[at] & self._fillers:
                    fillers -= 1
                elif left:
                    left -= 1
                else:
                    break
                at += way
        return reached

    def _ends(self, place: int, view: View) -> bool:
        """True if a clause ends after this word, fillers apart."""
        at, breaks = place + 1, view.words.breaks
        while at < len(breaks) and breaks[at] == Break.NONE and view.masks[at] & self._fillers:
            at += 1
        return at == len(breaks) or breaks[at] > Break.NONE


def _sentences(breaks: list[Break]) -> tuple[list[int], list[int]]:
    starts: list[int] = []
    ends: list[int] = []
    first = 0
    for place, mark in enumerate(breaks):
        if mark == Break.SENTENCE and place:
            ends += [place] * (place - first)
            first = place
        starts.append(first)
    return starts, ends + [len(breaks)] * (len(breaks) - first)


def _bag(phrase: _Compiled, view: View, anchor: int) -> tuple[int, int] | None:
    masks = view.masks
    low = max(0 if phrase.crosses else view.starts[anchor], anchor - phrase.reach)
    high = min(len(masks) if phrase.crosses else view.ends[anchor], anchor + phrase.reach + 1)
    first = last = anchor
    for number, step in enumerate(phrase.steps):
        if number == phrase.anchor:
            continue
        place = _nearest(step.bit, masks, anchor, low, high)
        if place is None:
            return None
        first, last = min(first, place), max(last, place)
    if phrase.without:
        low = max(view.starts[first], first - _NEAR_BAG)
        high = min(view.ends[last], last + _NEAR_BAG + 1)
        if any(mask & phrase.without for mask in masks[low:high]):
            return None
    return first, last


def _nearest(bit: int, masks: list[int], anchor: int, low: int, high: int) -> int | None:
    for distance in range(max(anchor - low, high - anchor) + 1):
        if anchor + distance < high and masks[anchor + distance] & bit:
            return anchor + distance
        if anchor - distance >= low and masks[anchor - distance] & bit:
            return anchor - distance
    return None


def _may_follow(step: _Step, view: View, at: int) -> bool:
    """False if the next word is one that must not follow this step."""
    following = at + 1
    return following >= view.ends[at] or not view.masks[following] & step.not_next


def _precedes(bit: int, view: View, at: int) -> bool:
    return at > view.starts[at] and bool(view.masks[at - 1] & bit)


def _anchors(phrases: Sequence[Phrase]) -> list[int]:
    """The place of each phrase's rarest step: the one whose words the fewest phrases use.

    The shortest words are the commonest of a language, so they come last.
    """
    uses: Counter[str] = Counter()
    for phrase in phrases:
        uses.update({word for step in phrase.steps for word in step.words})
    anchors: list[int] = []
    for phrase in phrases:
        costs = [
            (min(map(len, step.words)) <= _COMMON_LENGTH, sum(uses[word] for word in step.words))
            for step in phrase.steps
        ]
        anchors.append(min(range(len(costs)), key=costs.__getitem__))
    return anchors
