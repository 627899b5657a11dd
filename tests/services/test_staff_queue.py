# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The staff's messenger as a queue: list, card, pass on, rest, level, note, reopen; and what may go wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from bot.domain.concerns import Level, Outcome, State
from bot.domain.delivery import RetryAfter
from bot.domain.messages import IncomingKind, Outgoing
from bot.domain.people import Role, Standing
from bot.ports import UnitOfWork
from bot.services.case_levels import raise_level
from bot.services.desk import Desk
from bot.services.handle_concern import close, plan, take_over
from bot.storage.people import SqlPeople
from bot.storage.unit_of_work import SqlUnitOfWork
from tests.services.at_desk import at_desk, is_away
from tests.services.stage import MONDAY, Actor, Stage

ACUTE = "Ich will nicht mehr leben"
WISH = "Können Sie mich bitte anrufen?"


def code(stage: Stage) -> str:
    return stage.concerns()[0].case_code


def labels(stage: Stage, actor: Actor) -> list[str]:
    """The buttons under the last message this actor got."""
    return [key.label for row in stage.ears[actor.channel, actor.address][-1].keys for key in row]


def taken(stage: Stage, berta: Actor, mia: Actor, words: str = WISH) -> int:
    mia.writes(words)
    number = stage.concerns()[-1].id
    at_desk(stage, berta, number, lambda desk, found: take_over(desk, found, None))
    for person in (berta, mia):
        person.forgets()
    return number


# --- the list


def test_nothing_open_is_said(berta: Actor) -> None:
    berta.writes("/meldungen")
    berta.hears("Für Sie ist gerade nichts offen.")


def test_the_list_begins_with_what_is_urgent_and_says_when_it_is_due(
    stage: Stage, berta: Actor, mia: Actor
) -> None:
    mia.writes(WISH)
    mia.writes(ACUTE)
    berta.forgets()
    berta.writes("/meldungen")
    [listed] = berta.hears("Ihre Meldungen: 2. Davon überfällig: 0.")
    lines = listed.text.splitlines()[2:]
    assert lines[0].startswith(
        f"1. **R3** · {code(stage)} · seit Montag, 23. November, 10:00 Uhr · noch 0:15"
    )
    assert lines[1].startswith("2. **R1**")
    assert ACUTE not in listed.text
    berta.presses("2 · R1")
    berta.hears("Meldung R1")


def test_more_than_eight_come_with_the_button(stage: Stage, berta: Actor) -> None:
    for number in range(10):
        stage.participant(berta, f"mia{number}").writes(WISH)
    berta.forgets()
    berta.writes("/meldungen")
    [first] = berta.hears("Ihre Meldungen: 10.")
    assert len(first.text.splitlines()) == 2 + 8
    berta.presses("Weitere: 2")
    [second] = berta.hears("Ihre Meldungen: 10.")
    assert [line[:3] for line in second.text.splitlines()[2:]] == ["9. ", "10."]
    for number in range(2):
        wish = stage.concerns()[number].id
        at_desk(stage, berta, wish, lambda desk, found: take_over(desk, found, None))
        at_desk(stage, berta, wish, lambda desk, found: close(desk, found, Outcome.REACHED))
    berta.forgets()
    berta.presses("Weitere: 2")  # the list of before: these are gone, eight others are not
    [third] = berta.hears("Ihre Meldungen: 8.")
    assert third.text.splitlines()[2].startswith("1. ")


@pytest.mark.parametrize(("who", "minutes"), [(Role.COACH, 16), (Role.LEAD, 31)])
def test_whoever_was_called_sees_it_until_somebody_has_it(
    stage: Stage, berta: Actor, who: Role, minutes: int
) -> None:
    karl = stage.staff("Karl Klein", who, deputy_of=berta.id)
    stage.participant(berta).writes(ACUTE)
    karl.writes("/meldungen")
    karl.hears("Für Sie ist gerade nichts offen.")
    stage.pass_time(minutes=minutes)
    karl.forgets()
    karl.writes("/meldungen")
    karl.hears("Ihre Meldungen: 1.")
    berta.presses("Übernehmen")
    karl.forgets()
    karl.writes("/meldungen")
    karl.hears("Für Sie ist gerade nichts offen.")


