# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.concerns.normalise import Break, fold, split


@pytest.mark.parametrize(
    "twins",
    [
        ("möchte", "moechte", "mochte", "MÖCHTE", "mo\u0308chte", "moechteeee"),
        ("weiß", "weiss", "weis", "WEISS"),
        ("will", "wil", "wiiill", "w1ll"),
        ("umbringen", "umb\u00adringen", "umb\u200bringen", "umbr1ngen", "umbringen"),
        ("sterben", "𝐒𝐭𝐞𝐫𝐛𝐞𝐧", "ＳＴＥＲＢＥＮ", "ⓢterben"),
        ("sterben", "ster\u202dben", "ster\u2068ben", "ster\u2062ben", "ster\u180eben", "ster\u061cben"),
        ("hab's", "habs", "hab’s"),
        ("życie", "zycie"),
        ("istemıyorum", "istemiyorum", "İSTEMIYORUM"),
        ("أريد", "اريد", "أُريد", "أريـــد"),
        ("می‌خواهم", "میخواهم", "مي‌خواهم"),
        ("ещё", "еще"),
    ],
)
def test_spellings_meet(twins: tuple[str, ...]) -> None:
    assert len({fold(word) for word in twins}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("tot", "rot"), ("її", "і"), ("leben", "lesen"), ("nicht", "nichts"), ("mich", "mir"), ("8mg", "bmg")],
)
def test_different_words_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@pytest.mark.parametrize(
    ("written", "word"),
    [
        ("112", "112"),
        ("٤١", "41"),
        ("007", "7"),
        ("2026", "2026"),
        ("12345", "##"),
        ("112.5", "##"),
        ("3,5", "#"),
    ],
)
def test_a_short_whole_number_is_a_word_of_its_own(written: str, word: str) -> None:
    assert split(f"bitte {written}, ja").folded == ["bite", word, "ja"]


def test_words_breaks_and_places() -> None:
    text = "Ja, gut… 3 oder 20?\nS u i z i d 💊"
    words = split(text)
    assert words.folded == ["ja", "gut", "3", "oder", "20", "suizid", "tableten"]
    assert words.breaks == [
        Break.SENTENCE, Break.CLAUSE, Break.HESITATION, Break.NONE, Break.NONE, Break.SENTENCE, Break.CLAUSE,
    ]  # fmt: skip
    assert [text[slice(*span)] for span in words.spans] == [
        "Ja",
        "gut",
        "3",
        "oder",
        "20",
        "S u i z i d",
        "💊",
    ]


def test_a_word_said_over_and_over_is_kept_twice() -> None:
    assert split("nein nein nein nein, gut 💊💊💊").folded == ["nein", "nein", "gut", "tableten", "tableten"]


def test_a_word_that_begins_another_sentence_is_kept_however_often_it_was_said() -> None:
    assert split("allein allein allein. Allein\nallein und müde").folded == [
        *["alein"] * 4,
        "und",
        "mude",
    ]


@given(st.text(max_size=200))
def test_places_lie_in_order_within_the_text(text: str) -> None:
    words = split(text)
    assert len(words.folded) == len(words.spans) == len(words.breaks)
    assert all(words.folded)
    ends = 0
    for start, end in words.spans:
        assert ends <= start < end <= len(text)
        ends = end


def test_a_picture_is_a_remark_of_its_own() -> None:
    words = split("nicht mehr 😭 🌉👋 ok")
    assert words.folded == ["nicht", "mehr", "tranen", "brucke", "winken", "ok"]
    assert words.breaks[2:] == [Break.CLAUSE] * 4


@given(st.lists(st.sampled_from(" .-_*"), min_size=2, max_size=6))
def test_letters_one_by_one_are_one_word_whatever_stands_between(between: list[str]) -> None:
    word = "sterben"[: len(between) + 1]
    apart = word[0] + "".join(gap + letter for gap, letter in zip(between, word[1:], strict=True))
    assert split(f"wegen {apart} heute").folded == ["wegen", word, "heute"]
