# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Which of the rules' words one word of a message stands for: itself, its stem, its other spellings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

import msgspec
from rapidfuzz import process
from rapidfuzz.distance import OSA, DamerauLevenshtein

from dialogs.concerns.normalise import kind_of_number
from dialogs.concerns.scripts import without_clitics
from dialogs.concerns.slips import is_slip

_SHORTEST_MISSPELT = 6
_LONG_WORD = 9
_MOST_SLIPS = 2
_LONGEST_MENDED = 28
_EDGE = 3
_SHORTEST_SHORTENED = 4


class Entry(msgspec.Struct, frozen=True, gc=False):
    """What one word is good for: places of the sets it belongs to, numbers of the phrases it may anchor."""

    sets: tuple[int, ...] = ()
    anchors: tuple[int, ...] = ()
    concepts: tuple[int, ...] = ()
    """Phrases as well, but of concepts: these are looked for first."""


UNKNOWN = Entry()
Numbers = Mapping[str, Sequence[int]]


class Entries(Mapping[str, Entry]):
    """The entries of words, put together when they are asked for: most are never met.

    `names` are the concepts that each word stands for by itself, so that it is good for what these are.
    """

    def __init__(
        self, sets: Numbers, anchors: Numbers, concepts: Numbers, names: Mapping[str, Sequence[str]]
    ) -> None:
        self._parts, self._names = (sets, anchors, concepts), names
        self._words = sets.keys() | anchors.keys() | concepts.keys() | names.keys()

    def __getitem__(self, word: str) -> Entry:
        if word not in self._words:
            raise KeyError(word)
        words = [word]
        for each in words:
            # A concept may stand for another one; it grows while it is read, to the last of them.
            words += (name for name in self._names.get(each, ()) if name not in words)
        return Entry(*(_together(part.get(each, ()) for each in words) for part in self._parts))

    def __contains__(self, word: object) -> bool:
        return word in self._words

    def __iter__(self) -> Iterator[str]:
        return iter(self._words)

    def __len__(self) -> int:
        return len(self._words)


class _Edges:
    """Words known by their beginning (or, when reversed, by their end)."""

    __slots__ = ("_entries", "_lengths", "_stems")

    def __init__(self, stems: Mapping[str, str], entries: Mapping[str, Entry]) -> None:
        self._stems, self._entries = stems, entries
        lengths: dict[str, set[int]] = {}
        for stem in stems:
            lengths.setdefault(stem[:_EDGE], set()).add(len(stem))
        self._lengths = {head: tuple(sorted(found)) for head, found in lengths.items()}

    def add_to(self, entry: Entry, word: str) -> Entry:
        for length in self._lengths.get(word[:_EDGE], ()):
            if length > len(word):
                break
            stem = self._stems.get(word[:length])
            if stem is not None:
                entry = both(entry, self._entries[stem])
        return entry


