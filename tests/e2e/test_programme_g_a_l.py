# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""G-A-L from the ward through the first thirty days at home and an internship to the farewell."""

from __future__ import annotations

from datetime import date

from bot.domain.people import Role
from tests.e2e.case_acts import ends_internship, enters_hours, enters_internship
from tests.e2e.chronicle import USUAL, Actor, Story, heard, lived
from tests.e2e.conftest import Ground

HOME = "Geht es gerade noch?"


async def test_from_the_ward_into_work(ground: Ground) -> None:
    async with lived(
        "g-a-l", "G-A-L: aus der Klinik in die Arbeit", ground, 5, name="PRO Arbeit Muster", holidays="BB"
    ) as story:
        await story.staff("Lea", 903, Role.LEAD)
        berta = await story.staff("Berta", 901, Role.COACH)
        await story.staff("Dirk", 902, Role.COACH, deputy_of=berta.number)
        story.chapter("Noch in der Klinik")
        mia = await story.arrives("Mia", 500, berta)
        await mia.presses("Ja, gern", "Ja, gern", "Ja, hier im Messenger", "5", "5", "Überspringen", "Nein")
        await berta.proposes_plan()
        await mia.presses("Ja, er passt", "Nein")
        story.usual = dict(USUAL)
        await story.goes_on(days=3)
        await thirty_days(story, berta, mia)
        await at_work(story, berta, mia)


async def thirty_days(story: Story, berta: Actor, mia: Actor) -> None:
    story.chapter("Nach der Entlassung: Tag 1, 3, 7, 14 und 30")
    await berta.enters("discharge", "Entlassen", day="2026-05-07")
    asked = await story.goes_on(days=1)
    del story.usual[HOME]
    asked += await story.goes_on(days=2)
    await mia.presses("Nein, ich brauche jetzt Hilfe")
    assert heard(story.heard, berta, "Meldung R3")
    assert "112" in " ".join(one.text for one in story.heard)
    story.usual = dict(USUAL)
    await story.goes_on_to(story.next_morning())
    await berta.takes_over("Ich komme heute Nachmittag vorbei.")
    await story.goes_on(hours=3)
    asked += await story.goes_on(days=27)
    assert sum(HOME in one.text for one in asked) == 5, "and on no other day"
    assert not heard(await story.goes_on(days=5), mia, HOME)


async def at_work(story: Story, berta: Actor, mia: Actor) -> None:
    story.chapter("Halt finden")
    await berta.enters("stabilisation", "Die ersten Wochen sind geschafft")
    await mia.says("/einwilligungen")
    await mia.presses("Fragen, wie es mir geht", "Nein, danke")
    await story.goes_on(days=20)
    story.chapter("Praktikum")
    emil = await story.firm("Emil")
    await berta.enters("internship", "Tischlerei Muster, acht Wochen")
    await enters_internship(berta, emil, date(2026, 7, 2), date(2026, 8, 26))
    page = await emil.at_console("/console/placements")
    assert "M. M." not in page.words, "not before she has said yes"
    await mia.presses("Ja, das passt", "Ja, gern")
    assert heard(await story.goes_on(days=2), mia, "Ihr Betrieb liest hier nicht mit.")
    del story.usual["Wie ist es für Sie mit der Arbeit?"]
    await story.goes_on(days=7)
    seen = await enters_hours(emil, date(2026, 7, 6), "17,5")
    assert "M. M." in seen
    await mia.presses("Ich brauche Hilfe im Praktikum")
    await mia.says("Es ist sehr laut in der Halle.")
    story.usual = dict(USUAL)
    await story.goes_on_to(story.next_morning())
    await berta.takes_over("Ich spreche mit der Anleiterin.")
    page = await emil.at_console("/console/placements")
    assert not any(one in page.html for one in ("Mia", story.case, "Hilfe im", "laut", "Berta"))
    await story.goes_on(days=23)
    story.chapter("Schritt in die Arbeit, und Abschied")
    await ends_internship(berta, date(2026, 8, 5), "Sie fängt früher an zu arbeiten")
    await berta.leaves("internship", "Sie fängt früher an zu arbeiten")
    await berta.enters("working_life", "Eine halbe Stelle")
    quiet = await story.goes_on(days=20)
    assert not heard(quiet, mia, "Praktikum")
    await berta.ends("Sie arbeitet")
    await story.goes_on(hours=1)
    await mia.presses("Überspringen", "Niemand")
    assert not heard(await story.goes_on(days=40), mia, "")
