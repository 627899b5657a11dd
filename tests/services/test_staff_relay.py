# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A human talks with a person through the bot: both ways, with an end that is said once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.concerns import Concern, Level, State
from bot.domain.delivery import Permanent
from bot.domain.messages import DataClass, Incoming, IncomingKind, Kind
from bot.domain.people import Role
from bot.house import DEFAULT_AGENCY
from bot.services import human_talks
from bot.services.desk import Desk
from bot.services.handle_concern import take_over
from bot.services.person_desk import talk_of
from bot.services.retention import end_participation
from bot.services.staff_cases import end_talk
from tests.services.at_desk import at_desk, is_away
from tests.services.stage import Actor, Stage

WISH = "Können Sie mich bitte anrufen?"
ACUTE = "Ich will nicht mehr leben"
SERIOUS = "Mein Mann schlägt mich"
OVER = "Das Gespräch mit Berta Beispiel ist hier zu Ende. Ich bin wieder das Programm."


@pytest.fixture
def talking(stage: Stage, berta: Actor, mia: Actor) -> Actor:
    """Berta has taken Mia's wish over and written to her."""
    mia.writes(WISH)
    berta.presses("Übernehmen")
    berta.presses("Ich rufe heute an")
    berta.presses("Antworten")
    berta.writes("Guten Tag, wie geht es Ihnen?")
    mia.hears(
        "Ich gebe sie an Berta Beispiel weiter",
        "hat Ihre Meldung gesehen und übernommen",
        "Berta Beispiel: Guten Tag, wie geht es Ihnen?",
    )
    berta.forgets()
    return mia


def code(stage: Stage) -> str:
    return stage.concerns()[0].case_code


def carries_health(stage: Stage) -> None:
    """The agency lets the team's messenger carry what people write."""
    agency = stage.rules.agencies[DEFAULT_AGENCY]
    classes = {**agency.channel_classes, "telegram_staff": DataClass.HEALTH}
    agencies = {DEFAULT_AGENCY: replace(agency, channel_classes=classes)}
    stage.rules = replace(stage.rules, agencies=agencies)


def test_words_go_both_ways_and_the_program_keeps_quiet(stage: Stage, berta: Actor, talking: Actor) -> None:
    talking.writes("Heute geht es")
    talking.hears_nothing()
    [told] = berta.hears(f"Neue Nachricht · Fall {code(stage)}")
    assert "Heute geht es" not in told.text
    assert told.link == f"https://lotse.example/console/{stage.concerns()[0].id}"
    berta.presses("Antworten")
    berta.writes("Das freut mich")
    talking.hears("Berta Beispiel: Das freut mich")
    berta.hears("Schreiben Sie jetzt", "ist unterwegs")
    assert len(stage.concerns()) == 1


def test_what_was_written_is_shown_only_where_the_channel_may_carry_it(
    stage: Stage, berta: Actor, talking: Actor
) -> None:
    carries_health(stage)
    talking.writes("Heute geht es")
    [told] = berta.hears("Neue Nachricht")
    assert told.text.endswith("\n„Heute geht es“")
    assert not told.link


def test_words_stay_where_they_arrived_when_a_colleague_takes_over(
    stage: Stage, berta: Actor, mia: Actor
) -> None:
    carries_health(stage)
    dirk = stage.staff("Dirk Dreher", deputy_of=berta.id)
    mia.writes(ACUTE)
    berta.presses("Übernehmen")
    berta.presses("Antworten")
    berta.writes("Ich bin jetzt da. Wo sind Sie?")
    berta.forgets()
    mia.writes("Ich sitze am Fluss")
    [told] = berta.hears("Neue Nachricht")
    assert "„Ich sitze am Fluss“" in told.text
    [danger] = stage.concerns()
    at_desk(stage, dirk, danger.id, lambda desk, concern: take_over(desk, concern, None))
    taken = f"Fall {danger.case_code}: übernommen von Dirk Dreher."
    berta.hears(taken)  # in place of the call; what the person wrote still stands there


