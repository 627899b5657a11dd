# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What is said first when somebody may be in danger, their own plan, and what comes without words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot import house
from bot.domain.concerns import Level
from bot.domain.delivery import Permanent
from bot.domain.duty import Absence
from bot.domain.messages import Incoming, IncomingKind
from bot.domain.people import Standing
from bot.services.absences import set_absence
from bot.services.inbox import StorageInbox
from scheduler.clock import FixedClock
from tests.services.stage import Actor, Stage

DANGER = "Ich bringe mich heute noch um."
FIRST = "Wenn Sie in Gefahr sind: Rufen Sie jetzt 112 an."
PLAN_LINE = "Ihren eigenen Plan zeige ich Ihnen, wenn Sie „Mein Plan“ schreiben."


def test_the_numbers_of_the_region_come_first(stage: Stage, mia: Actor) -> None:
    own = "Danke. Ich bin ein Programm. In Gefahr: 112. Krisendienst Musterkreis: rund um die Uhr."
    stage.rules = replace(stage.rules, crisis_texts={"de": own})
    mia.writes(DANGER)
    first, *_ = mia.hears(own, "Unser Ziel: Bis")
    assert FIRST not in first.text


def test_the_numbers_of_the_region_come_first_for_strangers_and_in_no_language_of_ours(stage: Stage) -> None:
    own = "Danke. In Gefahr: 112. Krisendienst Musterkreis: rund um die Uhr."
    stage.rules = replace(stage.rules, crisis_texts={"de": own, "de-x-einfach": "Einfach: 112."})
    nora, olena = stage.person("nora"), stage.person("olena")
    nora.writes("hilfe")
    nora.hears(own)
    nora.does(IncomingKind.TEXT, text="hilfe", language="de-AT")
    nora.hears(own)
    nora.does(IncomingKind.TEXT, text="hilfe", language="en-GB")
    nora.hears("Thank you for telling me.")
    olena.does(IncomingKind.TEXT, text="Я не хочу більше жити", language="uk")
    [first] = olena.hears("Thank you for telling me.")
    assert own in first.text
    assert FIRST not in first.text


def test_a_plan_is_written_and_comes_back_in_the_same_words(stage: Stage, mia: Actor) -> None:
    mia.writes("Mein Plan")
    mia.hears("Ein Plan für schwere Stunden", "Darf ich aufheben")
    mia.writes("ja")
    for answer in ("kaum schlafen", "spazieren gehen", "meine Schwester Ida Muster", "im Park"):
        mia.writes(answer)
    mia.hears("Woran", "geholfen", "Wen", "Wo geht", "Ihr Plan ist aufgehoben")
    stage.pass_time(days=1, hours=2)
    mia.forgets()

    mia.writes(DANGER)
    mia.hears(FIRST, "Unser Ziel: Bis")
    assert stage.concerns()[-1].level is Level.R3
    # A question about health waits while something serious is open; the plan does not.
    mia.writes("Mein Plan")
    plan, *_ = mia.hears("Das haben Sie für schwere Stunden aufgeschrieben", "0800 1110111", "ändern")
    for answer in ("kaum schlafen", "spazieren gehen", "meine Schwester Ida Muster", "im Park"):
        assert answer in plan.text


def test_the_plan_is_named_beside_the_numbers(stage: Stage, mia: Actor) -> None:
    mia.writes("notfallplan")
    mia.writes("ja")
    mia.writes("kaum schlafen")
    mia.presses("Später")
    mia.forgets()
    mia.writes(DANGER)
    first, *_ = mia.hears(FIRST, "Unser Ziel: Bis")
    assert PLAN_LINE in first.text


def test_a_plan_without_a_word_in_it_is_not_promised(stage: Stage, mia: Actor) -> None:
    mia.writes("notfallplan")
    mia.writes("ja")
    mia.forgets()
    mia.writes(DANGER)
    first, *_ = mia.hears(FIRST, "Unser Ziel: Bis")
    assert "Plan" not in first.text
    mia.writes("/hilfe")
    assert not any("eigenen Plan" in body.text for body in mia._take())
    mia.writes("Mein Plan")
    assert not any("Das haben Sie für schwere Stunden" in body.text for body in mia._take())


def test_who_has_no_plan_does_not_hear_of_one(stage: Stage, mia: Actor) -> None:
    mia.writes("Mein Plan")
    mia.writes("nein")
    mia.forgets()
    mia.writes(DANGER)
    first, *_ = mia.hears(FIRST, "Unser Ziel: Bis")
    assert "Plan" not in first.text
    mia.writes("/hilfe")
    assert not any("Mein Plan" in body.text for body in mia._take())


