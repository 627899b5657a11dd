# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What stands beside a grave sentence, and how it is written, must not hide it.

Each grave message of the read sets that is found by itself is sent again: with an everyday one before and
after it, set apart by a full stop or a new line, and in the ways in which people write.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import cache
from itertools import product

import pytest

from dialogs.concerns import detect
from dialogs.scales import Level
from tests.dialogs.concerns.test_examples import DEV, EXAMPLES, LEARNED, PLAIN, PLAIN_ELSEWHERE

LANGUAGES = ("de", "en", "uk", "ru", "tr", "ar", "fa", "pl")
MESSAGES = EXAMPLES + DEV + LEARNED + PLAIN + PLAIN_ELSEWHERE
#: Longer ones are stories with a colour of their own.
SHORT = 80


def _found(text: str, language: str) -> Level:
    return detect(text, language).level


@cache
def _alone(language: str) -> tuple[dict[str, Level], list[str]]:
    """The grave messages of a language as they are found, and everyday ones that raise nothing."""
    texts = {row["text"].rstrip(".!? "): row["level"] for row in MESSAGES if row["lang"] == language}
    found = {text: _found(text, language) for text in texts}
    grave = {text: level for text, level in found.items() if texts[text] in {"R2", "R3"} and level.rank >= 2}
    calm = [text for text, level in texts.items() if level == Level.R0 and len(text) < SHORT]
    return grave, [text for text in calm if not detect(text, language).hits]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_everyday_sentence_hides_no_grave_one(language: str) -> None:
    grave, calm = _alone(language)
    assert len(grave) > 200
    assert len(calm) > 50
    lowered: list[str] = []
    for number, (text, level) in enumerate(grave.items()):
        for way, (border, is_first) in enumerate(product((". ", "\n"), (True, False))):
            beside = calm[(number * 7 + way * 13) % len(calm)]
            both = border.join((text, beside) if is_first else (beside, text))
            if _found(both, language).rank < level.rank:
                lowered.append(both)
    assert lowered == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_in_another_language_hides_no_grave_one(language: str) -> None:
    grave, _ = _alone(language)
    others = [other for other in LANGUAGES if other != language]
    for number, (text, level) in enumerate(grave.items()):
        calm = _alone(others[number % len(others)])[1]
        beside = calm[number * 7 % len(calm)]
        for both in (f"{text}. {beside}", f"{beside}\n{text}"):
            assert _found(both, language).rank >= level.rank, both


GREETINGS = {
    "de": ("Hallo Frau Beispiel, ", " LG"),
    "en": ("Hi, ", " thanks"),
    "uk": ("Добрий день, ", " дякую"),
    "ru": ("Здравствуйте, ", " спасибо"),
    "tr": ("Merhaba, ", " teşekkürler"),
    "ar": ("السلام عليكم ", " شكرا"),
    "fa": ("سلام ", " ممنون"),
    "pl": ("Dzień dobry, ", " dzięki"),
}
WAYS: dict[str, Callable[[str], str]] = {
    "loud": str.upper,
    "small": str.lower,
    "marks apart": lambda text: unicodedata.normalize("NFD", text),
    "spaces that do not break": lambda text: text.replace(" ", "\u00a0"),
    "quoted": lambda text: f"„{text}“",
    "asked": lambda text: f"{text}?",
    "trailing off": lambda text: f"{text}...",
    "with a face": lambda text: f"{text} 😔",
    "with faces": lambda text: f"{text}😭😭",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_how_it_is_written_hides_nothing(language: str) -> None:
    grave, _ = _alone(language)
    before, after = GREETINGS[language]
    greeted: dict[str, Callable[[str], str]] = {
        "greeted": lambda text: before + text,
        "with a closing": lambda text: text + after,
    }
    for name, way in (WAYS | greeted).items():
        lowered = [text for text, level in grave.items() if _found(way(text), language).rank < level.rank]
        assert len(lowered) <= 1, (name, lowered)


@pytest.mark.parametrize(
    "text",
    [
        "I cut my wrists, do I need to bring my passport",
        "the bomb they found from the war is defused. I cut my wrists",
        "I took all my pills. I need help ned",
    ],
)
def test_another_language_is_not_taken_for_a_dialect_alone(text: str) -> None:
    """ "need" folds to "ned", which is Bavarian for not: read only as dialect these raised nothing."""
    assert detect(text, "en").level is Level.R3
