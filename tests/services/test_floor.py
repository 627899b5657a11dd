# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""One open conversation a person: who interrupts, who waits, who comes back, and that nobody comes twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.concerns import Level
from bot.domain.conversations import ConversationState
from bot.domain.messages import IncomingKind, Kind
from bot.domain.people import Standing
from dialogs.book import DialogBook
from tests.services.floor_dialogs import (
    DAY,
    add_dialogs,
    begins_checkin,
    dropped,
    ended,
    moods,
    states,
    timer_keys,
    under_way,
    want,
)
from tests.services.stage import MONDAY, Actor, Stage

BACK = "Nun zurück zu unserer Frage:"


@pytest.fixture(autouse=True)
def _own_dialogs(stage: Stage) -> None:
    add_dialogs(stage)


def test_what_does_not_wait_interrupts_and_the_question_comes_back(stage: Stage, mia: Actor) -> None:
    begins_checkin(mia)
    want(stage, "appointment")
    mia.hears("Passt der Termin?")
    assert states(stage)["weekly_checkin"] is ConversationState.PUT_BY
    mia.presses("Ja")
    _, question = mia.hears("appointment ist fertig.", BACK)
    assert "Wie geht es Ihnen heute?" in question.text
    assert question.keys
    mia.writes("7")
    mia.hears("Wie haben Sie geschlafen?")
    assert moods(stage) == ["7"]
    assert states(stage) == {"weekly_checkin": ConversationState.OPEN}


def test_a_no_to_contact_ends_it_like_stop(stage: Stage, mia: Actor) -> None:
    want(stage, "long_silence")
    mia.hears("Wir haben länger nichts von Ihnen gehört.")
    mia.presses("Bitte nicht mehr schreiben")
    mia.hears("Bei „Nein“ ist sofort Schluss.")
    want(stage, "letter")
    mia.presses("Nein")
    mia.hears("Von jetzt an schreibe ich Ihnen nicht mehr von mir aus.")
    assert states(stage) == {}
    stage.pass_time(days=30)
    mia.hears_nothing()


def test_what_does_not_wait_waits_for_a_call_for_help(stage: Stage, mia: Actor) -> None:
    mia.writes("/hilfe")
    mia.forgets()
    want(stage, "appointment")
    mia.hears_nothing()
    assert states(stage) == {
        "help_now": ConversationState.OPEN,
        "appointment": ConversationState.WANTED,
    }


def test_a_question_that_came_back_has_its_whole_time_again(stage: Stage, mia: Actor) -> None:
    begins_checkin(mia)
    stage.pass_time(hours=22)
    want(stage, "appointment")
    stage.pass_time(hours=1)
    mia.presses("Ja")
    mia.hears("Passt der Termin?", "appointment ist fertig.", BACK)
    stage.pass_time(hours=23)
    mia.hears_nothing()
    stage.pass_time(hours=2)
    mia.hears("Darf ich noch einmal fragen?")


def test_a_question_that_is_put_by_is_not_asked_again_meanwhile(stage: Stage, mia: Actor) -> None:
    begins_checkin(mia)
    stage.pass_time(hours=22)
    want(stage, "appointment")
    mia.hears("Passt der Termin?")
    stage.pass_time(hours=23)
    mia.hears_nothing()


def test_what_only_says_something_comes_and_goes(stage: Stage, mia: Actor) -> None:
    begins_checkin(mia)
    want(stage, "greeting")
    mia.hears_nothing()
    mia.writes("/meinedaten")
    mia.hears("Das ist über Sie gespeichert.", BACK)
    assert states(stage)["greeting"] is ConversationState.WANTED


@pytest.mark.parametrize("word", ["/sprache", "Sprache", "language", "Мова", "язык", "dil", "لغة", "język"])
def test_the_question_comes_back_in_the_new_language(stage: Stage, mia: Actor, word: str) -> None:
    begins_checkin(mia)
    mia.writes(word)
    mia.hears("Welche Sprache möchten Sie?")
    mia.presses("Englisch")
    [question] = mia.hears("How are you today?")
    assert question.keys
    mia.writes("/sprache")
    mia.writes("Sprache")
    mia.hears("Which language would you like?", "Which language would you like?")


