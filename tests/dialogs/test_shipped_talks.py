# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Every way through the first contact, the check-ins, and the dialogs after silence and after a crisis.

What is said on each of them is honest (promise P7), voluntary (P4), whole, and in its right place (P5).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache

import pytest

from dialogs.checked_words import health_word_in
from dialogs.effects import Effect, End, NotOffered, RaiseConcern, RecordConsent, Send, SetFact, StoreAnswer
from dialogs.engine import Facts, Step, advance, begin
from dialogs.inputs import Input, Pressed, TimedOut, Typed
from dialogs.instruments import Score
from dialogs.model import AskStep, Scale, Text
from dialogs.run import Run
from dialogs.scales import DataClass, Level
from dialogs.shipped import shipped_dialogs

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
BOOK = shipped_dialogs()
CHECKINS = ("weekly_checkin", "wellbeing_fortnightly", "monthly_check")
DIALOGS = (
    *("welcome", "language", "open_door", "my_data", "talk_about_it", "after_crisis", "long_silence"),
    *("ask_contact", "ask_checkins", "ask_messenger", "ask_evaluation", "ask_sharing", "my_consents"),
    *("consent_again", "checkin_consent"),
    *CHECKINS,
)
OUTCOMES = {"completed", "expired"}
SAID = {"de": "Gerade sind die Tage lang.", "en": "The days are long just now."}
#: Whatever claims that somebody is told. What is announced for tomorrow ("gebe ich ... weiter") is none yet.
CLAIMS = re.compile(r"Ich gebe .*weiter|I am passing (?!nothing)")
NOBODY = re.compile(r"liest hier niemand mit|Nobody is reading")
READING: dict[str, dict[str, str | bool]] = {
    "unknown": {},
    "open": {"read_now": True},
    "closed": {
        "read_now": False,
        "next_reading_day": "Dienstag, 24. November",
        "next_reading_time": "8 Uhr",
    },
}
BASELINE = (7, 7, 7)


def world(language: str = "de", reading: str = "open", moods: tuple[int, ...] = ()) -> Facts:
    """A person with a coach and with earlier answers, at an hour at which somebody reads, or nobody."""
    known = {"coach": "Frau Beispiel", "programme": "„Muster“", "channel_kind": "messenger"}
    hours = {"reading_hours": "Montag bis Freitag von 8 bis 16 Uhr"} if reading != "unknown" else {}
    scores = [Score(rule="own_items.mood", version=BOOK.packs["own_items"].version, value=m) for m in moods]
    return Facts(language, {**known, **hours, **READING[reading]}, {"own_items.mood": scores})


def worlds(language: str) -> list[Facts]:
    everywhere = [world(language, reading, moods) for reading in READING for moods in ((), BASELINE)]
    unsure = world(language)
    return [Facts(language), *everywhere, Facts(language, {**unsure.values, "language_unsure": True})]


def question(step: Step, facts: Facts) -> AskStep:
    found = Run(BOOK, facts, NOW, step.session).question
    assert found is not None
    return found


def events(step: Step, facts: Facts) -> Iterator[Input]:
    """What can be done with the open question, but for wishes to wait or go back.

    Of the scales only the mood sets anything off: it gets three numbers, the others one.
    """
    asked, turn = question(step, facts), step.session.turn
    sent = [effect for effect in step.effects if isinstance(effect, Send) and effect.turn == turn]
    values = [button.value for row in sent[-1].buttons for button in row]
    if isinstance(asked, Scale):
        values = ["2", "4", "7", "_skip"] if asked.key.endswith("mood") else ["6"]
    if isinstance(asked, Text):
        yield Typed(SAID[facts.language])
    yield from (Pressed(turn, value) for value in values if value not in ("_back", "_later"))
    yield TimedOut(turn)


def ways(dialog: str, facts: Facts) -> Iterator[tuple[Effect, ...]]:
    """The effects of every whole way; nobody chooses the same answer to the same question twice."""
    first = begin(BOOK, dialog, facts, NOW)
    todo: list[tuple[Step, tuple[Effect, ...], frozenset[tuple[str, str]]]] = [
        (first, first.effects, frozenset())
    ]
    while todo:
        step, effects, chosen = todo.pop()
        if step.session.is_over:
            yield effects
            continue
        for event in events(step, facts):
            choice = (question(step, facts).id, event.value if isinstance(event, Pressed) else "")
            if isinstance(event, Pressed) and choice in chosen:
                continue
            after = advance(BOOK, step.session, event, NOW, facts)
            todo.append((after, (*effects, *after.effects), chosen | {choice}))


