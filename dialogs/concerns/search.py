# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Finds many phrases in one message, in time that grows with the message's length only.

Each phrase has one rare word, its anchor, and among the others one, its partner. A word of the message that
is nobody's anchor costs a look-up; at an anchor the rest of a phrase is looked for to both sides, a bounded
number of words far, and only if the partner stands there. Concepts are found first: where one ends, it
counts as a word; what a concept of one word is good for, that word is. The search stops when the message's
budget is used up.

Words repeat, within a message and from one to the next, so what one is good for is kept for the most
recent words; only for words of a usual length, so that nobody can fill the memory with one message.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cache, cached_property, lru_cache
from itertools import pairwise, repeat
from types import MappingProxyType

import msgspec

from dialogs.concerns.budget import Budget
from dialogs.concerns.bundles import (
    NEARBY,
    Bundle,
    Ready,
    bundles,
    find_anchors,
    find_partner,
    is_plain,
    make_ready,
    parts_sentences,
    sets_needed,
)
from dialogs.concerns.matching import View, match
from dialogs.concerns.normalise import Break, Words
from dialogs.concerns.patterns import NOTHING, Phrase
from dialogs.concerns.vocabulary import UNKNOWN, Entries, Entry, Vocabulary

_LONGEST_KEPT = 28
_WORDS_KEPT = 20_000
_JOINED_KEPT = 2_000
_WIDE = 200
"""Up to so many words the partners of all are taken together: less work than block by block."""
_RARE = 100
"""Words commoner than one in so many stand nearly everywhere: to look for them first would save nothing."""


class Found(msgspec.Struct, frozen=True, gc=False):
    """Phrase number `phrase` lies between the words `first` and `last`; `anchor` is its rarest word."""

    phrase: int
    first: int
    last: int
    anchor: int


class _Reading(msgspec.Struct, frozen=True, gc=False):
    """What one word is good for: its sets, the phrases it may anchor, the same for phrases of concepts.

    `near` and `far` are those of its sets that are the partner of some phrase in one sentence, or across.
    """

    sets: frozenset[int]
    near: frozenset[int]
    far: frozenset[int]
    bundles: tuple[Bundle, ...]
    concepts: tuple[Bundle, ...]


class PhraseIndex:
    """Phrases, concepts and named sets of words, compiled once.

    The set "fillers" must be there: its words may stand anywhere within a sequence. `concepts` maps
    numbers of phrases to the names under which other phrases know them. `common` tells how often words
    stand in everyday texts; it makes the search quicker and changes nothing else. The first `weighed`
    phrases, all unless given, tell how rare words are, so that added ones change nothing about them.
    """

    def __init__(
        self,
        phrases: Sequence[Phrase],
        sets: Mapping[str, frozenset[str]],
        concepts: Mapping[int, str],
        vocabulary: Callable[[Mapping[str, Entry]], Vocabulary],
        common: Mapping[str, int] = MappingProxyType({}),
        weighed: int | None = None,
    ) -> None:
        self._phrases, self._concepts, self._common = phrases, concepts, common
        self._anchors = find_anchors(phrases, phrases[:weighed])
        needed = dict.fromkeys([NOTHING, *sets.values(), *sets_needed(phrases, self._anchors)])
        self._places = {words: place for place, words in enumerate(needed)}
        self._sets = {name: self._places[words] for name, words in sets.items()}
        self._fillers = self._sets["fillers"]
        self._entries = self._make_entries()
        self.vocabulary = vocabulary(self._entries)
        self._kept = lru_cache(_WORDS_KEPT)(self._read)
        # Most phrases are never met, so each is made ready when its anchor is read for the first time.
        self._ready = cache(self._make_ready)
        self._concept = cache(self._read_concept)

    def _make_entries(self) -> Entries:
        sets, anchors, of_concepts = (defaultdict[str, list[int]](list) for _ in range(3))
        names = defaultdict[str, list[str]](list)
        for words, place in self._places.items():
            for word in words:
                sets[word].append(place)
        for number, (phrase, anchor) in enumerate(zip(self._phrases, self._anchors, strict=True)):
            name = self._concepts.get(number)
            anchored = anchors if name is None else of_concepts
            for word in phrase.steps[anchor].words:
                if name is None or not is_plain(phrase):
                    anchored[word].append(number)
                else:
                    names[word].append(name)
        return Entries(sets, anchors, of_concepts, names)

    @cached_property
    def _partners(self) -> list[int | None]:
        """The place of each phrase's partner among its steps."""
        weights: defaultdict[int, int] = defaultdict(int)
        for word, times in self._common.items():
            for place in self.vocabulary.entry(word).sets:
                weights[place] += times
        most = sum(self._common.values()) // _RARE
        places = self._places
        return [
            find_partner(phrase, anchor, lambda words: weights.get(places[words], 0), most)
            for phrase, anchor in zip(self._phrases, self._anchors, strict=True)
        ]

    @cached_property
    def _partner_sets(self) -> tuple[frozenset[int], frozenset[int]]:
        """The numbers of the sets that are the partner of some phrase in one sentence, and of some across."""
        found: tuple[set[int], set[int]] = (set(), set())
        for phrase, anchor, partner in zip(self._phrases, self._anchors, self._partners, strict=True):
            if partner is not None:
                found[parts_sentences(phrase, anchor, partner)].add(self._places[phrase.steps[partner].words])
        return frozenset(found[0]), frozenset(found[1])

    def number_of(self, name: str) -> int:
        """The number that every word in the set of this name has among its sets."""
        return self._sets[name]

    def _keep_unless_long(self, word: str) -> _Reading:
        return self._kept(word) if len(word) <= _LONGEST_KEPT else self._read(word)

    def _read(self, word: str) -> _Reading:
        return self._reading_of(self.vocabulary.entry(word))

    def _read_concept(self, name: str) -> _Reading:
        return self._reading_of(self._entries.get(name, UNKNOWN))

    def _reading_of(self, entry: Entry) -> _Reading:
        sets = frozenset(entry.sets)
        near, far = self._partner_sets
        return _Reading(
            sets, sets & near, sets & far, self._bundles(entry.anchors), self._bundles(entry.concepts)
        )

    def _bundles(self, numbers: tuple[int, ...]) -> tuple[Bundle, ...]:
        return tuple(bundles(list(map(self._ready, numbers))))

    def _make_ready(self, number: int) -> Ready:
        return make_ready(
            number, self._phrases[number], self._anchors[number], self._partners[number], self._places
        )

    def view(self, words: Words) -> View:
        """The message with what each word is good for, concepts included."""
        is_usual = max(map(len, words.folded), default=0) <= _LONGEST_KEPT
        readings = list(map(self._kept if is_usual else self._keep_unless_long, words.folded))
        sets, bundles = [each.sets for each in readings], [each.bundles for each in readings]
        length, sentences = len(readings), _sentences(words.breaks)
        starts, ends = _borders(sentences)
        near = _nearby([each.near for each in readings], sentences)
        far = _nearby([each.far for each in readings], [(0, length)])
        view = View(words, sets, bundles, starts, ends, near, far, self._fillers, Budget())
        for found in self._find(view, [each.concepts for each in readings], length):
            concept, place = self._concept(self._concepts[found.phrase]), found.last
            if concept.near:
                _add(concept.near, near, place, starts[place], ends[place])
            if concept.far:
                _add(concept.far, far, place, 0, length)
            sets[place] = _joined(sets[place], concept.sets)
            bundles[place] += concept.bundles
        # A text that wears out the search for concepts must not hide an acute sentence from the other.
        view.budget.renew()
        return view

    def find(self, view: View, most: int) -> list[Found]:
        """Every phrase at every place, at most `most` times each, in the order of their anchors."""
        return self._find(view, view.bundles, most)

    def _find(self, view: View, bundles: Sequence[tuple[Bundle, ...]], most: int) -> list[Found]:
        found: list[Found] = []
        times: defaultdict[int, int] = defaultdict(int)
        budget = view.budget
        for start in range(0, len(bundles), NEARBY):
            if budget.left < 0:
                break
            for place, phrase in _candidates(bundles[start : start + NEARBY], start, view):
                number = phrase.number
                if number in times and times[number] >= most:
                    continue
                reached = (place, place) if phrase.is_plain else match(phrase, view, place)
                if reached is not None:
                    times[number] += 1
                    found.append(Found(number, *reached, place))
        return found