@pytest.mark.parametrize("way", ["button", "command", "command with the code", "outcome"])
def test_the_coach_ends_it_and_the_person_hears_it_once(
    stage: Stage, berta: Actor, talking: Actor, way: str
) -> None:
    if way == "button":
        berta.presses("Gespräch beenden")
        berta.hears("Das Gespräch ist beendet.")
    elif way == "outcome":
        berta.presses("Erledigt")
        berta.presses("Gesprochen")
        berta.hears("Was ist das Ergebnis?", "abgeschlossen")
    else:
        berta.writes("/ende" if way == "command" else f"/ende {code(stage).lower()}")
        berta.hears("Das Gespräch ist beendet.")
    talking.hears(OVER)
    assert berta.presses("Gespräch beenden").toast == "Zu diesem Fall läuft gerade kein Gespräch."
    berta.forgets()
    stage.pass_time(hours=4)
    talking.hears_nothing()
    coach = stage.run(lambda uow: uow.people.staff(berta.id))
    assert coach is not None
    assert coach.focus == ""


@pytest.mark.parametrize("first", ["the one talked about", "the other"])
def test_with_another_concern_open_the_outcome_ends_it_too_and_it_is_said_once(
    stage: Stage, berta: Actor, talking: Actor, first: str
) -> None:
    talking.writes(ACUTE)
    talking.forgets()
    berta.presses("Übernehmen")
    talking.hears("hat Ihre Meldung gesehen und übernommen")
    talked_about, other = stage.concerns()
    for concern in (talked_about, other) if first == "the one talked about" else (other, talked_about):
        talking.hears_nothing()
        berta.does(IncomingKind.PRESS, press=f"s:{concern.id}:close:reached")
        if concern == talked_about:
            talking.hears(OVER)
    stage.pass_time(hours=4)
    talking.hears_nothing()


def test_after_the_outcome_the_program_answers_again_while_another_concern_is_open(
    stage: Stage, berta: Actor, talking: Actor
) -> None:
    talking.writes(SERIOUS)
    berta.does(IncomingKind.PRESS, press=f"s:{stage.concerns()[0].id}:close:reached")
    talking.hears(OVER)
    talking.writes("Sind Sie noch da?")
    talking.hears("Danke für Ihre Nachricht. Ich gebe sie an Berta Beispiel weiter.")


def test_the_outcome_of_an_older_conversation_does_not_end_the_one_that_goes_on(
    stage: Stage, berta: Actor, talking: Actor
) -> None:
    talking.writes(ACUTE)
    older, newer = stage.concerns()
    stage.pass_time(minutes=1)
    berta.presses("Übernehmen")
    berta.does(IncomingKind.PRESS, press=f"s:{newer.id}:reply")
    berta.writes("Ich bin da.")
    for each in (berta, talking):
        each.forgets()
    berta.does(IncomingKind.PRESS, press=f"s:{older.id}:close:reached")
    berta.hears("abgeschlossen")
    talking.hears_nothing()
    talking.writes("Danke")
    berta.hears("Neue Nachricht")
    berta.does(IncomingKind.PRESS, press=f"s:{newer.id}:end")
    talking.hears(OVER)
    # Not even if the older one is opened again.
    assert stage.run(lambda uow: human_talks.talk_about(uow, older)) is None


def test_whoever_has_left_and_writes_of_danger_hears_too_when_the_conversation_is_over(
    stage: Stage, berta: Actor, mia: Actor
) -> None:
    [person] = stage.run(lambda uow: uow.people.participants(1))
    stage.run(lambda uow: end_participation(uow, person, "command", stage.now))
    mia.writes(ACUTE)
    mia.hears("Wenn Sie in Gefahr sind", "Ich habe Ihre Nachricht gerade an")
    berta.presses("Übernehmen")
    mia.forgets()
    berta.does(IncomingKind.PRESS, press=f"s:{stage.concerns()[0].id}:reply")
    berta.writes("Ich bin da.")
    mia.hears("Berta Beispiel: Ich bin da.")
    berta.does(IncomingKind.PRESS, press=f"s:{stage.concerns()[0].id}:end")
    mia.hears(OVER)


def test_of_two_conversations_the_newer_is_the_one_to_end_and_with_it_neither_goes_on(
    stage: Stage, berta: Actor, talking: Actor
) -> None:
    talking.writes(ACUTE)
    older, newer = stage.concerns()
    stage.pass_time(minutes=1)
    berta.does(IncomingKind.PRESS, press=f"s:{newer.id}:reply")
    berta.writes("Ich bin da.")
    talking.forgets()

    def end(desk: Desk, concern: Concern) -> int | None:
        person = desk.uow.plans.lock(concern.participant_id)
        talk = talk_of(desk, person) if person is not None else None
        if talk is not None:
            end_talk(desk, talk)
        return talk.id if talk is not None else None

    assert at_desk(stage, berta, older.id, end) == newer.id
    stage.deliver()
    talking.hears(OVER)
    assert at_desk(stage, berta, older.id, end) is None