def test_asking_for_what_is_open_asks_again(stage: Stage, mia: Actor) -> None:
    begins_checkin(mia)
    mia.writes("checkin")
    mia.hears("Wie geht es Ihnen heute?")
    assert len(under_way(stage)) == 1


def test_asking_for_what_is_put_off_or_wanted_takes_that(stage: Stage, mia: Actor) -> None:
    begins_checkin(mia)
    mia.presses("Später")
    mia.forgets()
    mia.writes("checkin")
    mia.hears("Wie geht es Ihnen heute?")
    mia.writes("/sprache")
    want(stage, "my_data")
    mia.forgets()
    mia.writes("/meinedaten")
    mia.hears("Das ist über Sie gespeichert.", BACK)
    assert states(stage) == {
        "language": ConversationState.OPEN,
        "weekly_checkin": ConversationState.PUT_BY,
    }


def test_a_command_of_which_there_is_no_dialog_reaches_a_human(
    stage: Stage, berta: Actor, mia: Actor
) -> None:
    without = DialogBook(dialog for dialog in stage.rules.book if dialog.id != "my_data")
    stage.rules = replace(stage.rules, book=without)
    mia.writes("/meinedaten")
    mia.hears("Danke für Ihre Nachricht")
    berta.hears("Meldung R1")


def test_later_comes_back_by_itself(stage: Stage, mia: Actor) -> None:
    begins_checkin(mia)
    mia.presses("Später")
    mia.hears("Gern später.")
    assert states(stage) == {"weekly_checkin": ConversationState.ASLEEP}
    stage.pass_time(hours=2, minutes=59)
    mia.hears_nothing()
    stage.pass_time(minutes=2)
    mia.hears("Passt es jetzt?")
    mia.writes("7")
    mia.hears("Wie haben Sie geschlafen?")
    stage.pass_time(hours=5)
    mia.hears_nothing()


@pytest.mark.parametrize("word", ["weiter", "Jetzt!", "fortsetzen", "continue", "Далі", "dalej"])
def test_later_comes_back_at_a_word(stage: Stage, berta: Actor, mia: Actor, word: str) -> None:
    begins_checkin(mia)
    mia.presses("Später")
    mia.forgets()
    mia.writes(word)
    mia.hears("Wie geht es Ihnen heute?")
    stage.pass_time(hours=5)
    mia.hears_nothing()
    berta.hears_nothing()


def test_later_comes_back_at_its_button(stage: Stage, mia: Actor) -> None:
    begins_checkin(mia)
    mia.presses("Später")
    mia.forgets()
    mia.presses("7")
    mia.hears("Wie haben Sie geschlafen?")
    assert moods(stage) == ["7"]
    stage.pass_time(hours=5)
    mia.hears_nothing()


def test_two_taps_on_later_are_one(stage: Stage, mia: Actor) -> None:
    begins_checkin(mia)
    mia.presses("Später")
    mia.presses("Später")
    mia.hears("Gern später.")
    assert states(stage) == {"weekly_checkin": ConversationState.ASLEEP}


def test_later_twice_is_not_this_time(stage: Stage, mia: Actor) -> None:
    begins_checkin(mia)
    mia.writes("7")
    mia.writes("später")
    mia.forgets()
    stage.pass_time(hours=4)
    mia.hears("Passt es jetzt?")
    mia.presses("Später")
    mia.hears("dann lassen wir es für dieses Mal")
    assert ended(stage)[-1] == ("weekly_checkin", "postponed", True)
    stage.pass_time(days=2)
    mia.hears_nothing()
    assert moods(stage) == ["7"]


def test_words_with_nothing_put_off_reach_a_human(stage: Stage, berta: Actor, mia: Actor) -> None:
    mia.writes("jetzt")
    mia.hears("Danke für Ihre Nachricht")
    berta.hears("Meldung R1")


def test_free_words_while_something_sleeps_reach_a_human(stage: Stage, berta: Actor, mia: Actor) -> None:
    begins_checkin(mia)
    mia.presses("Später")
    mia.forgets()
    mia.writes("Mein Bus kam nicht.")
    mia.hears("Danke für Ihre Nachricht")
    berta.hears("Meldung R1")
    assert states(stage) == {"weekly_checkin": ConversationState.ASLEEP}


