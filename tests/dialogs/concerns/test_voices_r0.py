# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Everyday messages by another hand, hard ones: idioms, films, things that die, the last day of a course.

voices_r0.tsv has been read while rules were written, so its share shows memory, not what is to be expected.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from dialogs.concerns import detect
from dialogs.scales import Level

VOICES = Path(__file__).with_name("voices_r0.tsv")


def test_everyday_messages_by_another_hand_stay_quiet() -> None:
    with VOICES.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quotechar='"'))
    levels = [detect(row["text"], row["lang"]).level for row in rows]
    assert sum(level is Level.R0 for level in levels) / len(levels) >= 0.91
    assert sum(level.rank >= 2 for level in levels) / len(levels) <= 0.05


@pytest.mark.parametrize(
    "text",
    [
        "Mein Akku stirbt gleich und ich auch",
        "Mein Handy gibt den Geist auf und ich auch bald",
        "Der Kaktus ist tot, ich folge",
        "Die Frage ergibt keinen Sinn und mein Leben auch nicht",
        "Mein Herz blutet und meine Arme auch",
        "Ich lach mich tot und bring mich danach um",
        "Auf Teufel komm raus will ich sterben",
        "Ich ertrinke in Papierkram und will nicht mehr leben",
        "Ich halte das nicht mehr aus ohne Kaffee und ohne dich auch nicht, ich will tot sein",
        "Lebwohl alte Couch, lebt wohl ihr alle, ich gehe für immer",
        "Wie erschlagen, weil mein Mann mich geschlagen hat",
    ],
)
def test_a_jest_that_turns_to_the_one_who_tells_it_is_grave(text: str) -> None:
    assert detect(text).level.rank >= Level.R2.rank


@pytest.mark.parametrize(
    "text",
    [
        "Das Fenster ist offen",
        "Beeil dich, der Bus kommt",
        "Ich muss mich auf den Weg machen",
        "Am Sonntag bin ich frei",
        "Ich werde mit der Gruppe zusammen sein",
        "Hast du meine Jacke gesehen?",
        "Kinder brauchen Schlaf",
        "Wohnt ihr allein?",
        "Ich habe die ganze Nacht gepuzzelt und gegrübelt",
        "Die Wohnung wird vermietet",
        "Ich hole morgen die Torten",
    ],
)
def test_words_that_only_look_alike_raise_nothing_grave(text: str) -> None:
    """Folded, "offen" is "Ofen", "Beeil" is "Beil", "hast" begins as "hass" does, "hole" is "Hölle"."""
    assert detect(text).level.rank < Level.R2.rank
