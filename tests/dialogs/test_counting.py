# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""One score for each time somebody was asked, however often they went back; a language holds at once."""

from __future__ import annotations

from datetime import UTC, datetime

from dialogs.book import DialogBook
from dialogs.effects import Effect, NotOffered, RaiseConcern, Send, StoreScore
from dialogs.engine import Facts, advance, begin
from dialogs.inputs import Input, Repeat, TimedOut, Typed
from dialogs.instruments import Score
from dialogs.parse import parse
from dialogs.scales import Level

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

MOOD = """
format: 1
dialog: diary
version: 1
title: {de: Tagebuch, en: Diary}
steps:
  mood:
    scale: {de: Wie geht es Ihnen?, en: How are you?}
    data: health
  counted:
    score: own_items
  more:
    yes_no: {de: Noch etwas?, en: Anything else?}
  quiet:
    wait: 7 days
  again:
    branch:
      - {when: more, next: mood}
  done:
    end: completed
"""

LANGUAGE = """
format: 1
dialog: tongue
version: 1
title: {de: Sprache, en: Language}
steps:
  which:
    choose: {de: Welche?, en: Which?}
    options:
      de: {de: Deutsch, en: Deutsch}
      en: {de: English, en: English}
    remember: language
  next_question:
    yes_no: {de: Ist das recht?, en: Is that right?}
  done:
    end: completed
"""


def played(source: str, facts: Facts, *events: Input | str) -> list[Effect]:
    """Everything that comes of one thing after the other."""
    book = DialogBook([parse(source, "counted.yaml")])
    step = begin(book, next(iter(book)).id, facts, NOW)
    found = list(step.effects)
    for event in events:
        given = Typed(event) if isinstance(event, str) else event
        step = advance(book, step.session, given, NOW, facts)
        found += step.effects
    return found


def scores(effects: list[Effect]) -> list[tuple[int | None, bool]]:
    found = [effect for effect in effects if isinstance(effect, StoreScore)]
    return [(each.score.value if isinstance(each.score, Score) else None, each.again) for each in found]


def earlier(*values: int) -> list[Score]:
    return [Score(rule="own_items.mood", version=2, value=value) for value in values]


def test_a_changed_answer_is_counted_in_the_place_of_the_old_one() -> None:
    assert scores(played(MOOD, Facts(), "7", "zurück", "3")) == [(7, False), (3, True)]


def test_after_a_waiting_time_it_is_a_score_of_its_own() -> None:
    assert scores(played(MOOD, Facts(), "7", "ja", TimedOut(3), "4")) == [(7, False), (4, False)]


def test_a_trend_does_not_compare_an_answer_with_the_one_it_replaces() -> None:
    drop = "own_items_mood_drop"
    before = Facts(history={"own_items.mood": earlier(8, 8, 8)})
    assert drop in [e.reason for e in played(MOOD, before, "5") if isinstance(e, RaiseConcern)]
    # Of the three known scores the last is the one that is corrected: two are too few to compare with.
    corrected = played(MOOD, before, "5", "zurück", "5")
    assert [effect.reason for effect in corrected if isinstance(effect, RaiseConcern)] == [drop]


def test_a_trend_is_judged_by_all_scores_but_the_one_it_replaces() -> None:
    known = Facts(history={"own_items.mood": earlier(8, 8, 8, 5)})
    corrected = played(MOOD, known, "5", "zurück", "5")
    assert len([effect for effect in corrected if isinstance(effect, RaiseConcern)]) == 2


def test_a_trend_that_holds_is_a_concern_with_its_place() -> None:
    before = Facts(history={"own_items.mood": earlier(8, 8, 8)})
    [concern] = [effect for effect in played(MOOD, before, "5") if isinstance(effect, RaiseConcern)]
    assert concern == RaiseConcern(Level.R1, "own_items_mood_drop", "diary", "counted")


def test_what_is_left_out_is_named() -> None:
    clinical = MOOD.replace("score: own_items", "instrument: phq4")
    [left_out] = [e for e in played(clinical, Facts(), "7") if isinstance(e, NotOffered)]
    assert left_out == NotOffered("phq4", "counted", ("switched_off",))


def test_a_language_holds_from_the_next_sentence_on() -> None:
    said = [e.text for e in played(LANGUAGE, Facts("de"), "english") if isinstance(e, Send)]
    assert said == ["Welche?", "Is that right?"]


def test_an_answer_may_have_the_name_of_an_ordinary_step() -> None:
    named = LANGUAGE.replace("  next_question:\n    yes_no:", "  next_question:\n    key: which\n    yes_no:")
    said = [e.text for e in played(named, Facts("en"), "english", Repeat()) if isinstance(e, Send)]
    assert said == ["Which?", "Is that right?", "Is that right?"]