def test_after_a_silence_it_ends_by_itself_once(stage: Stage, berta: Actor, talking: Actor) -> None:
    stage.pass_time(hours=1, minutes=59)
    talking.hears_nothing()
    stage.pass_time(minutes=1)
    talking.hears(OVER)
    stage.pass_time(hours=3)
    talking.hears_nothing()
    berta.forgets()
    berta.writes(f"/ende {code(stage)}")
    berta.hears("läuft gerade kein Gespräch")


def test_what_the_person_writes_keeps_it_alive_but_not_for_ever(
    stage: Stage, berta: Actor, talking: Actor
) -> None:
    stage.pass_time(hours=1, minutes=59)
    talking.writes("Sind Sie noch da?")
    stage.pass_time(hours=1, minutes=30)
    talking.writes("Hallo?")
    talking.hears_nothing()
    stage.pass_time(minutes=31)
    talking.hears(OVER)  # four hours after Berta's last words
    berta.hears("Neue Nachricht", "Neue Nachricht")


def test_danger_in_a_conversation_help_first_the_ladder_and_the_conversation_goes_on(
    stage: Stage, berta: Actor, talking: Actor
) -> None:
    talking.writes(ACUTE)
    first, *_ = talking.hears("Ich bin ein Programm", "gerade an Berta Beispiel geschickt")
    assert "112" in first.text
    berta.hears("Meldung R3", "Neue Nachricht")
    _, danger = stage.concerns()
    assert (danger.level, danger.state) == (Level.R3, State.OPEN)
    berta.writes("Ich bin da. Ich rufe jetzt an.")
    talking.hears("Berta Beispiel: Ich bin da.")
    berta.hears("ist unterwegs")
    talking.writes("Danke")
    berta.hears("Neue Nachricht")
    talking.hears_nothing()


def test_serious_words_in_a_conversation_are_heard_each_time(
    stage: Stage, berta: Actor, talking: Actor
) -> None:
    talking.writes(SERIOUS)
    berta.hears("Meldung R2", "Neue Nachricht")
    talking.writes(SERIOUS)
    berta.hears("Neue Nachricht")
    talking.hears_nothing()


@pytest.mark.parametrize("words", ["Mein Mann schlägt mich", ACUTE])
def test_grave_words_reach_whoever_talks_though_the_concern_is_somebody_elses(
    stage: Stage, berta: Actor, mia: Actor, words: str
) -> None:
    lea = stage.staff("Lea Lind", Role.LEAD)
    mia.writes(WISH)
    lea.writes(f"/fall {code(stage)}")
    lea.presses("Übernehmen")
    lea.presses("Antworten")
    lea.writes("Guten Tag, ich vertrete heute.")
    for each in (berta, lea):
        each.forgets()
    mia.writes(words)
    berta.hears("Meldung R")
    lea.hears("Neue Nachricht")


def test_words_after_an_answer_to_a_closed_case_are_acknowledged(
    stage: Stage, berta: Actor, talking: Actor
) -> None:
    talking.writes(SERIOUS)
    closed, _ = stage.concerns()
    berta.does(IncomingKind.PRESS, press=f"s:{closed.id}:close:reached")
    berta.does(IncomingKind.PRESS, press=f"s:{closed.id}:reply")
    berta.writes("Alles Gute!")
    talking.forgets()
    talking.writes("Eine Frage noch")
    talking.hears("Danke für Ihre Nachricht. Ich gebe sie an Berta Beispiel weiter.")


def test_nobody_hears_that_no_human_was_in_touch_while_one_writes(
    stage: Stage, berta: Actor, talking: Actor
) -> None:
    talking.writes(ACUTE)
    berta.writes("Ich bin da. Ich rufe jetzt an.")
    talking.forgets()
    stage.pass_time(minutes=20)
    talking.hears_nothing()
    assert stage.concerns()[-1].state is State.OPEN


def test_words_from_before_are_no_answer_to_danger(stage: Stage, berta: Actor, talking: Actor) -> None:
    stage.pass_time(minutes=1)
    talking.writes(ACUTE)
    talking.forgets()
    stage.pass_time(minutes=20)
    talking.hears("Es hat sich noch niemand gemeldet.")