class Vocabulary:
    """All words of all rules.

    `entries` maps a word, a stem (`stamm*`) or an end (`*ende`) to what it is good for. `spellings` maps
    a word to the words it stands for as well. `core` lists the words that are recognised when misspelt:
    one slip from six letters, two from nine; `true_words` are right as they are, though they look alike.
    All other words are recognised with one slip of a thumb (`slips`), from six letters and unless the word
    as it stands is one of `everyday`.
    """

    __slots__ = ("_alike", "_core", "_ends", "_everyday", "_exact", "_spellings", "_stems", "_true_words")

    def __init__(
        self,
        entries: Mapping[str, Entry],
        spellings: Mapping[str, frozenset[str]],
        core: Iterable[str],
        true_words: frozenset[str],
        everyday: frozenset[str] = frozenset(),
    ) -> None:
        # Words of messages have no star, so a stem or an end is never taken for one.
        self._exact = entries
        # By first letter and length of what one slip may make of them.
        self._alike: dict[tuple[str, int], list[str]] = {}
        for word in entries:
            if len(word) >= _SHORTEST_MISSPELT - 1 and "*" not in word:
                for length in range(len(word) - 1, len(word) + 2):
                    self._alike.setdefault((word[0], length), []).append(word)
        edges = [word for word in entries if "*" in word]
        self._stems = _Edges({word[:-1]: word for word in edges if word.endswith("*")}, entries)
        self._ends = _Edges({word[:0:-1]: word for word in edges if word.startswith("*")}, entries)
        self._spellings = spellings
        self._core: dict[int, list[str]] = {}
        for word in dict.fromkeys(core):
            for length in range(len(word) - _slips(word), len(word) + _slips(word) + 1):
                self._core.setdefault(length, []).append(word)
        self._true_words, self._everyday = true_words, everyday

    def entry(self, word: str) -> Entry:
        """What this folded word is good for."""
        return self._find_out(word) if len(word) <= _LONGEST_MENDED else self._direct(word)

    def lists(self, word: str) -> bool:
        """True if a rule has just this word, or a spelling of it; a stem or an end is not enough."""
        return word in self._exact or word in self._spellings

    def knows(self, word: str) -> bool:
        """True if a rule has this word, or a stem or an end that fits it."""
        return self._direct(word) is not UNKNOWN

    def _find_out(self, word: str) -> Entry:
        entry = self._direct(word)
        for other in self._spellings.get(word, ()):
            entry = both(entry, self._direct(other))
        if word.isdecimal():
            return both(entry, self._direct(kind_of_number(int(word))))
        if word in self._true_words:
            return entry
        for other in (*_full_forms(word), *without_clitics(word)):
            entry = both(entry, self._direct(other))
        if entry is UNKNOWN:
            entry = self._swapped_back(word)
        if entry is UNKNOWN and len(word) >= _SHORTEST_MISSPELT and word not in self._everyday:
            entry = self._one_slip_less(word)
        if len(word) < _SHORTEST_MISSPELT or self.lists(word):
            return entry
        # A stem may fit a slip as well ("umbringrn" begins like "umbring*"): then one slip at most.
        return both(entry, self._corrected(word, _MOST_SLIPS if entry is UNKNOWN else 1))

    def _direct(self, word: str) -> Entry:
        # Most words are unknown, and `Mapping.get` would raise and catch an error for each.
        entry = self._exact[word] if word in self._exact else UNKNOWN  # noqa: SIM401
        entry = self._stems.add_to(entry, word)
        return self._ends.add_to(entry, word[::-1]) if len(word) <= _LONGEST_MENDED else entry

    def _swapped_back(self, word: str) -> Entry:
        """Two letters in the wrong order, the commonest slip of two thumbs: "kien", "merh", "damti"."""
        for at in range(1, len(word) - 1) if len(word) >= _SHORTEST_SHORTENED else ():
            other = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
            if other != word and other in self._exact:
                return self._exact[other]
        return UNKNOWN

    def _one_slip_less(self, word: str) -> Entry:
        entry = UNKNOWN
        alike = self._alike.get((word[0], len(word)), ())
        for other, _, _ in process.extract_iter(word, alike, scorer=OSA.distance, score_cutoff=1):
            if is_slip(word, other):
                entry = both(entry, self._exact[other])
        return entry

    def _corrected(self, word: str, most: int) -> Entry:
        near = process.extractOne(
            word, self._core.get(len(word), ()), scorer=DamerauLevenshtein.distance, score_cutoff=most
        )
        if near is None:
            return UNKNOWN
        core, slips, _ = near
        # Two slips and another first letter is another word: "anbringen", "umbringen".
        if slips > _slips(core) or (slips == 2 and core[0] != word[0]):
            return UNKNOWN
        return self._direct(core)


def both(one: Entry, other: Entry) -> Entry:
    """One entry that is good for what either is good for."""
    if one is UNKNOWN or other is UNKNOWN:
        return other if one is UNKNOWN else one
    return Entry(
        _together((one.sets, other.sets)),
        _together((one.anchors, other.anchors)),
        _together((one.concepts, other.concepts)),
    )


def _together(numbers: Iterable[Sequence[int]]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(chain.from_iterable(numbers)))


def _full_forms(word: str) -> frozenset[str]:
    """What a word may be short for, or dialect for.

    "kotz" for "kotze", "sterbn" for "sterben", "gschluckt" and "jeschluckt" for "geschluckt", "sterba" for
    "sterben".
    """
    if len(word) < _SHORTEST_SHORTENED:
        return frozenset()
    starts = {word}
    if word[0] == "g" and word[1] not in "aeiouy":
        starts.add(f"ge{word[1:]}")
    elif word[0] == "j" and word[1] in "aeiou":
        starts.add(f"g{word[1:]}")
    forms = starts | {form for start in starts for form in _full_ends(start)}
    return frozenset(forms - {word})


def _full_ends(word: str) -> tuple[str, ...]:
    end, before = word[-1], word[-2]
    if end == "a" and before not in "aeiou" and len(word) > _SHORTEST_SHORTENED:
        return (f"{word[:-1]}en", f"{word[:-1]}er")
    if end in "aeiou":
        return ()
    if end == "n":
        return () if before in "aeiou" else (f"{word[:-1]}en",)
    return (f"{word}e",)


def _slips(word: str) -> int:
    if len(word) < _SHORTEST_MISSPELT:
        return 0
    return _MOST_SLIPS if len(word) >= _LONG_WORD else 1
