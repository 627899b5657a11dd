# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Promises P2, P5 and P9: one effect a delivery, every text in its place, old buttons answered kindly."""

from __future__ import annotations

import pytest

from bot.domain.delivery import Permanent, RetryAfter
from bot.domain.messages import IncomingKind
from bot.domain.people import AddressState
from bot.services.own_page import enter_page
from tests.services.stage import Actor, Stage


def test_a_delivery_takes_effect_once(stage: Stage, berta: Actor, mia: Actor) -> None:
    for _ in range(3):
        mia.does(IncomingKind.TEXT, text="Bitte rufen Sie mich an", delivery="same")
    mia.hears("Danke für Ihre Nachricht")
    berta.hears("Meldung R1")
    assert len(stage.concerns()) == 1


def test_a_start_that_is_delivered_twice_enrols_once(stage: Stage, berta: Actor) -> None:
    mia = stage.person()
    code = stage.invitation(berta)
    mia.does(IncomingKind.START, text=code, delivery="same")
    mia.does(IncomingKind.START, text=code, delivery="same")
    mia.hears("Ich bin ein Programm", "kein Notruf", "Darf ich")


def begun(stage: Stage, berta: Actor) -> Actor:
    mia = stage.person()
    mia.starts(stage.invitation(berta))
    for label in ("Ja", "Ja", "Ja"):
        mia.presses(label)
    mia.forgets()
    return mia


def test_an_edited_message_answers_nothing_but_may_be_a_cry_for_help(stage: Stage, berta: Actor) -> None:
    mia = begun(stage, berta)
    mia.does(IncomingKind.TEXT, text="7", edited=True)
    mia.hears_nothing()
    assert stage.run(lambda uow: uow.talks.answers(1)) == []
    mia.does(IncomingKind.TEXT, text="Ich will nicht mehr leben", edited=True)
    mia.hears("Ich bin ein Programm", "gerade an")
    berta.hears("Meldung R3")


@pytest.mark.parametrize(
    ("words", "level"),
    [("Ich bin so einsam, können Sie sich bitte melden", "R1"), ("Mein Mann schlägt mich jeden Tag.", "R2")],
)
@pytest.mark.parametrize("state", ["at rest", "in a check-in"])
def test_what_an_edited_message_says_now_reaches_a_human_and_is_answered(
    stage: Stage, berta: Actor, mia: Actor, state: str, words: str, level: str
) -> None:
    mia.writes("danke" if state == "at rest" else "checkin")
    mia.forgets()
    for _ in range(2):
        mia.does(IncomingKind.TEXT, text=words, edited=True)
    [said] = mia.hears("Ich gebe sie an Berta Beispiel weiter.")
    assert ("112" in said.text) == (level == "R2")
    berta.hears(f"Meldung {level}")
    assert [concern.level.value for concern in stage.concerns()] == [level]


@pytest.mark.parametrize("words", ["Ich bringe mich heute noch um", "selbstmord-jetzt"])
@pytest.mark.parametrize("before", ["danke", "STOPP"])
def test_words_behind_start_are_read_for_danger(
    stage: Stage, berta: Actor, mia: Actor, before: str, words: str
) -> None:
    mia.writes(before)
    mia.forgets()
    berta.forgets()
    mia.starts(words)
    assert "112" in mia._take()[0].text
    berta.hears("Meldung R3")


def test_an_edited_reply_is_not_relayed_again(stage: Stage, berta: Actor, mia: Actor) -> None:
    mia.writes("Bitte rufen Sie mich an")
    berta.presses("Übernehmen")
    mia.forgets()
    berta.forgets()
    berta.writes("Ich rufe um drei ann.")
    berta.does(IncomingKind.TEXT, text="Ich rufe um drei an.", edited=True)
    mia.hears("Ich rufe um drei ann.")
    berta.hears("unterwegs", "Eine Änderung gebe ich nicht weiter")


def test_two_taps_on_one_button_answer_once(stage: Stage, berta: Actor) -> None:
    mia = begun(stage, berta)
    token, message = stage.key(mia.channel, mia.address, "7")
    for _ in range(2):
        mia.does(IncomingKind.PRESS, press=token, message=message)
    mia.hears("Wie haben Sie geschlafen?")


def test_an_old_button_gets_the_present_question(stage: Stage, berta: Actor) -> None:
    mia = begun(stage, berta)
    token, message = stage.key(mia.channel, mia.address, "7")
    mia.writes("3")
    mia.forgets()
    mia.does(IncomingKind.PRESS, press=token, message=message)
    mia.hears("Wie haben Sie geschlafen?")
    answers = stage.run(lambda uow: uow.talks.answers(1))
    assert [a.value for a in answers if a.key == "mood"] == ["3"]