def test_whoever_is_away_is_not_the_only_one_to_hear(stage: Stage, berta: Actor, talking: Actor) -> None:
    dirk = stage.staff("Dirk Dreher", deputy_of=berta.id)
    is_away(stage, berta)
    talking.writes("Sind Sie da?")
    dirk.hears("Neue Nachricht")
    berta.hears("Neue Nachricht")
    talking.hears_nothing()


@pytest.mark.parametrize("state", ["in hand", "given back"])
def test_where_the_coach_is_away_and_nobody_stands_in_the_case_is_called_for_at_once(
    stage: Stage, berta: Actor, talking: Actor, state: str
) -> None:
    lea = stage.staff("Lea Lind", Role.LEAD)
    stage.pass_time(minutes=40)
    is_away(stage, berta)
    talking.writes("Sind Sie da?")
    lea.hears("Meldung R1")
    assert stage.concerns()[0].state is State.OPEN
    if state == "given back":
        talking.writes("Hallo?")
        talking.hears("Danke für Ihre Nachricht. Ich gebe sie an Ihr Team weiter.")


def test_where_nobody_at_all_can_be_called_the_person_does_not_wait_for_an_answer(
    stage: Stage, berta: Actor, talking: Actor
) -> None:
    stage.pass_time(minutes=40)
    is_away(stage, berta)
    berta.does(IncomingKind.BLOCKED)
    talking.forgets()
    talking.writes("Sind Sie da?")
    talking.hears("**Im Moment kann ich hier niemanden erreichen.**")
    talking.writes("Hallo?")
    talking.hears("Danke für Ihre Nachricht. Ich gebe sie an Ihr Team weiter.")


def test_whoever_is_on_leave_and_writes_all_the_same_is_there(
    stage: Stage, berta: Actor, talking: Actor
) -> None:
    lea = stage.staff("Lea Lind", Role.LEAD)
    is_away(stage, berta)
    talking.writes("Sind Sie da?")
    berta.hears("Neue Nachricht")
    lea.hears_nothing()


def test_who_writes_hears_the_answer_though_a_colleague_has_the_case(
    stage: Stage, berta: Actor, talking: Actor
) -> None:
    lea = stage.staff("Lea Lind", Role.LEAD)
    lea.writes(f"/fall {code(stage)}")
    lea.presses("Antworten")
    lea.writes("Guten Tag, hier ist Lea Lind.")
    lea.forgets()
    talking.writes("Guten Tag")
    lea.hears("Neue Nachricht")
    berta.hears("Neue Nachricht")
    lea.presses("Anzeigen")
    lea.presses("Selbst übernehmen")
    lea.forgets()
    berta.forgets()
    berta.writes("Ich gebe ab.")
    berta.forgets()
    lea.does(IncomingKind.PRESS, press=f"s:{stage.concerns()[0].id}:step:call")
    lea.forgets()
    talking.writes("Danke")
    lea.hears("Neue Nachricht")
    berta.hears("Neue Nachricht")


def test_who_has_handed_it_over_hears_no_more(stage: Stage, berta: Actor, talking: Actor) -> None:
    karl = stage.staff("Karl Kaiser")
    berta.does(IncomingKind.PRESS, press=f"s:{stage.concerns()[0].id}:to:{karl.id}")
    karl.presses("Übernehmen")
    for one in (karl, berta):
        one.forgets()
    talking.writes("Guten Tag")
    karl.hears("Neue Nachricht")
    berta.hears_nothing()


def test_where_the_coach_has_left_the_case_is_called_for_at_once(
    stage: Stage, berta: Actor, talking: Actor
) -> None:
    lea = stage.staff("Lea Lind", Role.LEAD)
    stage.run(lambda uow: uow.people.change_staff(berta.id, left_at=stage.now))
    talking.writes("Sind Sie da?")
    lea.hears("Meldung R1")
    assert stage.concerns()[0].state is State.OPEN


def test_out_of_hours_the_person_does_not_wait_in_the_dark(stage: Stage, berta: Actor, mia: Actor) -> None:
    mia.writes(WISH)
    berta.presses("Übernehmen")
    stage.pass_time(hours=6, minutes=50)  # 16:50 in Berlin
    berta.presses("Antworten")
    berta.writes("Bis morgen!")
    for each in (berta, mia):
        each.forgets()
    stage.pass_time(minutes=20)
    mia.writes("Danke")
    mia.hears_nothing()  # Berta has just written: she may well be there
    stage.pass_time(minutes=40)
    mia.writes("Eine Frage noch")
    mia.hears("Gerade liest hier niemand mit. Gelesen wird wieder am Dienstag, 24. November ab 08:00 Uhr.")
    mia.writes("Oder zwei")
    mia.hears_nothing()  # said once


