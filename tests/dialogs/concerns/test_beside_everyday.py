# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""People write of more than one thing: an everyday sentence beside a grave one must not hide it.

Each grave message of the read sets that is found by itself is sent again with an everyday one before and
after it, set apart by a full stop or a new line.
"""

from __future__ import annotations

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
    lowered = hidden = 0
    for number, (text, level) in enumerate(grave.items()):
        for way, (border, is_first) in enumerate(product((". ", "\n"), (True, False))):
            beside = calm[(number * 7 + way * 13) % len(calm)]
            both = border.join((text, beside) if is_first else (beside, text))
            found = _found(both, language)
            lowered += found.rank < level.rank
            hidden += found.rank < Level.R2.rank
    # What is lowered is still read today; one in a thousand was reached when this was written.
    assert hidden <= 0.0005 * 4 * len(grave)
    assert lowered <= 0.001 * 4 * len(grave)


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
