# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""From what a person typed to words that rules can compare. The original text is never changed.

Rules and messages go through the same folding, so a rule may be written in normal spelling.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from enum import IntEnum
from functools import lru_cache
from operator import itemgetter

import msgspec

from dialogs.concerns import scripts

SMALL_NUMBER = "#"
LARGE_NUMBER = "##"
LARGE_FROM = 8
"""From this count on, a number of tablets is no usual dose."""


class Break(IntEnum):
    """What stands between a word and the word before it."""

    NONE = 0
    CLAUSE = 1
    HESITATION = 2
    SENTENCE = 3


class Words(msgspec.Struct, frozen=True):
    """A message as parallel lists: folded word, its place in the original text, the break before it."""

    folded: list[str]
    spans: list[tuple[int, int]]
    breaks: list[Break]


# Invisible characters and marks that may stand inside a word: soft hyphen, zero-width characters,
# accents written as characters of their own (Latin, Arabic), apostrophes.
_INSIDE = "\u00ad\u200b-\u200f\u2060\ufeff\u0300-\u036f\u064b-\u065f\u0670\u0640'’`´"
_TOKEN = re.compile(
    # Letters set apart one by one: "s u i z i d".
    r"(?P<spaced>(?<!\w)[^\W\d_](?:[ .\-_*][^\W\d_]){2,}(?!\w))"
    rf"|(?P<number>\d(?:[\d.,:]*\d)?(?![\w{_INSIDE}]))"
    rf"|(?P<word>[^\W_][\w{_INSIDE}]*)"
    r"|(?P<hesitation>\.{2,}|…)"
    r"|(?P<clause>[,:()\n\r\u2013\u2014\u060c])"
    r"|(?P<sentence>[.!?;\u061b\u061f]+)"
    r"|(?P<emoji>[\u2600-\u27bf\U0001f300-\U0001faff])"
)
_BREAKS = {"clause": Break.CLAUSE, "hesitation": Break.HESITATION, "sentence": Break.SENTENCE}
_NO_LETTER = re.compile(r"[\W_]+")
_RUNS = re.compile(r"(.)\1+")
# Three times as quick as the pattern above, and most words have no run.
_RUN_AHEAD = re.compile(r"(?=(.))\1\1")
_FIRST_OF_RUN = itemgetter(1)
_LEET = str.maketrans("0134578", "oieastb")
# Letters that no decomposition takes to their plain twin.
_TWINS = str.maketrans({"ł": "l", "ı": "i", "ø": "o", "đ": "d"} | scripts.LETTERS)


def fold(word: str) -> str:
    """One word in the form in which words are compared.

    Case, accents and umlaut twins (ä, ae, a) disappear, every run of a letter becomes one letter, so
    that "bitteee", "wil" and "weis" meet "bitte", "will" and "weiß"; digits inside a word become the
    letters they imitate.
    """
    if word.isascii():
        word = word.casefold()
    else:
        word = unicodedata.normalize("NFKD", word).casefold().translate(_TWINS)
    if not word.isalpha():
        word = _NO_LETTER.sub("", word)
        if word[:1].isalpha():
            word = word.translate(_LEET)
    word = word.replace("ae", "a").replace("oe", "o").replace("ue", "u")
    return _RUNS.sub(_FIRST_OF_RUN, word) if _RUN_AHEAD.search(word) else word


# Words repeat; those of a usual length are kept, so that nobody can fill the memory with one message.
_LONGEST_KEPT = 28
_COMMONEST = 500
_fold_kept = lru_cache(20_000)(fold)

_EMOJI_NAMES = {
    "💊": "tabletten",
    "🔪": "messer",
    "🗡": "messer",
    "🔫": "pistole",
    "🪦": "grab",
    "⚰": "sarg",
    "🪢": "strick",
    "🩸": "blut",
    "🌉": "brücke",
    "🚆": "zug",
    "🚂": "zug",
    "🚄": "zug",
    "🛤": "gleise",
    "👋": "winken",
    "🕊": "engel",
    "👼": "engel",
    "😇": "engel",
    "🥀": "verwelkt",
    "😭": "tränen",
    "😢": "tränen",
    "😥": "tränen",
    "😿": "tränen",
    "😔": "traurig",
    "😞": "traurig",
    "😟": "traurig",
    "🙁": "traurig",
    "☹": "traurig",
    "😩": "traurig",
    "💔": "liebeskummer",
    "🖤": "schwarz",
    "🆘": "hilfe",
    "😂": "haha",
    "🤣": "haha",
    "😆": "haha",
    "😅": "haha",
    "😄": "haha",
    "😁": "haha",
    "😜": "haha",
    "😎": "haha",
    "🤪": "haha",
    "😉": "haha",
}
_EMOJI = {emoji: fold(name) for emoji, name in _EMOJI_NAMES.items()}


def split(text: str) -> Words:
    """The words of a message, in one pass whose time grows with its length only."""
    folded_words: list[str] = []
    spans: list[tuple[int, int]] = []
    breaks: list[Break] = []
    pending = Break.SENTENCE
    last = before_last = ""
    for match in _TOKEN.finditer(scripts.joined(text)):
        kind = match.lastgroup or ""
        if kind == "word":
            folded = _fold_kept(token) if len(token := match[0]) <= _LONGEST_KEPT else fold(token)
        elif kind in _BREAKS:
            pending = max(pending, _BREAKS[kind])
            continue
        else:
            folded = _fold_token(kind, match[0])
        if not folded or folded == last == before_last:
            # A word said over and over says no more than said twice.
            continue
        before_last, last = last, folded
        folded_words.append(folded)
        spans.append(match.span())
        if kind == "emoji":
            # A picture is a remark of its own: "ich kann nicht mehr 😭" ends before it.
            breaks.append(max(pending, Break.CLAUSE))
            pending = Break.CLAUSE
        else:
            breaks.append(pending)
            pending = Break.NONE
    return Words(folded_words, spans, breaks)


def commonest(texts: Iterable[str]) -> dict[str, int]:
    """How often the commonest words of these texts stand in them."""
    words = Counter(word for text in texts for word in split(text).folded)
    return dict(words.most_common(_COMMONEST))


def _fold_token(kind: str, token: str) -> str:
    if kind == "number":
        return LARGE_NUMBER if _count(token) >= LARGE_FROM else SMALL_NUMBER
    if kind == "emoji":
        return _EMOJI.get(token, "")
    return fold("".join(letter for letter in token if letter.isalpha()))


def _count(number: str) -> float:
    digits = number[:6].replace(",", ".")
    try:
        return float(digits)
    except ValueError:
        return 0.0