@cache
def all_ways(dialog: str, language: str) -> list[tuple[Effect, ...]]:
    """Every way in every world."""
    return [effects for facts in worlds(language) for effects in ways(dialog, facts)]


def said(effects: tuple[Effect, ...]) -> list[Send]:
    return [effect for effect in effects if isinstance(effect, Send)]


def raised(effects: tuple[Effect, ...]) -> list[tuple[Level, str]]:
    return [(effect.level, effect.reason) for effect in effects if isinstance(effect, RaiseConcern)]


def answer(dialog: str, facts: Facts, *values: str) -> Step:
    """What the last of these presses gives; "" lets the time go by."""
    step = begin(BOOK, dialog, facts, NOW)
    for value in values:
        turn = step.session.turn
        step = advance(BOOK, step.session, Pressed(turn, value) if value else TimedOut(turn), NOW, facts)
    return step


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("dialog", DIALOGS)
def test_every_way_ends_and_says_only_what_is_so(dialog: str, language: str) -> None:
    for effects in all_ways(dialog, language):
        assert isinstance(effects[-1], End)
        assert effects[-1].outcome in OUTCOMES
        told = False
        for effect in effects:
            told = told or isinstance(effect, RaiseConcern)
            if isinstance(effect, Send):
                assert not re.search(r"[{}|#…]", effect.text), effect.text
                assert told or not CLAIMS.search(effect.text), effect.text


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("dialog", DIALOGS)
def test_nothing_that_may_go_to_a_messenger_begins_with_health(dialog: str, language: str) -> None:
    for effects in all_ways(dialog, language):
        for send in said(effects):
            if send.data_class is not DataClass.HEALTH and not send.crisis:
                assert not health_word_in(send.text[:40], language), send.text


@pytest.mark.parametrize("reading", READING)
@pytest.mark.parametrize("dialog", [*CHECKINS, "talk_about_it"])
def test_who_wants_contact_while_nobody_reads_is_told_so_with_the_numbers(dialog: str, reading: str) -> None:
    wishes = 0
    for language in ("de", "en"):
        for effects in ways(dialog, world(language, reading, BASELINE)):
            texts = " ".join(send.text for send in said(effects))
            wished = {"contact_today", "contact_this_week"} & {reason for _, reason in raised(effects)}
            wishes += bool(wished)
            assert bool(NOBODY.search(texts)) is (reading == "closed" and bool(wished))
            assert not NOBODY.search(texts) or "0800 1110111" in texts
    assert wishes


@pytest.mark.parametrize("dialog", ["welcome", "open_door"])
def test_before_a_consent_to_contact_silence_is_never_answered(dialog: str) -> None:
    for facts in worlds("de"):
        todo = [(begin(BOOK, dialog, facts, NOW), frozenset[str]())]
        while todo:
            step, met = todo.pop()
            name = question(step, facts).id
            silent = advance(BOOK, step.session, TimedOut(step.session.turn), NOW, facts)
            assert not said(silent.effects)
            assert silent.session.outcome == "expired"
            for event in events(step, facts) if name not in met else ():
                after = advance(BOOK, step.session, event, NOW, facts)
                agreed = any(
                    isinstance(e, RecordConsent) and e.purpose == "contact" and e.granted
                    for e in after.effects
                )
                if not agreed and not after.session.is_over:
                    todo.append((after, met | {name}))


@pytest.mark.parametrize("dialog", CHECKINS)
@pytest.mark.parametrize(("mood", "is_lower"), [("4", True), ("5", False), ("7", False), ("_skip", False)])
def test_who_is_clearly_lower_than_usual_is_asked_about_it_instead(
    dialog: str, mood: str, is_lower: bool
) -> None:
    facts = world(moods=BASELINE)
    step = answer(dialog, facts, mood)
    while (asked := question(step, facts)).optional:
        value = "6" if isinstance(asked, Scale) else "_skip"
        step = advance(BOOK, step.session, Pressed(step.session.turn, value), NOW, facts)
    text = said(step.effects)[-1].text
    assert ("Möchten Sie darüber sprechen?" in text) is is_lower
    assert ("Soll sich Ihr Coach bei Ihnen melden?" in text) is not is_lower
    assert not is_lower or not re.search(r"\d", text), "no number is held against anybody"
    over = advance(BOOK, step.session, Pressed(step.session.turn, "no"), NOW, facts)
    assert over.session.outcome == "completed"


def test_without_the_clinical_questions_the_month_is_whole_and_counts_right() -> None:
    step = answer("monthly_check", world(), "6", "6", "6", "_skip")
    assert [effect.instrument for effect in step.effects if isinstance(effect, NotOffered)] == ["phq4"]
    assert said(step.effects)[-1].text.startswith("5 von 5\n")


