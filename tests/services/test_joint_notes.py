# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The note of a joint appointment: offered once, read by the person, and theirs to agree with or not."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from bot.domain.accompaniment import Accompaniment, AccompanimentState, Companion
from bot.domain.expectations import MOST_TOPICS, Agreement, TopicState
from bot.services import expectation_sheets, expectations, joint_notes
from bot.services.appointments import Telling
from tests.services.stage import Actor, Stage
from tests.services.test_appointments import kept, sets, until
from tests.services.test_expectations import does, fault, topics, words

HEADLINE, PLACE = "Gemeinsamer Termin", "Teilhabeberatung Musterstadt"
NOTED = Agreement(words="Im Januar ein Gespräch mit dem Betrieb", day=date(2026, 11, 24), with_whom=PLACE)
LINE = "Wurde bei diesem Termin gemeinsam etwas vereinbart?"


@pytest.fixture
def over(stage: Stage, mia: Actor, berta: Actor) -> int:
    """An appointment with a partner that is over; its number."""
    sets(stage, berta, f"24.11.2026 10:30 partner Ort: Musterstraße 1 Mit: {PLACE}")
    assert "nichts notieren" in fault(stage, berta, expectations.note_joint, 1, HEADLINE, NOTED)
    berta.forgets()
    until(stage, "24.11.2026 13:00")
    return 1


def noted(stage: Stage, berta: Actor, mia: Actor, number: int) -> Any:
    mia.presses("Gut")  # How it was is asked first, and one thing at a time.
    mia.forgets()
    berta.forgets()
    return does(stage, berta, expectations.note_joint, number, HEADLINE, NOTED)


def test_the_coach_is_asked_once_and_the_person_says_that_it_is_right(
    stage: Stage, mia: Actor, berta: Actor, over: int
) -> None:
    (line,) = berta.hears(LINE)
    assert PLACE not in line.text
    assert noted(stage, berta, mia, over) is Telling.ON_ITS_WAY
    news, asked = mia.hears("Es gibt eine Notiz zu Ihrem gemeinsamen Termin.", "Das ist notiert:")
    assert NOTED.words not in news.text
    assert f"Vereinbart: {NOTED.words} (am 24. November 2026 mit {PLACE})" in asked.text
    berta.hears_nothing()
    assert "schon eine Notiz" in fault(stage, berta, expectations.note_joint, over, "Noch eine", NOTED)
    mia.presses("Stimmt so")
    mia.hears("Bei der Notiz steht jetzt, dass es für Sie so stimmt.")
    berta.hears_nothing()
    (topic,) = topics(stage)
    assert (topic.state, topic.appointment_id, topic.is_confirmed) == (TopicState.AGREED, over, True)
    assert "Deshalb bleibt es stehen" in fault(stage, berta, expectations.remove, topic.id)
    mia.writes("/erwartungen")
    assert "Sie haben dazu gesagt: „Stimmt so“ (24. November 2026)." in mia.hears("Das sind", "Was")[0].text
    mia.presses("Nichts, danke")
    does(stage, berta, expectation_sheets.ask, PLACE, {topic.id})
    mia.presses("Ja, gern")
    sheet = does(stage, berta, expectation_sheets.to_print, 1)
    assert sheet.sheet.topics[0].agreement == topic.agreement, "with the person's yes to what is noted"