def test_a_button_of_a_conversation_that_is_over(stage: Stage, berta: Actor, mia: Actor) -> None:
    token, message = stage.key(mia.channel, mia.address, "Später")
    receipt = mia.does(IncomingKind.PRESS, press=token, message=message)
    assert "früheren Gespräch" in receipt.toast
    mia.hears_nothing()


@pytest.mark.parametrize(
    "token", ["", "x", "c:", "c:zz:1:yes", "c:1:-1:yes", "c:1:99999:yes", "s:1:take", "c:1:1:" + "x" * 40]
)
def test_a_button_nobody_made(stage: Stage, berta: Actor, token: str) -> None:
    mia = begun(stage, berta)
    mia.does(IncomingKind.PRESS, press=token)
    assert all("Wie geht es Ihnen heute?" in body.text for body in mia._take())
    assert stage.concerns() == []


@pytest.mark.parametrize("words", ["x" * 100_000, "🙂🙂🙂", "abc", "-5", "11", "\u202e\u0000", "<b>7</b>"])
def test_an_unreadable_answer_is_asked_again_kindly(stage: Stage, berta: Actor, words: str) -> None:
    mia = begun(stage, berta)
    mia.writes(words)
    [body] = mia._take()
    assert body.keys
    assert stage.run(lambda uow: uow.talks.answers(1)) == []


@pytest.mark.parametrize("kind", ["sticker", "voice", "photo"])
def test_something_without_words_is_never_lost(stage: Stage, berta: Actor, mia: Actor, kind: str) -> None:
    mia.does(IncomingKind.ATTACHMENT, attachment=kind)
    mia.hears("Das kann ich nicht lesen")
    berta.hears("Meldung R1")


def test_health_questions_go_to_our_own_page_without_a_consent_for_here(stage: Stage, berta: Actor) -> None:
    mia = stage.person()
    mia.starts(stage.invitation(berta))
    mia.presses("Ja")
    mia.presses("Ja")
    mia.forgets()
    mia.presses("Nein")
    *_, link = mia.hears("Gut zu wissen", "Hier geht es weiter")
    assert "Wie geht es" not in link.text
    code = link.link.rpartition("/")[2]
    assert stage.run(lambda uow: enter_page(uow, stage.rules, code, "browser", stage.now)) is not None
    assert stage.run(lambda uow: enter_page(uow, stage.rules, code, "other", stage.now)) is None
    page = stage.person("browser", "web_chat")
    page.starts()
    page.hears("Wie geht es Ihnen heute?")
    page.presses("7")
    page.hears("Wie haben Sie geschlafen?")
    mia.hears_nothing()


def test_what_cannot_be_delivered_is_told_to_a_human(stage: Stage, berta: Actor, mia: Actor) -> None:
    stage.refuse = lambda m: Permanent("blocked", address_dead=True) if m.address == mia.address else None
    mia.writes("Hallo")
    berta.hears("Meldung R1", "Meldung R1")
    reasons = [concern.reason for concern in stage.concerns()]
    assert "not_delivered" in reasons


def test_it_is_tried_on_another_channel(stage: Stage, berta: Actor, mia: Actor) -> None:
    stage.run(lambda uow: uow.people.add_address(1, "web_chat", "browser", participant_id=1))
    stage.refuse = lambda m: Permanent("blocked", address_dead=True) if m.address == mia.address else None
    mia.writes("Bitte rufen Sie mich an")
    page = stage.person("browser", "web_chat")
    page.hears("Danke für Ihre Nachricht")


def test_after_too_many_failures_a_human_learns(stage: Stage, berta: Actor, mia: Actor) -> None:
    stage.refuse = lambda m: RetryAfter(1, reason="network") if m.address == mia.address else None
    mia.writes("danke")
    stage.pass_time(hours=3)
    assert "not_delivered" in [concern.reason for concern in stage.concerns()]


def test_a_limit_is_obeyed_for_ever(stage: Stage, berta: Actor, mia: Actor) -> None:
    stage.refuse = lambda m: RetryAfter(60) if m.address == mia.address else None
    mia.writes("danke")
    stage.pass_time(hours=3)
    stage.refuse = lambda m: None
    stage.pass_time(minutes=2)
    mia.hears("Gern.")


def test_a_blocked_address_is_closed_and_opens_when_they_write_again(
    stage: Stage, berta: Actor, mia: Actor
) -> None:
    mia.does(IncomingKind.BLOCKED)
    contact = stage.run(lambda uow: uow.people.find_contact(mia.channel, mia.address))
    assert contact is not None
    assert contact.address.state is AddressState.CLOSED
    mia.writes("Da bin ich wieder")
    mia.hears("Danke für Ihre Nachricht")
    contact = stage.run(lambda uow: uow.people.contact_of(1))
    assert contact is not None
    assert contact.address.state is AddressState.OPEN
