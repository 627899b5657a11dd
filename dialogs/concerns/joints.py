# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Words that somebody ran together ("umbringenwill") or took apart ("selbst mord")."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import islice
from operator import add

from dialogs.concerns.normalise import Break, Words, fold

_SHORTEST = 6
_LONGEST = 30
_WORDS_KEPT = 10_000


class Joints:
    """`parts` are words that are looked for in words run together, `wholes` words that people take apart."""

    __slots__ = ("_is_known", "_kept", "_parts", "_run_together", "_wholes")

    def __init__(self, parts: Iterable[str], wholes: Iterable[str], is_known: Callable[[str], bool]) -> None:
        folded = sorted({fold(word) for word in parts}, key=lambda word: (-len(word), word))
        either = "|".join(map(re.escape, folded)) or r"(?!)"
        self._parts = re.compile(either)
        self._run_together = re.compile(f"(?:{either}){{2,6}}")
        self._wholes = frozenset(fold(word) for word in wholes)
        self._is_known = is_known
        self._kept = lru_cache(_WORDS_KEPT)(self._apart)

    def mend(self, words: Words) -> Words:
        """The words as they were meant; both parts of a word run together lie where the word lies."""
        if not self._is_damaged(words.folded):
            return words
        mended = Words([], [], [])
        for word, span, mark in zip(words.folded, words.spans, words.breaks, strict=True):
            if mark == Break.NONE and mended.folded and mended.folded[-1] + word in self._wholes:
                mended.folded[-1] += word
                mended.spans[-1] = (mended.spans[-1][0], span[1])
                continue
            parts = self._parts_of(word)
            mended.folded.extend(parts)
            mended.spans.extend([span] * len(parts))
            mended.breaks.extend([mark] + [Break.NONE] * (len(parts) - 1))
        return mended

    def _is_damaged(self, folded: list[str]) -> bool:
        if not self._wholes.isdisjoint(map(add, folded, islice(folded, 1, None))):
            return True
        kept = self._kept
        return any(kept(word) for word in folded if _SHORTEST <= len(word) <= _LONGEST)

    def _parts_of(self, word: str) -> tuple[str, ...]:
        return (_SHORTEST <= len(word) <= _LONGEST and self._kept(word)) or (word,)

    def _apart(self, word: str) -> tuple[str, ...]:
        """The parts of a word run together; nothing if it is none."""
        if self._is_known(word) or not self._run_together.fullmatch(word):
            return ()
        parts = tuple(self._parts.findall(word))
        return parts if len(parts) > 1 and sum(map(len, parts)) == len(word) else ()
