# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""From what a person typed to words that rules can compare. The original text is never changed.

Rules and messages go through the same folding, so a rule may be written in normal spelling.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from operator import itemgetter
from typing import Final, NamedTuple

import msgspec

from dialogs.concerns import scripts

SMALL_NUMBER = "#"
LARGE_NUMBER = "##"
LARGE_FROM = 8
"""From this count on, a number of tablets is no usual dose."""
LONGEST_WORD_NUMBER = 4
"""Whole numbers of up to so many digits are words of their own ("112", "41"); a longer one is just large."""


class Break:
    """What stands between a word and the word before it.

    Plain numbers: they are asked for at every word, and a member of an Enum takes ten times as long.
    """

    NONE: Final = 0
    CLAUSE: Final = 1
    HESITATION: Final = 2
    SENTENCE: Final = 3


class Words(msgspec.Struct, frozen=True):
    """A message as parallel lists: folded word, its place in the original text, the break before it."""

    folded: list[str]
    spans: list[tuple[int, int]]
    breaks: list[int]

    def pauses(self) -> list[int]:
        """The words before which a sentence may end; the first of all is one."""
        least = Break.HESITATION
        return [place for place, mark in enumerate(self.breaks) if mark >= least]

    def sentences(self) -> list[slice]:
        """The sentences, if each pause ended one: the places of their words."""
        return [slice(start, end) for start, end in pairwise([*self.pauses(), len(self.folded)])]

    def only(self, sentences: Iterable[slice], folded: Sequence[str]) -> Words:
        """These sentences, with other words in the same places; `folded` are those of the whole message."""
        part = Words([], [], [])
        for each in sentences:
            part.folded.extend(folded[each])
            part.spans.extend(self.spans[each])
            part.breaks.extend(self.breaks[each])
        return part


# Invisible characters and marks that may stand inside a word: soft hyphen, zero-width characters, what
# turns the direction of writing, accents written as characters of their own (Latin, Arabic), apostrophes.
_INSIDE = (
    "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
    "\u0300-\u036f\u064b-\u065f\u0670\u0640'’`´"
)
# Letters set apart one by one: "s u i z i d".
_SPACED = re.compile(r"(?<!\w)[^\W\d_](?:[ .\-_*][^\W\d_]){2,}(?!\w)")
# Two letters that stand alone, with a space between: found ten times as quick as the pattern above.
_PERHAPS_SPACED = re.compile(r" (?<=[^\W\d_] )(?<![^\W_]{2} )[^\W\d_](?![^\W_])")
_TOKEN = re.compile(
    rf"(?P<spaced>{_SPACED.pattern})"
    rf"|(?P<number>\d(?:[\d.,:]*\d)?(?![\w{_INSIDE}]))"
    rf"|(?P<word>[^\W_][\w{_INSIDE}]*)"
    r"|(?P<hesitation>\.{2,}|…|[\n\r])"
    r"|(?P<clause>[,:()\u2013\u2014\u060c])"
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
        word = scripts.unmixed(unicodedata.normalize("NFKD", word).casefold()).translate(_TWINS)
    if not word.isalpha():
        word = _NO_LETTER.sub("", word)
        if word.isdecimal():
            return word
        if word[:1].isalpha():
            word = word.translate(_LEET)
    word = word.replace("ae", "a").replace("oe", "o").replace("ue", "u")
    if _RUN_AHEAD.search(word):
        shorter = _RUNS.sub(_FIRST_OF_RUN, word)
        # A word that is nothing but one letter keeps two of it: Ukrainian "її" is not "і".
        return shorter if len(shorter) > 1 else shorter * 2
    return word


_LONGEST_KEPT = 28

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


class _Piece(NamedTuple):
    """A word with its place in the text, or, with an empty `folded`, what stands between two words."""

    folded: str
    start: int
    end: int
    mark: int
    """For a word the least break before it, apart from those that come as pieces of their own."""


def split(text: str) -> Words:
    """The words of a message, in one pass whose time grows with its length only."""
    folded_words: list[str] = []
    spans: list[tuple[int, int]] = []
    breaks: list[int] = []
    pending = Break.SENTENCE
    last = before_last = ""
    offset = 0
    for chunk in _chunks(scripts.joined(text)):
        pieces = _pieces_kept(chunk) if len(chunk) <= _LONGEST_KEPT else _pieces(chunk)
        for folded, start, end, mark in pieces:
            if not folded:
                # `max` takes ten times as long, and this is done for every word and every comma.
                pending = mark if mark > pending else pending  # noqa: FURB136
                continue
            if folded == last == before_last and pending < Break.HESITATION:
                # A word said over and over in one sentence says no more than said twice.
                continue
            before_last, last = last, folded
            folded_words.append(folded)
            spans.append((offset + start, offset + end))
            # A picture is a remark of its own: "ich kann nicht mehr 😭" ends before it and after it.
            breaks.append(mark if mark > pending else pending)  # noqa: FURB136
            pending = mark
        offset += len(chunk) + 1
    return Words(folded_words, spans, breaks)


def _chunks(text: str) -> list[str]:
    """The text between single spaces; all of it where letters stand apart ("s u i z i d")."""
    return [text] if _PERHAPS_SPACED.search(text) and _SPACED.search(text) else text.split(" ")


def _pieces(text: str) -> tuple[_Piece, ...]:
    pieces: list[_Piece] = []
    for match in _TOKEN.finditer(text):
        kind, token = match.lastgroup or "", match[0]
        if kind in _BREAKS:
            pieces.append(_Piece("", *match.span(), _BREAKS[kind]))
        elif folded := _fold_token(kind, token):
            mark = Break.CLAUSE if kind == "emoji" else Break.NONE
            pieces.append(_Piece(folded, *match.span(), mark))
    return tuple(pieces)


# Words repeat; those of a usual length are kept, so that nobody can fill the memory with one message.
_pieces_kept = lru_cache(20_000)(_pieces)


def count_words(texts: Iterable[str]) -> Counter[str]:
    """How often words stand in these texts."""
    return Counter(word for text in texts for word in split(text).folded)


def _fold_token(kind: str, token: str) -> str:
    if kind == "word":
        return fold(token)
    if kind == "number":
        if token.isdecimal() and len(token) <= LONGEST_WORD_NUMBER:
            return str(int(token))
        return kind_of_number(_count(token))
    if kind == "emoji":
        return _EMOJI.get(token, "")
    return fold("".join(letter for letter in token if letter.isalpha()))


def kind_of_number(count: float) -> str:
    """What a number is besides itself: small, or so large that it is no usual dose."""
    return LARGE_NUMBER if count >= LARGE_FROM else SMALL_NUMBER


def _count(number: str) -> float:
    digits = number[:6].replace(",", ".")
    try:
        return float(digits)
    except ValueError:
        return 0.0