def test_out_of_hours_it_is_said_too_where_a_colleague_is_called_for_whoever_is_away(
    stage: Stage, berta: Actor, mia: Actor
) -> None:
    lea = stage.staff("Lea Lind", Role.LEAD)
    stage.pass_time(hours=6, minutes=50)  # 16:50 in Berlin
    mia.writes(WISH)
    berta.presses("Übernehmen")
    berta.presses("Antworten")
    berta.writes("Bis bald!")
    stage.pass_time(minutes=40)
    is_away(stage, berta)
    for each in (lea, mia):
        each.forgets()
    mia.writes("Eine Frage noch")
    lea.hears("Meldung R1")
    mia.hears("Gerade liest hier niemand mit. Gelesen wird wieder am Dienstag, 24. November ab 08:00 Uhr.")


def test_nobody_is_woken_to_hear_that_it_is_over(stage: Stage, berta: Actor, mia: Actor) -> None:
    mia.writes(WISH)
    berta.presses("Übernehmen")
    stage.pass_time(hours=11)  # 21:00 in Berlin
    berta.presses("Antworten")
    berta.writes("Gute Nacht!")
    mia.forgets()
    stage.pass_time(hours=9)
    mia.hears_nothing()
    stage.pass_time(hours=3)
    mia.hears(OVER)


def test_stop_ends_it_without_another_word(stage: Stage, berta: Actor, talking: Actor) -> None:
    talking.writes("STOPP")
    talking.forgets()
    stage.pass_time(hours=5)
    talking.hears_nothing()


@pytest.mark.parametrize("who", ["Berta", "the lead"])
def test_whoever_wrote_hears_each_time_that_it_did_not_arrive(
    stage: Stage, berta: Actor, talking: Actor, who: str
) -> None:
    writer = berta if who == "Berta" else stage.staff("Lea Lind", Role.LEAD)
    writer.writes(f"/fall {code(stage)}")
    writer.presses("Antworten")
    writer.forgets()
    berta.forgets()
    stage.refuse = lambda message: Permanent("odd") if message.kind is Kind.RELAY else None
    lost = "Ihre Antwort ist nicht angekommen."
    writer.writes("Ich komme morgen.")
    if who == "Berta":
        berta.hears("ist unterwegs", "Meldung R1", lost)
    else:
        berta.hears("Meldung R1")
        writer.hears("ist unterwegs", lost)
    presses_reply(writer, stage.concerns()[0])
    writer.forgets()
    writer.writes("Um neun.")
    writer.hears("ist unterwegs", lost)


def test_what_did_not_arrive_once_more_is_not_called_news_of_the_person(
    stage: Stage, berta: Actor, talking: Actor
) -> None:
    stage.refuse = lambda message: Permanent("odd") if message.kind is Kind.RELAY else None
    berta.writes("Ich komme morgen.")
    berta.does(IncomingKind.PRESS, press=f"s:{stage.concerns()[-1].id}:take")
    berta.does(IncomingKind.PRESS, press=f"s:{stage.concerns()[-1].id}:step:call")
    berta.forgets()
    berta.writes("Um neun.")
    berta.hears("ist unterwegs", "Bei der Person kommt gerade nichts an", "nicht angekommen")


@pytest.mark.parametrize("who", ["stands in", "leads"])
def test_whoever_talks_hears_of_the_stop_though_the_case_is_anothers(
    stage: Stage, berta: Actor, talking: Actor, who: str
) -> None:
    karl = stage.staff("Karl Kaiser", Role.LEAD) if who == "leads" else None
    other = karl or stage.staff("Dirk Dreher", deputy_of=berta.id)
    if who == "stands in":
        is_away(stage, berta)
    else:
        other.writes(f"/fall {code(stage)}")
        other.presses("Antworten")
        other.writes("Guten Tag, hier ist die Leitung.")
    other.forgets()
    talking.writes("STOPP")
    other.hears("Die Person hat den Kontakt über Lotse beendet.")
    berta.hears("Die Person hat den Kontakt über Lotse beendet.")