def test_the_person_sees_it_differently(stage: Stage, mia: Actor, berta: Actor, over: int) -> None:
    noted(stage, berta, mia, over)
    mia.presses("Das sehe ich anders")
    mia.hears("Es gibt eine Notiz", "Das ist notiert", "Das Thema ist damit wieder offen.")
    (told,) = berta.hears("Die Person sieht die Notiz zu einem gemeinsamen Termin anders.")
    assert NOTED.words not in told.text
    assert topics(stage)[0].state is TopicState.OPEN
    # Pressed by mistake: one may go back.
    mia.presses("Zurück")
    mia.presses("Stimmt so")
    mia.hears("Das ist notiert", "Danke. Bei der Notiz")
    berta.hears("jetzt „Stimmt so“")
    assert topics(stage)[0].is_confirmed
    # It is talked about once more, and noted anew: a yes counts only for what one has read.
    does(stage, berta, expectations.reopen, 1)
    does(stage, berta, expectations.agree, 1, NOTED)
    assert not topics(stage)[0].is_confirmed
    mia.hears("Es gibt eine Notiz", "Das ist notiert")
    mia.presses("Das sehe ich anders")
    mia.writes("Im Januar ist es mir zu früh.")
    mia.hears("Danke, dass Sie das sagen", "Ihre Worte stehen jetzt neben der Notiz.")
    berta.hears("sieht die Notiz", "eigene Sicht")
    assert words(stage) == ["Im Januar ist es mir zu früh."]
    assert (topics(stage)[0].state, topics(stage)[0].agreement) == (TopicState.OPEN, NOTED)
    assert stage.concerns() == []


def test_danger_in_their_view_is_heard_as_everywhere(
    stage: Stage, mia: Actor, berta: Actor, over: int
) -> None:
    noted(stage, berta, mia, over)
    mia.presses("Das sehe ich anders")
    mia.writes("Ich will nicht mehr leben.")
    assert [one.level.value for one in stage.concerns()] == ["R3"]


def test_nothing_is_asked_about_a_note_that_does_not_hold(
    stage: Stage, mia: Actor, berta: Actor, over: int
) -> None:
    noted(stage, berta, mia, over)
    does(stage, berta, expectations.reopen, 1)
    mia.forgets()
    mia.presses("Stimmt so")
    assert not topics(stage)[0].is_confirmed
    assert "Bei der Notiz" not in "".join(body.text for body in mia._take())
    # A note counts beside the most topics that there may be, so that every appointment can have its own.
    for number in range(MOST_TOPICS):
        does(stage, berta, expectations.add, f"Thema {number}")
    assert "schon 20 Themen" in fault(stage, berta, expectations.add, "Noch eines")
    does(stage, berta, expectations.remove, 1)
    does(stage, berta, expectations.note_joint, over, HEADLINE, NOTED)
    assert len(topics(stage)) == MOST_TOPICS + 1


def test_an_appointment_that_somebody_came_along_to(stage: Stage, mia: Actor, berta: Actor) -> None:
    sets(stage, berta, "24.11.2026 10:30 amt Ort: Musterstraße 1")
    sets(stage, berta, "24.11.2026 13:30 coach")
    along = Accompaniment(
        *(1, 1, 1, AccompanimentState.CONFIRMED, stage.now),
        companion=Companion(name="Frau Beispiel"),
        promised_for=kept(stage).starts_at,
    )
    stage.run(lambda uow: uow.casework.joint_appointments.keep_accompaniment(along))
    until(stage, "24.11.2026 16:00")
    assert [LINE in body.text for body in berta._take()].count(True) == 1

    def offered(stage: Stage) -> dict[int, tuple[int, str]]:
        both = [kept(stage, 1), kept(stage, 2)]
        found = stage.run(lambda uow: joint_notes.notes_of(uow, 1, both, stage.now))
        return {number: (one.topic_id, one.companion) for number, one in found.items()}

    assert offered(stage) == {1: (0, "Frau Beispiel")}
    noted(stage, berta, mia, 1)
    assert offered(stage) == {1: (1, "Frau Beispiel")}
    assert "nichts notieren" in fault(stage, berta, expectations.note_joint, 2, HEADLINE, NOTED)


def test_nobody_is_asked_long_afterwards(stage: Stage, mia: Actor, berta: Actor) -> None:
    sets(stage, berta, f"24.11.2026 10:30 partner Mit: {PLACE}")
    stage.now += timedelta(days=4)
    stage.pass_time(minutes=1)
    assert LINE not in "".join(body.text for body in berta._take())
    assert not kept(stage).is_open
