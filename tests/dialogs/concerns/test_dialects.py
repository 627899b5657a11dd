# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Messages in dialect are read as what they mean; all others stay as they are."""

from __future__ import annotations

import pytest

from dialogs.concerns import detect
from dialogs.concerns.dialects import Dialects, dialects
from dialogs.concerns.normalise import split
from dialogs.concerns.rulebook import compile_rules
from dialogs.scales import Level

MARKS, SOUNDS = ["ned", "isch", "ick"], ["ua=u", "oa=ei", "sch=ch", "j=g", "e$=en"]


@pytest.mark.parametrize(
    ("written", "known", "read"),
    [
        ("des bluat ned", "blut", ["des", "blut", "ned"]),
        ("isch bin innerlisch leer", "inerlich", ["isch", "bin", "inerlich", "ler"]),
        ("ick jloobe ned an sterbe", "sterben", ["ick", "jlobe", "ned", "an", "sterben"]),
        ("hoam ned", "heim ham", ["heim", "ned"]),
        ("das bluat", "blut", ["das", "bluat"]),
        ("bluat ned", "bluat blut", ["bluat", "ned"]),
    ],
    ids=["vowel", "consonant", "end", "nearest first", "no dialect", "known as it is"],
)
def test_unknown_words_of_a_dialect_become_known_ones(written: str, known: str, read: list[str]) -> None:
    stands = split(written)
    words = dialects(MARKS, SOUNDS, known.split()).read(stands)
    assert (stands if words is None else words).folded == read
    assert words is None or (words.folded != stands.folded and words.spans == stands.spans)


class _Counting(frozenset[str]):
    """Knows nothing, and how often it was asked."""

    asked = 0

    def __contains__(self, word: object) -> bool:
        _Counting.asked += 1
        return False


def test_a_message_full_of_strange_words_takes_little_work() -> None:
    strange = " ".join(f"ned{chr(97 + n % 26)}oaua{chr(97 + n // 26)}schj" for n in range(600))
    Dialects(frozenset({"ned"}), (("oa", "ei"), ("ua", "u"), ("sch", "ch")), _Counting()).read(
        split(f"ned {strange}")
    )
    assert 60 < _Counting.asked < 60 + 60 * 90 + 10


@pytest.mark.parametrize("sound", ["oa", "oa=ei=a"])
def test_a_sound_stands_for_one_other(sound: str) -> None:
    with pytest.raises(ValueError, match="unpack"):
        dialects([], [sound], [])


@pytest.mark.parametrize(
    "text",
    [
        "Heid no bring i mi um.",
        "I mog nimma. Heid no bring i mi um.",
        "isch will net mehr lewe",
        "ick will nich mehr lem, keene Lust mehr uff dit janze",
    ],
)
def test_danger_is_recognised_in_dialect(text: str) -> None:
    assert detect(text).level is Level.R3


@pytest.mark.parametrize(
    "text", ["I kimm heid a bissl später, da Bus is ned kumma", "Ick hab dit Formular nich jefunden"]
)
def test_everyday_stays_quiet_in_dialect(text: str) -> None:
    assert detect(text).level is Level.R0


_TWO_LANGUAGES = {
    "de.yaml": """
language: de
words: {fillers: so, negation: nicht}
rules:
  - {id: de.jump, level: R3, patterns: [springe], hits: [], misses: []}
""",
    "en.yaml": """
language: en
words: {negation: "no not"}
rules:
  - {id: en.jump, level: R3, patterns: [jump], hits: [], misses: []}
""",
}


@pytest.mark.parametrize(
    ("text", "level"),
    [("no springe", Level.R3), ("nicht springe", Level.R2), ("no jump", Level.R2), ("nicht jump", Level.R3)],
)
def test_a_word_negates_in_its_own_language_alone(text: str, level: Level) -> None:
    # "no" is English for none, and Bavarian for still.
    assert detect(text, book=compile_rules(_TWO_LANGUAGES)).level is level
