# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""KoPrA from the open door over the specialist check, with the coach there all the time, to the farewell."""

from __future__ import annotations

from datetime import date

from bot.domain.people import Role
from tests.e2e.case_acts import calls_conference, holds_conference
from tests.e2e.chronicle import USUAL, Actor, Story, heard, lived
from tests.e2e.conftest import Ground


async def test_referred_and_never_left_alone(ground: Ground) -> None:
    title = "KoPrA: vermittelt und weiter begleitet"
    async with lived("kopra", title, ground, 5, name="Jobcenter Muster", holidays="SN") as story:
        lea = await story.staff("Lea", 903, Role.LEAD)
        berta = await story.staff("Berta", 901, Role.COACH)
        await story.staff("Dirk", 902, Role.COACH, deputy_of=berta.number)
        story.chapter("Anlaufstelle")
        mia = await story.arrives("Mia", 500, berta)
        await mia.presses("Ja, gern", "Ja, gern", "Ja, hier im Messenger", "5", "5", "Überspringen", "Nein")
        story.usual = dict(USUAL)
        await berta.says(f"/termin {story.case} 12.5.2026 10:00 coach Ort: bei Ihnen zu Hause")
        await berta.presses("Stimmt so")
        await story.goes_on(days=9)
        assert heard(story.heard, mia, "bei Ihnen zu Hause")
        await clarified(story, (lea, berta), mia)
        await towards_work(story, (lea, berta), mia)


async def clarified(story: Story, team: tuple[Actor, Actor], mia: Actor) -> None:
    lea, berta = team
    story.chapter("Fachärztliche Klärung")
    await berta.enters("clarification", "Wir klären, was hilft")
    await berta.refers("Klinik Musterstadt", "damit jemand vom Fach mit Ihnen hinschaut", "Ihren Namen")
    await mia.presses("Ja", "Ja, gern")
    await berta.refers_on("arrived", "Platz ab September.")
    await advised(story, berta, mia)
    story.chapter("STOPP, und später wieder da")
    await mia.says("STOPP")
    quiet = await story.goes_on_to(story.at(2026, 9, 7, 9))
    assert heard(story.heard, lea, "Der Kontakt endete vor mehr als 90 Tagen")
    quiet += await story.goes_on_to(story.at(2026, 11, 16, 9))
    assert not heard(quiet, mia, ""), "STOPP is STOPP"
    await mia.says("START")
    await mia.presses("Ja, gern", "Nein, danke")
    story.chapter("Eine Frage am Feiertag")
    await story.goes_on_to(story.at(2026, 11, 18, 9))
    await mia.says("Ich habe einen Brief von der Klinik bekommen und verstehe ihn nicht.")
    assert not heard(story.heard, berta, "heute"), "a day of prayer, on which only Saxony rests"
    await story.goes_on_to(story.at(2026, 11, 19, 9))
    await berta.takes_over("Bringen Sie ihn mit, wir lesen ihn zusammen.")


async def advised(story: Story, berta: Actor, mia: Actor) -> None:
    story.chapter("Fachkonferenz, ohne Namen")
    await calls_conference(berta, "Warten auf einen Klinikplatz", date(2026, 5, 28))
    await mia.presses("Nein, danke")
    page = await berta.at_console("/console/conferences/1/print")
    assert "Konferenzfall 1" in page.words
    assert not any(one in page.words for one in ("Mia", story.case)), "nobody is named"
    await story.goes_on_to(story.at(2026, 5, 28, 14))
    words = "Bis zum Platz im Herbst suchen wir zusammen etwas in der Nähe."
    await holds_conference(berta, "Nach einer Tagesklinik in der Nähe fragen", date(2026, 6, 4), words)
    await mia.presses("Nein, danke")
    assert heard(await story.goes_on(days=9), berta, "Fachkonferenz"), "a decision is a task with a day"
    await berta.at_console("/console/conferences")
    await berta.does("hakt die Aufgabe ab", "Erledigt")


async def towards_work(story: Story, team: tuple[Actor, Actor], mia: Actor) -> None:
    lea, berta = team
    story.chapter("Weiterleitung mit stetiger Begleitung")
    await berta.enters("referral", "Die Klinik hat einen Plan")
    await berta.proposes_plan()
    await mia.presses("Ja, er passt", "Nein")
    story.on_duty = (berta, "Ich rufe Sie heute an.")
    await story.goes_on(days=60)
    story.on_duty = None
    story.chapter("Auf dem Weg in Arbeit")
    await berta.enters("towards_work", "Sechs Stunden am Tag sind das Ziel")
    told = await story.goes_on(days=3)
    assert not heard(told, mia, "Ihr Betrieb liest hier nicht mit."), "there is no internship"
    story.chapter("Abschied")
    await berta.enters("farewell", "Sie ist angekommen")
    await story.goes_on(days=5)
    await berta.ends("Sie ist angekommen")
    await story.goes_on(hours=1)
    await mia.presses("Überspringen", "Niemand")
    quiet = await story.goes_on(days=40)
    assert not heard(quiet, mia, "")
    assert not heard(quiet, lea, "")