def test_two_days_of_waiting_with_other_talk_between(stage: Stage, berta: Actor, mia: Actor) -> None:
    want(stage, "visits")
    mia.presses("Ja")
    mia.hears("Waren Sie schon da?")
    assert states(stage) == {"visits": ConversationState.ASLEEP}
    stage.pass_time(hours=20)
    begins_checkin(mia)
    for answer in ("7", "7", "nichts", "nein"):
        mia.writes(answer)
    mia.forgets()
    mia.writes("Können Sie mich anrufen?")
    mia.hears("Danke für Ihre Nachricht")
    mia.writes("weiter")
    mia.hears("Danke für Ihre Nachricht")
    stage.pass_time(hours=27)
    mia.hears_nothing()
    stage.pass_time(hours=2)
    mia.hears("Und wie ist es jetzt?")
    mia.presses("Ja")
    mia.hears_nothing()
    assert ended(stage)[-1] == ("weekly_checkin", "completed", False)
    assert states(stage) == {}


def test_what_wakes_up_while_another_is_open_comes_after_it(stage: Stage, mia: Actor) -> None:
    want(stage, "visits")
    mia.presses("Nein")
    mia.forgets()
    stage.pass_time(hours=47)
    begins_checkin(mia)
    stage.pass_time(hours=2)
    mia.hears_nothing()
    for answer in ("7", "7", "nichts", "nein"):
        mia.writes(answer)
    *_, last = mia.hears("geschlafen", "gelungen", "Coach", "Danke", "Und wie ist es jetzt?")
    assert BACK not in last.text


def test_what_is_wanted_begins_after_what_is_open_in_the_order_of_priority(stage: Stage, mia: Actor) -> None:
    mia.writes("/sprache")
    for dialog in ("idea", "letter", "parcel", "letter"):
        want(stage, dialog)
    mia.hears("Welche Sprache")
    mia.presses("Deutsch")
    for question in ("Ist der Brief da?", "Ist das Paket da?", "Haben Sie eine Idee?"):
        assert question in mia._take()[-1].text
        mia.presses("Ja")
    mia.hears("idea ist fertig.")
    assert states(stage) == {}


def test_what_is_wanted_too_long_is_dropped_and_that_is_written_down(stage: Stage, mia: Actor) -> None:
    begins_checkin(mia)
    want(stage, "letter", keep_for=timedelta(hours=6))
    want(stage, "parcel", keep_for=timedelta(hours=9))
    stage.pass_time(hours=5)
    assert dropped(stage) == []
    stage.pass_time(hours=2)
    assert dropped(stage) == ["letter"]
    stage.pass_time(hours=3)
    assert dropped(stage) == ["letter", "parcel"]
    assert states(stage) == {"weekly_checkin": ConversationState.OPEN}
    mia.hears_nothing()


def test_what_expires_at_the_very_end_is_not_begun(stage: Stage, mia: Actor) -> None:
    mia.writes("/sprache")
    want(stage, "letter", keep_for=timedelta(hours=1))
    mia.hears("Welche Sprache")
    stage.pass_time(hours=1)
    mia.hears_nothing()
    assert dropped(stage) == ["letter"]


def test_nothing_that_we_want_begins_in_a_pause(stage: Stage, mia: Actor) -> None:
    mia.writes("Pause")
    want(stage, "letter", keep_for=3 * DAY)
    want(stage, "parcel", keep_for=timedelta(hours=6))
    mia.presses("1 Tag")
    mia.hears("Wie lange", "Gern. Pause: 1 Tag")
    stage.pass_time(hours=23)
    mia.hears_nothing()
    assert dropped(stage) == ["parcel"]
    stage.pass_time(hours=2)
    mia.hears("Ist der Brief da?")


def test_a_pause_ends_what_is_open_and_no_pause_lets_the_next_begin(stage: Stage, mia: Actor) -> None:
    begins_checkin(mia)
    mia.writes("7")
    want(stage, "letter")
    mia.writes("/pause")
    mia.hears("geschlafen", "Wie lange")
    assert ended(stage)[-1] == ("weekly_checkin", "put_aside", True)
    mia.presses("Doch keine Pause")
    mia.hears("dann bleibt alles", "Ist der Brief da?")


def test_what_was_put_off_waits_for_the_end_of_a_pause(stage: Stage, mia: Actor) -> None:
    begins_checkin(mia)
    mia.presses("Später")
    mia.writes("Pause")
    mia.presses("1 Tag")
    mia.forgets()
    stage.pass_time(hours=23)
    mia.hears_nothing()
    stage.pass_time(hours=2)
    mia.hears("Passt es jetzt?")


