# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Slips of a thumb in words that no list of misspelt words names."""

from __future__ import annotations

import pytest

from dialogs.concerns import detect
from dialogs.concerns.normalise import fold
from dialogs.concerns.slips import is_slip
from dialogs.scales import Level


@pytest.mark.parametrize(
    ("written", "word"),
    [
        ("brücje", "brücke"),
        ("brüke", "brücke"),
        ("brückre", "brücke"),
        ("brükce", "brücke"),
        ("wohnunf", "wohnung"),
        ("wohnun", "wohnung"),
        ("помогитк", "помогите"),
        ("помгите", "помогите"),
        ("الانتحا", "الانتحار"),
    ],
)
def test_one_slip_away(written: str, word: str) -> None:
    assert is_slip(fold(written), fold(word))


@pytest.mark.parametrize(
    ("written", "word"),
    [("gedreht", "gedroht"), ("gewagt", "gejagt"), ("rücke", "brücke")],
)
def test_another_word(written: str, word: str) -> None:
    """Not the key beside, not the first letter."""
    assert not is_slip(written, word)


@pytest.mark.parametrize(
    "text",
    [
        "ich stehe auf der brücje und springe",
        "mein mann schlägt mich jeden tag mit dem gürte",
        "ich habe alle tabketten geschluckt",
        "i will jump off the bridhe tonight",
        "я сегодня покончу с собой, прощайтк",
    ],
)
def test_danger_is_recognised_with_a_slip(text: str) -> None:
    assert detect(text).level.rank >= Level.R2.rank