def test_after_a_stop_no_conversation_is_left_to_be_ended(stage: Stage, berta: Actor, talking: Actor) -> None:
    talking.writes("STOPP")
    berta.forgets()
    berta.writes(f"/fall {code(stage)}")
    [card] = berta.hears(code(stage))
    assert "Gespräch beenden" not in str(card.keys)


@pytest.mark.parametrize("before", ["STOPP", ""])
def test_who_means_to_answer_danger_learns_at_once_that_the_person_has_blocked_the_bot(
    stage: Stage, berta: Actor, before: str
) -> None:
    somebody = stage.participant(berta) if before else stage.person("somebody")
    if before:
        somebody.writes(before)
    somebody.writes(ACUTE)
    berta.presses("Übernehmen")
    berta.presses("Antworten")
    berta.writes("Ich bin da. Wo sind Sie?")
    berta.forgets()
    somebody.does(IncomingKind.BLOCKED)
    berta.hears("Meldung R1")
    assert stage.concerns()[-1].reason == "not_reachable_here"


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("photo", "Hat ein Bild geschickt, das hier nicht gezeigt werden kann."),
        ("voice", "Hat eine Sprachnachricht geschickt, die hier nicht abgespielt werden kann."),
        ("video_note", "Hat ein Video geschickt"),
        ("dice", "Hat etwas geschickt, das hier nicht gezeigt werden kann."),
    ],
)
def test_of_what_has_no_words_both_learn_honestly(
    stage: Stage, berta: Actor, talking: Actor, kind: str, said: str
) -> None:
    talking.does(IncomingKind.ATTACHMENT, attachment=kind)
    [told] = talking.hears("Das kann ich nicht weitergeben")
    assert "Schreiben Sie bitte in Worten" in told.text
    texts = " ".join(body.text for body in berta.hears("Neues von der Person", "Neue Nachricht"))
    assert said in texts
    [concern] = stage.concerns()
    noted = [note for *_, note in stage.run(lambda uow: uow.concerns.history(concern.id))]
    assert f"attachment_{kind}" in noted
    berta.presses("Antworten")
    berta.writes("Was war auf dem Bild?")
    talking.hears("Berta Beispiel: Was war auf dem Bild?")


def test_words_under_a_picture_are_passed_on_and_the_picture_is_not(
    stage: Stage, berta: Actor, talking: Actor
) -> None:
    carries_health(stage)
    talking.does(IncomingKind.TEXT, text="Das ist der Brief", attachment="photo")
    talking.hears("Ihre Worte gebe ich weiter. Was Sie dazu geschickt haben, kann ich nicht weitergeben")
    [told] = berta.hears("Hat ein Bild geschickt")
    assert told.text.endswith("\n„Das ist der Brief“")


def test_what_stands_on_a_poll_is_passed_on_as_words_are(stage: Stage, berta: Actor, talking: Actor) -> None:
    carries_health(stage)
    talking.does(IncomingKind.ATTACHMENT, text="Soll ich hingehen?\nJa\nNein", attachment="poll")
    talking.hears("Ihre Worte gebe ich weiter. Was Sie dazu geschickt haben, kann ich nicht weitergeben")
    [_, told] = berta.hears("Neues von der Person", "Hat etwas geschickt")
    assert told.text.endswith("\n„Soll ich hingehen?\nJa\nNein“")


def test_once_the_last_case_is_closed_the_program_keeps_quiet_for_nobody(
    stage: Stage, berta: Actor, mia: Actor
) -> None:
    mia.writes(WISH)
    person = stage.concerns()[0].participant_id
    # As a dialog does that hands the person to a human, who calls them instead of writing.
    until = stage.now + timedelta(hours=24)
    stage.run(lambda uow: uow.people.change_participant(person, human_until=until))
    berta.presses("Übernehmen")
    berta.does(IncomingKind.PRESS, press=f"s:{stage.concerns()[0].id}:close:reached")
    contact = stage.run(lambda uow: uow.people.contact_of(person))
    assert contact is not None
    assert contact.participant.human_until is None


def heard_by(stage: Stage, *actors: Actor) -> list[list[str]]:
    return [[body.text for body in stage.ears.pop((one.channel, one.address), [])] for one in actors]


def in_hand(stage: Stage, berta: Actor, *people: Actor) -> list[Concern]:
    """Berta has taken over what each of these people wished for; nobody remembers the messages about it."""
    for person in people:
        person.writes(WISH)
        berta.presses("Übernehmen")
        berta.presses("Ich rufe heute an")
    for one in (berta, *people):
        one.forgets()
    return stage.concerns()