@pytest.mark.parametrize(
    ("chosen", "concern"),
    [
        ("bad", (Level.R2, "bad_again_after_crisis")),
        ("danger", (Level.R3, "danger_after_crisis")),
    ],
)
@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("reading", READING)
def test_after_a_crisis_danger_gets_the_numbers_first_and_no_further_question(
    chosen: str, concern: tuple[Level, str], language: str, reading: str
) -> None:
    step = answer("after_crisis", world(language, reading), chosen)
    assert raised(step.effects) == [concern]
    sends = said(step.effects)
    assert "112" in sends[0].text
    assert all(send.crisis and send.turn is None for send in sends)
    assert bool(NOBODY.search(sends[1].text)) is (reading == "closed")
    assert step.session.is_over


def test_after_a_crisis_nothing_is_measured() -> None:
    steps = BOOK.latest("after_crisis")
    assert steps is not None
    assert not [step for step in steps.steps.values() if type(step).__name__ in ("Scale", "Score", "Offer")]


@pytest.mark.parametrize(
    ("dialog", "reason"), [("after_crisis", "silence_after_crisis"), ("long_silence", "silence")]
)
def test_silence_is_only_passed_on_as_it_was_announced(dialog: str, reason: str) -> None:
    first = begin(BOOK, dialog, world(), NOW)
    assert "Sie müssen nicht antworten." in said(first.effects)[-1].text
    assert "Wenn es still bleibt" in said(first.effects)[-1].text
    step = answer(dialog, world(), "")
    assert raised(step.effects) == [(Level.R1, reason)]
    assert not said(step.effects)
    assert not [effect for effect in step.effects if isinstance(effect, StoreAnswer)]


def test_who_wants_no_more_messages_withdraws_the_consent_with_one_tap_more() -> None:
    step = answer("long_silence", world(), "no_more", "no")
    consents = [effect for effect in step.effects if isinstance(effect, RecordConsent)]
    assert [(consent.purpose, consent.granted) for consent in consents] == [("contact", False)]
    assert step.session.outcome == "completed"
    left_open = answer("long_silence", world(), "no_more", "")
    assert raised(left_open.effects) == [(Level.R1, "wants_to_stop")]


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_open_door_asks_nothing_about_health_and_passes_on_only_what_was_agreed(language: str) -> None:
    for effects in all_ways("open_door", language):
        assert all(send.data_class is not DataClass.HEALTH for send in said(effects))
        agreed = [effect for effect in effects if isinstance(effect, RecordConsent) and effect.granted]
        wished = [effect for effect in effects if isinstance(effect, RaiseConcern)]
        # How to be reached is passed on as well, to whoever has the wish.
        assert bool(wished) == bool(agreed)
        assert {(wish.level, wish.reason) for wish in wished} <= {(Level.R1, "wants_to_join")}
        assert not wished or effects.index(wished[0]) > effects.index(agreed[0])


def test_a_wish_at_the_open_door_is_not_lost_by_saying_no_more() -> None:
    step = answer("open_door", world(), "talk", "yes")
    assert raised(step.effects) == [(Level.R1, "wants_to_join")]
    assert not step.session.is_over


@pytest.mark.parametrize("began", ["de", "en"])
@pytest.mark.parametrize(
    ("chosen", "words"), [("de", "auf Deutsch"), ("en", "in English"), ("de-x-einfach", "in kurzen Sätzen")]
)
def test_a_new_language_is_kept_and_confirmed_in_itself(began: str, chosen: str, words: str) -> None:
    step = answer("language", Facts(began), chosen)
    assert SetFact("language", chosen) in step.effects
    assert words in said(step.effects)[0].text


def test_every_language_on_offer_is_spoken_by_every_dialog() -> None:
    step = begin(BOOK, "language", Facts("de"), NOW)
    offered = {b.value for send in said(step.effects) for row in send.buttons for b in row} - {"_later"}
    for dialog in BOOK:
        assert offered <= set(dialog.title)
    assert offered == {"de", "de-x-einfach", "en"}


def test_a_wish_for_a_copy_goes_to_a_human_and_promises_nothing_else() -> None:
    step = answer("my_data", world(), "copy")
    assert raised(step.effects) == [(Level.R1, "data_copy")]
    assert "Ich selbst kann" in said(step.effects)[0].text


def test_a_wish_for_deletion_is_asked_about_once_more() -> None:
    step = answer("my_data", world(), "deletion")
    assert raised(step.effects) == []
    assert "Soll ich alles löschen?" in said(step.effects)[-1].text
