# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Who expects what: the person's own words are theirs, everybody reads the same, nothing goes out unasked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from bot.domain.consent import Purpose
from bot.domain.expectations import (
    MOST_TOPICS,
    MOVES,
    Agreement,
    Said,
    SideKind,
    Topic,
    TopicEvent,
    TopicState,
)
from bot.errors import UnknownTransition
from bot.ports import UnitOfWork
from bot.services import expectation_sheets, expectations
from bot.services.appointment_dates import EntryFault
from bot.services.consents import withdraw
from bot.services.expectation_sheets import Offered
from bot.services.visit import Visit
from tests.services.stage import MONDAY, Actor, Stage
from tests.services.test_help_plans import at_work

HOURS, CLINIC = "Arbeitsstunden am Tag", "Klinik Musterstadt"
TODAY = date(2026, 11, 23)
AGREED = Agreement(words="Vier Stunden, ab Januar", day=TODAY, with_whom="Mia, Frau Beispiel")


def said(words: str, name: str = "", day: date = TODAY) -> Said:
    return Said(words=words, day=day, name=name)


def does(stage: Stage, berta: Actor, act: Callable[..., Any], *given: Any) -> Any:
    return at_work(stage, berta, lambda desk, person: act(desk, person, *given))


def fault(stage: Stage, berta: Actor, act: Callable[..., Any], *given: Any) -> str:
    with pytest.raises(EntryFault) as found:
        does(stage, berta, act, *given)
    return found.value.say(stage.rules.voice("de"))


def topics(stage: Stage) -> list[Topic]:
    return stage.run(lambda uow: uow.casework.expectations.of_participant(1))


def words(stage: Stage) -> list[str]:
    numbers = [one.id for one in topics(stage)]
    found = stage.run(lambda uow: uow.casework.expectations.sides(numbers))
    return [one.said.words for sides in found.values() for one in sides]


@pytest.fixture
def hours(stage: Stage, mia: Actor, berta: Actor) -> int:
    """A topic of which clinic and job centre do not expect the same; its number."""
    number = int(does(stage, berta, expectations.add, HOURS).id)
    does(stage, berta, expectations.note, number, SideKind.PARTNER, said("Höchstens drei.", CLINIC))
    does(stage, berta, expectations.note, number, SideKind.AGENCY, said("Sechs im Sommer."))
    return number


@pytest.mark.parametrize("state", TopicState)
@pytest.mark.parametrize("event", TopicEvent)
def test_every_event_in_every_state(state: TopicState, event: TopicEvent) -> None:
    expected = {
        (TopicState.OPEN, TopicEvent.NOTE): TopicState.OPEN,
        (TopicState.OPEN, TopicEvent.SPEAK): TopicState.OPEN,
        (TopicState.OPEN, TopicEvent.AGREE): TopicState.AGREED,
        (TopicState.AGREED, TopicEvent.SPEAK): TopicState.OPEN,
        (TopicState.AGREED, TopicEvent.CONFIRM): TopicState.AGREED,
        (TopicState.OPEN, TopicEvent.CONFIRM): TopicState.AGREED,
        (TopicState.AGREED, TopicEvent.REOPEN): TopicState.OPEN,
    }
    topic = Topic(1, 1, 1, state, HOURS, None, MONDAY, MONDAY)
    assert topic.can(event) == ((state, event) in expected) == ((state, event) in MOVES)
    if (state, event) in expected:
        assert topic.after(event, MONDAY).state is expected[state, event]
    else:
        with pytest.raises(UnknownTransition):
            topic.after(event, MONDAY)