def test_what_was_put_off_waits_until_the_human_is_done(stage: Stage, berta: Actor, mia: Actor) -> None:
    mia.writes("Bitte rufen Sie mich an")
    berta.presses("Übernehmen")
    mia.forgets()
    begins_checkin(mia)
    mia.presses("Später")
    mia.forgets()
    stage.pass_time(hours=2)
    berta.writes("Ich rufe um drei an.")
    mia.hears("Ich rufe um drei an.")
    stage.pass_time(hours=1, minutes=55)
    mia.hears_nothing()
    stage.pass_time(minutes=10)
    mia.hears("Das Gespräch mit Berta Beispiel ist hier zu Ende.", "Passt es jetzt?")


def test_an_open_question_is_not_forgotten_because_a_human_talked(
    stage: Stage, berta: Actor, mia: Actor
) -> None:
    mia.writes("Bitte rufen Sie mich an")
    berta.presses("Übernehmen")
    berta.presses("Antworten")
    mia.forgets()
    begins_checkin(mia)
    stage.pass_time(hours=23)
    berta.writes("Ich rufe um drei an.")
    mia.hears("Ich rufe um drei an.")
    stage.pass_time(hours=1, minutes=55)
    mia.hears_nothing()
    stage.pass_time(minutes=10)
    mia.hears("Das Gespräch mit Berta Beispiel ist hier zu Ende.", "Nun zurück zu unserer Frage:")


def test_stop_ends_everything(stage: Stage, mia: Actor) -> None:
    want(stage, "visits")
    mia.presses("Ja")
    begins_after = len(under_way(stage))
    mia.writes("checkin")
    want(stage, "appointment")
    want(stage, "letter")
    assert begins_after == 1
    assert set(states(stage).values()) == {
        ConversationState.ASLEEP,
        ConversationState.PUT_BY,
        ConversationState.OPEN,
        ConversationState.WANTED,
    }
    mia.forgets()
    mia.writes("STOPP")
    mia.hears("Ab jetzt schreibe ich Ihnen nicht mehr.")
    assert states(stage) == {}
    assert not {key for key in timer_keys(stage) if key.startswith(("floor:", "timeout:"))}
    stage.pass_time(days=9)
    mia.hears_nothing()
    want(stage, "letter")
    stage.pass_time(days=2)
    mia.hears_nothing()
    assert dropped(stage) == ["letter"]


def test_help_does_not_bring_the_survey_back(stage: Stage, mia: Actor) -> None:
    begins_checkin(mia)
    mia.writes("7")
    want(stage, "letter")
    mia.writes("Hilfe sofort")
    mia.presses("Nein")
    mia.hears("geschlafen", "112", "Soll ich", "ich gebe niemandem Bescheid")
    assert states(stage) == {"letter": ConversationState.WANTED}
    assert ended(stage)[0] == ("weekly_checkin", "put_aside", True)
    stage.pass_time(hours=3)
    mia.hears_nothing()
    stage.pass_time(hours=2)
    mia.hears("Ist der Brief da?")


def test_help_ends_also_what_is_put_by(stage: Stage, mia: Actor) -> None:
    begins_checkin(mia)
    want(stage, "appointment")
    mia.writes("/hilfe")
    assert [row.dialog for row in under_way(stage)] == ["help_now"]
    want(stage, "appointment")
    assert states(stage)["appointment"] is ConversationState.WANTED


def test_nothing_comes_with_words_about_danger(stage: Stage, berta: Actor, mia: Actor) -> None:
    begins_checkin(mia)
    want(stage, "letter", keep_for=2 * DAY)
    want(stage, "appointment")
    mia.forgets()
    mia.writes("Ich will nicht mehr leben")
    mia.hears("112", "gerade an")
    assert states(stage) == {"letter": ConversationState.WANTED}
    assert [outcome for _, outcome, _ in ended(stage)[-2:]] == ["put_aside", "put_aside"]