def presses_reply(berta: Actor, concern: Concern) -> None:
    berta.does(IncomingKind.PRESS, press=f"s:{concern.id}:reply")


@pytest.mark.parametrize("holds_another", [False, True])
def test_whoever_takes_a_case_reads_where_typed_words_go(
    stage: Stage, berta: Actor, mia: Actor, holds_another: bool
) -> None:
    noah = stage.participant(berta, "noah")
    in_hand(stage, berta, *[noah] * holds_another)
    mia.writes(WISH)
    berta.presses("Übernehmen")
    *_, question = stage.ears[berta.channel, berta.address]
    assert "Was ist Ihr nächster Schritt?" in question.text
    assert ("Was Sie tippen, geht an die Person." in question.text) is not holds_another
    mia.forgets()
    berta.writes("Ich rufe heute an.")
    (told, others) = heard_by(stage, mia, noah)
    assert [text.endswith("Berta Beispiel: Ich rufe heute an.") for text in told] == [True] * (
        not holds_another
    )
    assert others == []


@pytest.mark.parametrize("between", ["words", "a call"])
def test_an_answer_never_goes_to_the_person_of_before_when_another_has_come_between(
    stage: Stage, berta: Actor, mia: Actor, between: str
) -> None:
    noah = stage.participant(berta, "noah")
    hers, his = in_hand(stage, berta, mia, noah)
    presses_reply(berta, his)
    berta.writes("Guten Tag, Noah.")
    presses_reply(berta, hers)
    berta.writes("Guten Tag, Mia.")
    noah.writes("Heute geht es" if between == "words" else SERIOUS)
    for one in (berta, mia, noah):
        one.forgets()
    berta.writes("Das ist schwer.")
    [asked] = berta.hears("Für welchen Fall ist das?")
    assert "Es wurde nichts gesendet." in asked.text
    assert [key.label for row in asked.keys for key in row] == [his.case_code, hers.case_code]
    assert heard_by(stage, mia, noah) == [[], []]
    berta.presses(his.case_code)
    berta.writes("Das ist schwer.")
    noah.hears("Berta Beispiel: Das ist schwer.")
    mia.hears_nothing()


@pytest.mark.parametrize(
    ("typed", "said"),
    [("/ende", "Welchen Fall meinen Sie?"), ("/vorlage gelesen", "Ich weiß nicht, für wen das ist.")],
)
def test_a_command_without_a_code_means_nobody_of_before_when_another_has_come_between(
    stage: Stage, berta: Actor, mia: Actor, typed: str, said: str
) -> None:
    noah = stage.participant(berta, "noah")
    hers, his = in_hand(stage, berta, mia, noah)
    for concern in (his, hers):
        presses_reply(berta, concern)
        berta.writes("Guten Tag.")
    noah.writes("Heute geht es")
    for one in (berta, mia, noah):
        one.forgets()
    berta.writes(typed)
    berta.hears(said)
    assert heard_by(stage, mia, noah) == [[], []]


def test_what_is_quoted_but_is_about_nobody_goes_to_nobody(
    stage: Stage, berta: Actor, talking: Actor
) -> None:
    berta.does(IncomingKind.TEXT, text="Danke, Noah", message="4711")
    berta.hears("Ich weiß nicht, für wen das ist.")
    talking.hears_nothing()


def test_an_answer_given_in_the_console_moves_no_words_of_the_messenger(
    stage: Stage, berta: Actor, mia: Actor
) -> None:
    noah = stage.participant(berta, "noah")
    hers, his = in_hand(stage, berta, mia, noah)
    presses_reply(berta, hers)
    berta.writes("Guten Tag, Mia.")
    # As a reply in the console leaves it: what comes of it stands there, not in the messenger.
    stage.run(lambda uow: uow.people.change_staff(berta.id, focus=f"reply:{his.id}"))
    for one in (berta, mia, noah):
        one.forgets()
    berta.writes("Wie war die Nacht?")
    berta.hears("Für welchen Fall ist das?")
    assert heard_by(stage, mia, noah) == [[], []]


# --- for whom the next words are


