# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Finds many phrases in one message, in time that grows with the message's length only.

Each phrase has one rare word, its anchor. A word of the message that is nobody's anchor costs a
look-up; at an anchor the rest of the phrase is looked for to both sides, a bounded number of words
far, and only if the sentence has all the words it needs. Concepts are found first: where one ends, it
counts as a word. The search stops when the message's budget is used up.

Words repeat, within a message and from one to the next, so what one is good for is kept for the most
recent words; only for words of a usual length, so that nobody can fill the memory with one message.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cache, cached_property, lru_cache, reduce
from operator import or_
from types import MappingProxyType

import msgspec

from dialogs.concerns.budget import Budget
from dialogs.concerns.bundles import (
    Bundle,
    Hop,
    Ready,
    bundle,
    find_anchors,
    make_ready,
    mask_of_bits,
    sets_by_use,
)
from dialogs.concerns.normalise import Break, Words
from dialogs.concerns.patterns import NOTHING, Phrase
from dialogs.concerns.vocabulary import UNKNOWN, Entries, Entry, Vocabulary

_FILLERS_IN_A_ROW = 4
_NEAR_BAG = 3
_LONGEST_KEPT = 28
_WORDS_KEPT = 20_000


class Found(msgspec.Struct, frozen=True, gc=False):
    """Phrase number `phrase` lies between the words `first` and `last`; `anchor` is its rarest word."""

    phrase: int
    first: int
    last: int
    anchor: int


class View(msgspec.Struct, frozen=True):
    """A message as phrases are looked for in it, one item a word; concepts are added while it is read."""

    words: Words
    masks: list[int]
    bundles: list[tuple[Bundle, ...]]
    """The phrases that each word may anchor."""
    starts: list[int]
    """The first word of the sentence."""
    ends: list[int]
    """The word after the sentence's last."""
    budget: Budget


class _Reading(msgspec.Struct, frozen=True, gc=False):
    """What one word is good for: its bits, the phrases it may anchor, the same for phrases of concepts."""

    mask: int
    bundles: tuple[Bundle, ...]
    concepts: tuple[Bundle, ...]


