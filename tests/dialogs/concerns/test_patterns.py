# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

from __future__ import annotations

import pytest

from dialogs.concerns.normalise import fold, split
from dialogs.concerns.patterns import PatternError, parse
from dialogs.concerns.search import PhraseIndex

FAMILIES = {"nicht": "nicht|net", "nie": "({nicht} mehr / nimmer)"}


def _found(pattern: str, text: str) -> list[str]:
    sets = {"fillers": frozenset({fold("doch"), fold("einfach")})}
    index = PhraseIndex(parse(pattern, FAMILIES), sets, [fold("umbringen"), fold("suizid")])
    words = split(text)
    return [
        text[words.spans[each.first][0] : words.spans[each.last][1]]
        for each in index.find(words, index.look_up(words), most=9)
    ]


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("gut", "Alles GUT!", ["GUT"]),
        ("gut", "Alles gute", []),
        ("gut*", "alles gute", ["gute"]),
        ("a|b c", "b c", ["b c"]),
        ("(a b / c)", "a c", ["c"]),
        ("x (a b / )", "x", ["x"]),
        ("{nie}", "net mehr", ["net mehr"]),
        ("{nie}", "nimmer", ["nimmer"]),
        ("a b", "a xx b", []),
        ("a b", "a doch einfach b", ["a doch einfach b"]),
        ("a ..1 b", "a xx b", ["a xx b"]),
        ("a ..1 b", "a xx yy b", []),
        ("a ..1 b", "a doch x b", ["a doch x b"]),
        ("a ..3 b", "a, x b", ["a, x b"]),
        ("a ..3 b", "a. x b", []),
        ("a ~3 b", "a. x b", ["a. x b"]),
        ("a !b", "a c", ["a"]),
        ("a !b", "a b", []),
        ("a !b", "a. b", ["a"]),
        ("a !b", "a", ["a"]),
        ("!b a", "b a", []),
        ("!b a", "b. a", ["a"]),
        ("a $", "a, c", ["a"]),
        ("a $", "a doch.", ["a"]),
        ("a $", "a c", []),
        ("# uhr", "3 uhr", ["3 uhr"]),
        ("## tage", "3 tage", []),
        ("## tage", "30 tage", ["30 tage"]),
        ("umbringen", "umbrigen", ["umbrigen"]),
        ("umbringen", "mitbringen", []),
        ("suizid", "suizit", ["suizit"]),
        ("suizid", "siuzit", []),
        ("ab ..4 cdef", "ab ab cdef", ["ab cdef"]),
        ("cdef ..4 ab", "cdef ab ab", ["cdef ab"]),
        ("aa bb", "aa doch einfach doch einfach bb", ["aa doch einfach doch einfach bb"]),
        ("aa bb", "aa doch einfach doch einfach doch bb", []),
    ],
)
def test_what_a_pattern_finds(pattern: str, text: str, found: list[str]) -> None:
    assert _found(pattern, text) == found


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("", "no word"),
        ("..3", "no word"),
        ("(a / b", "never closed"),
        ("a) b", "never opened"),
        ("(niemand|no one)", "parted by /"),
        ("{other}", "no family"),
        ("{ other", "brace"),
        ("ab*", "shorter than 3"),
        ("a $ b", "nothing may follow"),
        ("a||b", "no word"),
        ("a -", "no word"),
    ],
)
def test_what_cannot_be_read(pattern: str, message: str) -> None:
    with pytest.raises(PatternError, match=message):
        parse(pattern, FAMILIES)


def test_a_pattern_that_explodes_is_refused() -> None:
    with pytest.raises(PatternError, match="more than"):
        parse("(a b / c d / e f) " * 6, {})
