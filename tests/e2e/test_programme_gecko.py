# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Gecko from the invitation to the farewell: two years, with a concern open on the day they are over."""

from __future__ import annotations

from datetime import date

from bot.domain.people import Role
from bot.ports import UnitOfWork
from tests.e2e.case_acts import (
    invites_to_group,
    makes_group,
    notes_who_came,
    offers_pack,
    passes_pack_on,
)
from tests.e2e.chronicle import USUAL, Actor, Story, heard, lived
from tests.e2e.conftest import Ground
from tests.web.test_console_casework import filled


async def test_two_years(ground: Ground) -> None:
    async with lived(
        "gecko", "Gecko: zwei Jahre", ground, 4, name="Jobcenter Muster", holidays="BB"
    ) as story:
        lea = await story.staff("Lea", 903, Role.LEAD)
        berta = await story.staff("Berta", 901, Role.COACH)
        dirk = await story.staff("Dirk", 902, Role.COACH, deputy_of=berta.number)
        mia = await first_weeks(story, berta, dirk)
        await support(story, berta, mia)
        await a_bad_night(story, berta, mia)
        await the_end(story, (lea, berta), mia)


async def first_weeks(story: Story, berta: Actor, dirk: Actor) -> Actor:
    story.chapter("Zusteuerung")
    mia = await story.arrives("Mia", 500, berta)
    await mia.presses("Ja, gern", "Ja, gern", "Ja, hier im Messenger", "6", "5")
    await mia.says("Ich habe gekocht.")
    await mia.presses("Nein")
    await mia.says("/einwilligungen")
    await mia.presses("Auswertung", "Ja, gern")
    story.usual = dict(USUAL)
    await story.goes_on(days=6)
    assert heard(story.heard, mia, "ein paar Fragen für die Auswertung"), "the measuring point of the start"

    story.chapter("Eine schlechte Woche: Die Vertretung übernimmt")
    story.usual = {}
    await story.goes_on(days=1, hours=2)
    await mia.says("1", "2", "überspringen", "nein")
    await story.goes_on(days=1)
    assert heard(story.heard, dirk, "Meldung R1")
    await dirk.presses("Übernehmen", "Ich schreibe jetzt")
    await dirk.says("Ich bin die Vertretung von Frau Beispiel. Wollen wir morgen telefonieren?")
    await mia.says("Ja, gern.")
    await dirk.presses("Erledigt", "Gesprochen")

    story.chapter("Situations- und Bedarfsanalyse")
    story.usual = dict(USUAL)
    await story.goes_on_to(story.at(2026, 6, 1))
    assert heard(story.heard, berta, "Vielleicht ist es Zeit für die nächste Phase")
    await berta.enters("situation", "Wir kennen uns jetzt")
    await berta.proposes_plan()
    await mia.presses("Ja, er passt", "Nein")
    await mia.says("/einwilligungen")
    await mia.presses("Fragen, wie es mir geht", "Nein, danke")
    story.on_duty = (berta, "Ich rufe Sie heute an.")
    quiet = await story.goes_on(days=8)
    assert not heard(quiet, mia, "Wie geht es Ihnen heute?"), "she wants no such questions any more"
    await mia.says("/hilfeplan")
    await mia.presses("Geschafft")
    await mia.says("1")
    return mia


async def support(story: Story, berta: Actor, mia: Actor) -> None:
    story.chapter("Aktive Unterstützung und Begleitung")
    await story.goes_on_to(story.at(2026, 7, 27))
    assert heard(story.heard, berta, "Heute wollten Sie gemeinsam auf den Hilfeplan schauen")
    await berta.enters("support", "Der Plan steht")
    await story.goes_on(days=28)
    await berta.refers("Beratungsstelle Musterstadt", "damit Sie nicht allein suchen", "Ihren Namen")
    await mia.presses("Ja", "Ja, gern")
    await berta.refers_on("arrived", "Sie geht jetzt jede Woche hin.")
    await a_group(story, berta, mia)
    story.chapter("Eine Pause")
    await mia.says("/pause")
    await mia.presses("4 Wochen")
    quiet = await story.goes_on(days=27)
    assert not [one for one in quiet if one.who == "Mia"], "a pause is a pause"
    await story.goes_on(days=3)
    await mia.presses("Weiter wie bisher")


