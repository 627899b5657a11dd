# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import astuple

from dialogs.concerns.bundles import NEARBY
from dialogs.concerns.normalise import fold, split
from dialogs.concerns.patterns import PatternError, parse
from dialogs.concerns.search import _WIDE, Found, PhraseIndex
from dialogs.concerns.vocabulary import Vocabulary

FAMILIES = {"nicht": "nicht|net", "nie": "({nicht} mehr / nimmer)"}


CONCEPTS = ("{nie}", "für immer")


def _found(pattern: str, text: str) -> list[str]:
    sets = {"fillers": frozenset({fold("doch"), fold("einfach")})}
    concept = [phrase for each in CONCEPTS for phrase in parse(each, FAMILIES)]
    phrases = [*concept, *parse(pattern, FAMILIES)]
    core, spellings = [fold("umbringen"), fold("suizid")], {"ick": frozenset({"ich"})}
    index = PhraseIndex(
        phrases,
        sets,
        dict.fromkeys(range(len(concept)), "<weg>"),
        lambda entries: Vocabulary(entries, spellings, core, frozenset({fold("umringen"), "gleis"})),
    )
    words = split(text)
    return [
        text[words.spans[each.first][0] : words.spans[each.last][1]]
        for each in index.find(index.view(words), most=9)
    ]


@pytest.mark.parametrize(
    ("pattern", "pause", "last"),
    [
        ("stein ..30 gras", "", "Gras"),
        ("gras & stein @31", "", "Gras"),
        ("stein ~30 gras", ".", "Gras"),
        ("gras & stein @~31", ".", "Gras"),
        # A concept is a word of a phrase as well; one of several words is found later than the others.
        ("stein ..30 <weg>", "", "nimmer"),
        ("stein ~30 <weg>", ".", "nimmer"),
        ("stein ..31 <weg>", "", "für immer"),
        ("stein ~31 <weg>", ".", "für immer"),
    ],
)
def test_where_in_a_long_message_a_phrase_stands_makes_no_difference(
    pattern: str, pause: str, last: str
) -> None:
    words = ["".join(letters) for letters in product("kmnprt", repeat=3)]
    for ahead in range(3 * NEARBY):
        phrase = " ".join(["Stein", *words[:14], words[14] + pause, *words[15:30], last])
        for behind in (90 - ahead // 2, _WIDE - ahead // 2):
            assert _found(pattern, " ".join([*words[:ahead], phrase, *words[:behind]])) == [phrase]


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
        ("## tage", "12345 tage", ["12345 tage"]),
        ("41 grad", "41 grad", ["41 grad"]),
        ("41 grad", "42 grad", []),
        ("41 grad", "٤١ grad", ["٤١ grad"]),
        ("*messer", "ein Küchenmesser", ["Küchenmesser"]),
        ("*messer", "Messer", ["Messer"]),
        ("*messer", "die Messerin", []),
        ("ich", "ick", ["ick"]),
        ("kotze", "ich kotz", ["kotz"]),
        ("sterben", "will sterbn", ["sterbn"]),
        ("gleise", "am Gleis 4", []),
        ("will ..1 <weg>", "will nicht mehr", ["will nicht mehr"]),
        ("a ..2 <weg>", "a xx für immer", ["a xx für immer"]),
        ("<weg> b", "nimmer b", ["nimmer b"]),
        ("x|<weg> b", "nimmer b", ["nimmer b"]),
        # A bag: any order, one sentence, within reach, without what excludes it.
        ("aa & bb & cc", "cc xx aa yy bb", ["cc xx aa yy bb"]),
        ("a & b & c", "a b", []),
        ("a & b", "a. b", []),
        ("a & b @~4", "a. b", ["a. b"]),
        ("aa & bb @2", "aa xx yy bb", []),
        ("aa & bb @3", "aa xx yy bb", ["aa xx yy bb"]),
        ("a & b & !c", "a b", ["a b"]),
        ("aa & bb & !cc", "aa bb xx cc", []),
        ("aa & bb & !cc", "aa bb xx yy zz cc", ["aa bb"]),
        ("<weg> & geh*", "gehe für immer", ["gehe für immer"]),
        ("a & !b", "a", ["a"]),
        ("umbringen", "umringen", []),
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
        ("12345", "more than 4 digits"),
        ("a & b c", "a bag holds"),
        ("a & (b / c)", "a bag holds"),
        ("a & ", "a bag holds"),
        ("!a & !b", "no word to look for"),
    ],
)
def test_what_cannot_be_read(pattern: str, message: str) -> None:
    with pytest.raises(PatternError, match=message):
        parse(pattern, FAMILIES)


def test_a_pattern_that_explodes_is_refused() -> None:
    with pytest.raises(PatternError, match="more than"):
        parse("(a b / c d / e f) " * 6, {})


_PATTERNS = (
    *(
        "a",
        "a b",
        "a ..1 c",
        "b ~4 a",
        "!c a b",
        "a !b c",
        "c $",
        "a & b @3",
        "a & c & !d @~4",
        "b & d|e & c",
    ),
    *("a ..2 d", "a ..2 e", "a ~3 e ~3 b", "(a / b c) d", "d|e a", "a b c", "e & a", "c ..1 <weg> a"),
)
_PHRASES = [*parse("d e", {}), *(phrase for pattern in _PATTERNS for phrase in parse(pattern, {}))]
_COMMON_WORDS = st.dictionaries(st.sampled_from("abcde"), st.integers(1, 9))


def _found_by(common: dict[str, int], text: str) -> list[Found]:
    index = PhraseIndex(
        _PHRASES,
        {"fillers": frozenset({"doch"})},
        {0: "<weg>"},
        lambda entries: Vocabulary(entries, {}, (), frozenset()),
        common,
    )
    return index.find(index.view(split(text)), most=20)


@pytest.mark.parametrize(
    ("text", "found"),
    [("ganz fort", 1), ("ganz verreist", 1), ("ganz weit draußen", 1), ("ganz weit", 0), ("ganz nah", 0)],
    ids=["its own word", "another's word", "another's words", "a part of them", "neither"],
)
def test_a_concept_may_stand_for_another_one_and_that_one_for_it(text: str, found: int) -> None:
    concepts = {
        "fort": "<weg>",
        "<fern>": "<weg>",
        "verreist": "<fern>",
        "weit draußen": "<fern>",
        "<weg>": "<fern>",
    }
    index = PhraseIndex(
        [phrase for pattern in (*concepts, "ganz ..1 <weg>") for phrase in parse(pattern, {})],
        {"fillers": frozenset()},
        dict(enumerate(concepts.values())),
        lambda entries: Vocabulary(entries, {}, [], frozenset()),
    )
    assert len(index.find(index.view(split(text)), most=9)) == found


@given(st.lists(st.sampled_from(["a", "b", "c", "d", "e", "doch", "x.", "x,"]), max_size=25), _COMMON_WORDS)
def test_which_word_brings_a_phrase_in_makes_no_difference(words: list[str], common: dict[str, int]) -> None:
    """What is common decides only which phrases are passed over without a look."""
    text = " ".join(words)
    assert sorted(_found_by({}, text), key=astuple) == sorted(_found_by(common, text), key=astuple)