def in_a_dialog(mia: Actor) -> None:
    mia.writes("checkin")


def in_a_pause(mia: Actor) -> None:
    mia.writes("pause")
    mia.presses("1 Woche")


def stopped(mia: Actor) -> None:
    mia.writes("STOPP")


def at_rest(mia: Actor) -> None:
    assert mia.address


@pytest.mark.parametrize("state", [at_rest, in_a_dialog, in_a_pause, stopped])
@pytest.mark.parametrize("kind", ["sticker", "voice", "photo"])
def test_what_has_no_words_is_looked_at_by_a_human_in_every_state(
    stage: Stage, berta: Actor, mia: Actor, state: Callable[[Actor], None], kind: str
) -> None:
    state(mia)
    mia.forgets()
    mia.does(IncomingKind.ATTACHMENT, attachment=kind)
    said = " ".join(body.text for body in mia._take())
    assert "Ich gebe Berta Beispiel Bescheid" in said
    assert [(c.level, c.reason) for c in stage.concerns()] == [(Level.R1, f"attachment_{kind}")]
    before = ["Der Kontakt über Lotse ist beendet"] if state is stopped else []
    berta.hears(*before, "Meldung R1")


@pytest.mark.parametrize("kind", ["sticker", "voice", "photo"])
@pytest.mark.parametrize("words", ["", "Hallo"])
def test_so_is_what_a_stranger_sends_without_words_and_they_are_called_for_it_once(
    stage: Stage, berta: Actor, kind: str, words: str
) -> None:
    stranger = stage.person("wer")
    what = IncomingKind.TEXT if words else IncomingKind.ATTACHMENT
    stranger.does(what, attachment=kind, text=words, language="de")
    [said] = stranger.hears("Ich gebe unserem Team Bescheid, dass etwas von Ihnen da ist.")
    assert "kenne Sie noch nicht" in said.text
    assert "112" in said.text
    assert "Gerade liest hier niemand mit" not in said.text
    stranger.does(what, attachment=kind, text=words)
    assert [(c.level, c.reason, c.quote) for c in stage.concerns()] == [
        (Level.R1, f"attachment_{kind}", words)
    ]
    berta.hears("Meldung R1")


def test_a_stranger_who_sends_a_voice_message_at_night_hears_when_somebody_reads(
    stage: Stage, berta: Actor
) -> None:
    stage.pass_time(hours=12)
    stranger = stage.person("wer")
    stranger.does(IncomingKind.ATTACHMENT, attachment="voice", language="uk")
    stranger.hears("Gerade liest hier niemand mit. Gelesen wird wieder am Dienstag")
    assert [(c.level, c.reason) for c in stage.concerns()] == [(Level.R1, "attachment_voice")]


def test_a_picture_with_a_call_for_help_from_a_stranger_gets_help_first(stage: Stage, berta: Actor) -> None:
    stranger = stage.person("wer")
    stranger.does(IncomingKind.TEXT, attachment="photo", text="Hilfe", language="de")
    stranger.hears(FIRST, "Ich gebe unserem Team Bescheid")
    berta.hears("Meldung R1")


@pytest.mark.parametrize("state", [at_rest, in_a_dialog, in_a_pause, stopped])
@pytest.mark.parametrize("kind", ["poll", "checklist", "venue", "document"])
def test_danger_that_stands_on_what_is_sent_is_answered_like_any_other(
    stage: Stage, mia: Actor, state: Callable[[Actor], None], kind: str
) -> None:
    state(mia)
    mia.forgets()
    mia.does(IncomingKind.ATTACHMENT, attachment=kind, text="Ich will nicht mehr leben")
    assert "112" in stage.ears[mia.channel, mia.address][0].text
    assert [(c.level, c.quote) for c in stage.concerns()] == [(Level.R3, "Ich will nicht mehr leben")]


def test_a_name_on_what_is_sent_is_shown_to_a_human_and_is_no_answer(stage: Stage, mia: Actor) -> None:
    mia.writes("checkin")
    [question] = mia.hears("Wie geht es Ihnen heute?")
    mia.does(IncomingKind.ATTACHMENT, attachment="document", text="stopp gut.pdf")
    [again] = mia.hears("Ich gebe Berta Beispiel Bescheid, dass etwas von Ihnen da ist.")
    assert again.keys == question.keys
    [concern] = stage.concerns()
    assert (concern.level, concern.reason, concern.quote) == (
        Level.R1,
        "attachment_document",
        "stopp gut.pdf",
    )


