# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Promise P4: voluntary. One word ends it, a pause holds, nothing is begun without consent."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.consent import Purpose
from bot.domain.messages import IncomingKind
from bot.domain.people import Role, Standing
from bot.services.absences import leave_team
from dialogs.concerns.crisis import crisis_card
from tests.services.stage import MONDAY, Actor, Stage


def standing(stage: Stage) -> Standing:
    return stage.run(lambda uow: uow.people.participants(1))[0].standing


@pytest.mark.parametrize("word", ["STOPP", "stop", "/stopp", "стоп", "dur"])
def test_one_word_ends_contact_at_once(stage: Stage, mia: Actor, word: str) -> None:
    mia.writes(word)
    mia.hears("Ab jetzt schreibe ich Ihnen nicht mehr.")
    assert standing(stage) is Standing.STOPPED
    stage.pass_time(days=30)
    mia.hears_nothing()


@pytest.mark.parametrize("words", ["Stopp!", "stpo", "hör auf zu schreiben"])
def test_stop_in_the_middle_of_the_check_in(stage: Stage, berta: Actor, words: str) -> None:
    mia = stage.person()
    mia.starts(stage.invitation(berta))
    for label in ("Ja", "Ja", "Ja", "7"):
        mia.presses(label)
    mia.forgets()
    mia.writes(words)
    mia.hears("Ab jetzt schreibe ich Ihnen nicht mehr.")
    mia.presses("5")
    mia.hears_nothing()


def test_stop_before_any_consent(stage: Stage, berta: Actor) -> None:
    mia = stage.person()
    mia.starts(stage.invitation(berta))
    mia.forgets()
    mia.writes("STOPP")
    mia.hears("Ab jetzt schreibe ich Ihnen nicht mehr.")


def test_stopping_twice_is_confirmed_each_time_and_recorded_once(stage: Stage, mia: Actor) -> None:
    mia.writes("STOPP")
    mia.writes("STOPP")
    mia.hears("nicht mehr", "nicht mehr")
    given = stage.run(lambda uow: uow.talks.given(1))
    assert [one.granted for one in given if one.purpose == Purpose.CONTACT] == [True, False]


def test_start_asks_for_contact_anew_before_anything_else(stage: Stage, mia: Actor) -> None:
    mia.writes("STOPP")
    mia.forgets()
    mia.writes("START")
    mia.hears("Hier ist Lotse, das Programm", "Bei einem Ja", "Darf ich Ihnen hier schreiben?")
    assert standing(stage) is Standing.STOPPED
    mia.presses("Ja, gern")
    assert standing(stage) is Standing.ACTIVE


def test_help_comes_also_after_a_stop(stage: Stage, berta: Actor, mia: Actor) -> None:
    mia.writes("STOPP")
    mia.forgets()
    mia.writes("Ich will nicht mehr leben")
    assert "112" in mia.hears("Ich bin ein Programm", "gerade an")[0].text
    berta.hears("Der Kontakt über Lotse ist beendet", "Meldung R3")


def test_a_coach_cannot_write_to_somebody_who_stopped(stage: Stage, berta: Actor, mia: Actor) -> None:
    mia.writes("Ich möchte mit jemandem sprechen")
    berta.presses("Übernehmen")
    mia.writes("STOPP")
    mia.forgets()
    berta.forgets()
    berta.writes("Wie geht es Ihnen?")
    berta.hears("hat den Kontakt beendet")
    mia.hears_nothing()


def test_no_is_accepted_and_recorded_as_no_refusal_anywhere(stage: Stage, berta: Actor) -> None:
    mia = stage.person()
    mia.starts(stage.invitation(berta))
    mia.forgets()
    mia.presses("Nein")
    mia.hears("Danke für die klare Antwort")
    berta.hears_nothing()
    stage.pass_time(days=30)
    mia.hears_nothing()
    assert standing(stage) is Standing.INVITED


def test_the_weekly_check_in_comes_in_the_morning(stage: Stage, mia: Actor) -> None:
    # A moment of many people is spread over ten minutes.
    stage.pass_time(days=7, minutes=10)
    mia.hears("Wie geht es Ihnen heute?")


def test_no_check_in_in_a_pause(stage: Stage, mia: Actor) -> None:
    mia.writes("Pause")
    mia.presses("2 Wochen")
    mia.forgets()
    stage.pass_time(days=13)
    mia.hears_nothing()


def test_no_check_in_while_something_serious_is_open(stage: Stage, berta: Actor, mia: Actor) -> None:
    mia.writes("Ich will nicht mehr leben")
    mia.forgets()
    stage.pass_time(days=8)
    assert not [body for body in stage.ears.get((mia.channel, mia.address), []) if "Wie geht es" in body.text]


