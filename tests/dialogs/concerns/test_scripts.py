# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Cyrillic and Arabic script: what is written in two ways, and messages written together with the rules."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.concerns import detect
from dialogs.concerns.normalise import fold, split
from dialogs.concerns.scripts import joined, unmixed, without_clitics
from dialogs.scales import Level

with Path(__file__).with_name("cyrillic_arabic.tsv").open(encoding="utf-8", newline="") as lines:
    MESSAGES = list(csv.DictReader(lines, delimiter="\t"))


@pytest.mark.parametrize(
    "twins",
    [
        ("жить", "жит"),
        ("хочеться", "хочется"),
        ("объявление", "обявление"),
        ("вб'ю", "вбʼю", "вб’ю", "вбю"),
        ("ґвалт", "гвалт"),
        ("حياة", "حیاه", "حيـاة"),
        ("شيء", "شي"),
        ("می‌کشم", "ميكشم", "میکشم"),
    ],
)
def test_spellings_meet(twins: tuple[str, ...]) -> None:
    assert len({fold(word) for word in twins}) == 1


@pytest.mark.parametrize(
    ("slipped", "meant"),
    [
        ("l\u0435b\u0435n", "leben"),
        ("w\u0456ll", "will"),
        ("i\u0441h", "ich"),
        ("вм\u0065рти", "вмерти"),
        ("п\u006fк\u0069нчити", "покінчити"),
        ("\u0063\u0065бе", "себе"),
        ("\u0079м\u0065\u0070\u0065ть", "умереть"),
    ],
)
def test_letters_that_slipped_in_from_another_keyboard_are_the_ones_they_look_like(
    slipped: str, meant: str
) -> None:
    assert slipped != meant
    assert split(slipped).folded == split(meant).folded


@pytest.mark.parametrize("word", ["Whatsappнути", "zж", "mama", "мама", "ich"])
def test_what_is_no_slip_of_a_keyboard_stays_as_it_is(word: str) -> None:
    assert unmixed(word.casefold()) == word.casefold()


@pytest.mark.parametrize(
    ("apart", "together"),
    [
        ("می خواهم بمیرم", "می‌خواهم بمیرم"),
        ("نمي خوام", "نمی‌خوام"),
        ("قرص ها رو", "قرص‌ها رو"),
        ("بچه هایم", "بچه‌هایم"),
    ],
)
def test_persian_words_taken_apart_are_one(apart: str, together: str) -> None:
    assert split(apart).folded == split(together).folded


@given(st.text(alphabet="می نهاوخAbж \u200c", max_size=40))
def test_joining_moves_no_character(text: str) -> None:
    assert len(joined(text)) == len(text)
    assert all(one in (other, "\u200c") for one, other in zip(joined(text), text, strict=True))


@pytest.mark.parametrize(
    ("word", "bare"),
    [("وأريد", "أريد"), ("الموت", "موت"), ("والموت", "موت"), ("بالسكين", "سكين"), ("للمطبخ", "مطبخ")],
)
def test_an_arabic_word_without_what_is_written_onto_it(word: str, bare: str) -> None:
    assert fold(bare) in without_clitics(fold(word))


@pytest.mark.parametrize("word", ["", "و", "ورد", "haus", "жить"])
def test_other_words_stay_whole(word: str) -> None:
    assert not without_clitics(fold(word))


@pytest.mark.parametrize("row", MESSAGES, ids=lambda row: row["id"])
def test_a_message_is_seen_the_same_day_or_raises_nothing(row: dict[str, str]) -> None:
    found = detect(row["text"], row["lang"]).level
    assert (found is Level.R0) if row["level"] == Level.R0 else (found.rank >= Level.R2.rank)
