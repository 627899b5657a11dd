# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""In the first 14 days after a discharge the same words count for one level more, and the history says so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.concerns import Concern, Level
from bot.services.concern_context import AFTER_DISCHARGE
from bot.services.escalate import RECOGNISED
from tests.services.stage import Actor, Stage

STRAIN, SERIOUS, ACUTE = "Ich bin so einsam", "Ich bin eine Last für alle", "Ich will nicht mehr leben"
UNREADABLE = "Nu înțeleg nimic din ce scrie aici"
#: It is Monday, 23 November.
DAY_0, DAY_14, DAY_15, TO_COME = "23.11.2026", "9.11.2026", "8.11.2026", "24.11.2026"


def raised(stage: Stage, words: str, person: Actor) -> tuple[Level, bool]:
    """How urgent these words are, and whether the history says that they count for more."""
    person.forgets()
    person.writes(words)
    concern: Concern = stage.concerns()[-1]
    assert concern.quote == words
    events = [event for _, event, *_ in stage.run(lambda uow: uow.concerns.history(concern.id))]
    return concern.level, AFTER_DISCHARGE in events


def discharged(stage: Stage, berta: Actor, day: str) -> None:
    [mia] = stage.run(lambda uow: uow.people.participants(1))
    berta.writes(f"/entlassung {mia.case_code} {day}")


@pytest.mark.parametrize(
    ("words", "evidence"),
    [(STRAIN, "de.lonely 11-17 R1"), ("Ich will nicht mehr leben, das war letztes Jahr", "R3 → R2")],
)
def test_the_history_says_which_rules_read_it_so_and_none_of_the_words(
    stage: Stage, mia: Actor, words: str, evidence: str
) -> None:
    mia.writes(words)
    [concern] = stage.concerns()
    history = stage.run(lambda uow: uow.concerns.history(concern.id))
    [note] = [note for _, event, _, note in history if event == RECOGNISED]
    assert evidence in note
    assert not any(word in note for word in words.split())


@pytest.mark.parametrize("day", [DAY_0, DAY_14])
@pytest.mark.parametrize(("words", "level"), [(STRAIN, Level.R2), (SERIOUS, Level.R3)])
def test_words_count_for_more_until_the_14th_day(
    stage: Stage, berta: Actor, mia: Actor, words: str, level: Level, day: str
) -> None:
    discharged(stage, berta, day)
    assert raised(stage, words, mia) == (level, True)


@pytest.mark.parametrize("day", [DAY_15, TO_COME, "keine"])
@pytest.mark.parametrize(("words", "level"), [(STRAIN, Level.R1), (SERIOUS, Level.R2)])
def test_before_and_after_these_days_they_count_as_ever(
    stage: Stage, berta: Actor, mia: Actor, words: str, level: Level, day: str
) -> None:
    discharged(stage, berta, day)
    assert raised(stage, words, mia) == (level, False)


@pytest.mark.parametrize(("minute", "level"), [(59, Level.R2), (61, Level.R1)])
def test_the_15th_day_begins_at_the_persons_midnight(
    stage: Stage, berta: Actor, mia: Actor, minute: int, level: Level
) -> None:
    discharged(stage, berta, DAY_14)
    stage.now = datetime(2026, 11, 23, 22, tzinfo=UTC) + timedelta(minutes=minute)
    assert raised(stage, STRAIN, mia) == (level, level is Level.R2)


@pytest.mark.parametrize(
    ("words", "level"),
    [(ACUTE, Level.R3), ("Heute war ich im Garten", Level.R1), (UNREADABLE, Level.R1)],
    ids=["gravest", "nothing found", "not readable"],
)
def test_the_gravest_stays_and_what_no_rule_has_found_is_not_raised(
    stage: Stage, berta: Actor, mia: Actor, words: str, level: Level
) -> None:
    discharged(stage, berta, DAY_0)
    assert raised(stage, words, mia) == (level, False)


def test_an_answer_in_a_check_in_counts_for_more_too(stage: Stage, berta: Actor, mia: Actor) -> None:
    discharged(stage, berta, DAY_14)
    mia.writes("checkin")
    mia.writes("5")
    mia.writes("5")
    assert raised(stage, STRAIN, mia) == (Level.R2, True)
    berta.hears("notiert", "Meldung R2")