@pytest.mark.parametrize("words", ["Danke", "Tschüss 👋", "weiter", "👍"])
def test_a_picture_with_a_kind_word_under_it_is_looked_at_like_one_alone(
    stage: Stage, berta: Actor, mia: Actor, words: str
) -> None:
    mia.does(IncomingKind.TEXT, text=words, attachment="photo")
    mia.hears("Ich gebe sie an Berta Beispiel weiter", "Was Sie dazu geschickt haben, kann ich nicht")
    assert [(c.level, c.reason, c.quote) for c in stage.concerns()] == [(Level.R1, "attachment_photo", words)]
    berta.hears("Meldung R1")


@pytest.mark.parametrize("words", ["Hilfe", "Pause 2 Wochen", "Start"])
def test_a_voice_message_with_a_command_under_it_is_looked_at_as_well(
    stage: Stage, berta: Actor, mia: Actor, words: str
) -> None:
    mia.does(IncomingKind.TEXT, text=words, attachment="voice")
    assert [c.reason for c in stage.concerns()] == ["attachment_voice"]
    assert mia._take()[-1].text == "Ich gebe Berta Beispiel Bescheid, dass etwas von Ihnen da ist."
    berta.hears("Meldung R1")


def test_with_stop_under_it_nothing_more_is_said_and_it_is_looked_at(
    stage: Stage, berta: Actor, mia: Actor
) -> None:
    mia.does(IncomingKind.TEXT, text="STOPP", attachment="voice")
    mia.hears("Ab jetzt schreibe ich Ihnen nicht mehr.")
    assert [c.reason for c in stage.concerns()] == ["attachment_voice"]
    assert any("Meldung R1" in body.text for body in berta._take())


def test_what_is_only_quoted_is_no_wish_of_ones_own(stage: Stage, berta: Actor, mia: Actor) -> None:
    mia.does(IncomingKind.TEXT, text="„Stop“", own="", attachment="voice")
    assert stage.run(lambda uow: uow.people.participants(1))[0].standing is Standing.ACTIVE
    assert [c.reason for c in stage.concerns()] == ["attachment_voice"]
    berta.hears("Meldung R1")


def test_stop_below_a_quote_from_another_chat_is_stop(stage: Stage, mia: Actor) -> None:
    mia.does(IncomingKind.TEXT, text="„Kommst du heute?“\nSTOPP", own="STOPP")
    mia.hears("Ab jetzt schreibe ich Ihnen nicht mehr.")
    assert stage.run(lambda uow: uow.people.participants(1))[0].standing is Standing.STOPPED
    assert stage.concerns() == []


def test_danger_in_the_quote_above_it_is_still_answered(stage: Stage, berta: Actor, mia: Actor) -> None:
    mia.does(IncomingKind.TEXT, text=f"„{DANGER}“\nSTOPP", own="STOPP")
    assert any(FIRST in body.text for body in mia._take())
    assert stage.run(lambda uow: uow.people.participants(1))[0].standing is Standing.STOPPED
    assert [c.level for c in stage.concerns()] == [Level.R3]


@pytest.mark.parametrize("words", ["gut", "Das hier"])
def test_a_picture_with_an_answer_under_it_is_looked_at_too(stage: Stage, mia: Actor, words: str) -> None:
    mia.writes("checkin")
    mia.forgets()
    mia.does(IncomingKind.TEXT, text=words, attachment="photo")
    [again] = mia.hears("Ich gebe Berta Beispiel Bescheid, dass etwas von Ihnen da ist.")
    assert again.keys
    assert [(c.level, c.reason, c.quote) for c in stage.concerns()] == [(Level.R1, "attachment_photo", words)]


def test_the_question_stays_open_beside_a_voice_message(stage: Stage, mia: Actor) -> None:
    mia.writes("checkin")
    [question] = mia.hears("Wie geht es Ihnen heute?")
    mia.does(IncomingKind.ATTACHMENT, attachment="voice")
    [again] = mia.hears("Ich gebe Berta Beispiel Bescheid, dass etwas von Ihnen da ist.")
    assert "Wie geht es Ihnen heute?" in again.text
    assert again.keys == question.keys


