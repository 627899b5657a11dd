# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""STOPP and the way back: the coach hears of both in one neutral line, and the person is told so."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.delivery import RetryAfter
from bot.domain.people import Role, Standing
from tests.services.stage import Actor, Stage

ENDED = "Der Kontakt über Lotse ist beendet"
BACK = "Der Kontakt über Lotse läuft wieder"
#: What only stands in a text where the coach really hears of it.
TOLD = "bekommt Bescheid"
CONTACT = "Darf ich Ihnen hier schreiben?"


@pytest.fixture
def saturday(stage: Stage) -> None:
    stage.now += timedelta(days=5)


def stops(mia: Actor) -> str:
    """STOPP, and what is said to it."""
    mia.forgets()
    mia.writes("STOPP")
    (confirmed,) = mia.hears("Ab jetzt schreibe ich Ihnen nicht mehr.")
    return confirmed.text


def test_the_coach_hears_by_case_code_once_and_nobody_else(stage: Stage, berta: Actor, mia: Actor) -> None:
    lea, karl = stage.staff("Lea Leitung", Role.LEAD), stage.staff("Karl Kollege")
    assert f"Berta Beispiel {TOLD}" in stops(mia)
    (line,) = berta.hears(ENDED)
    (person,) = stage.run(lambda uow: uow.people.participants(1))
    assert line.text.startswith(f"Fall {person.case_code}: ")
    assert not line.keys
    assert TOLD not in stops(mia), "it was said the first time"
    stage.pass_time(days=30)
    for anybody in (berta, lea, karl, mia):
        anybody.hears_nothing()


@pytest.mark.usefixtures("saturday")
def test_outside_working_hours_it_waits_for_them(stage: Stage, berta: Actor, mia: Actor) -> None:
    stops(mia)
    stage.pass_time(days=1)
    berta.hears_nothing()
    stage.pass_time(days=1)
    berta.hears(ENDED)


@pytest.mark.usefixtures("saturday")
def test_whoever_is_back_before_that_is_heard_of_in_this_order(
    stage: Stage, berta: Actor, mia: Actor
) -> None:
    stops(mia)
    mia.writes("START")
    mia.presses("Ja, gern")
    berta.hears_nothing()
    stage.pass_time(days=2)
    berta.hears(ENDED, BACK)


def test_before_any_consent_nobody_hears_and_nothing_else_is_said(stage: Stage, berta: Actor) -> None:
    mia = stage.person()
    mia.starts(stage.invitation(berta))
    assert TOLD not in stops(mia)
    berta.hears_nothing()
    mia.writes("START")
    mia.hears("Ich bin ein Programm", "kein Notruf", CONTACT)
    mia.presses("Ja, gern")
    berta.hears_nothing()


def test_nobody_is_said_to_hear_whom_no_message_reaches(stage: Stage, berta: Actor, mia: Actor) -> None:
    hired = stage.hire("Ole Offline")
    stage.run(lambda uow: uow.people.change_participant(1, coach_id=hired.id))
    assert TOLD not in stops(mia)
    mia.writes("START")
    mia.hears("Schön, dass Sie wieder da sind.", CONTACT)
    berta.hears_nothing()


def test_a_holder_of_an_open_concern_hears_one_line_and_the_coach_another(
    stage: Stage, berta: Actor, mia: Actor
) -> None:
    karl = stage.staff("Karl Kollege")
    mia.writes("Können Sie mich anrufen?")
    stage.run(lambda uow: uow.people.change_participant(1, coach_id=karl.id))
    berta.forgets()
    assert f"Karl Kollege {TOLD}" in stops(mia)
    berta.hears("Der Fall bleibt offen.")
    karl.hears(ENDED)


def test_a_coach_who_holds_it_hears_one_line_and_the_person_is_told(
    stage: Stage, berta: Actor, mia: Actor
) -> None:
    mia.writes("Können Sie mich anrufen?")
    berta.forgets()
    assert TOLD in stops(mia)
    berta.hears("Der Fall bleibt offen.")


def test_whoever_comes_back_is_greeted_and_asked_what_stopp_has_ended(
    stage: Stage, berta: Actor, mia: Actor
) -> None:
    stops(mia)
    berta.forgets()
    mia.writes("START")
    hello, *_ = mia.hears("Schön, dass Sie wieder da sind.", "Bei einem Ja bekommt Berta Beispiel", CONTACT)
    assert "kein Mensch" not in hello.text
    berta.hears_nothing()
    mia.presses("Ja, gern")
    mia.hears("Darf ich Sie einmal in der Woche fragen")
    berta.hears(BACK)
    mia.presses("Ja, gern")
    mia.presses("Ja, hier im Messenger")
    mia.hears("Wo möchten Sie", "gebe weiter, was Sie schreiben, und frage Sie, wie es Ihnen geht.")
    berta.hears_nothing()
    stage.pass_time(days=7, minutes=10)
    assert any("Wie geht es Ihnen heute?" in body.text for body in mia._take()), "as it was said"


