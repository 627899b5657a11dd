# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Words as a dialect sounds them: "bluat" for "Blut", "alleene" for "alleine", "kopp" for "Kopf".

Only a message that shows by its small words that it may be written in dialect is read so, after it was read
as it stands, and in it only words that no rule knows. No list could hold them all, for everybody writes
dialect in their own way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import filterfalse, islice

import msgspec

from dialogs.concerns.normalise import Words, fold

_SHORTEST = 3
_LONGEST = 18
_MOST_SHIFTS = 2
_MOST_FORMS = 90
_WORDS_KEPT = 5_000
_MOST_WORDS = 60
"""So many words of a message are tried, so that a hostile one costs no more than a long one."""


class Dialects(msgspec.Struct, frozen=True, eq=False):
    """`marks` are folded words that show a dialect, `known` those of the rules of its language.

    `sounds` say what stands for what, "$" being the end of a word.
    """

    marks: frozenset[str]
    sounds: tuple[tuple[str, str], ...]
    known: frozenset[str]

    def read(self, words: Words) -> Words | None:
        """The sentences in which known words were meant, with these put in; None if there are none."""
        if self.marks.isdisjoint(words.folded):
            return None
        unknown = filterfalse(self.known.__contains__, dict.fromkeys(words.folded))
        tried = islice((word for word in unknown if _SHORTEST <= len(word) <= _LONGEST), _MOST_WORDS)
        meant = {word: other for word in tried if (other := _meant(self, word)) != word}
        if not meant:
            return None
        folded = [meant.get(word, word) for word in words.folded]
        changed = [each for each in words.sentences() if folded[each] != words.folded[each]]
        return words.only(changed, folded)

    def forms(self, word: str) -> Iterator[str]:
        """What this may stand for, the nearest first."""
        seen, nearest = {word}, [word]
        for _ in range(_MOST_SHIFTS):
            farther = []
            for each in nearest:
                for form in self._shifted(each):
                    if form not in seen:
                        seen.add(form)
                        farther.append(form)
                        yield form
            nearest = farther

    def _shifted(self, word: str) -> Iterator[str]:
        for sound, written in self.sounds:
            if sound[-1] != "$":
                if sound in word:
                    yield word.replace(sound, written)
            elif word.endswith(sound[:-1]):
                yield word[: len(word) - len(sound) + 1] + written


@lru_cache(_WORDS_KEPT)
def _meant(dialects: Dialects, word: str) -> str:
    """The first known word that this may stand for; the word itself if there is none."""
    forms = islice(dialects.forms(word), _MOST_FORMS)
    return next((form for form in forms if form in dialects.known), word)


def dialects(marks: Iterable[str], sounds: Iterable[str], known: Iterable[str]) -> Dialects:
    """Made of words, and of sounds written "oa=ei". Raises `ValueError` for a sound without "="."""
    pairs = []
    for sound in sounds:
        heard, written = sound.split("=")
        pairs.append((heard, written))
    return Dialects(frozenset(map(fold, marks)), tuple(pairs), frozenset(known))
