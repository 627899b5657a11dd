# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Numbers as people type them: 7, sieben, "so 6", "3 von 10", "6,5". No guess where two could be meant."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from dialogs.own_words import all_words
from dialogs.plain import plain, plain_word

_DIGITS = re.compile(r"[+-]?\d{1,12}([.,]\d{1,6})?")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}([.,])\d{3}(\1\d{3}){0,3}")
_OUT_OF = re.compile(r"([^/]+)/(\d{1,6})")
_RANGE = re.compile(r"\d+\s*[-–—]\s*\d+|\d+\s*:\s*\d+")
_MOST_WORDS = 7


def read_number(
    typed: str, out_of: int | None = None, decimals: bool = False, units: Iterable[str] = ()
) -> float | None:
    """The one number in `typed`, or None. `out_of` is the top of a scale: "3/10" needs it to be 10.

    `units` may stand beside it; any other unit could mean another number.
    With `decimals`, "1.234" may mean two numbers, depending on the country, so it is none.
    """
    if len(typed) > 80 or _RANGE.search(typed):
        return None
    words = _signed(typed).split()
    if len(words) > _MOST_WORDS:
        return None
    words = _drop_out_of(words, out_of)
    numbers: list[float] = []
    for word in words:
        if decimals and _THOUSANDS.fullmatch(word):
            return None
        value = _one(word)
        if value is not None:
            numbers.append(value)
        elif word not in _fillers() and word not in map(plain_word, units):
            return None
    return numbers[0] if len(numbers) == 1 else None


def _signed(typed: str) -> str:
    """`plain`, but a minus before a digit is kept: -2 must not become a 2."""
    text = re.sub(r"(?<!\w)[-−–]\s*(?=\d)", " minus", re.sub(r"\s*/\s*", "/", typed))
    return plain(text)


def _one(word: str) -> float | None:
    if word in _number_words():
        return float(_number_words()[word])
    text = word.replace("minus", "-", 1) if word.startswith("minus") else word
    if _THOUSANDS.fullmatch(text) and not text.lstrip("+-").startswith("0"):
        return float(re.sub(r"[.,]", "", text))
    return float(text.replace(",", ".")) if _DIGITS.fullmatch(text) else None


def _drop_out_of(words: list[str], out_of: int | None) -> list[str]:
    """ "3/10" and "3 von 10" become "3" if 10 is the top of the scale; otherwise they stay unreadable."""
    if out_of is None:
        return words
    kept: list[str] = []
    at = 0
    while at < len(words):
        slash = _OUT_OF.fullmatch(words[at])
        if slash and int(slash.group(2)) == out_of:
            kept.append(slash.group(1))
        elif kept and _of_top(words[at:], out_of):
            at += next(n for n, word in enumerate(words[at:]) if word not in _of())
        else:
            kept.append(words[at])
        at += 1
    return kept


def _of_top(words: list[str], out_of: int) -> bool:
    """True for "von 10" and "out of 10"."""
    rest = [word for word in words if word not in _of()]
    return words[0] in _of() and bool(rest) and _one(rest[0]) == out_of


@cache
def _number_words() -> dict[str, int]:
    return {
        plain_word(word): number
        for words in all_words().values()
        for number, word in enumerate(words.read.numbers)
    }


@cache
def _fillers() -> frozenset[str]:
    return frozenset(plain_word(w) for words in all_words().values() for w in words.read.around_numbers)


@cache
def _of() -> frozenset[str]:
    return frozenset(plain_word(w) for words in all_words().values() for w in words.read.of)