def test_who_has_no_coach_reads_of_their_team_in_the_right_case(stage: Stage, mia: Actor) -> None:
    stage.run(lambda uow: uow.people.change_participant(1, coach_id=None))
    mia.does(IncomingKind.ATTACHMENT, attachment="photo")
    mia.hears("Das kann ich nicht lesen: Ich bin ein Programm. Ich gebe Ihrem Team Bescheid.")
    mia.forgets()
    mia.writes("hilfe")
    mia.hears("Danke, dass Sie das schreiben.", "Soll ich Ihrem Team Bescheid geben?")


def test_a_call_that_fails_for_good_is_not_kept_from_the_person(
    stage: Stage, berta: Actor, mia: Actor
) -> None:
    stage.refuse = lambda m: Permanent("blocked", address_dead=True) if m.address == berta.address else None
    mia.writes(DANGER)
    mia.hears(FIRST, "Im Moment kann ich hier niemanden erreichen.")
    assert stage.concerns()[-1].uncovered
    stage.pass_time(minutes=10)
    mia.hears_nothing()
    stage.pass_time(minutes=10)
    mia.hears("Es hat sich noch niemand gemeldet.")


def goes_on_leave(stage: Stage, who: Actor) -> None:
    away = Absence(0, house.DEFAULT_AGENCY, who.id, stage.now)
    stage.run(lambda uow: set_absence(uow, away, stage.now))


def test_a_call_for_help_that_reaches_nobody_says_so(stage: Stage, berta: Actor, mia: Actor) -> None:
    goes_on_leave(stage, berta)
    mia.writes("Hilfe sofort")
    mia.presses("Ja")
    mia.hears("112", "Soll ich", "jetzt Bescheid", "Im Moment kann ich hier niemanden erreichen.")
    assert [(c.level, c.uncovered) for c in stage.concerns()] == [(Level.R2, True)]
    mia.writes("Mein Mann schlägt mich jeden Tag.")
    [said] = mia.hears("Im Moment kann ich hier niemanden erreichen.** Ich versuche es weiter.")
    assert "112" in said.text


def test_at_night_it_was_said_already_that_nobody_reads(stage: Stage, berta: Actor, mia: Actor) -> None:
    goes_on_leave(stage, berta)
    stage.pass_time(hours=11)
    mia.forgets()
    mia.writes("Hilfe sofort")
    mia.presses("Ja")
    mia.hears("112", "Soll ich", "Im Moment liest hier niemand mit.")


def test_the_name_that_is_said_is_of_whoever_got_the_alert(stage: Stage, berta: Actor, mia: Actor) -> None:
    dirk = stage.staff("Dirk Beispiel", deputy_of=berta.id)
    away = Absence(0, house.DEFAULT_AGENCY, berta.id, stage.now)
    stage.run(lambda uow: set_absence(uow, away, stage.now))
    mia.writes("Ich habe gerade keine Kraft mehr und brauche jemanden.")
    mia.hears("Ich gebe sie an Dirk Beispiel weiter.")
    mia.writes(DANGER)
    mia.hears(FIRST, "Ich habe Ihre Nachricht gerade an Dirk Beispiel geschickt.")
    dirk.forgets()
    berta.hears_nothing()


def test_dialogs_too_name_whoever_hears_it_and_not_the_coach_on_leave(
    stage: Stage, berta: Actor, mia: Actor
) -> None:
    dirk = stage.staff("Dirk Beispiel", deputy_of=berta.id)
    goes_on_leave(stage, berta)
    mia.writes("Hilfe sofort")
    mia.presses("Ja")
    mia.hears("112", "Soll ich Dirk Beispiel Bescheid geben?", "Ich gebe Dirk Beispiel jetzt Bescheid.")
    dirk.hears("Meldung R2")
    berta.hears_nothing()
    goes_on_leave(stage, dirk)
    mia.writes("Hilfe sofort")
    mia.hears("112", "Soll ich Ihrem Team Bescheid geben?")


def test_a_sites_own_rules_count_beside_the_shipped_ones(stage: Stage, mia: Actor, tmp_path: Path) -> None:
    own = tmp_path / "site.yaml"
    own.write_text(
        "language: de\nrules:\n  - id: site.tower\n    level: R2\n    patterns: ['wasserturm']\n"
        "    hits: ['Ich stehe am Wasserturm']\n    misses: ['Ich stehe am Bahnhof']\n",
        encoding="utf-8",
    )
    mia.writes("Ich stehe am Wasserturm")
    stage.rules = replace(stage.rules, concern_rules_file=own)
    mia.writes("Ich stehe am Wasserturm")
    assert [(c.level, c.reason) for c in stage.concerns()] == [(Level.R1, "wrote"), (Level.R2, "site.tower")]


