# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The engine, rule by rule, on one small dialog."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dialogs.asking import BACK, HELP, LATER, SKIP
from dialogs.book import DialogBook
from dialogs.effects import (
    End,
    RaiseConcern,
    RecordConsent,
    Send,
    SetFact,
    SetTimeout,
    StoreAnswer,
)
from dialogs.engine import Facts, Step, UnknownDialogError, advance, begin
from dialogs.inputs import Attached, Input, Pressed, Repeat, TimedOut, Typed
from dialogs.scales import DataClass, Level
from tests.dialogs.probe import BOOK, FACTS, NOW, dialog, kinds, play, said, start


def test_texts_come_first_then_the_question_then_its_waiting_time() -> None:
    step = start()
    hello, question, timeout = step.effects
    assert hello == Send("Hallo, hier grüßt Frau Beispiel.")
    assert isinstance(question, Send)
    assert (question.text, question.turn, question.data_class) == ("Wie geht es?", 1, DataClass.HEALTH)
    assert timeout == SetTimeout(1, 3600)
    assert step.session.asked_at == NOW


def test_an_answer_is_stored_and_its_concerns_raised_before_the_next_question() -> None:
    step = play(Typed("0"))
    assert step.effects[:3] == (
        StoreAnswer("probe", "mood", "mood", 0, DataClass.HEALTH),
        RaiseConcern(Level.R1, "low_mood", "probe", "mood", "0"),
        RaiseConcern(Level.R2, "very_low", "probe", "mood", "0"),
    )
    assert kinds(step)[3:] == [Send]
    assert step.session.turn == 2


def test_showing_an_answer_makes_a_text_as_sensitive_as_the_answer() -> None:
    question = play(Typed("5")).effects[-1]
    assert isinstance(question, Send)
    assert (question.text, question.data_class) == ("Sie sagten 5. Warum?", DataClass.HEALTH)
    assert said(play(Typed("0"))) == "Sie sagten 0. Warum?"


def test_what_a_person_wrote_is_never_read_as_a_placeholder() -> None:
    probe = dialog(
        "  a: {text: {de: Was?, en: What?}}\n  b: {say: {de: '{a}', en: '{a}'}}\n  c: {end: completed}\n"
    )
    step = play(Typed("{coach} {a}"), book=DialogBook([probe]))
    assert said(step) == "{coach} {a}"


def test_a_double_tap_does_nothing_and_an_old_button_is_answered_kindly() -> None:
    session = play(Pressed(1, "7")).session
    assert advance(BOOK, session, Pressed(1, "7"), NOW, FACTS) == Step(session, ())
    (old,) = advance(BOOK, session, Pressed(1, "3"), NOW, FACTS).effects
    assert isinstance(old, Send)
    assert old.text.startswith("Diese Frage war schon beantwortet.")
    assert (old.text.endswith("Warum?"), old.turn) == (True, 2)


def test_a_press_counts_as_old_after_the_question_was_answered_by_typing() -> None:
    session = play(Pressed(1, "7"), Typed("weil"), Typed("zurück")).session
    step = advance(BOOK, session, Pressed(1, "7"), NOW, FACTS)
    assert kinds(step) == [Send]


@pytest.mark.parametrize(
    "event", [Typed("hm"), Attached("voice"), Repeat(), Pressed(1, "99"), Pressed(0, "7")]
)
def test_the_same_question_keeps_its_turn_so_its_buttons_stay_good(event: Input) -> None:
    step = play(event)
    assert (step.session.turn, kinds(step)) == (1, [Send])
    assert isinstance(step.effects[0], Send)
    assert step.effects[0].turn == 1


def test_the_second_try_says_what_is_expected_and_the_third_offers_a_way_out() -> None:
    second, third = play(Typed("hm")), play(Typed("hm"), Typed("hm"))
    assert "ganze Zahl von 0 bis 10" in said(second)
    assert "„Später“" in said(third)
    values = [b.value for e in third.effects if isinstance(e, Send) for row in e.buttons for b in row]
    assert values[-2:] == [HELP, LATER]


def test_help_raises_one_concern_however_often_it_is_pressed() -> None:
    first, again = play(Pressed(1, HELP)), play(Pressed(1, HELP), Pressed(1, HELP))
    assert kinds(first) == [RaiseConcern, Send]
    assert kinds(again) == [Send]
    assert kinds(play(Pressed(1, HELP), Typed("5"), Typed("Hilfe"))) == [RaiseConcern, Send]


def test_buttons_back_only_with_history_skip_only_if_optional_later_not_in_a_consent() -> None:
    def controls(step: Step) -> list[str]:
        sends = [effect for effect in step.effects if isinstance(effect, Send) and effect.turn]
        return [b.value for row in sends[-1].buttons for b in row if b.value.startswith("_")]

    assert controls(start()) == [LATER]
    assert controls(play(Typed("5"))) == [BACK, SKIP, LATER]
    assert controls(play(Typed("5"), Pressed(2, SKIP))) == [BACK]


