# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Lotse's own page: the whole road without a messenger, and on from one in mid-conversation (promise P5)."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import httpx
import pytest

from tests.e2e.stories import Team, Town
from tests.web.building import Browser


@pytest.fixture
async def browser(town: Town) -> AsyncIterator[Browser]:
    """A browser that has never been here."""
    async with httpx.AsyncClient(base_url=town.address) as client:
        yield Browser(client)


async def test_the_road_without_any_messenger(town: Town, team: Team, browser: Browser) -> None:
    berta = team.berta
    await browser.open(f"/p/{await town.invites(team.coach)}")
    await town.then()
    await browser.press("Weiter")
    assert "Darf ich Ihnen hier schreiben?" in browser.words
    await browser.press("Ja, gern")
    await browser.press("Ja, gern")
    assert "Wie geht es Ihnen heute?" in browser.words, "our own page needs no consent of its own"
    await browser.press("1")
    await town.then(berta.hears("Meldung R1"))
    await berta.presses("Übernehmen")
    await town.then(berta.sees("Übernommen von Ihnen."), berta.hears("Was ist Ihr nächster Schritt?"))
    await berta.presses("Ich schreibe jetzt")
    await berta.says("Ich bin um drei bei Ihnen.")
    await town.then(berta.hears("notiert"), berta.hears("Schreiben Sie jetzt"), berta.hears("unterwegs"))
    await browser.open("/chat/")
    assert "Berta Beispiel hat Ihre Meldung gesehen und übernommen." in browser.words
    assert "Ich bin um drei bei Ihnen." in browser.words
    await browser.write("Danke, bis nachher!")
    await town.then(berta.hears("Neue Nachricht · Fall "))
    await berta.presses("Erledigt")
    await town.then(berta.hears("Was ist das Ergebnis?"))
    await berta.presses("Gesprochen")
    await town.then(berta.hears("ist abgeschlossen: Gesprochen."))


async def test_from_the_messenger_to_the_page_and_on(town: Town, team: Team, browser: Browser) -> None:
    """A health question becomes a neutral line with a link; behind it waits the same question."""
    berta, zoe = team.berta, town.meet("Zoe", 700)
    await zoe.opens(await town.invites(team.coach))
    await zoe.says("ja", "ja")
    await town.settled()
    town.forget()
    await zoe.presses("Nein, lieber mit Link")
    await town.then(
        zoe.hears("STOPP beendet alles sofort."), zoe.hears("Hier geht es weiter, auf unserer eigenen Seite.")
    )
    assert "geht es Ihnen" not in zoe.last
    link = found[0] if (found := re.search(r"/p/\S+", zoe.last)) else ""
    await browser.open(link)
    await browser.press("Weiter")
    assert "Wie geht es Ihnen heute?" in browser.words
    await browser.press("2")
    assert "Wie haben Sie geschlafen?" in browser.words
    await town.then(berta.hears("Meldung R1"))
    await browser.press("6")
    await browser.write("Ich habe gekocht.")
    await browser.press("Nein")
    assert "Alles Gute für Ihre Woche!" in browser.words
    await town.then()

    await zoe.says("Kann ich noch etwas fragen?")
    await town.then(zoe.hears("Ich gebe sie an Berta Beispiel weiter."), berta.hears("Meldung R1"))
    await browser.open("/chat/")
    assert "Kann ich noch etwas fragen?" in browser.words, "one person, one conversation"

    async with httpx.AsyncClient(base_url=town.address) as client:
        other = Browser(client)
        await other.open(link)
        await other.press("Weiter")
        assert other.status == 404
        assert "Wie geht es Ihnen heute?" not in other.words


async def test_a_double_submit_and_a_wrong_token_have_no_second_effect(
    town: Town, team: Team, browser: Browser
) -> None:
    await browser.open(f"/p/{await town.invites(team.coach)}")
    await browser.press("Weiter")
    form = next(one for one in browser.page.forms if one.has_text)
    await browser.post(form, text="ja")
    await browser.post(form, text="ja")
    assert browser.words.count("Darf ich Sie einmal in der Woche fragen") == 1
    await browser.post(form, text="ja", token="falsch")
    assert browser.status == 403
    await town.then()


async def test_a_hundred_thousand_characters_on_the_page(town: Town, team: Team, browser: Browser) -> None:
    await browser.open(f"/p/{await town.invites(team.coach)}")
    await browser.press("Weiter")
    await browser.write("ja")
    await browser.write("nein")
    await browser.write("wort " * 20_000)
    assert "Ich gebe sie an Berta Beispiel weiter." in browser.words
    await town.then(team.berta.hears("Meldung R1"))


async def test_another_device_asks_for_a_link_of_its_own(town: Town, team: Team, browser: Browser) -> None:
    """One question, begun on one device, is answered on the next; the link comes through the messenger."""
    zoe = town.meet("Zoe", 700)
    await zoe.opens(await town.invites(team.coach))
    await zoe.says("ja", "ja")
    await town.settled()
    await zoe.presses("Nein, lieber mit Link")
    await town.settled()
    link = re.search(r"/p/\S+", zoe.last)
    assert link is not None
    await browser.open(link[0])
    await browser.press("Weiter")
    await browser.press("7")
    assert "Wie haben Sie geschlafen?" in browser.words
    town.forget()
    async with httpx.AsyncClient(base_url=town.address) as client:
        other = Browser(client)
        await other.open(link[0])
        await other.press("Weiter")
        assert other.status == 404
        await other.press("Neuen Link schicken")
        await town.then(zoe.hears("Hier geht es weiter, auf unserer eigenen Seite."))
        fresh = re.search(r"/p/\S+", zoe.last)
        assert fresh is not None
        assert fresh[0] != link[0]
        await other.open(fresh[0])
        await other.press("Weiter")
        assert "Wie haben Sie geschlafen?" in other.words, "the same conversation, where it was"
        await other.press("6")
    await browser.open("/chat/")
    assert "Was ist Ihnen diese Woche gelungen?" in browser.words
    await browser.open("/chat/me")
    assert "Ein anderes Gerät" in browser.words
    await browser.press("Alle Geräte abmelden")
    await browser.open("/chat/")
    assert browser.status == 401
    await town.then()