def test_the_person_reads_every_side_and_adds_their_own(
    stage: Stage, mia: Actor, berta: Actor, hours: int
) -> None:
    does(stage, berta, expectations.ask_person, hours)
    (asked,) = mia.hears("Hier geht es um ein Thema")
    assert f"**{hours}. {HOURS}**" in asked.text
    assert asked.text.index("Jobcenter, 23. November 2026: Sechs im Sommer.") < asked.text.index(CLINIC)
    mia.writes("Vier Stunden traue ich mir zu.")
    mia.hears("Danke. Das steht jetzt als Ihre Sicht da")
    (told,) = berta.hears("Fall")
    assert "Erwartungen" in told.text
    assert "Vier" not in told.text
    assert words(stage) == ["Vier Stunden traue ich mir zu.", "Sechs im Sommer.", "Höchstens drei."]
    assert stage.concerns() == []
    # What the person wrote themselves is theirs alone.
    text = fault(stage, berta, expectations.note, hours, SideKind.PERSON, said("Sie will acht."))
    assert "Nur sie kann es ändern" in text
    own = stage.run(lambda uow: uow.casework.expectations.sides([hours]))[hours][0]
    assert "Nur sie" in fault(stage, berta, expectations.take, hours, own.id)
    assert "Nur sie" in fault(stage, berta, expectations.remove, hours)
    # It is agreed; then the person says something new, and it is open again.
    does(stage, berta, expectations.agree, hours, AGREED)
    assert "zuerst wieder" in fault(stage, berta, expectations.note, hours, SideKind.AGENCY, said("x"))
    mia.writes("/erwartungen")
    shown, _ = mia.hears("Das sind Ihre Themen", "Was möchten Sie tun?")
    assert "Vereinbart: Vier Stunden, ab Januar (am 23. November 2026 mit Mia, Frau Beispiel)" in shown.text
    mia.presses("Etwas dazu schreiben")
    mia.writes(str(hours))
    mia.writes("Doch lieber drei.")
    mia.hears("Welche Nummer", "Hier geht es um ein Thema", "Danke")
    assert topics(stage)[0].state is TopicState.OPEN
    assert topics(stage)[0].agreement == AGREED, "what was agreed before stays readable"
    assert words(stage)[0] == "Doch lieber drei."
    mia.writes("/erwartungen")
    assert "Wieder offen. Vorher vereinbart: Vier" in mia.hears("Das sind Ihre Themen", "Was")[0].text


def test_a_topic_of_the_persons_own(stage: Stage, mia: Actor, berta: Actor) -> None:
    mia.writes("Erwartungen")
    mia.presses("Ja, gern")
    mia.writes("Der Weg zur Arbeit")
    mia.hears("Manchmal erwarten nicht alle dasselbe", "Wie heißt das Thema", "Hier geht es um ein Thema")
    mia.presses("Überspringen")
    mia.hears("In Ordnung. Mit ERWARTUNGEN")
    assert [(one.headline, one.made_by) for one in topics(stage)] == [("Der Weg zur Arbeit", None)]
    berta.hears_nothing()
    assert "Nur sie" in fault(stage, berta, expectations.remove, 1)
    mia.writes("/erwartungen")
    mia.presses("Etwas dazu schreiben")
    mia.writes("77")
    assert "Nummer 77 gibt es bei Ihnen nicht" in mia.hears("Das", "Was", "Welche", "Ein Thema")[-1].text
    for number in range(MOST_TOPICS - 1):
        does(stage, berta, expectations.add, f"Thema {number}")
    mia.forgets()
    mia.writes("/erwartungen")
    mia.presses("Ein neues Thema")
    mia.writes("Noch eines")
    mia.hears("Das sind", "Was", "Wie heißt", "Mehr Themen passen hier gerade nicht")
    assert "schon 20 Themen" in fault(stage, berta, expectations.add, "Noch eines")


def test_danger_in_these_words_is_heard_as_everywhere(
    stage: Stage, mia: Actor, berta: Actor, hours: int
) -> None:
    does(stage, berta, expectations.ask_person, hours)
    mia.writes("Ich will nicht mehr leben.")
    assert [one.level.value for one in stage.concerns()] == ["R3"]


