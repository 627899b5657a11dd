# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Words that somebody ran together ("umbringenwill") or took apart ("selbst mord")."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import islice
from operator import add

from dialogs.concerns.normalise import Break, Words, fold

_SHORTEST = 6
_LONGEST = 30


class Joints:
    """`parts` are words that are looked for in words run together, `wholes` words that people take apart."""

    __slots__ = ("_parts", "_run_together", "_wholes")

    def __init__(self, parts: Iterable[str], wholes: Iterable[str]) -> None:
        folded = sorted({fold(word) for word in parts}, key=lambda word: (-len(word), word))
        either = "|".join(map(re.escape, folded)) or r"(?!)"
        self._parts = re.compile(either)
        self._run_together = re.compile(f"(?:{either}){{2,6}}")
        self._wholes = frozenset(fold(word) for word in wholes)

    def mend(self, words: Words, is_known: Callable[[str], bool]) -> Words:
        """The words as they were meant; both parts of a word run together lie where the word lies."""
        if not self._is_damaged(words.folded, is_known):
            return words
        mended = Words([], [], [])
        for word, span, mark in zip(words.folded, words.spans, words.breaks, strict=True):
            if mark == Break.NONE and mended.folded and mended.folded[-1] + word in self._wholes:
                mended.folded[-1] += word
                mended.spans[-1] = (mended.spans[-1][0], span[1])
                continue
            parts = self._apart(word, is_known)
            mended.folded.extend(parts)
            mended.spans.extend([span] * len(parts))
            mended.breaks.extend([mark] + [Break.NONE] * (len(parts) - 1))
        return mended

    def _is_damaged(self, folded: list[str], is_known: Callable[[str], bool]) -> bool:
        if not self._wholes.isdisjoint(map(add, folded, islice(folded, 1, None))):
            return True
        return any(len(self._apart(word, is_known)) > 1 for word in folded if len(word) >= _SHORTEST)

    def _apart(self, word: str, is_known: Callable[[str], bool]) -> list[str]:
        if _SHORTEST <= len(word) <= _LONGEST and not is_known(word) and self._run_together.fullmatch(word):
            parts: list[str] = self._parts.findall(word)
            if sum(map(len, parts)) == len(word):
                return parts
        return [word]
