# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Einfache Sprache is chosen like any other language: with the invitation, or later in the conversation."""

from __future__ import annotations

from bot.domain.concerns import Level
from bot.services.invite import invite
from bot.texts import EASY_LANGUAGE
from tests.services.stage import Actor, Stage


def language_of(stage: Stage) -> str:
    [person] = stage.run(lambda uow: uow.people.participants(1))
    return person.language


def test_an_invitation_in_it_begins_in_it(stage: Stage, berta: Actor) -> None:
    code = stage.run(lambda uow: invite(uow, stage.rules, berta.id, "", EASY_LANGUAGE, stage.now))
    mia = stage.person()
    mia.starts(code)
    hello, hours, contact = mia._take()
    assert "Ich helfe, dass Sie und Berta Beispiel in Kontakt bleiben." in hello.text
    assert "Wir lesen nicht nachts und nicht am Wochenende." in hours.text
    assert "Dafür speichere ich, was Sie mir schreiben. Ich speichere auch, wann" in contact.text
    mia.presses("Ja")
    [person] = stage.run(lambda uow: uow.people.participants(1))
    records = stage.run(lambda uow: uow.talks.consent_records(person.id))
    assert [one.language for one in records] == [EASY_LANGUAGE]


def test_who_is_there_already_changes_to_it_and_back(stage: Stage, mia: Actor) -> None:
    mia.writes("sprache")
    mia.presses("Einfache Sprache")
    mia.hears("Welche Sprache", "Ich schreibe ab jetzt in kurzen Sätzen.")
    assert language_of(stage) == EASY_LANGUAGE
    mia.writes("pause")
    mia.presses("Eine andere Zeit")
    mia.hears("Wie lange möchten Sie Ruhe haben?", "1 bis 90 Tage sind möglich.")
    mia.presses("Später")
    mia.forgets()
    mia.writes("/sprache")
    mia.presses("Deutsch")
    assert language_of(stage) == "de"


def test_what_is_said_outside_of_dialogs_is_easy_or_german(stage: Stage, mia: Actor) -> None:
    mia.writes("sprache")
    mia.presses("Einfache Sprache")
    mia.forgets()
    mia.writes("Mir geht es heute nicht so gut, ich will nicht mehr leben")
    mia.hears(
        "Sie sind in Gefahr? Rufen Sie jetzt an: 112.", "Meldet sich niemand? Dann warten Sie bitte nicht."
    )


def test_company_is_asked_for_by_its_word_and_passed_on(stage: Stage, berta: Actor, mia: Actor) -> None:
    mia.writes("mitkommen")
    mia.presses("Zu einer Behörde")
    mia.forgets()
    assert [(one.level, one.reason) for one in stage.concerns()] == [(Level.R2, "company_wished_official")]
    berta.hears("Meldung R2")