@pytest.mark.parametrize("press", ["q:x", "q:99999999", "q:", "s:1:nothing", "s:²:show", "s:" + "9" * 40])
def test_a_button_of_nobody_answers_kindly(berta: Actor, press: str) -> None:
    receipt = berta.does(IncomingKind.PRESS, press=press, message="1")
    assert receipt.toast == "Dieser Knopf gilt nicht mehr."
    berta.hears_nothing()


# --- the card


def test_the_card_shows_the_others_of_the_person_beside_it(stage: Stage, berta: Actor, mia: Actor) -> None:
    mia.writes(WISH)
    mia.writes(ACUTE)
    berta.forgets()
    berta.writes(f"/fall {code(stage).lower()}")
    [card] = berta.hears("Meldung R3")
    assert "Noch 1 offene Meldung zu diesem Fall: R1" in card.text
    assert ACUTE not in card.text
    assert card.keys[-1][0].label == "Meldung R1 ansehen"
    berta.presses("Meldung R1 ansehen")
    berta.hears("Meldung R1")


def test_a_part_of_the_code_is_enough_if_only_one_fits(stage: Stage, berta: Actor, mia: Actor) -> None:
    mia.writes(WISH)
    berta.forgets()
    berta.writes(f"/fall {code(stage)[:4]}")
    berta.hears("Meldung R1")


def test_a_part_that_fits_several_says_which(stage: Stage, berta: Actor) -> None:
    codes = ["CDFFF", "CDGGG", "CFDDD"]

    def enrol(uow: UnitOfWork) -> None:
        assert isinstance(uow, SqlUnitOfWork)
        draws = iter(codes)
        people = SqlPeople(uow.people._link, lambda: next(draws))
        for _ in codes:
            people.add_participant(1, Standing.ACTIVE, "de", berta.id)

    stage.run(enrol)
    berta.forgets()
    berta.writes("/fall cd")
    berta.hears("Das passt zu mehreren Fällen: CDFFF, CDGGG\n")


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("/fall", "Welchen Fall meinen Sie?"),
        ("/fall ?????", "Einen Fall mit dem Code ????? gibt es hier nicht."),
        ("/fall " + "x" * 4000, f"Einen Fall mit dem Code {'X' * 20} gibt es hier nicht."),
        ("/ende", "Welchen Fall meinen Sie?"),
        ("/ende 1", "Einen Fall mit dem Code 1 gibt es hier nicht."),
        ("/quatsch", "Diesen Befehl kenne ich nicht."),
    ],
)
def test_what_cannot_be_read_is_said_kindly(
    stage: Stage, berta: Actor, mia: Actor, typed: str, line: str
) -> None:
    berta.writes(typed)
    berta.hears(line)
    mia.hears_nothing()


def test_a_case_of_another_agency_does_not_exist(stage: Stage, berta: Actor, mia: Actor) -> None:
    mia.writes(WISH)
    berta.forgets()
    stage.run(lambda uow: uow.ledger.ensure_agency(2, "Anderswo", stage.now))
    there = replace(stage.rules.agencies[1], id=2)
    stage.rules = replace(
        stage.rules,
        agencies={**stage.rules.agencies, 2: there},
        hours={**stage.rules.hours, 2: stage.rules.hours[1]},
    )
    stranger = stage.run(lambda uow: uow.people.add_staff(2, "Fritz Fremd", Role.COACH, "", "de"))
    stage.run(lambda uow: uow.people.add_address(2, "telegram_staff", "fritz", staff_id=stranger))
    fritz = Actor(stage, "telegram_staff", "fritz", stranger)
    fritz.writes(f"/fall {code(stage)}")
    fritz.hears("gibt es hier nicht")
    number = stage.concerns()[0].id
    receipt = fritz.does(IncomingKind.PRESS, press=f"s:{number}:take", message="1")
    assert receipt.toast == "Dieser Knopf gilt nicht mehr."
    fritz.hears_nothing()
    assert stage.concerns()[0].taken_by is None


# --- taking over


