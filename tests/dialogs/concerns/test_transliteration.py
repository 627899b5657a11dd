# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Russian typed with Latin letters is read in its own script as well; everything else stays as it is."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from dialogs.concerns import detect
from dialogs.concerns.normalise import split
from dialogs.concerns.rulebook import rulebook
from dialogs.concerns.transliteration import Transliteration
from dialogs.scales import Level

LETTERS = ["sh=ш", "s=с", "h=х", "a=а", "o=о", "l=л", "ya=я", "n=н", "e=е", "d=д", "b=б", "k=к"]
KNOWN = {"болше", "хлеб", "хлебная"}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("bolshe hleba ne dal", None),
        ("bolshe hleb ne dal", "болше хлеб не дал"),
        ("hlebnaya ne", "хлебная не"),
        ("hleb hleb", None),
        ("HLEB, Bolshe!", "хлеб болше"),
        ("hleb хлеб bolshe", "хлеб хлеб болше"),
        ("hleb bolshe 5 größer", "хлеб болше 5 groser"),
        ("listed bolshe", None),
        ("", None),
    ],
)
def test_what_is_read_in_its_own_script(written: str, read: str | None) -> None:
    letters = [*LETTERS, "t=т", "i=и"]
    words = split(written)
    found = Transliteration(letters, {"listed"}.__contains__, KNOWN.__contains__).read(written, words)
    assert (found and " ".join(found.folded)) == read
    assert found is None or (found.spans, found.breaks) == (words.spans, words.breaks)


def test_letters_stand_for_others() -> None:
    with pytest.raises(ValueError, match="unpack"):
        Transliteration(["sh"], KNOWN.__contains__, KNOWN.__contains__)


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("muzh menya ubyet", Level.R3),
        ("ya zarezhu ego", Level.R3),
        ("malysh ne dyshit", Level.R3),
        ("golosa govoryat ubey sebya, ne mogu ih vyklyuchit", Level.R3),
        ("deneg net sovsem, vchera eli poslednyuyu kartoshku", Level.R2),
        ("mne nechego est", Level.R2),
        ("vyhoda net", Level.R2),
        # One word of it is Polish as well.
        ("ya kupil verevku i znayu gde", Level.R3),
        ("pomogite perevesti pismo", Level.R0),
        ("net bileta na poezd", Level.R0),
        ("muzh s synom doma", Level.R0),
    ],
)
def test_russian_in_latin_letters(text: str, level: Level) -> None:
    assert detect(text, "ru").level is level


@pytest.mark.parametrize(
    "beside", ["My daughter got a place in kindergarten, we start on Monday", "Alles gut"]
)
@pytest.mark.parametrize("border", [". ", "\n", "... "])
def test_russian_in_latin_letters_is_read_beside_another_language(beside: str, border: str) -> None:
    grave = "proshayte, ya ustal, bolshe menya ne ishite nikogda"
    assert detect(f"{grave}{border}{beside}", "ru").level is Level.R3
    assert detect(f"{beside}{border}{grave}", "ru").level is Level.R3


def test_what_is_there_in_latin_letters_is_not_hidden() -> None:
    german = "ich will sterben"
    both = detect(f"{german}, bolshe ne mogu, zhizn nadoela", "ru")
    assert any(hit.rule.startswith("de.") for hit in both.hits)
    assert any(hit.rule.startswith("ru.") for hit in both.hits)
    assert all(0 <= start < end for hit in both.hits for start, end in [hit.span])


def test_everyday_german_is_hardly_ever_read_twice() -> None:
    book = rulebook()
    with (Path(__file__).parent / "everyday.tsv").open(encoding="utf-8", newline="") as lines:
        texts = [row["text"] for row in csv.DictReader(lines, delimiter="\t")]
    twice = [text for text in texts if book.transliteration.read(text, split(text))]
    assert len(twice) < len(texts) / 50
