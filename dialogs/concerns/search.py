# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Finds many phrases in one message, in time that grows with the message's length only.

Each phrase has one rare word, its anchor. A word of the message that is nobody's anchor costs a
look-up; at an anchor the rest of the phrase is looked for to both sides, a bounded number of words
far. Nothing ever tries the same place twice for the same phrase.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from operator import or_

import msgspec
from rapidfuzz.distance import DamerauLevenshtein

from dialogs.concerns.normalise import Break, Words
from dialogs.concerns.patterns import Phrase, Step

_FILLERS_IN_A_ROW = 4
_SHORTEST_MISSPELT = 6
_LONG_WORD = 9
_LONGEST_MISSPELT = 24
_STEM_HEAD = 3


class Found(msgspec.Struct, frozen=True):
    """Phrase number `phrase` lies between the words `first` and `last`; `anchor` is its rarest word."""

    phrase: int
    first: int
    last: int
    anchor: int


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
    """The bits of all steps: a message without one of them cannot contain the phrase."""


class Entry(msgspec.Struct, frozen=True):
    """What one word of the vocabulary is good for: sets of words it belongs to, phrases it may anchor."""

    mask: int = 0
    anchors: tuple[int, ...] = ()


_UNKNOWN = Entry()


class PhraseIndex:
    """Phrases and named sets of words, compiled once.

    The set "fillers" must be there: its words may stand anywhere within a phrase. `core` lists the
    words that are recognised when misspelt: one slip from six letters, two from nine.
    """

    __slots__ = ("_bits", "_compiled", "_exact", "_fillers", "_misspelt", "_sets", "_stem_lengths", "_stems")

    def __init__(
        self, phrases: Sequence[Phrase], sets: Mapping[str, frozenset[str]], core: Iterable[str]
    ) -> None:
        self._bits: dict[frozenset[str], int] = {}
        self._sets = {name: self._bit(words) for name, words in sets.items()}
        self._fillers = self._sets["fillers"]
        self._compiled = tuple(map(self._compile, phrases, _anchors(phrases)))
        self._exact: dict[str, Entry] = {}
        self._stems: dict[str, Entry] = {}
        self._stem_lengths: dict[str, tuple[int, ...]] = {}
        self._misspelt: dict[str, list[str]] = {}
        self._fill_vocabulary(phrases)
        self._fill_core(core)

    def _bit(self, words: frozenset[str]) -> int:
        if not words:
            return 0
        return self._bits.setdefault(words, 1 << len(self._bits))

    def _compile(self, phrase: Phrase, anchor: int) -> _Compiled:
        steps = tuple(
            _Step(self._bit(step.words), step.gap, step.crosses, self._bit(step.not_next))
            for step in phrase.steps
        )
        needs = reduce(or_, (step.bit for step in steps))
        return _Compiled(steps, anchor, self._bit(phrase.not_before), phrase.at_end, needs)

    def _fill_vocabulary(self, phrases: Sequence[Phrase]) -> None:
        masks: dict[str, int] = {}
        for words, bit in self._bits.items():
            for word in words:
                masks[word] = masks.get(word, 0) | bit
        anchors: dict[str, list[int]] = {}
        for number, (phrase, compiled) in enumerate(zip(phrases, self._compiled, strict=True)):
            for word in phrase.steps[compiled.anchor].words:
                anchors.setdefault(word, []).append(number)
        for word, mask in masks.items():
            entry = Entry(mask, tuple(anchors.get(word, ())))
            if word.endswith("*"):
                self._stems[word[:-1]] = entry
            else:
                self._exact[word] = entry
        lengths: dict[str, set[int]] = {}
        for stem in self._stems:
            lengths.setdefault(stem[:_STEM_HEAD], set()).add(len(stem))
        self._stem_lengths = {head: tuple(sorted(found)) for head, found in lengths.items()}

    def _fill_core(self, core: Iterable[str]) -> None:
        for word in core:
            self._misspelt.setdefault(word[0], []).append(word)

    def look_up(self, words: Words) -> list[Entry]:
        """One entry a word."""
        known = {word: self._entry(word) for word in set(words.folded)}
        return [known[word] for word in words.folded]

    def _entry(self, word: str) -> Entry:
        entry = self._known(word)
        if entry is _UNKNOWN and _SHORTEST_MISSPELT <= len(word) <= _LONGEST_MISSPELT:
            return self._corrected(word)
        return entry

    def _known(self, word: str) -> Entry:
        entry = self._exact.get(word, _UNKNOWN)
        for length in self._stem_lengths.get(word[:_STEM_HEAD], ()):
            if length > len(word):
                break
            stem = self._stems.get(word[:length])
            if stem is not None:
                entry = stem if entry is _UNKNOWN else _both(entry, stem)
        return entry

    def _corrected(self, word: str) -> Entry:
        for core in self._misspelt.get(word[0], ()):
            allowed = 2 if len(core) >= _LONG_WORD else 1
            if DamerauLevenshtein.distance(word, core, score_cutoff=allowed) <= allowed:
                return self._known(core)
        return _UNKNOWN

    def mask_of(self, name: str) -> int:
        """The bit that the mask of every word in the set of this name has."""
        return self._sets[name]

    def find(self, words: Words, entries: Sequence[Entry], most: int) -> list[Found]:
        """Every phrase at every place, at most `most` times each, in the order of the message."""
        found: list[Found] = []
        times: Counter[int] = Counter()
        present = reduce(or_, (entry.mask for entry in entries), 0)
        for place, entry in enumerate(entries):
            for phrase in entry.anchors:
                compiled = self._compiled[phrase]
                if compiled.needs & ~present or times[phrase] >= most:
                    continue
                reached = self._match(compiled, words, entries, place)
                if reached is not None:
                    times[phrase] += 1
                    found.append(Found(phrase, reached[0], reached[1], place))
        return found

    def _match(
        self, phrase: _Compiled, words: Words, entries: Sequence[Entry], anchor: int
    ) -> tuple[int, int] | None:
        steps, middle = phrase.steps, phrase.anchor
        if not _fits(steps[middle], entries, words.breaks, anchor):
            return None
        lasts = [anchor]
        for step in steps[middle + 1 :]:
            lasts = self._forward(lasts, step, words.breaks, entries)
        if phrase.at_end:
            lasts = [place for place in lasts if self._ends(place, words.breaks, entries)]
        if not lasts:
            return None
        firsts = [anchor]
        for step, after in zip(reversed(steps[:middle]), reversed(steps[1 : middle + 1]), strict=True):
            firsts = self._backward(firsts, step, after, words.breaks, entries)
        if phrase.not_before:
            firsts = [p for p in firsts if not _precedes(phrase.not_before, entries, words.breaks, p)]
        return (max(firsts), min(lasts)) if firsts else None

    def _forward(
        self, places: list[int], step: _Step, breaks: list[Break], entries: Sequence[Entry]
    ) -> list[int]:
        reached: set[int] = set()
        for place in places:
            left, fillers, at = step.gap, _FILLERS_IN_A_ROW, place + 1
            while at < len(entries) and (step.crosses or breaks[at] < Break.SENTENCE):
                if _fits(step, entries, breaks, at):
                    reached.add(at)
                if fillers and entries[at].mask & self._fillers:
                    fillers -= 1
                elif left:
                    left -= 1
                else:
                    break
                at += 1
        return list(reached)

    def _backward(
        self,
        places: list[int],
        step: _Step,
        after: _Step,
        breaks: list[Break],
        entries: Sequence[Entry],
    ) -> list[int]:
        reached: set[int] = set()
        for place in places:
            left, fillers, at = after.gap, _FILLERS_IN_A_ROW, place - 1
            while at >= 0 and (after.crosses or breaks[at + 1] < Break.SENTENCE):
                if _fits(step, entries, breaks, at):
                    reached.add(at)
                if fillers and entries[at].mask & self._fillers:
                    fillers -= 1
                elif left:
                    left -= 1
                else:
                    break
                at -= 1
        return list(reached)

    def _ends(self, place: int, breaks: list[Break], entries: Sequence[Entry]) -> bool:
        """True if a clause ends after this word, fillers apart."""
        at = place + 1
        while at < len(entries) and breaks[at] == Break.NONE and entries[at].mask & self._fillers:
            at += 1
        return at == len(entries) or breaks[at] > Break.NONE


def _both(one: Entry, other: Entry) -> Entry:
    return Entry(one.mask | other.mask, tuple(dict.fromkeys(one.anchors + other.anchors)))


def _fits(step: _Step, entries: Sequence[Entry], breaks: list[Break], at: int) -> bool:
    if not entries[at].mask & step.bit:
        return False
    following = at + 1
    if not step.not_next or following == len(entries) or breaks[following] == Break.SENTENCE:
        return True
    return not entries[following].mask & step.not_next


def _precedes(bit: int, entries: Sequence[Entry], breaks: list[Break], at: int) -> bool:
    return at > 0 and breaks[at] < Break.SENTENCE and bool(entries[at - 1].mask & bit)


def _anchors(phrases: Sequence[Phrase]) -> list[int]:
    """The place of each phrase's rarest step: the one whose words the fewest phrases use."""
    uses: Counter[str] = Counter()
    for phrase in phrases:
        uses.update({word for step in phrase.steps for word in step.words})

    def commonness(step: Step) -> tuple[int, int]:
        return sum(uses[word] for word in step.words), -max(map(len, step.words))

    return [phrase.steps.index(min(phrase.steps, key=commonness)) for phrase in phrases]