def test_no_check_in_without_consent_to_health_questions(stage: Stage, berta: Actor) -> None:
    mia = stage.person()
    mia.starts(stage.invitation(berta))
    mia.presses("Ja")
    mia.presses("Nein")
    mia.forgets()
    stage.pass_time(days=13)
    mia.hears_nothing()
    stage.pass_time(days=2)
    mia.hears("Wir haben länger nichts von Ihnen gehört.")


def test_receipts_wait_for_nobody_but_reminders_wait_for_the_morning(stage: Stage, mia: Actor) -> None:
    stage.now = MONDAY + timedelta(hours=14)
    mia.writes("Können Sie mich anrufen?")
    mia.hears("Ich gebe sie an Berta Beispiel weiter")


def test_blocking_is_never_a_refusal_and_nothing_more_is_sent(stage: Stage, berta: Actor, mia: Actor) -> None:
    mia.does(IncomingKind.BLOCKED)
    berta.hears("Meldung R1")
    stage.pass_time(days=15)
    mia.hears_nothing()
    assert standing(stage) is Standing.ACTIVE


def test_one_invitation_is_good_for_one_person(stage: Stage, berta: Actor) -> None:
    code = stage.invitation(berta)
    mia, ben = stage.person("mia"), stage.person("ben")
    mia.starts(code)
    ben.starts(code)
    ben.hears("gilt nicht mehr")
    assert len(stage.run(lambda uow: uow.people.participants(1))) == 1


def test_an_old_invitation_is_refused_kindly(stage: Stage, berta: Actor) -> None:
    code = stage.invitation(berta)
    stage.now += timedelta(days=31)
    mia = stage.person()
    mia.starts(code)
    mia.hears("gilt nicht mehr")


def test_a_staff_code_enrols_nobody_and_an_invitation_hires_nobody(stage: Stage, berta: Actor) -> None:
    hired = stage.hire("Ole Offline")
    mia = stage.person()
    mia.starts(hired.messenger_code)
    mia.hears("gilt nicht mehr")
    stranger = Actor(stage, "telegram_staff", "stranger", 0)
    stranger.starts(stage.invitation(berta))
    stranger.hears("Ich kenne Sie noch nicht.")


@pytest.mark.parametrize("what", ["used", "too old", "left the team"])
def test_a_colleague_whose_link_is_over_hears_where_a_new_one_comes_from(
    stage: Stage, berta: Actor, what: str
) -> None:
    hired = stage.hire("Ole Offline")
    if what == "used":
        Actor(stage, "telegram_staff", "ole", hired.id).starts(hired.messenger_code)
    elif what == "too old":
        stage.now += timedelta(days=15)
    else:
        stage.run(lambda uow: leave_team(uow, hired.id, stage.now))
    second = Actor(stage, "telegram_staff", "second", 0)
    second.starts(hired.messenger_code)
    second.hears("Dieser Link gilt nicht mehr. Einen neuen bekommen Sie von Ihrer Verwaltung.")


def test_whoever_is_in_danger_and_has_found_the_teams_bot_gets_numbers_that_answer(
    stage: Stage, berta: Actor
) -> None:
    stranger = Actor(stage, "telegram_staff", "stranger", 0)
    stranger.writes("Ich will nicht mehr leben")
    [said] = stranger.hears("112")
    assert "Was Sie hier schreiben, liest niemand." in said.text
    stranger.does(IncomingKind.TEXT, text="I want to kill myself", language="en")
    [said] = stranger.hears("112")
    assert "Nobody reads what you write here." in said.text
    # Without words in their language they come in two, as from the other bot.
    stranger.does(IncomingKind.TEXT, text="Ich will nicht mehr leben", language="pl")
    [said] = stranger.hears("112")
    assert said.text.startswith(crisis_card("pl").first)
    assert "Nobody reads what you write here." in said.text
    assert "Was Sie hier schreiben, liest niemand." in said.text


def test_strangers_are_greeted_and_not_kept(stage: Stage, berta: Actor) -> None:
    stranger = stage.person("stranger")
    stranger.writes("Hallo, wer ist da?")
    stranger.hears("kenne Sie noch nicht")
    assert stage.run(lambda uow: uow.people.participants(1)) == []
    assert stage.concerns() == []


def test_a_stranger_in_danger_gets_help_and_a_concern(stage: Stage, berta: Actor) -> None:
    lea = stage.staff("Lea Lind", role=Role.LEAD)
    stranger = stage.person("stranger")
    stranger.writes("Ich bringe mich um")
    stranger.hears("Ich bin ein Programm", "gerade an")
    berta.hears("Meldung R3")  # nobody's person is everybody's
    lea.hears_nothing()
    stage.pass_time(minutes=30)
    lea.hears("Meldung R3")
    [concern] = stage.concerns()
    assert concern.next_action_at is not None