async def a_group(story: Story, berta: Actor, mia: Actor) -> None:
    story.chapter("Eine Gruppe mit einem Platz")
    noah = await story.arrives("Noah", 501, berta)
    await noah.presses("Ja, gern", "Nein, danke")
    await makes_group(berta, "Draußen gehen", date(2026, 9, 7), places=1)
    await invites_to_group(berta, "Noah", person=2)
    await noah.presses("Ja, ich komme")
    await invites_to_group(berta, "Mia", person=1)
    await mia.presses("Auf die Warteliste")
    await noah.says("/gruppe")
    await noah.presses("Ich komme nicht")
    assert heard(story.heard, mia, "ein Platz für Sie frei")
    await mia.presses("Ja, ich komme")
    await noah.says("STOPP")
    await berta.ends("Er möchte nicht mehr dabei sein", person=2)
    await story.goes_on_to(story.at(2026, 9, 7))
    await notes_who_came(berta, "Mia", person=1)
    assert heard(await story.goes_on(days=1), mia, "Wie war es für Sie?")
    await story.goes_on_to(story.at(2026, 9, 22, 13))


async def a_bad_night(story: Story, berta: Actor, mia: Actor) -> None:
    story.chapter("Eine schwere Nacht im Winter")
    await story.goes_on_to(story.at(2026, 12, 12, 22))
    story.on_duty = None
    await mia.says("Ich will nicht mehr leben.")
    assert "112" in mia.one.last
    assert heard(story.heard, berta, "Meldung R3")
    await story.goes_on_to(story.at(2026, 12, 14, 8))
    await berta.takes_over("Ich rufe Sie jetzt an.")
    await story.goes_on(days=1, hours=3)
    assert heard(story.heard, mia, "Ich wollte nur da sein.")


async def the_end(story: Story, team: tuple[Actor, Actor], mia: Actor) -> None:
    lea, berta = team
    story.chapter("Es wird still: zweimal fragt Lotse, dann nicht mehr")
    del story.usual["Wir haben länger nichts von Ihnen gehört."]
    for day, words in ((4, "Ich rufe Sie morgen an."), (15, "Wir telefonieren ab jetzt jeden Monat.")):
        told = await story.goes_on_to(story.at(2027, 1, day))
        assert heard(told, mia, "Wir haben länger nichts von Ihnen gehört.")
        assert heard(told, berta, "Meldung R1")
        await berta.takes_over(words)
    story.chapter("Ein ruhiges Jahr")
    told = await story.goes_on_to(story.at(2028, 2, 7))
    assert heard(told, berta, "Monat 18")
    assert heard(told, berta, "Monat 21")
    assert not heard(told, berta, "Meldung")
    assert not heard(told, mia, "Wir haben länger nichts von Ihnen gehört.")
    story.chapter("Individuelle Überleitung")
    await berta.enters("handover", "Es geht auf das Ende zu")
    await offers_pack(berta, "Beratungsstelle Musterstadt", "Hausarztpraxis Beispiel")
    await mia.presses("Ja, gern")
    await mia.says("Ich koche gern, und Gehen hilft mir.")
    await mia.presses("Ja", "Ja, so passt sie", "Nein", "Ja, gern", "Nein, danke")
    page = await berta.at_console("/console/people/1/handover")
    assert "Ich koche gern" in page.words, "now that one place may have it"
    await passes_pack_on(berta, "letter")
    story.on_duty = (berta, "Ich rufe Sie heute an.")
    assert heard(await story.goes_on_to(story.at(2028, 4, 5)), berta, "Monat 23")
    story.chapter("Monat 24, und etwas ist noch offen")
    await story.goes_on_to(story.at(2028, 5, 3))
    story.on_duty = None
    await mia.says("Wer ist danach eigentlich für mich da?")
    told = await story.goes_on_to(story.at(2028, 5, 4, 9))
    assert heard(told, lea, "Die 24 Monate des Programms sind vorbei. Offene Meldungen: 1.")
    page = await berta.at_console("/console/people/1/phases")
    assert "Offene Meldungen: 1" in page.words
    await berta.sends("beendet das Programm", filled(page, "end"), reason="Zwei Jahre sind um")
    assert await story.town.do(_open_concerns) == 1, "nothing is dropped"
    await berta.takes_over("Die Beratungsstelle Musterstadt begleitet Sie weiter.", older=1)
    await story.goes_on(hours=1)
    await mia.says("Ich habe wieder einen Arzt.")
    assert heard(story.heard, mia, "Es bleibt so, wie Sie es entschieden haben.")
    quiet = await story.goes_on(days=60)
    assert not heard(quiet, mia, ""), "whoever has left is left alone"
    story.chapter("Mia kommt wieder")
    await mia.opens(await story.invited(berta), "öffnet eine neue Einladung")
    await mia.presses("Ja, gern")
    first, second = await story.town.do(lambda uow: uow.programmes.of_participant(1))
    assert (first.is_open, second.is_open) == (False, True)


def _open_concerns(uow: UnitOfWork) -> int:
    return len(uow.concerns.of_participant(1))