@pytest.mark.parametrize("press", ["Übernehmen", "Anzeigen", "Weitergeben"])
def test_what_is_typed_with_another_case_on_the_screen_never_goes_to_the_person_talked_with_before(
    stage: Stage, berta: Actor, talking: Actor, press: str
) -> None:
    tom = stage.participant(berta, "tom")
    tom.writes(SERIOUS)
    for each in (tom, berta, talking):
        each.forgets()
    stage.staff("Karl Kollege")
    number = stage.concerns()[-1].id
    action = {"Übernehmen": "take", "Anzeigen": "show", "Weitergeben": "pass"}[press]
    berta.does(IncomingKind.PRESS, press=f"s:{number}:{action}", message="1")
    for each in (tom, berta):
        each.forgets()
    berta.writes("Ihr Mann schlägt sie, ich rufe das Frauenhaus an")
    berta.hears("Ich weiß nicht, für wen das ist.")
    talking.hears_nothing()
    tom.hears_nothing()
    berta.does(IncomingKind.PRESS, press=f"s:{stage.concerns()[0].id}:reply")
    berta.writes("Da bin ich wieder.")
    talking.hears("Berta Beispiel: Da bin ich wieder.")


@pytest.mark.parametrize("way", ["silence", "button", "outcome", "passed on"])
def test_when_a_talk_is_over_the_next_words_go_to_nobody_else(
    stage: Stage, berta: Actor, talking: Actor, way: str
) -> None:
    karl = stage.staff("Karl Kollege")
    tom = stage.participant(berta, "tom")
    tom.writes(WISH)
    berta.does(IncomingKind.PRESS, press=f"s:{stage.concerns()[-1].id}:take", message="1")
    number = stage.concerns()[0].id
    if way in ("silence", "button"):
        # An answer to a closed case: nothing of Mia's is in Berta's hand.
        berta.does(IncomingKind.PRESS, press=f"s:{number}:close:reached", message="1")
    berta.does(IncomingKind.PRESS, press=f"s:{number}:reply")
    berta.writes("Bis später!")
    if way == "silence":
        stage.pass_time(hours=3)
    else:
        acts = {"button": "end", "outcome": "close:reached", "passed on": f"to:{karl.id}"}
        berta.does(IncomingKind.PRESS, press=f"s:{number}:{acts[way]}", message="1")
    for each in (tom, berta, talking):
        each.forgets()
    berta.writes("Und denken Sie an die Tabletten")
    berta.hears("Ich weiß nicht, für wen das ist.")
    tom.hears_nothing()
    talking.hears_nothing()


# --- what a coach sends beside words


def test_words_under_a_picture_do_not_go_out_without_it(stage: Stage, berta: Actor, talking: Actor) -> None:
    berta.does(IncomingKind.TEXT, text="Das ist der Weg zu uns", attachment="photo")
    berta.hears("Ich kann nur Text weitergeben. Es wurde nichts gesendet.")
    talking.hears_nothing()


def test_whoever_reads_words_from_a_page_that_had_shut_hears_that_they_may_be_somebody_elses(
    stage: Stage, berta: Actor, talking: Actor
) -> None:
    carries_health(stage)
    line = "Geschrieben auf einer Seite, die nicht mehr offen war: vielleicht nicht von der Person selbst."
    [mia] = stage.run(lambda uow: uow.people.participants(DEFAULT_AGENCY))
    where = stage.run(
        lambda uow: uow.people.add_address(DEFAULT_AGENCY, "web_chat", "secret", participant_id=mia.id)
    )
    stage.run(lambda uow: uow.people.close_address(where))
    stage.take(Incoming("web_chat", "1", "secret", IncomingKind.TEXT, "Bin noch da"))
    stage.deliver()
    [heard] = berta.hears("Neue Nachricht der Person")
    assert heard.text.splitlines()[1:] == [line, "„Bin noch da“"]
    berta.presses("Anzeigen")
    [card] = berta.hears("Meldung")
    assert f"„{WISH}“" in card.text
    assert line not in card.text, "what raised it came from her own phone"
    stage.take(Incoming("web_chat", "2", "secret", IncomingKind.TEXT, SERIOUS))
    stage.deliver()
    berta.forgets()
    new = stage.concerns()[-1]
    assert new.quote == SERIOUS
    berta.does(IncomingKind.PRESS, press=f"s:{new.id}:show")
    [card] = berta.hears("Meldung")
    assert f"„{SERIOUS}“\n{line}" in card.text
    events = stage.run(lambda uow: [event for _, event, *_ in uow.concerns.history(new.id)])
    assert events[:3] == ["raised", "recognised", "from_shut_page"]
    talking.writes("Das bin ich")
    assert line not in berta.hears("Neue Nachricht der Person")[0].text
