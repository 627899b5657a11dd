# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""KoPrA from the open door over the specialist check, with the coach there all the time, to the farewell."""

from __future__ import annotations

from pathlib import Path

from bot.domain.people import Role
from tests.e2e.chronicle import USUAL, Actor, Story, heard, lived
from tests.e2e.conftest import FirstStart


async def test_referred_and_never_left_alone(tmp_path: Path, first_start: FirstStart) -> None:
    title = "KoPrA: vermittelt und weiter begleitet"
    async with lived("kopra", title, tmp_path, first_start, 5, holidays="SN") as story:
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
        await clarified(story, berta, mia)
        await towards_work(story, (lea, berta), mia)


async def clarified(story: Story, berta: Actor, mia: Actor) -> None:
    story.chapter("Fachärztliche Klärung")
    await berta.enters("clarification", "Wir klären, was hilft")
    await berta.refers("Klinik Musterstadt", "damit jemand vom Fach mit Ihnen hinschaut", "Ihren Namen")
    await mia.presses("Ja", "Ja, gern")
    await berta.refers_on("arrived", "Platz ab September.")
    await mia.says("/einwilligungen")
    await mia.presses("Fragen, wie es mir geht", "Nein, danke")
    story.chapter("Eine Frage am Feiertag")
    await story.goes_on_to(story.at(2026, 11, 18, 9))
    await mia.says("Ich habe einen Brief von der Klinik bekommen und verstehe ihn nicht.")
    assert not heard(story.heard, berta, "heute"), "a day of prayer, on which only Saxony rests"
    await story.goes_on_to(story.at(2026, 11, 19, 9))
    await berta.takes_over("Bringen Sie ihn mit, wir lesen ihn zusammen.")


async def towards_work(story: Story, team: tuple[Actor, Actor], mia: Actor) -> None:
    lea, berta = team
    story.chapter("Weiterleitung mit stetiger Begleitung")
    await berta.enters("referral", "Die Klinik hat einen Plan")
    await berta.proposes_plan()
    await mia.presses("Ja, er passt", "Nein")
    await story.goes_on(days=60)
    story.chapter("Auf dem Weg in Arbeit")
    await berta.enters("towards_work", "Sechs Stunden am Tag sind das Ziel")
    assert heard(await story.goes_on(days=3), mia, "Ihr Betrieb liest hier nicht mit.")
    story.chapter("Abschied")
    await berta.enters("farewell", "Sie ist angekommen")
    await story.goes_on(days=5)
    await berta.ends("Sie ist angekommen")
    await story.goes_on(hours=1)
    await mia.presses("Überspringen", "Niemand")
    quiet = await story.goes_on(days=40)
    assert not heard(quiet, mia, "")
    assert not heard(quiet, lea, "")