def test_two_who_press_at_once_do_not_take_it_from_each_other(stage: Stage, berta: Actor) -> None:
    dirk = stage.staff("Dirk Dreher", deputy_of=berta.id)
    mia = stage.participant(berta)
    mia.writes(ACUTE)
    stage.pass_time(minutes=15)
    berta.forgets()
    dirk.forgets()
    old = stage.key(dirk.channel, dirk.address, "Übernehmen")
    berta.presses("Übernehmen")
    for each in (berta, dirk, mia):
        each.forgets()
    receipt = dirk.does(IncomingKind.PRESS, press=old[0], message=old[1])
    assert receipt.toast == "Diesen Fall hat schon Berta Beispiel."
    dirk.hears("Übernommen von Berta Beispiel")
    assert stage.concerns()[0].taken_by == berta.id
    berta.hears_nothing()
    dirk.presses("Selbst übernehmen")
    assert stage.concerns()[0].taken_by == dirk.id
    assert "übernommen von Dirk Dreher" in stage.ears[berta.channel, berta.address][0].text


def test_a_call_that_is_late_does_not_come_for_what_somebody_has(
    stage: Stage, berta: Actor, mia: Actor
) -> None:
    lea = stage.staff("Lea Lind", Role.LEAD)
    stage.refuse = lambda message: (
        RetryAfter(120, reason="timeout") if message.address == lea.address else None
    )
    mia.writes(ACUTE)
    stage.pass_time(minutes=31)
    lea.hears_nothing()
    berta.presses("Übernehmen")
    stage.refuse = lambda _: None
    stage.pass_time(minutes=10)
    lea.hears_nothing()


def test_a_call_that_is_on_its_way_while_somebody_takes_over_says_so_when_it_has_arrived(
    stage: Stage, berta: Actor, mia: Actor
) -> None:
    stage.run(lambda uow: uow.people.add_address(1, "telegram_staff", "second", staff_id=berta.id))
    second = Actor(stage, "telegram_staff", "second", berta.id)

    def take(uow: UnitOfWork) -> None:
        found = uow.people.find_staff(berta.channel, berta.address)
        assert found is not None
        desk = Desk(uow, stage.rules, found, stage.now)
        take_over(desk, uow.concerns.of_participant(1)[0], None)
        desk.finish()

    def take_it_meanwhile(message: Outgoing) -> None:
        if message.address == second.address and stage.concerns()[0].taken_by is None:
            stage.run(take)

    stage.refuse = take_it_meanwhile
    mia.writes(ACUTE)
    second.hears("Meldung R3", f"Fall {code(stage)}: übernommen von Berta Beispiel.")


@pytest.mark.parametrize(
    "presses",
    [("Später", "Morgen früh"), ("Erledigt", "Gesprochen"), ("Ich rufe heute an",), ("Anderer Schritt",)],
)
def test_older_buttons_of_a_case_that_a_colleague_has_by_now_change_nothing(
    stage: Stage, berta: Actor, presses: tuple[str, ...]
) -> None:
    dirk = stage.staff("Dirk Dreher", deputy_of=berta.id)
    mia = stage.participant(berta)
    mia.writes(WISH)
    berta.presses("Übernehmen")
    *opened, last = presses
    for label in opened:
        berta.presses(label)
    number = stage.concerns()[0].id
    at_desk(stage, dirk, number, partial(take_over, before=berta.id))
    at_desk(stage, dirk, number, partial(plan, step="Anrufen", within=timedelta(hours=1)))
    before = stage.concerns()[0]
    berta.forgets()
    berta.presses(last)
    berta.hears("Diesen Fall hat schon Dirk Dreher.")
    assert stage.concerns()[0] == before


