# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Where nobody is somebody's coach, each shipped dialog says it in the case that its own sentences need."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from dialogs.book import DialogBook
from dialogs.effects import Send
from dialogs.engine import Facts, begin
from dialogs.findings import texts_of
from dialogs.model import Dialog
from dialogs.shipped import shipped_dialogs
from tests.dialogs.probe import dialog

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
#: What the coach is given or told, or somebody is with. After "an" and "für" the word is as at the start.
DATIVE = re.compile(r"\b(?:mit|bei|von|zu|sage|gebe|haben|gebe ich|soll ich)\s\{coach\}", re.IGNORECASE)
ANY = re.compile(r"(?:\S+ ){0,2}\{coach\}")
TALKS = [one for one in shipped_dialogs() if "coach" in one.facts]


def frames(one: Dialog, language: str) -> Iterator[str]:
    """Each place where the coach is named, with the two words before it."""
    for _, texts in texts_of(one):
        yield from (found[0] for found in ANY.finditer(texts.get(language, "")))


@pytest.mark.parametrize("language", ["de", "de-x-einfach"])
def test_the_phrase_fits_every_sentence_of_its_dialog(language: str) -> None:
    assert len(TALKS) > 30
    for one in TALKS:
        for frame in frames(one, language):
            wanted = "Ihrem Team" if DATIVE.search(frame) else "Ihr Team"
            assert one.facts["coach"].unknown[language] == wanted, (one.id, frame)


def test_in_english_the_phrase_stands_anywhere() -> None:
    assert {one.facts["coach"].unknown["en"] for one in TALKS} == {"your team"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{coach} is there. And {coach} reads.", "Your team is there. And your team reads."),
        (
            "Well. {coach} reads.\n{coach} writes: {coach}",
            "Well. Your team reads.\nYour team writes: your team",
        ),
        ("{coach}", "your team"),  # a value, no sentence
    ],
)
def test_a_sentence_begins_with_a_capital(text: str, said: str) -> None:
    head = "facts: {coach: {de: Ihr Team, en: your team}}\n"
    steps = f"  hello: {{say: {{de: Hallo, en: {json.dumps(text)}}}}}\n  done: {{end: completed}}\n"
    begun = begin(DialogBook([dialog(steps, head=head)]), "probe", Facts("en", {}), NOW)
    assert [one.text for one in begun.effects if isinstance(one, Send)] == [said]
