# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Messages of one script that are typed with the letters of another: "pomogite, ya bolshe ne mogu".

Such a message is read twice, as it stands and in its own script, so that nothing is hidden by a mistake.
Where only some sentences are written so, these are read twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

import msgspec

from dialogs.concerns.normalise import Words, fold

_SHORTEST = 4
"""Shorter words look alike in too many languages to show which one is meant."""
_LONG = 6
"""From this length on one word shows it of a message of `_FEW` words, below it takes another that agrees."""
_FEW = 4
_ONE_IN = 6
"""So many words have one at least that agrees: long messages of other languages hold some by chance."""
_LONGEST_KEPT = 28
_WORDS_KEPT = 10_000
_PLAIN = re.compile("[a-z']+")
_CANDIDATE = re.compile(f"[a-z']{{{_SHORTEST},{_LONGEST_KEPT}}}")


class Transliteration:
    """`letters` say what stands for what ("shch=щ"); the longest are tried first.

    `lists` is true for words that rules have as they stand, `knows` for words that rules can read at all.
    Raises `ValueError` for letters without "=".
    """

    __slots__ = ("_either", "_kept", "_knows", "_letters", "_lists", "_shown")

    def __init__(
        self, letters: Iterable[str], lists: Callable[[str], bool], knows: Callable[[str], bool]
    ) -> None:
        self._letters: dict[str, str] = {}
        for pair in letters:
            typed, meant = pair.split("=")
            self._letters[typed] = meant
        longest_first = sorted(self._letters, key=len, reverse=True)
        self._either = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")
        self._lists, self._knows = lists, knows
        self._kept = lru_cache(_WORDS_KEPT)(self._meant)
        self._shown = lru_cache(_WORDS_KEPT)(self._shown_in)

    def read(self, text: str, words: Words) -> Words | None:
        """The words in their own script; None unless enough of them show that they are meant so."""
        # Nearly every message ends here, so what is only a part of a word is not told from a whole one yet.
        chunks = text.split()
        is_usual = max(map(len, chunks), default=0) <= _LONGEST_KEPT
        perhaps = set().union(*map(self._shown if is_usual else self._shown_in, chunks))
        if not perhaps or (len(perhaps) == 1 and len(words.folded) > _ONE_IN):
            return None
        folded: list[str] = []
        shown: list[str] = []
        agreeing: list[str] = []
        for word, (start, end) in zip(words.folded, words.spans, strict=True):
            written = text[start:end].casefold()
            if len(written) > _LONGEST_KEPT or not _PLAIN.fullmatch(written):
                folded.append(word)
                shown.append("")
                agreeing.append("")
                continue
            other, agrees, shows = self._kept(written)
            folded.append(other or word)
            shown.append(other if shows else "")
            agreeing.append(other if agrees else "")
        if _is_meant(shown, agreeing):
            return msgspec.structs.replace(words, folded=folded)
        meant = [each for each in words.sentences() if _is_meant(shown[each], agreeing[each])]
        return words.only(meant, folded) if meant else None

    def _shown_in(self, written: str) -> frozenset[str]:
        """The words that show another script among these, which no space parts."""
        candidates = _CANDIDATE.findall(written.casefold())
        return frozenset(word for word in candidates if self._kept(word)[2])

    def _meant(self, word: str) -> tuple[str, bool, bool]:
        """The word in the other script, whether rules know it there, and whether only there.

        Only the latter shows that it is meant so: "mama" and "kupil" are words of several languages.
        """
        other = fold(self._either.sub(lambda typed: self._letters[typed[0]], word))
        agrees = len(word) >= _SHORTEST and self._knows(other)
        return other, agrees, agrees and not self._lists(fold(word))


def _is_meant(shown: Sequence[str], agreeing: Sequence[str]) -> bool:
    """Whether enough of these words show another script, or one does and another agrees; "" is for none."""
    which, agree = {*filter(None, shown)}, {*filter(None, agreeing)}
    if not which or len(shown) > _ONE_IN * len(agree):
        return False
    return len(agree) > 1 or (len(shown) <= _FEW and any(len(word) >= _LONG for word in which))