class PhraseIndex:
    """Phrases, concepts and named sets of words, compiled once.

    The set "fillers" must be there: its words may stand anywhere within a sequence. `concepts` maps
    numbers of phrases to the names under which other phrases know them. `common` tells how often words
    stand in everyday texts; it makes the search quicker and changes nothing else.
    """

    def __init__(
        self,
        phrases: Sequence[Phrase],
        sets: Mapping[str, frozenset[str]],
        concepts: Mapping[int, str],
        vocabulary: Callable[[Mapping[str, Entry]], Vocabulary],
        common: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        self._phrases, self._concepts, self._common = phrases, concepts, common
        self._anchors = find_anchors(phrases)
        needed = dict.fromkeys([*sets.values(), *sets_by_use(phrases, self._anchors, common)])
        needed.pop(NOTHING, None)
        self._places = {words: place for place, words in enumerate(needed)}
        self._sets = {name: self._bit(words) for name, words in sets.items()}
        self._fillers = self._sets["fillers"]
        self._entries = self._make_entries()
        self.vocabulary = vocabulary(self._entries)
        self._kept = lru_cache(_WORDS_KEPT)(self._read)
        # Most phrases are never met, so each is made ready when its anchor is read for the first time.
        self._ready = cache(self._make_ready)
        self._concept = cache(self._read_concept)

    def _bit(self, words: frozenset[str]) -> int:
        return 1 << self._places[words] if words else 0

    def _make_entries(self) -> Entries:
        sets, anchors, of_concepts = (defaultdict[str, list[int]](list) for _ in range(3))
        for words, place in self._places.items():
            for word in words:
                sets[word].append(place)
        for number, (phrase, anchor) in enumerate(zip(self._phrases, self._anchors, strict=True)):
            anchored = of_concepts if number in self._concepts else anchors
            for word in phrase.steps[anchor].words:
                anchored[word].append(number)
        return Entries(sets, anchors, of_concepts)

    @cached_property
    def _weights(self) -> dict[int, int]:
        weights: defaultdict[int, int] = defaultdict(int)
        for word, times in self._common.items():
            for place in self.vocabulary.entry(word).sets:
                weights[place] += times
        return weights

    def mask_of(self, name: str) -> int:
        """The bit that the mask of every word in the set of this name has."""
        return self._sets[name]

    def _read(self, word: str) -> _Reading:
        return self._reading_of(self.vocabulary.entry(word))

    def _read_concept(self, name: str) -> _Reading:
        return self._reading_of(self._entries.get(name, UNKNOWN))

    def _reading_of(self, entry: Entry) -> _Reading:
        return _Reading(mask_of_bits(entry.sets), self._bundles(entry.anchors), self._bundles(entry.concepts))

    def _bundles(self, numbers: tuple[int, ...]) -> tuple[Bundle, ...]:
        return (bundle(list(map(self._ready, numbers)), self._weights),) if numbers else ()

    def _make_ready(self, number: int) -> Ready:
        return make_ready(number, self._phrases[number], self._anchors[number], self._bit)

    def view(self, words: Words) -> View:
        """The message with what each word is good for, concepts included."""
        kept, read = self._kept, self._read
        readings = [kept(word) if len(word) <= _LONGEST_KEPT else read(word) for word in words.folded]
        starts, ends = _sentences(words.breaks)
        masks, bundles = [each.mask for each in readings], [each.bundles for each in readings]
        view = View(words, masks, bundles, starts, ends, Budget())
        for found in self._find(view, [each.concepts for each in readings], len(readings)):
            concept = self._concept(self._concepts[found.phrase])
            masks[found.last] |= concept.mask
            bundles[found.last] += concept.bundles
        # A text that wears out the search for concepts must not hide an acute sentence from the other.
        view.budget.renew()
        return view

    def find(self, view: View, most: int) -> list[Found]:
        """Every phrase at every place, at most `most` times each, in the order of the message."""
        return self._find(view, view.bundles, most)

    def _find(self, view: View, bundles: Sequence[tuple[Bundle, ...]], most: int) -> list[Found]:
        found: list[Found] = []
        times: defaultdict[int, int] = defaultdict(int)
        message = sentence = end = 0
        for place, here in enumerate(bundles):
            if not here or view.budget.left < 0:
                continue
            if place >= end:
                message = message or reduce(or_, view.masks)
                end = view.ends[place]
                sentence = reduce(or_, view.masks[view.starts[place] : end])
            for each in here:
                is_near = each.partners & sentence or each.far_partners & message
                phrases = each.phrases if is_near else each.alone
                view.budget.left -= len(phrases)
                for needs, phrase in phrases:
                    if needs and needs & (message if phrase.crosses else sentence) != needs:
                        continue
                    number = phrase.number
                    if number in times and times[number] >= most:
                        continue
                    reached = (place, place) if phrase.is_plain else self._match(phrase, view, place)
                    if reached is not None:
                        times[number] += 1
                        found.append(Found(number, reached[0], reached[1], place))
        return found

    def _match(self, phrase: Ready, view: View, anchor: int) -> tuple[int, int] | None:
        if phrase.reach:
            return _bag(phrase, view, anchor)
        if phrase.not_next and not _may_follow(phrase.not_next, view, anchor):
            return None
        lasts = [anchor]
        for hop in phrase.after:
            lasts = self._onward(lasts, hop, view, 1)
            if not lasts:
                return None
        if phrase.at_end:
            lasts = [place for place in lasts if self._ends(place, view)]
        firsts = [anchor]
        for hop in phrase.before:
            firsts = self._onward(firsts, hop, view, -1)
            if not firsts:
                return None
        if phrase.not_before:
            firsts = [place for place in firsts if not _precedes(phrase.not_before, view, place)]
        return (max(firsts), min(lasts)) if firsts and lasts else None

    def _onward(self, places: list[int], hop: Hop, view: View, way: int) -> list[int]:
        """From these places to where the hop leads, in either direction (`way` is 1 or -1)."""
        masks, fillers = view.masks, self._fillers
        reached: list[int] = []
        bit, not_next = hop.bit, hop.not_next
        for place in places:
            left, fillers_left, at = hop.gap, _FILLERS_IN_A_ROW, place + way
            low = 0 if hop.crosses else view.starts[place]
            high = len(masks) if hop.crosses else view.ends[place]
            while low <= at < high:
                mask = masks[at]
                if mask & bit and at not in reached and (not not_next or _may_follow(not_next, view, at)):
                    reached.append(at)
                if fillers_left and mask & fillers:
                    fillers_left -= 1
                elif left:
                    left -= 1
                else:
                    break
                at += way
            view.budget.left -= (at - place) * way
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


def _bag(phrase: Ready, view: View, anchor: int) -> tuple[int, int] | None:
    masks = view.masks
    low = max(0 if phrase.crosses else view.starts[anchor], anchor - phrase.reach)
    high = min(len(masks) if phrase.crosses else view.ends[anchor], anchor + phrase.reach + 1)
    first = last = anchor
    view.budget.left -= high - low
    for hop in phrase.before + phrase.after:
        place = _nearest(hop.bit, masks, anchor, low, high)
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


def _may_follow(not_next: int, view: View, at: int) -> bool:
    """False if the next word is one that must not follow this step."""
    following = at + 1
    return following >= view.ends[at] or not view.masks[following] & not_next


def _precedes(bit: int, view: View, at: int) -> bool:
    return at > view.starts[at] and bool(view.masks[at - 1] & bit)
