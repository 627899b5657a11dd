# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""PRO AKTIV from a new start after a rehabilitation to a first step into work, with its measuring points."""

from __future__ import annotations

from bot.domain.people import Role
from bot.ports import UnitOfWork
from tests.e2e.chronicle import USUAL, Actor, Story, heard, lived
from tests.e2e.conftest import Ground

POINT = "ein paar Fragen für die Auswertung"


async def test_a_new_start(ground: Ground) -> None:
    title = "PRO AKTIV: ein neuer Anlauf"
    async with lived(
        "pro-aktiv", title, ground, 5, next_to="Jobcenter Nebenan", name="Jobcenter Muster", holidays="NW"
    ) as story:
        await story.staff("Lea", 903, Role.LEAD)
        berta = await story.staff("Berta", 901, Role.COACH)
        await story.staff("Dirk", 902, Role.COACH, deputy_of=berta.number)
        story.chapter("Kennenlernen")
        mia = await story.arrives("Mia", 500, berta)
        await mia.presses("Ja, gern", "Ja, gern", "Ja, hier im Messenger", "4", "4", "Überspringen", "Nein")
        await mia.says("/einwilligungen")
        await mia.presses("Auswertung", "Ja, gern")
        story.usual = dict(USUAL)
        assert heard(await story.goes_on(days=5), mia, POINT), "the measuring point of the start"
        await small_steps(story, berta, mia)
        await on_the_way(story, berta, mia)


async def small_steps(story: Story, berta: Actor, mia: Actor) -> None:
    story.chapter("Neuer Anlauf: kleine Schritte, kein Vorwurf")
    await berta.enters("second_chance", "Eine Reha hat nicht gepasst")
    await story.goes_on(days=2, hours=1)
    assert heard(story.heard, mia, "Nicht jeder Weg passt beim ersten Mal.")
    await mia.presses("Überspringen", "Überspringen", "Ein kurzes Gespräch")
    await berta.takes_over("Gern. Passt Ihnen Mittwoch um zehn?")
    await berta.proposes_plan("second_chance")
    await mia.presses("Ja, er passt", "Nein")
    story.chapter("Hilfe- und Fahrplan")
    await story.goes_on(days=28)
    await berta.enters("road_map", "Es geht weiter")
    await berta.refers("Sportverein Musterstadt", "damit Sie wieder in Bewegung kommen", "Ihren Namen")
    await mia.presses("Ja", "Ja, gern")
    await berta.refers_on("arrived", "Sie geht zum Probetraining.")


async def next_door(story: Story, berta: Actor) -> None:
    story.chapter("Zur selben Zeit beim zweiten Jobcenter")
    fritz = await story.staff("Fritz", 902, Role.COACH, agency=2)
    noah = await story.arrives("Noah", 500, fritz)
    await noah.presses("Ja, gern", "Nein, danke")
    await noah.says("Ich möchte gern mit jemandem sprechen.")
    told = story.heard
    assert heard(told, fritz, "Meldung R1")
    assert not heard(told, berta, ""), "nothing crosses"
    await fritz.takes_over("Ich rufe Sie heute Nachmittag an.")
    for path in ("/console/people/1", "/console/people/1/help-plan", "/console/1"):
        assert await fritz.is_refused(path), "nor does the console show it"
    assert not await berta.is_refused("/console/people/1")
    await noah.says("STOPP")


async def on_the_way(story: Story, berta: Actor, mia: Actor) -> None:
    story.chapter("Unterwegs mit Unterstützung")
    await berta.enters("support", "Sie hat etwas gefunden")
    story.chapter("Im Sommer keine Fragen")
    await mia.says("/einwilligungen")
    await mia.presses("Fragen, wie es mir geht", "Nein, danke")
    story.on_duty = (berta, "Ich rufe Sie heute an.")
    await story.goes_on_to(story.at(2026, 10, 26))
    story.on_duty = None
    await mia.says("/einwilligungen")
    await mia.presses("Fragen, wie es mir geht", "Ja, gern")
    told = await story.goes_on_to(story.at(2026, 11, 13))
    assert not heard(told, mia, POINT), "nobody is asked the same twice"
    assert "month_6" in await story.town.do(_answered_points), "what she says anyway counts"
    story.chapter("Schritt in die Arbeit: nur, wenn beide es wollen")
    await berta.enters("placement", "Sie möchte es versuchen")
    await berta.says(f"/praktikum {story.case} 16.11.2026")
    assert heard(await story.goes_on(days=7), mia, "Ihr Betrieb liest hier nicht mit.")
    await next_door(story, berta)
    story.chapter("Abschied")
    await berta.enters("farewell", "Sie bleibt im Betrieb")
    await story.goes_on(days=5)
    await berta.ends("Sie arbeitet")
    await story.goes_on(hours=1)
    await mia.says("Ich gehe zweimal in der Woche zum Sport.")
    await mia.presses("Beide")
    assert heard(story.heard, mia, "Ich selbst verschicke nichts.")
    await berta.takes_over("Wir gehen die Übergabe zusammen durch.")
    assert not heard(await story.goes_on(days=40), mia, "")


def _answered_points(uow: UnitOfWork) -> set[str]:
    return {one.point for one in uow.casework.measuring.of_participant(1) if one.run_id is not None}
