# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The witness finds a text within another, wherever it stands."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.simulation.sayings import Sayings

_LETTERS = st.text("ab ", max_size=30)


@given(st.lists(_LETTERS, max_size=5), _LETTERS)
def test_finds_what_a_plain_search_finds(sayings: list[str], text: str) -> None:
    kept = Sayings()
    for saying in sayings:
        kept.add(saying)
    assert kept.are_in(text) == any(saying in text for saying in sayings if len(saying) >= 8)
    for saying in sayings:
        assert kept.are_in(f"{text}{saying}{text}") or len(saying) < 8