def test_back_takes_the_answer_away_and_asks_with_a_new_turn() -> None:
    step = play(Typed("5"), Typed("zurück"))
    assert step.effects[0] == StoreAnswer("probe", "mood", "mood", None, DataClass.HEALTH)
    assert (step.session.turn, step.session.values, step.session.history) == (3, {}, ())
    assert "nicht" in said(play(Typed("zurück")))


def test_skip_stores_nothing_and_is_refused_where_an_answer_is_needed() -> None:
    step = play(Typed("5"), Typed("skip"))
    assert step.effects[0] == StoreAnswer("probe", "note", "note", None, DataClass.NEUTRAL)
    assert not [effect for effect in step.effects if isinstance(effect, RaiseConcern | SetFact)]
    assert kinds(play(Typed("skip"))) == [Send]


def test_later_asks_again_in_a_few_hours_and_a_second_later_ends_kindly() -> None:
    first = play(Typed("später"))
    assert kinds(first) == [Send, SetTimeout]
    assert said(first).startswith("Gern später. Ich frage in ein paar Stunden noch einmal.")
    assert first.effects[1] == SetTimeout(1, 3 * 3600)
    asked = advance(BOOK, first.session, TimedOut(1), NOW, FACTS)
    assert "Passt es jetzt?" in said(asked)
    assert "Wie geht es?" in said(asked)
    second = advance(BOOK, asked.session, Typed("später"), NOW, FACTS)
    line = "In Ordnung, dann lassen wir es für dieses Mal. Sie können mir jederzeit schreiben."
    assert second.effects == (Send(line), End("postponed"))
    assert second.session.outcome == "postponed"


def test_a_session_that_is_over_returns_itself() -> None:
    session = play(Typed("später"), Typed("später")).session
    for event in (Typed("ja"), Pressed(1, "5"), TimedOut(1), Repeat(), Attached("voice")):
        assert advance(BOOK, session, event, NOW, FACTS) == Step(session, ())


def test_remembered_answers_become_facts() -> None:
    assert SetFact("last_note", "weil") in play(Typed("5"), Typed("weil")).effects


def test_consent_is_recorded_with_the_text_as_it_was_shown_even_if_facts_change_meanwhile() -> None:
    session = play(Typed("5"), Typed("weil")).session
    later = Facts("en", {"coach": "Herr Anders"})
    step = advance(BOOK, session, Typed("ja"), NOW + timedelta(days=1), later)
    assert step.effects[0] == RecordConsent("reading", True, "Darf Frau Beispiel das lesen?", "probe@1")
    shown_again = advance(BOOK, session, Repeat(), NOW, later).session
    step = advance(BOOK, shown_again, Typed("no"), NOW, later)
    assert step.effects[0] == RecordConsent("reading", False, "May Herr Anders read it?", "probe@1")


def test_later_is_no_answer_to_a_consent() -> None:
    step = play(Typed("5"), Typed("weil"), Typed("später"))
    assert kinds(step) == [Send]
    assert "Ja oder Nein" in said(step)


def test_silence_is_asked_about_once_and_then_goes_on() -> None:
    again = play(TimedOut(1))
    assert kinds(again) == [Send, SetTimeout]
    assert again.session.turn == 1
    assert kinds(play(TimedOut(1), TimedOut(1))) == [RaiseConcern, End]


def test_a_waiting_time_that_has_passed_its_question_does_nothing() -> None:
    for session in (play(Typed("5")).session, play(Typed("5"), Typed("zurück")).session):
        assert advance(BOOK, session, TimedOut(1), NOW, FACTS) == Step(session, ())


def test_a_branch_takes_the_first_case_that_holds() -> None:
    assert said(play(Typed("8"), Typed("weil"))) == "Schön."
    assert "lesen" in said(play(Typed("7"), Typed("weil")))


def test_a_new_version_does_not_touch_a_running_conversation() -> None:
    newer = dialog("  bye: {say: {de: Neu, en: New}}\n  end: {end: completed}\n", version=2)
    book = BOOK.with_dialog(newer)
    session = start().session
    assert advance(book, session, Typed("5"), NOW, FACTS) == advance(BOOK, session, Typed("5"), NOW, FACTS)
    assert said(begin(book, "probe", FACTS, NOW)) == "Neu"


def test_the_language_can_change_in_the_middle() -> None:
    step = advance(BOOK, start().session, Typed("5"), NOW, Facts("en-GB", {}))
    assert said(step) == "You said 5. Why?"
    assert said(advance(BOOK, step.session, Repeat(), NOW, Facts("uk", {}))) == "Sie sagten 5. Warum?"


def test_beginning_an_unknown_dialog_is_a_broken_promise_of_the_caller() -> None:
    with pytest.raises(UnknownDialogError):
        begin(BOOK, "nothing", FACTS, NOW)
