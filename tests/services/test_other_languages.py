# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What is written in a language without rules reaches a human, in a conversation as well."""

from __future__ import annotations

import pytest

from bot.domain.concerns import Level
from dialogs.concerns.languages import UNREAD
from tests.services.stage import Actor, Stage

BULGARIAN = "чувствам се много самотна днес"
TIGRINYA = "ደኺመ ኣለኹ፡ ክድቅስ ኣይክእልን"


@pytest.mark.parametrize(
    "words", [BULGARIAN, TIGRINYA, "je n'ai plus envie de rien", "nu mai pot", "زه ډېر ستړی یم"]
)
def test_an_answer_that_nobody_can_read_is_looked_at(
    stage: Stage, berta: Actor, mia: Actor, words: str
) -> None:
    mia.writes("checkin")
    mia.hears("Wie geht es Ihnen heute?")
    mia.writes(words)
    passed_on, again = mia._take()
    assert "Ich gebe sie an Berta Beispiel weiter" in passed_on.text
    assert again.keys, "the question stays open"
    [concern] = stage.concerns()
    assert (concern.level, concern.reason, concern.quote) == (Level.R1, UNREAD, words)
    berta.hears("Meldung R1")


def test_a_whole_conversation_in_it_is_one_concern(stage: Stage, berta: Actor, mia: Actor) -> None:
    mia.writes("checkin")
    mia.writes(BULGARIAN)
    mia.writes("нямам пари за храна")
    assert len(stage.concerns()) == 1


def test_free_words_in_it_say_why_they_are_looked_at(stage: Stage, berta: Actor, mia: Actor) -> None:
    mia.writes(BULGARIAN)
    mia.hears("Ich gebe sie an Berta Beispiel weiter")
    assert [(c.level, c.reason) for c in stage.concerns()] == [(Level.R1, UNREAD)]


def test_answers_that_can_be_read_raise_nothing(stage: Stage, berta: Actor, mia: Actor) -> None:
    mia.writes("checkin")
    mia.writes("ganz okay eigentlich")
    assert stage.concerns() == []
    berta.hears_nothing()