def test_a_no_to_the_questions_about_health_is_kept_though_an_old_yes_stood(stage: Stage, mia: Actor) -> None:
    stops(mia)
    mia.writes("START")
    mia.presses("Ja, gern")
    mia.forgets()
    mia.presses("Nein, danke")
    mia.hears("Ab jetzt geht es wieder los: Ich erinnere Sie an Termine und gebe weiter")
    stage.pass_time(days=10)
    assert not any("Wie geht es Ihnen heute?" in body.text for body in mia._take())


def test_whose_data_is_only_kept_is_asked_nothing_about_health(stage: Stage, mia: Actor) -> None:
    mia.writes("/einschraenken")
    mia.presses("Ja")
    stops(mia)
    mia.writes("START")
    mia.forgets()
    mia.presses("Ja, gern")
    mia.hears("Ab jetzt geht es wieder los: Ich erinnere Sie an Termine")


@pytest.mark.parametrize("words", ["Nein, danke", ""])
def test_without_a_yes_nothing_begins_and_nobody_hears(
    stage: Stage, berta: Actor, mia: Actor, words: str
) -> None:
    stops(mia)
    berta.forgets()
    mia.writes("START")
    if words:
        mia.presses(words)
    mia.forgets()
    stage.pass_time(days=30)
    mia.hears_nothing()
    berta.hears_nothing()
    assert stage.run(lambda uow: uow.people.participants(1))[0].standing is Standing.STOPPED


def test_a_yes_in_the_list_brings_both_back_too(stage: Stage, berta: Actor, mia: Actor) -> None:
    stops(mia)
    berta.forgets()
    mia.writes("einwilligungen")
    mia.presses("Nachrichten hier")
    mia.forgets()
    mia.presses("Ja, gern")
    mia.hears(f"Berta Beispiel {TOLD}", "das gilt ab jetzt")
    berta.hears(BACK)


def test_each_time_anew(stage: Stage, berta: Actor, mia: Actor) -> None:
    for _ in range(2):
        assert TOLD in stops(mia)
        mia.writes("START")
        mia.presses("Ja, gern")
    berta.hears(ENDED, BACK, ENDED, BACK)


def test_who_writes_of_danger_after_it_is_answered_by_a_human(stage: Stage, berta: Actor, mia: Actor) -> None:
    """They were told by when somebody answers: STOPP must not make that untrue."""
    stops(mia)
    mia.writes("Ich will nicht mehr leben")
    mia.hears("112", "meldet sich ein Mensch")
    berta.presses("Übernehmen")
    mia.hears("Berta Beispiel hat Ihre Meldung gesehen")
    berta.presses("Antworten")
    berta.writes("Ich rufe Sie jetzt an.")
    mia.hears("Ich rufe Sie jetzt an.")
    berta.presses("Gespräch beenden")
    mia.hears("Das Gespräch mit Berta Beispiel ist hier zu Ende.")


def test_whoever_says_it_again_is_left_alone_again(stage: Stage, berta: Actor, mia: Actor) -> None:
    stops(mia)
    mia.writes("Ich will nicht mehr leben")
    stops(mia)
    mia.forgets()
    berta.presses("Übernehmen")
    berta.presses("Antworten")
    berta.forgets()
    berta.writes("Ich rufe Sie jetzt an.")
    berta.hears("Diese Person hat den Kontakt beendet.")
    mia.hears_nothing()


def test_what_was_said_before_it_is_no_reason_to_write(stage: Stage, berta: Actor, mia: Actor) -> None:
    mia.writes("Ich will nicht mehr leben")
    stops(mia)
    mia.forgets()
    berta.presses("Übernehmen")
    mia.hears_nothing()


def test_a_closed_case_is_no_reason_to_write_after_it_either(stage: Stage, berta: Actor, mia: Actor) -> None:
    stops(mia)
    mia.writes("Ich will nicht mehr leben")
    berta.presses("Übernehmen")
    berta.presses("Erledigt")
    berta.presses("Gesprochen")
    stops(mia)
    mia.forgets()
    berta.presses("Antworten")
    berta.forgets()
    berta.writes("Wie geht es Ihnen?")
    berta.hears("Diese Person hat den Kontakt beendet.")
    mia.hears_nothing()


def test_no_answer_is_promised_that_may_not_be_given(stage: Stage, berta: Actor, mia: Actor) -> None:
    """The alert arrives only after STOPP: whoever said it is not told by when a human gets in touch."""
    stage.refuse = lambda one: RetryAfter(30) if one.channel == berta.channel else None
    mia.writes("Ich will nicht mehr leben")
    mia.hears("112")
    stops(mia)
    stage.refuse = lambda _: None
    stage.pass_time(minutes=5)
    berta.hears("Meldung R3", "Die Person hat den Kontakt über Lotse beendet")
    mia.hears_nothing()