def test_no_survey_while_something_serious_is_open_but_a_letter_may_come(
    stage: Stage, berta: Actor, mia: Actor
) -> None:
    begins_checkin(mia)
    mia.presses("Später")
    mia.writes("Ich will nicht mehr leben")
    mia.forgets()
    stage.pass_time(minutes=1)
    want(stage, "letter")
    assert "Ist der Brief da?" in [body.text for body in mia._take()]
    mia.presses("Ja")
    mia.forgets()
    stage.pass_time(hours=4)
    assert not [body for body in mia._take() if "Passt es jetzt" in body.text]
    assert states(stage) == {"weekly_checkin": ConversationState.PUT_BY}
    berta.presses("Übernehmen")
    berta.presses("Erledigt")
    berta.presses("Gesprochen")
    mia.forgets()
    stage.pass_time(hours=2)
    mia.hears("Passt es jetzt?")


def test_no_consent_is_asked_for_while_something_serious_is_open(
    stage: Stage, berta: Actor, mia: Actor
) -> None:
    mia.writes("Ich will nicht mehr leben")
    mia.forgets()
    stage.pass_time(minutes=1)
    mia.forgets()
    want(stage, "letter", Kind.CONSENT)
    mia.hears_nothing()
    mia.writes("danke")
    mia.hears("Gern.")
    for label in ("Übernehmen", "Erledigt", "Gesprochen"):
        berta.presses(label)
    mia.forgets()
    stage.pass_time(hours=2)
    mia.hears("Ist der Brief da?")


def test_a_survey_asks_nothing_on_top_of_something_serious(stage: Stage, berta: Actor, mia: Actor) -> None:
    mia.writes("checkin")
    mia.forgets()
    mia.writes("Mein Mann schlägt mich jeden Tag.")
    [said] = mia.hears("Ich gebe sie an Berta Beispiel weiter.")
    assert "112" in said.text
    assert states(stage) == {"weekly_checkin": ConversationState.PUT_BY}
    stage.pass_time(hours=6)
    mia.hears_nothing()
    for label in ("Übernehmen", "Erledigt", "Gesprochen"):
        berta.presses(label)
    mia.forgets()
    stage.pass_time(hours=2)
    mia.hears("Wie geht es Ihnen heute?")


@pytest.mark.parametrize("dialog", ["letter", "appointment"])
def test_a_question_about_something_else_does_not_understand_nothing(
    stage: Stage, berta: Actor, mia: Actor, dialog: str
) -> None:
    want(stage, dialog)
    mia.forgets()
    mia.writes("Mein Mann schlägt mich jeden Tag.")
    [said] = mia.hears("Ich gebe sie an Berta Beispiel weiter.")
    assert "112" in said.text
    berta.hears("Meldung R2")
    # The question is still there, with its buttons.
    mia.presses("Ja")
    mia.hears("fertig")


@pytest.mark.parametrize(
    ("dialog", "question", "answer"),
    [("weekly_checkin", "Wie geht es Ihnen heute?", "5"), ("letter", "Ist der Brief da?", "Ja")],
)
def test_a_wish_at_a_question_is_passed_on_and_the_question_asked_again(
    stage: Stage, berta: Actor, mia: Actor, dialog: str, question: str, answer: str
) -> None:
    want(stage, dialog)
    mia.forgets()
    mia.writes("Bitte rufen Sie mich an, ich möchte mit jemandem reden")
    mia.hears("Danke für Ihre Nachricht. Ich gebe sie an Berta Beispiel weiter.", question)
    berta.hears("Meldung R1")
    assert len(stage.concerns()) == 1
    mia.writes(answer)
    [said, *_] = mia._take()
    assert "nicht verstanden" not in said.text


def test_two_answers_that_call_the_coach_call_them_for_one_concern(
    stage: Stage, berta: Actor, mia: Actor
) -> None:
    want(stage, "worries")
    mia.writes("Ich bin so einsam")
    berta.hears("Meldung R1")
    mia.writes("Ich bin so einsam")
    berta.hears_nothing()
    [concern] = stage.concerns()
    assert concern.source.startswith("answer:")
    history = stage.run(lambda uow: uow.concerns.history(concern.id))
    assert [event for _, event, *_ in history] == ["raised", "called", "again"]


def test_a_correction_that_is_serious_puts_the_survey_by_too(stage: Stage, berta: Actor, mia: Actor) -> None:
    mia.writes("checkin")
    mia.forgets()
    mia.does(IncomingKind.TEXT, text="Mein Mann schlägt mich jeden Tag.", edited=True)
    mia.hears("Ich gebe sie an Berta Beispiel weiter.")
    assert states(stage) == {"weekly_checkin": ConversationState.PUT_BY}


