# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Voluntary: what Lotse begins itself, and how it stops (promise P4)."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.doubles.bot_api import FaultKind
from tests.e2e.stories import Team, Town

#: The check-in is at ten; a moment of many people is spread over ten minutes.
NEXT_MONDAY_AFTER_TEN = datetime(2026, 5, 11, 8, 10, tzinfo=UTC)
TONIGHT_AT_TEN = datetime(2026, 5, 4, 20, 0, tzinfo=UTC)
MOOD = "Wie geht es Ihnen heute?"


async def test_the_weekly_check_in_comes_after_a_week(town: Town, team: Team) -> None:
    mia, noah = team.mia, team.noah
    await town.until(NEXT_MONDAY_AFTER_TEN)
    await town.then(mia.hears(MOOD), noah.hears(MOOD))
    await mia.says("7", "7", "Ich war schwimmen.", "nein")
    await noah.presses("Später")
    await town.then(
        mia.hears("Wie haben Sie geschlafen?"),
        mia.hears("Was ist Ihnen diese Woche gelungen?"),
        mia.hears("Soll sich Ihr Coach bei Ihnen melden?"),
        mia.hears("Alles Gute für Ihre Woche!"),
        noah.hears("später"),
    )
    await town.passes(days=7)
    await town.then(mia.hears(MOOD), noah.hears(MOOD), *team.weekly_tests)


async def test_nothing_by_itself_at_night(town: Town, team: Team) -> None:
    """The reminder of an open question waits for the morning; what the person asks for comes at once."""
    mia = team.mia
    await town.until(TONIGHT_AT_TEN)
    await mia.says("checkin")
    await town.then(mia.hears(MOOD))
    await town.passes(days=1)
    await town.then()
    await mia.says("/hilfe")
    await town.then(mia.hears("Rufen Sie jetzt 112 an"), mia.hears("Soll ich Berta Beispiel Bescheid geben?"))
    await mia.presses("Nein")
    await town.then(mia.hears("ich gebe niemandem Bescheid"))
    await town.passes(hours=10)
    await town.then(mia.hears(MOOD))


async def test_stop_in_the_middle_of_everything(town: Town, team: Team) -> None:
    mia, berta = team.mia, team.berta
    await mia.says("checkin", "1")
    await town.then(mia.hears(MOOD), mia.hears("geschlafen?"), berta.hears("Meldung R1"))
    await berta.presses("Übernehmen")
    await town.then(
        mia.hears("gesehen und übernommen"),
        berta.sees("Übernommen von Ihnen."),
        berta.hears("nächster Schritt?"),
    )
    town.api.fail_next(town.participants, "sendMessage", 500, kind=FaultKind.RETRY_CHAT, retry_after=30)
    await mia.says("5", "Nichts", "nein")
    await town.settled()
    await mia.says("Stopp!")
    await town.then(berta.hears("hat den Kontakt über Lotse beendet. Der Fall bleibt offen."))
    await town.passes(seconds=30)
    await town.then(mia.hears("In Ordnung. Ab jetzt schreibe ich Ihnen nicht mehr."))
    await mia.says("STOP")
    await town.then(mia.hears("Ab jetzt schreibe ich Ihnen nicht mehr."))
    await berta.presses("Ich schreibe jetzt")
    await berta.says("Was ist passiert?")
    await town.then(
        berta.hears("notiert"),
        berta.hears("Schreiben Sie jetzt Ihre Antwort"),
        berta.hears("Diese Person hat den Kontakt beendet. Es wurde nichts gesendet."),
    )
    await town.passes(hours=4)
    await town.then(berta.hears("Meldung R1"))
    await berta.presses("Übernehmen")
    await town.settled()
    await berta.presses("Erledigt")
    await town.settled()
    await berta.presses("Kein Anlass")
    await town.settled()
    town.forget()
    await town.passes(days=7)
    await town.then(team.noah.hears(MOOD))
    await mia.opens()
    await town.then(
        mia.hears("Schön, dass Sie wieder da sind."),
        mia.hears("Bei einem Ja bekommt Berta Beispiel Bescheid"),
        mia.hears("Darf ich Ihnen hier schreiben?"),
    )


async def test_stop_works_in_every_language_and_before_any_consent(town: Town, team: Team) -> None:
    zoe = town.meet("Zoe", 700)
    await zoe.opens(await town.invites(team.coach))
    await town.settled()
    town.forget()
    await zoe.says("стоп")
    await town.then(zoe.hears("Ab jetzt schreibe ich Ihnen nicht mehr."))
    await town.passes(days=6)
    await town.then()


async def test_a_pause_holds_back_the_check_in(town: Town, team: Team) -> None:
    mia, noah = team.mia, team.noah
    await mia.says("/pause")
    await town.then(mia.hears("Wie lange möchten Sie Ruhe haben?"))
    await mia.presses("1 Woche")
    await town.then(mia.hears("Gern. Pause: 1 Woche."))
    await town.until(NEXT_MONDAY_AFTER_TEN)
    await town.then(noah.hears(MOOD))
    await noah.says("später")
    await town.then(noah.hears("Gern später."))
    await town.passes(hours=3)
    await town.then(noah.hears("Passt es jetzt?"), mia.hears("Willkommen zurück! Ihre Pause ist vorbei."))
    await mia.presses("Weiter wie bisher")
    await town.then(mia.hears("Schön. Dann schreibe ich Ihnen wieder"))
    await noah.says("später")
    await town.then(noah.hears("In Ordnung, dann lassen wir es für dieses Mal."))
    await mia.says("Hallo, wie geht es bei Ihnen?")
    await town.then(mia.hears("Ich gebe sie an Berta Beispiel weiter."), team.berta.hears("Meldung R1"))
    await town.passes(days=1)
    await town.then(team.berta.hears("Ihr Tag"), team.dirk.hears("Meldung R1"))
    await town.until(NEXT_MONDAY_AFTER_TEN.replace(day=17))
    await town.then(team.lea.hears("Meldung R1"))
    await town.until(NEXT_MONDAY_AFTER_TEN.replace(day=18))
    await town.then(noah.hears(MOOD), mia.hears(MOOD), *team.weekly_tests, team.berta.hears("Ihr Tag"))


async def test_health_questions_go_to_our_own_page_unless_agreed_otherwise(town: Town, team: Team) -> None:
    zoe = town.meet("Zoe", 700)
    await zoe.opens(await town.invites(team.coach))
    await zoe.says("ja", "ja")
    await town.settled()
    town.forget()
    await zoe.presses("Nein, lieber mit Link")
    await town.then(
        zoe.hears("STOPP beendet alles sofort."), zoe.hears("Hier geht es weiter, auf unserer eigenen Seite.")
    )
    assert f"{town.address}/p/" in zoe.last