def test_without_words_in_their_language_all_that_follows_comes_in_both_as_well(
    stage: Stage, berta: Actor, mia: Actor
) -> None:
    stage.run(lambda uow: uow.people.change_participant(1, language="uk"))
    mia.writes("Я не хочу більше жити")
    _, second = mia.hears("Thank you for telling me", "I have just sent your message to Berta Beispiel")
    assert "Ich habe Ihre Nachricht gerade an Berta Beispiel geschickt." in second.text
    stage.pass_time(hours=10)
    mia.forgets()
    mia.writes("Я не хочу більше жити")
    [night] = mia.hears("Right now nobody is reading here.")
    assert "Im Moment liest hier niemand mit." in night.text


def test_a_stranger_without_words_in_their_language_gets_both_as_well(stage: Stage, berta: Actor) -> None:
    olena = stage.person("olena")
    olena.does(IncomingKind.TEXT, text="Я не хочу більше жити", language="uk")
    first, second = olena.hears("Thank you for telling me", "I have just sent your message to Berta Beispiel")
    assert FIRST in first.text
    assert "Ich habe Ihre Nachricht gerade an Berta Beispiel geschickt." in second.text
    assert stage.concerns()[-1].language == "uk"
    olena.writes("hilfe")
    [help_now, _] = olena.hears("Thank you for telling me", "Soll ich Ihrem Team Bescheid geben?")
    assert FIRST in help_now.text
    stage.pass_time(minutes=15)
    olena.hears("Nobody has replied yet.", "Sie haben vorhin um Hilfe gebeten.")


def inbox_of(stage: Stage) -> StorageInbox:
    return StorageInbox(stage.storage, lambda: stage.rules, FixedClock(stage.now), lambda receipt: None)


def trips(*arguments: object, **named: object) -> None:
    raise ValueError("a fault of ours")


async def test_a_fault_in_a_conversation_does_not_cost_the_numbers(
    stage: Stage, berta: Actor, mia: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    mia.writes("checkin")
    mia.forgets()
    monkeypatch.setattr("bot.services.floor.clear", trips)
    await inbox_of(stage).take(Incoming("telegram", "1", mia.address, IncomingKind.TEXT, text=DANGER))
    stage.deliver()
    mia.hears(FIRST, "gerade an Berta Beispiel geschickt")
    berta.hears("Meldung R3")
    assert [(c.level, c.quote) for c in stage.concerns()] == [(Level.R3, DANGER)]


async def test_what_no_rule_could_read_for_a_fault_of_ours_gets_the_numbers_too(
    stage: Stage, berta: Actor, mia: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.services.rulebook.recognise", trips)
    await inbox_of(stage).take(Incoming("telegram", "1", mia.address, IncomingKind.TEXT, text=DANGER))
    stage.deliver()
    [said] = mia.hears("Bei mir ist etwas schiefgegangen.")
    assert "112" in said.text
    assert [c.level for c in stage.concerns()] == [Level.R2]


@pytest.mark.parametrize(("broken", "level"), [("enrol.greet_stranger", "R3"), ("rulebook.recognise", "R2")])
async def test_a_fault_leaves_no_stranger_without_an_answer(
    stage: Stage, berta: Actor, monkeypatch: pytest.MonkeyPatch, broken: str, level: str
) -> None:
    monkeypatch.setattr(f"bot.services.{broken}", trips)
    stranger = stage.person("somebody")
    await inbox_of(stage).take(Incoming("telegram", "1", "somebody", IncomingKind.TEXT, text=DANGER))
    stage.deliver()
    assert "112" in stranger._take()[0].text
    assert [c.level.value for c in stage.concerns()] == [level]
    berta.hears(f"Meldung {level}")


async def test_nor_one_whose_danger_stands_behind_start(
    stage: Stage, berta: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.services.enrol.greet_stranger", trips)
    stranger = stage.person("somebody")
    await inbox_of(stage).take(Incoming("telegram", "1", "somebody", IncomingKind.START, text=DANGER))
    stage.deliver()
    stranger.hears(FIRST, "gerade an Berta Beispiel geschickt")
    berta.hears("Meldung R3")