def _sentences(breaks: list[int]) -> list[tuple[int, int]]:
    """Where each sentence begins and where the next one does, counted in words."""
    borders = [0]
    try:
        while breaks:
            borders.append(breaks.index(Break.SENTENCE, borders[-1] + 1))
    except ValueError:
        borders.append(len(breaks))
    return list(pairwise(borders))


def _borders(sentences: Sequence[tuple[int, int]]) -> tuple[list[int], list[int]]:
    """For each word where its sentence begins, and where the next one does."""
    starts: list[int] = []
    ends: list[int] = []
    for start, end in sentences:
        starts += [start] * (end - start)
        ends += [end] * (end - start)
    return starts, ends


def _nearby(partners: Sequence[frozenset[int]], sentences: Sequence[tuple[int, int]]) -> list[set[int]]:
    """For each word the partners in its sentence, of a long one those in `NEARBY` words before and after."""
    nearby: list[set[int]] = []
    for start, end in sentences:
        if end - start <= _WIDE:
            nearby += [set().union(*partners[start:end])] * (end - start)
            continue
        blocks = [set().union(*partners[at : min(at + NEARBY, end)]) for at in range(start, end, NEARBY)]
        for number in range(len(blocks)):
            length = min(NEARBY, end - start - number * NEARBY)
            nearby += [set().union(*blocks[max(0, number - 1) : number + 2])] * length
    return nearby


def _add(partners: frozenset[int], nearby: list[set[int]], place: int, start: int, end: int) -> None:
    """Note that these partners stand there, for all words from `start` to `end` to which that is near."""
    nearby[place].update(partners)
    if end - start > _WIDE:
        nearby[max(start, place - NEARBY)].update(partners)
        nearby[min(place + NEARBY, end - 1)].update(partners)


@lru_cache(_JOINED_KEPT)
def _joined(one: frozenset[int], other: frozenset[int]) -> frozenset[int]:
    """All of both; kept, because a common word and a concept have thousands together."""
    return one | other


def _candidates(bundles: Sequence[tuple[Bundle, ...]], start: int, view: View) -> list[tuple[int, Ready]]:
    """The phrases that need no other word, and those whose partner stands where it may, with their places.

    `bundles` are those of the words from `start` on.
    """
    sets, near, far, work = view.sets, view.near, view.far, 0
    candidates: list[tuple[int, Ready]] = []
    for place, here in enumerate(bundles, start):
        for each in here:
            if each.alone:
                candidates.extend(zip(repeat(place), each.alone))
            for partner in each.partners & (far if each.is_far else near)[place]:
                partnered = each.partnered[partner]
                work += len(partnered)
                for phrase in partnered:
                    low = place + phrase.low
                    for those in sets[(0 if low < 0 else low) : place + phrase.high + 1]:  # noqa: FURB136
                        if partner in those:
                            candidates.append((place, phrase))
                            break
    view.budget.left -= work + len(bundles) + len(candidates)
    return candidates
