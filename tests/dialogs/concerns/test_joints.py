# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

from __future__ import annotations

import pytest

from dialogs.concerns.joints import Joints
from dialogs.concerns.normalise import Break, split

KNOWN = frozenset({"nichts", "umbringen", "leben"})


def _mended(text: str) -> list[str]:
    joints = Joints(
        ["ich", "will", "nicht", "mehr", "leben", "umbringen"], ["umbringen", "Überdosis"], KNOWN.__contains__
    )
    return joints.mend(split(text)).folded


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ichwill", ["ich", "wil"]),
        ("umbringenwill", ["umbringen", "wil"]),
        ("nichtmehr leben", ["nicht", "mehr", "leben"]),
        ("mich um bringen", ["mich", "umbringen"]),
        ("über dosis", ["uberdosis"]),
        # Not across a sign, not what is a word already, not if a rest remains.
        ("um. bringen", ["um", "bringen"]),
        ("um, bringen", ["um", "bringen"]),
        ("nichts", ["nichts"]),
        ("nichtraucher", ["nichtraucher"]),
        ("willkommen", ["wilkomen"]),
        ("", []),
    ],
)
def test_words_as_they_were_meant(text: str, words: list[str]) -> None:
    assert _mended(text) == words


def test_places_and_breaks_stay_with_the_words() -> None:
    text = "Nein! ichwill um bringen"
    joints = Joints(["ich", "will"], ["umbringen"], KNOWN.__contains__)
    words = joints.mend(split(text))
    assert [text[slice(*span)] for span in words.spans] == ["Nein", "ichwill", "ichwill", "um bringen"]
    assert words.breaks == [Break.SENTENCE, Break.SENTENCE, Break.NONE, Break.NONE]


def test_without_words_nothing_is_mended() -> None:
    assert Joints([], [], KNOWN.__contains__).mend(split("ichwill um bringen")).folded == [
        "ichwil",
        "um",
        "bringen",
    ]