def test_what_cannot_be_kept_is_answered_kindly(stage: Stage, mia: Actor, berta: Actor, hours: int) -> None:
    assert "steht schon hier" in fault(stage, berta, expectations.add, HOURS.upper())
    assert "kurze Überschrift" in fault(stage, berta, expectations.add, "x" * 81)
    note, agency = expectations.note, SideKind.AGENCY
    assert "1 bis 500" in fault(stage, berta, note, hours, agency, said(" "))
    assert "wer das ist" in fault(stage, berta, note, hours, SideKind.PARTNER, said("x"))
    later = said("x", day=TODAY + timedelta(days=1))
    assert "in der Zukunft" in fault(stage, berta, note, hours, agency, later)
    assert "gibt es hier nicht mehr" in fault(stage, berta, note, 99, agency, said("x"))
    assert "schon offen" in fault(stage, berta, expectations.reopen, hours)
    nobody = Agreement(words="x", day=TODAY, with_whom=" ")
    assert "wer dabei war" in fault(stage, berta, expectations.agree, hours, nobody)
    for number in range(4):
        does(stage, berta, note, hours, SideKind.EMPLOYER, said("x", f"Betrieb {number}"))
    assert "Mehr als 6" in fault(stage, berta, note, hours, SideKind.EMPLOYER, said("x", "noch einer"))
    does(stage, berta, note, hours, agency, said("Fünf."))
    assert words(stage)[0] == "Fünf.", "what a side said before is replaced"
    sides = stage.run(lambda uow: uow.casework.expectations.sides([hours]))[hours]
    does(stage, berta, expectations.take, hours, sides[0].id)
    assert "Fünf." not in words(stage)
    assert "gibt es hier nicht mehr" in fault(stage, berta, expectations.take, hours, sides[0].id)
    does(stage, berta, expectations.agree, hours, AGREED)
    assert "zuerst wieder" in fault(stage, berta, expectations.take, hours, sides[1].id)
    does(stage, berta, expectations.reopen, hours)
    does(stage, berta, expectations.remove, hours)
    assert topics(stage) == []


def take_back(uow: UnitOfWork, stage: Stage) -> None:
    contact = uow.people.contact_of(1)
    assert contact is not None
    visit = Visit(uow, stage.rules, contact, stage.now)
    assert withdraw(visit, Purpose.SHARING, CLINIC, version="my_consents")


def test_a_sheet_is_printed_only_after_a_yes_to_this_place_and_this_content(
    stage: Stage, mia: Actor, berta: Actor, hours: int
) -> None:
    def printed(number: int) -> Offered | None:
        found: Offered | None = does(stage, berta, expectation_sheets.to_print, number)
        return found

    assert "mindestens ein Thema" in fault(stage, berta, expectation_sheets.ask, CLINIC, set())
    assert "welche Stelle" in fault(stage, berta, expectation_sheets.ask, " ", {hours})
    does(stage, berta, expectation_sheets.ask, CLINIC, {hours, 99})
    (asked,) = mia.hears("Darf ich etwas weitergeben?")
    assert f"An wen: {CLINIC}\n" in asked.text
    assert f"unter Nummer {hours} steht" in asked.text
    assert HOURS not in asked.text, "a headline may say something, and every messenger carries the question"
    assert printed(1) is None
    does(stage, berta, expectations.note, hours, SideKind.AGENCY, said("Sieben."))
    mia.presses("Ja, gern")
    mia.hears(f"Danke. Ihr Ja gilt für {CLINIC}")
    berta.hears("Fall")
    sheet = printed(1)
    assert sheet is not None
    (topic,) = sheet.sheet.topics
    assert [one.said.words for one in topic.sides] == ["Sechs im Sommer.", "Höchstens drei."]
    # A yes covers what was there when it was asked for: a newer sheet is asked for anew.
    stage.pass_time(minutes=1)
    does(stage, berta, expectation_sheets.ask, CLINIC, {hours, 99})
    assert printed(1) is None
    assert printed(2) is None
    mia.presses("Ja, gern")
    assert printed(2) is not None
    stage.run(lambda uow: take_back(uow, stage))
    assert printed(2) is None
    long = "w" * 500
    for number in range(6):
        does(stage, berta, expectations.add, f"Thema {number}")
        does(stage, berta, expectations.note, hours + 1 + number, SideKind.AGENCY, said(long))
    every = {one.id for one in topics(stage)}
    assert "nicht auf eine Seite" in fault(stage, berta, expectation_sheets.ask, CLINIC, every)


def test_in_the_staff_bot(stage: Stage, mia: Actor, berta: Actor, hours: int) -> None:
    (person,) = stage.run(lambda uow: uow.people.participants(1))
    does(stage, berta, expectations.agree, hours, AGREED)
    berta.forgets()
    berta.writes(f"/erwartungen {person.case_code}")
    (shown,) = berta.hears(f"Fall {person.case_code}, Erwartungen. Offene Themen: 0, vereinbart: 1.")
    assert ("Höchstens drei." in shown.text) == ("Vereinbart: Vier Stunden" in shown.text)
    karl = stage.staff("Karl Kollege")
    karl.writes(f"/erwartungen {person.case_code}")
    assert HOURS not in "".join(body.text for body in karl.hears(""))