@pytest.mark.parametrize("meanwhile", ["a colleague has it", "it is closed", "it is back in the queue"])
@pytest.mark.parametrize("presses", [("Später", "Anderer Tag"), ("steps", "Anderer Schritt")])
def test_words_that_nothing_can_be_done_with_any_more_are_asked_for_no_longer(
    stage: Stage, berta: Actor, mia: Actor, meanwhile: str, presses: tuple[str, ...]
) -> None:
    dirk = stage.staff("Dirk Dreher", deputy_of=berta.id)
    number = taken(stage, berta, mia)
    berta.writes(f"/fall {code(stage)}")
    for label in presses:
        if label == "steps":
            berta.does(IncomingKind.PRESS, press=f"s:{number}:steps")
        else:
            berta.presses(label)
    berta.forgets()
    line = "Bitte übernehmen Sie den Fall zuerst."
    if meanwhile == "a colleague has it":
        at_desk(stage, dirk, number, partial(take_over, before=berta.id))
        line = "Diesen Fall hat schon Dirk Dreher."
    elif meanwhile == "it is closed":
        at_desk(stage, dirk, number, lambda desk, found: close(desk, found, Outcome.REACHED))
        line = "Dieser Fall ist schon abgeschlossen."
    else:
        stage.pass_time(hours=4)
    before = stage.concerns()[0]
    berta.forgets()
    for words, heard in (("26.11. 10:30", line), ("Danke", "Ich weiß nicht, für wen das ist.")):
        berta.writes(words)
        berta.hears(heard)
    assert stage.concerns()[0] == before
    mia.forgets()


@pytest.mark.parametrize("action", ["done", "later", "steps"])
def test_nothing_to_choose_from_is_shown_to_whoever_does_not_have_the_case(
    stage: Stage, berta: Actor, mia: Actor, action: str
) -> None:
    dirk = stage.staff("Dirk Dreher", deputy_of=berta.id)
    number = taken(stage, berta, mia)
    at_desk(stage, dirk, number, partial(take_over, before=berta.id))
    berta.forgets()
    berta.does(IncomingKind.PRESS, press=f"s:{number}:{action}")
    [told] = berta.hears("Diesen Fall hat schon Dirk Dreher.")
    assert not told.keys


def test_whoever_has_left_can_do_nothing(stage: Stage, berta: Actor, mia: Actor) -> None:
    mia.writes(WISH)
    token, message = stage.key(berta.channel, berta.address, "Übernehmen")
    stage.run(lambda uow: uow.people.change_staff(berta.id, left_at=stage.now))
    berta.forgets()
    receipt = berta.does(IncomingKind.PRESS, press=token, message=message)
    assert receipt.toast == "Dieser Knopf gilt nicht mehr."
    assert stage.concerns()[0].state is State.OPEN
    berta.writes("/meldungen")
    berta.hears("Ich kenne Sie noch nicht.")


def test_a_card_of_before_takes_a_case_only_from_whoever_it_names(stage: Stage, berta: Actor) -> None:
    dirk = stage.staff("Dirk Dreher")
    lea = stage.staff("Lea Lind", Role.LEAD)
    mia = stage.participant(berta)
    number = taken(stage, berta, mia)
    lea.writes(f"/fall {code(stage)}")
    at_desk(stage, dirk, number, partial(take_over, before=berta.id))
    assert lea.presses("Selbst übernehmen").toast == "Diesen Fall hat schon Dirk Dreher."
    assert stage.concerns()[0].taken_by == dirk.id
    lea.presses("Selbst übernehmen")  # the card is of now
    assert stage.concerns()[0].taken_by == lea.id


# --- passing on


def test_colleagues_to_choose_from_the_deputy_first_and_who_is_away_marked(
    stage: Stage, berta: Actor, mia: Actor
) -> None:
    dirk = stage.staff("Dirk Dreher")
    emil = stage.staff("Emil Ersatz", deputy_of=berta.id)
    stage.staff("Ada Amt", Role.ADMIN)
    is_away(stage, dirk)
    taken(stage, berta, mia)
    berta.writes(f"/fall {code(stage)}")
    berta.presses("Weitergeben")
    assert labels(stage, berta) == ["Emil Ersatz (Vertretung)", "Dirk Dreher (nicht da)"]
    berta.forgets()
    berta.presses("Dirk Dreher")
    berta.hears("Dirk Dreher ist gerade nicht da. Es hat sich nichts geändert.")
    berta.presses("Emil Ersatz")
    berta.hears("ist weitergegeben an Emil Ersatz")
    emil.hears("Meldung R1")


