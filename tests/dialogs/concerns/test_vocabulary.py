# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

from __future__ import annotations

import pytest

from dialogs.concerns.vocabulary import UNKNOWN, Entry, Vocabulary, both

WORDS = ("sterben", "gehe", "tot", "messer*", "*seil", "umbringen", "selbstmord", "nicht", "nichte")
ENTRIES = {word: Entry((10 + at,), (at,)) for at, word in enumerate(WORDS)}
VOCABULARY = Vocabulary(
    ENTRIES,
    {"steabn": frozenset({"sterben"})},
    ["sterben", "umbringen", "selbstmord", "gehe"],
    frozenset({"streben", "nicht"}),
    frozenset({"nuchte"}),
)


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("sterben", "sterben"),
        ("steabn", "sterben"),
        ("sterbn", "sterben"),
        ("sterbne", "sterben"),
        ("geh", ""),
        ("messerstich", "messer*"),
        ("drahtseil", "*seil"),
        ("seil", "*seil"),
        ("umbrigen", "umbringen"),
        ("umbirgen", "umbringen"),
        ("anbringen", ""),
        # Two letters in the wrong order; dialect; a slip in a word whose beginning is a stem of its own.
        ("thcit", ""),
        ("ncihte", "nichte"),
        # The key beside, unless it is a word of everyday language.
        ("nixhte", "nichte"),
        ("nuchte", ""),
        ("nciht", "nicht"),
        ("sterba", "sterben"),
        ("selbsmort", "selbstmord"),
        ("selbstlos", ""),
        # Short words and true words are never taken for others.
        ("rot", ""),
        ("streben", ""),
        ("nicht", "nicht"),
        ("x" * 40 + "seil", ""),
    ],
)
def test_what_a_word_stands_for(word: str, meant: str) -> None:
    assert VOCABULARY.entry(word) == (ENTRIES[meant] if meant else UNKNOWN)


def test_two_entries_become_one_without_repeating() -> None:
    one, other = Entry((11,), (1, 2), (7,)), Entry((11, 12), (2, 3), (7, 8))
    assert both(one, other) == Entry((11, 12), (1, 2, 3), (7, 8))
    assert both(UNKNOWN, one) is one
    assert both(one, UNKNOWN) is one