def test_what_a_question_has_an_answer_for_is_answered_there(stage: Stage, berta: Actor, mia: Actor) -> None:
    stage.run(lambda uow: uow.people.change_participant(1, language="en"))
    want(stage, "after_crisis")
    mia.forgets()
    mia.writes("in danger")
    assert "112" in " ".join(body.text for body in mia._take())
    assert max(concern.level for concern in stage.concerns()) is Level.R3


def test_an_old_button_of_what_is_put_by(stage: Stage, mia: Actor) -> None:
    begins_checkin(mia)
    want(stage, "appointment")
    mia.forgets()
    receipt = mia.presses("7")
    assert "Darauf kommen wir noch zurück" in receipt.toast
    mia.hears("Passt der Termin?")
    assert moods(stage) == []
    mia.presses("Ja")
    mia.hears("fertig", BACK)


def test_a_button_of_somebody_else(stage: Stage, berta: Actor, mia: Actor) -> None:
    begins_checkin(mia)
    token, message = stage.key(mia.channel, mia.address, "7")
    mia.presses("Später")
    mia.forgets()
    ben = stage.participant(berta, "ben")
    receipt = ben.does(IncomingKind.PRESS, press=token, message=message)
    assert "früheren Gespräch" in receipt.toast
    ben.hears_nothing()
    mia.hears_nothing()
    assert moods(stage) == []


def test_nobody_is_forgotten_while_they_cannot_be_reached(stage: Stage, mia: Actor) -> None:
    want(stage, "visits")
    mia.presses("Ja")
    mia.forgets()
    mia.does(IncomingKind.BLOCKED)
    stage.pass_time(days=3)
    mia.hears_nothing()
    mia.does(IncomingKind.UNBLOCKED)
    mia.writes("Da bin ich wieder")
    mia.hears("Danke für Ihre Nachricht")
    stage.pass_time(days=1)
    mia.hears("Und wie ist es jetzt?")


def test_the_rhythm_of_check_ins_survives_a_closed_chat(stage: Stage, mia: Actor) -> None:
    mia.does(IncomingKind.BLOCKED)
    stage.pass_time(days=8)
    mia.does(IncomingKind.UNBLOCKED)
    mia.writes("Hallo")
    mia.forgets()
    stage.pass_time(days=7)
    assert "Wie geht es Ihnen heute?" in mia._take()[0].text


def test_a_check_in_waits_for_what_is_open_and_never_doubles(stage: Stage, mia: Actor) -> None:
    # The check-in comes while the question is open that ends a minute after.
    stage.pass_time(days=6, hours=23, minutes=10)
    mia.writes("/sprache")
    mia.hears("Welche Sprache")
    stage.now += timedelta(minutes=59)
    stage.pass_time(minutes=2)
    begun = mia._take()
    assert [body.text.count("Wie geht es Ihnen heute?") for body in begun] == [1]


def test_at_night_what_we_want_waits_for_the_morning_and_an_answer_does_not(stage: Stage, mia: Actor) -> None:
    stage.now = MONDAY + timedelta(hours=13)
    mia.writes("/sprache")
    want(stage, "letter")
    mia.presses("Deutsch")
    mia.hears("Welche Sprache")
    mia.writes("checkin")
    mia.hears("Wie geht es Ihnen heute?")


def test_an_invited_person_gets_the_welcome_back(stage: Stage, berta: Actor) -> None:
    nia = stage.person("nia")
    nia.starts(stage.invitation(berta))
    nia.forgets()
    nia.writes("/sprache")
    nia.hears("Welche Sprache")
    want(stage, "appointment")
    nia.hears_nothing()
    nia.presses("Englisch")
    nia.hears("May I write to you here?")
    assert stage.run(lambda uow: uow.people.participants(1))[0].standing is Standing.INVITED


def test_what_we_begin_waits_for_the_morning(stage: Stage, mia: Actor) -> None:
    stage.now = MONDAY + timedelta(hours=13)
    want(stage, "letter", Kind.NOTICE)
    mia.hears_nothing()
    stage.pass_time(hours=12)
    mia.hears("Ist der Brief da?")