@pytest.mark.parametrize("way", ["pressed twice", "taken meanwhile"])
def test_an_older_choice_of_a_colleague_takes_the_case_out_of_no_hand(
    stage: Stage, berta: Actor, mia: Actor, way: str
) -> None:
    dirk, karl = stage.staff("Dirk Dreher", deputy_of=berta.id), stage.staff("Karl Kollege")
    mia.writes(WISH)
    berta.presses("Weitergeben")
    number = stage.concerns()[0].id
    if way == "pressed twice":
        berta.presses("Dirk Dreher")
        dirk.presses("Übernehmen")
    else:
        at_desk(stage, dirk, number, lambda desk, found: take_over(desk, found, None))
    for each in (berta, dirk, karl):
        each.forgets()
    berta.presses("Dirk Dreher" if way == "pressed twice" else "Karl Kollege")
    berta.hears("Diesen Fall hat schon Dirk Dreher.")
    assert stage.concerns()[0].taken_by == dirk.id
    dirk.hears_nothing()
    karl.hears_nothing()


def test_pressed_twice_a_colleague_is_called_once(stage: Stage, berta: Actor, mia: Actor) -> None:
    dirk = stage.staff("Dirk Dreher", deputy_of=berta.id)
    mia.writes(WISH)
    berta.presses("Weitergeben")
    berta.presses("Dirk Dreher")
    dirk.hears("Meldung R1")
    berta.forgets()
    berta.presses("Dirk Dreher")
    dirk.hears_nothing()
    berta.hears("ist weitergegeben an Dirk Dreher")


def test_whose_case_a_colleague_gives_to_somebody_else_hears_who_has_it(
    stage: Stage, berta: Actor, mia: Actor
) -> None:
    lea, karl = stage.staff("Lea Lind", Role.LEAD), stage.staff("Karl Kollege")
    taken(stage, berta, mia)
    lea.writes(f"/fall {code(stage)}")
    lea.presses("Weitergeben")
    lea.presses("Karl Kollege")
    karl.hears("Meldung R1")
    berta.hears(f"Fall {code(stage)}: Lea Lind hat ihn an Karl Kollege weitergegeben.")


@pytest.mark.parametrize("way", ["button", "name"])
def test_a_case_that_a_colleague_has_by_now_is_not_passed_on_by_an_older_question(
    stage: Stage, berta: Actor, mia: Actor, way: str
) -> None:
    emil = stage.staff("Emil Ersatz")
    dirk = stage.staff("Dirk Dreher", deputy_of=berta.id)
    for number in range(7 if way == "name" else 0):
        stage.staff(f"Nora{number} Neu")
    mia.writes(WISH)
    berta.presses("Weitergeben")
    number = stage.concerns()[0].id
    at_desk(stage, dirk, number, partial(take_over, before=None))
    at_desk(stage, dirk, number, partial(plan, step="Anrufen", within=timedelta(hours=1)))
    before = stage.concerns()[0]
    berta.forgets()
    berta.presses("Emil Ersatz") if way == "button" else berta.writes("Emil")
    berta.hears("Diesen Fall hat schon Dirk Dreher.")
    assert stage.concerns()[0] == before
    emil.hears_nothing()


def test_nobody_is_given_what_they_have_in_hand(stage: Stage, berta: Actor, mia: Actor) -> None:
    emil = stage.staff("Emil Ersatz")
    lea = stage.staff("Lea Lind", Role.LEAD)
    number = taken(stage, berta, mia)
    lea.does(IncomingKind.PRESS, press=f"s:{number}:pass")
    before = stage.concerns()[0]
    lea.forgets()
    lea.presses("Berta Beispiel")
    lea.hears("Diesen Fall hat schon Berta Beispiel.")
    assert stage.concerns()[0] == before
    lea.presses("Emil Ersatz")
    lea.hears("ist weitergegeben an Emil Ersatz")
    emil.hears("Meldung R1")


