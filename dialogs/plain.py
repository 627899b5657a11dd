# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Typed text made comparable: case, umlauts, punctuation and small typos do not count."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from functools import lru_cache

SHORT = 80
"""Longer messages are nobody's way to name a button; they are not compared with one."""

_TWINS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "’": "'", "‘": "'", "`": "'", "´": "'"})
_NOT_WORDS = re.compile(r"[^\w'+👍👎✅❌.,:/-]+")
_EDGES = " \t.,:;!?/'-_"
_CLOSE = 0.8
_FUZZY_FROM = 4


def clean(text: str) -> str:
    """What may be stored: no control characters but line breaks, no half characters, no blank edges."""
    if text.isprintable():
        return text.strip()
    kept = (ch for ch in text if ch in "\n\t" or unicodedata.category(ch) not in ("Cc", "Cs"))
    return "".join(kept).strip()


def plain(text: str) -> str:
    """Lower case, umlauts as two letters, single blanks, no punctuation at the edges of a word."""
    folded = unicodedata.normalize("NFC", text).casefold().translate(_TWINS)
    if not (folded.isascii() and folded.isprintable()):
        folded = _without_marks(folded)
    words = (word.strip(_EDGES) for word in _NOT_WORDS.sub(" ", folded).split())
    return " ".join(word for word in words if word)


def _without_marks(folded: str) -> str:
    """Letters without accents, and no invisible characters; a line break is a blank like any other."""
    decomposed = unicodedata.normalize("NFKD", folded).casefold()
    return "".join(ch for ch in decomposed if ch.isspace() or unicodedata.category(ch)[0] not in "MC")


@lru_cache(maxsize=4096)
def plain_word(text: str) -> str:
    """`plain` for texts that come again and again: labels and our own words."""
    return plain(text)


def has_words(text: str) -> bool:
    """True if there is a letter or a digit in it, in any script: not emoji or dots alone."""
    return any(unicodedata.category(ch)[0] in "LN" for ch in text)


def closest(typed: str, names: Mapping[str, Iterable[str]]) -> str | None:
    """The one key with a name that `typed` (plain) nearly is; None if none or several are as close."""
    if not _FUZZY_FROM <= len(typed) <= SHORT:
        return None
    best: dict[str, float] = {}
    for key, texts in names.items():
        for text in texts:
            name = plain_word(text)
            if abs(len(name) - len(typed)) > 3 or len(name) < _FUZZY_FROM:
                continue
            if 2 * _in_both(typed, name) / (len(typed) + len(name)) < _CLOSE:
                continue
            ratio = SequenceMatcher(None, typed, name, autojunk=False).ratio()
            if ratio >= _CLOSE:
                best[key] = max(ratio, best.get(key, 0.0))
    ranked = sorted(best, key=lambda key: best[key], reverse=True)
    if not ranked or (len(ranked) > 1 and best[ranked[0]] - best[ranked[1]] < 0.05):
        return None
    return ranked[0]


def _in_both(typed: str, name: str) -> int:
    """How many letters they share in whatever order: no ratio can be above what these allow."""
    return sum(min(typed.count(letter), name.count(letter)) for letter in set(name))