def test_in_a_big_team_a_name_can_be_typed(stage: Stage, berta: Actor, mia: Actor) -> None:
    others = [stage.staff(f"Nora{number} Neu") for number in range(10)]
    taken(stage, berta, mia)
    berta.writes(f"/fall {code(stage)}")
    berta.presses("Weitergeben")
    assert len(labels(stage, berta)) == 8
    berta.forgets()
    berta.writes("Nora")
    berta.hears("Wen meinen Sie?")
    berta.writes("Nora9")
    berta.hears("ist weitergegeben an Nora9 Neu")
    others[9].hears("Meldung R1")
    mia.hears_nothing()


# --- resting


@pytest.mark.parametrize(
    ("choice", "until"),
    [
        ("In 1 Stunde", timedelta(hours=1)),
        ("Heute Nachmittag", timedelta(hours=4)),
        ("Morgen früh", timedelta(hours=22)),
    ],
)
def test_later_in_one_tap(stage: Stage, berta: Actor, mia: Actor, choice: str, until: timedelta) -> None:
    taken(stage, berta, mia)
    berta.writes(f"/fall {code(stage)}")
    berta.presses("Später")
    berta.presses(choice)
    assert (stage.concerns()[0].state, stage.concerns()[0].next_action_at) == (State.IN_HAND, MONDAY + until)
    mia.hears_nothing()


def test_later_on_a_day_that_is_typed(stage: Stage, berta: Actor, mia: Actor) -> None:
    taken(stage, berta, mia)
    berta.writes(f"/fall {code(stage)}")
    berta.presses("Später")
    berta.presses("Anderer Tag")
    berta.forgets()
    berta.writes("irgendwann")
    berta.hears("Ich finde keinen Tag.")
    berta.writes("26.11. 10:30")
    berta.hears("Ich frage am Donnerstag, 26. November um 10:30 Uhr wieder nach.")
    berta.writes("Danke")  # for nobody
    berta.hears("Es wurde nichts gesendet.")
    mia.hears_nothing()


def test_danger_just_before_midnight_is_not_offered_an_hour(stage: Stage, berta: Actor, mia: Actor) -> None:
    taken(stage, berta, mia, ACUTE)
    stage.now += timedelta(hours=13, minutes=5)  # 23:05 in Berlin
    number = stage.concerns()[0].id
    at_desk(stage, berta, number, partial(take_over, before=berta.id))
    berta.does(IncomingKind.PRESS, press=f"s:{number}:later")
    assert labels(stage, berta) == ["Anderer Tag"]


def test_danger_does_not_rest_until_tomorrow(stage: Stage, berta: Actor, mia: Actor) -> None:
    taken(stage, berta, mia, ACUTE)
    berta.writes(f"/fall {code(stage)}")
    berta.presses("Später")
    assert "Morgen früh" not in labels(stage, berta)


# --- level, note, reopening


def test_raising_takes_one_tap_and_lowering_a_reason(stage: Stage, berta: Actor, mia: Actor) -> None:
    taken(stage, berta, mia)
    berta.writes(f"/fall {code(stage)}")
    berta.presses("Stufe ändern")
    berta.presses("R2: ernst")
    assert stage.concerns()[0].level is Level.R2
    berta.presses("Stufe ändern")
    berta.presses("R1: am nächsten")
    berta.forgets()
    berta.writes("ja")
    berta.hears("Bitte schreiben Sie kurz, warum: 3 bis 500 Zeichen.")
    berta.writes("Nach dem Gespräch beruhigt")
    berta.hears("Stufe R2 ist jetzt R1.")
    assert stage.concerns()[0].level is Level.R1
    mia.hears_nothing()


def test_a_reason_for_another_level_does_not_take_danger_back(stage: Stage, berta: Actor, mia: Actor) -> None:
    lea = stage.staff("Lea Lind", Role.LEAD)
    number = taken(stage, berta, mia)
    at_desk(stage, lea, number, partial(raise_level, level=Level.R2))
    berta.writes(f"/fall {code(stage)}")
    berta.presses("Stufe ändern")
    berta.forgets()
    berta.presses("R1: am nächsten")
    berta.hears(f"Fall {code(stage)} hat Stufe R2. Schreiben Sie in einem Satz, warum R1 genügt.")
    at_desk(stage, lea, number, partial(raise_level, level=Level.R3))
    berta.forgets()
    berta.writes("Klang am Telefon ruhiger")
    berta.hears("Der Fall hat inzwischen eine andere Stufe.")
    assert stage.concerns()[0].level is Level.R3
    berta.writes("Wirklich")  # for nobody
    berta.hears("Es wurde nichts gesendet.")


def test_a_note_never_becomes_an_answer(stage: Stage, berta: Actor, mia: Actor) -> None:
    taken(stage, berta, mia)
    berta.writes(f"/fall {code(stage)}")
    berta.presses("Notiz")
    berta.forgets()
    berta.writes("Wohnt gerade bei der Schwester")
    berta.hears("Notiz gespeichert. Nur das Team sieht sie")
    berta.writes("Und hat einen Hund")  # not for the person, although it is the only case in hand
    berta.hears("Es wurde nichts gesendet.")
    mia.hears_nothing()
    berta.presses("Antworten")
    berta.writes("Guten Tag")
    mia.hears("Berta Beispiel: Guten Tag")


def test_whoever_quotes_the_question_for_a_note_writes_a_note(stage: Stage, berta: Actor, mia: Actor) -> None:
    taken(stage, berta, mia)
    berta.writes(f"/fall {code(stage)}")
    token, card = stage.key(berta.channel, berta.address, "Notiz")
    berta.does(IncomingKind.PRESS, press=token, message=card)
    berta.forgets()
    berta.does(IncomingKind.TEXT, text="Wohnt bei der Schwester", message=card)
    berta.hears("Notiz gespeichert.")
    mia.hears_nothing()


def test_what_is_too_long_is_not_sent(stage: Stage, berta: Actor, mia: Actor) -> None:
    taken(stage, berta, mia)
    berta.writes("x" * 3501)
    berta.hears("Bitte schreiben Sie 1 bis 3500 Zeichen. Es wurde nichts gesendet.")
    mia.hears_nothing()


def test_a_closed_case_can_be_opened_for_14_days(stage: Stage, berta: Actor, mia: Actor) -> None:
    number = taken(stage, berta, mia)
    at_desk(stage, berta, number, lambda desk, found: close(desk, found, Outcome.REACHED))
    stage.pass_time(days=13, hours=23)
    berta.forgets()
    berta.writes(f"/fall {code(stage)}")
    berta.hears("ist keine Meldung offen", "Abgeschlossen: Gesprochen")
    stage.pass_time(hours=2)
    berta.forgets()
    assert "mehr als 14 Tagen" in berta.presses("Wieder öffnen").toast
    berta.writes(f"/fall {code(stage)}")
    berta.hears("ist keine Meldung offen")
    assert stage.concerns()[0].state is State.CLOSED


def test_opened_again_it_asks_for_the_next_step(stage: Stage, berta: Actor, mia: Actor) -> None:
    number = taken(stage, berta, mia)
    berta.writes(f"/fall {code(stage)}")
    berta.presses("Erledigt")
    berta.presses("Gesprochen")
    berta.forgets()
    berta.presses("Wieder öffnen")
    berta.hears("ist wieder offen und bei Ihnen", "Was ist Ihr nächster Schritt?")
    assert (stage.concerns()[0].id, stage.concerns()[0].state) == (number, State.TAKEN)
    assert berta.presses("Wieder öffnen").toast == "Dieser Fall ist noch offen."
    mia.hears_nothing()


# --- help


@pytest.mark.parametrize(
    ("role", "has", "lacks"),
    [(Role.COACH, "/termine", "/schicht"), (Role.LEAD, "/schicht", "?"), (Role.ADMIN, "/team", "/termine")],
)
def test_help_is_by_role_and_fits_into_one_message(stage: Stage, role: Role, has: str, lacks: str) -> None:
    person = stage.staff("Hanna Hilfe", role)
    for typed in ("/hilfe", "/help"):
        person.writes(typed)
        [told] = person.hears("/meldungen")
        assert has in told.text
        assert lacks not in told.text
        assert len(told.text) < 4096
    person.starts()
    person.hears("Sie sind angemeldet.")
