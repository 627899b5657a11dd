# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A participant and a coach in two real browsers, who see each other's doing without loading anew."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from http import HTTPStatus

import pytest
from playwright.async_api import Browser, Page, Route, expect

from bot.services.invite import Hired
from tests.e2e.on_a_phone import goes_to_the_notes
from tests.web.site import DESKTOP, Site, opened

pytestmark = pytest.mark.browser
ACUTE = "Ich will nicht mehr leben."


@pytest.fixture
async def site(browser: Browser) -> AsyncIterator[Site]:
    async with opened(browser) as up:
        yield up


async def agrees(mia: Page) -> None:
    await mia.get_by_role("button", name="Ja, gern").click()
    await expect(mia.locator("#lines")).to_contain_text("Ja, gern")


async def test_from_a_message_to_a_closed_case(site: Site) -> None:
    mia, berta = await site.participant(), await site.colleague()
    await agrees(mia)
    await mia.get_by_label("Ihre Nachricht").fill(ACUTE)
    await mia.get_by_role("button", name="Senden").click()
    # The field is free again, the help is there, and the coach's queue has it without a word from her.
    await expect(mia.get_by_label("Ihre Nachricht")).to_have_value("")
    await expect(mia.locator(".line-help a[href='tel:112']").last).to_be_in_viewport()
    await expect(berta.locator("#queue")).to_contain_text(ACUTE)
    await berta.locator("#queue a").first.click()
    await berta.get_by_label("Ich schreibe jetzt").check()
    await berta.get_by_role("button", name="Übernehmen", exact=True).click()
    await expect(mia.locator("#lines")).to_contain_text("Dora Demo hat Ihre Meldung gesehen")
    await berta.get_by_label(re.compile("Ihre Antwort an")).fill("Ich bin da.\nRufen Sie mich an.")
    await berta.get_by_role("button", name="Antwort senden").click()
    newest = mia.locator(".line-human").last
    await expect(newest).to_contain_text("Rufen Sie mich an.")
    await expect(newest).to_be_in_viewport()
    # What Mia writes next appears in the opened case.
    await mia.get_by_label("Ihre Nachricht").fill("Danke, mache ich")
    await mia.keyboard.press("Enter")
    await expect(berta.locator("#lines")).to_contain_text("Danke, mache ich")
    await berta.get_by_text("Abschließen", exact=True).click()
    await berta.get_by_label("Gesprochen").check()
    await berta.get_by_role("button", name="Fall abschließen").click()
    await expect(berta.locator("#notes")).to_contain_text("Der Fall ist abgeschlossen.")


async def test_the_words_in_a_field_survive_what_happens_elsewhere(site: Site) -> None:
    mia, berta = await site.participant(), await site.colleague()
    await mia.get_by_label("Ihre Nachricht").fill(ACUTE)
    await mia.keyboard.press("Enter")
    await expect(berta.locator("#queue")).to_contain_text(ACUTE)
    await berta.locator("#queue a").first.click()
    reply = berta.get_by_label(re.compile("Ihre Antwort an"))
    await reply.fill("Ich schreibe gerade")
    await mia.get_by_label("Ihre Nachricht").fill("Sind Sie da?")
    await mia.keyboard.press("Enter")
    await expect(berta.locator("#lines")).to_contain_text("Sind Sie da?")
    await expect(reply).to_have_value("Ich schreibe gerade")
    await expect(reply).to_be_focused()


async def test_by_keyboard_alone(site: Site) -> None:
    mia = await site.participant()
    await mia.goto("/nowhere")
    await mia.goto("/chat/")
    await mia.keyboard.press("Tab")
    await expect(mia.get_by_role("link", name="Zum Schreiben")).to_be_focused()
    names = []
    for _ in range(8):
        await mia.keyboard.press("Tab")
        names.append(
            await mia.evaluate("document.activeElement.innerText.trim() || document.activeElement.id")
        )
    assert names[:2] == ["Seite verlassen", "Hilfe sofort"]
    assert names[-4:] == ["Ja, gern", "Nein, danke", "words", "Senden"]
    for _ in range(3):
        await mia.keyboard.press("Shift+Tab")
    await mia.keyboard.press("Enter")
    # The question is another one now, and the focus is on its first answer, not at the top of the page.
    await expect(mia.locator("#lines")).to_contain_text("Ja, gern")
    await expect(mia.locator("#keys button").first).to_be_focused()
    await mia.get_by_label("Ihre Nachricht").focus()
    await mia.keyboard.type("erste Zeile")
    await mia.keyboard.press("Shift+Enter")
    await mia.keyboard.type("zweite Zeile")
    await mia.keyboard.press("Enter")
    await expect(mia.locator(".line-person").last).to_contain_text("erste Zeile\nzweite Zeile")
    await expect(mia.get_by_label("Ihre Nachricht")).to_be_focused()


async def test_when_nothing_can_be_stored_the_words_stay(site: Site) -> None:
    mia = await site.participant()
    words = mia.get_by_label("Ihre Nachricht")
    site.building.storage.is_down = True
    await words.fill("Nicht verlieren")
    await mia.keyboard.press("Enter")
    await expect(mia.get_by_role("status")).to_contain_text("noch nicht angekommen")
    await expect(words).to_have_value("Nicht verlieren")
    site.building.storage.is_down = False
    await mia.keyboard.press("Enter")
    await expect(mia.locator(".line-person")).to_have_text([re.compile("Nicht verlieren")])
    await expect(mia.get_by_role("status")).to_be_empty()


async def only_what_is_sent(route: Route) -> None:
    await (route.continue_() if route.request.method == "POST" else route.abort())


async def test_what_became_of_words_on_a_page_that_has_shut_stays_to_be_read(site: Site) -> None:
    mia = await site.participant()
    # Before the page has noticed: it looks again at moments of its own.
    await mia.route("**/chat/**", only_what_is_sent)
    site.building.clock.advance(timedelta(days=30, minutes=1))
    await mia.get_by_label("Ihre Nachricht").fill(ACUTE)
    await mia.keyboard.press("Enter")
    await expect(mia.locator("main")).to_contain_text("Ihre Nachricht ist angekommen.")
    await expect(mia.get_by_role("link", name="0800 1110111").first).to_be_visible()
    loaded: list[str] = []
    mia.on("request", lambda sent: loaded.append(sent.url) if sent.is_navigation_request() else None)
    await mia.unroute("**/chat/**")
    async with mia.expect_response(lambda answer: answer.status == HTTPStatus.UNAUTHORIZED):
        await mia.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    # Two frames later a page that loads anew would have asked for itself.
    await mia.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert loaded == []
    await expect(mia.locator("main")).to_contain_text("Ihre Nachricht ist angekommen.")
    berta = await site.colleague()
    await expect(berta.locator("#queue")).to_contain_text(ACUTE)


async def test_without_a_network_the_words_stay(site: Site) -> None:
    mia = await site.participant()
    await mia.context.set_offline(True)
    await mia.get_by_label("Ihre Nachricht").fill("Im Zug")
    await mia.keyboard.press("Enter")
    await expect(mia.get_by_role("status")).to_contain_text("noch nicht angekommen")
    await mia.context.set_offline(False)
    await mia.keyboard.press("Enter")
    await expect(mia.locator(".line-person")).to_have_count(1)


async def test_tabs_share_one_stream_and_it_ends_with_the_last(site: Site) -> None:
    mia = await site.participant()
    tabs = [mia, *[await mia.context.new_page() for _ in range(7)]]
    for tab in tabs[1:]:
        await tab.goto("/chat/")
    await tabs[-1].get_by_role("button", name="Ja, gern").click()
    for tab in tabs:
        await tab.bring_to_front()
        await expect(tab.locator("#lines")).to_contain_text("Ja, gern")
    assert site.building.live.count == 1
    await mia.close()
    # Another tab takes the stream over, and hears of what comes.
    await tabs[1].bring_to_front()
    await tabs[1].get_by_role("button", name="Hilfe sofort").click()
    await tabs[2].bring_to_front()
    await expect(tabs[2].locator("#lines")).to_contain_text("116 123")
    await mia.context.close()
    async with asyncio.timeout(10):
        while site.building.live.count:
            await asyncio.sleep(0.01)


async def test_without_scripts(site: Site) -> None:
    mia = await site.participant(java_script_enabled=False)
    await mia.get_by_role("button", name="Ja, gern").click()
    await mia.get_by_role("button", name="Ja, gern").click()
    await expect(mia.locator(".line").last).to_be_in_viewport()
    await mia.get_by_label("Ihre Nachricht").fill(ACUTE)
    await mia.get_by_role("button", name="Senden").click()
    await expect(mia.locator(".line-help").last).to_be_in_viewport()
    await expect(mia.get_by_role("link", name="Aktualisieren")).to_be_visible()
    berta = await site.colleague(java_script_enabled=False)
    await berta.locator("#queue a").first.click()
    await berta.get_by_label("Ich rufe heute an").check()
    await berta.get_by_role("button", name="Übernehmen", exact=True).click()
    await expect(berta.locator("#notes")).to_contain_text("notiert")


async def test_leaving_at_once(site: Site) -> None:
    mia = await site.participant()
    await mia.route("https://www.wikipedia.org/**", lambda route: route.fulfill(body="Wissen"))
    await mia.get_by_role("link", name="Seite verlassen").click()
    await mia.wait_for_url("https://www.wikipedia.org/")
    await mia.go_back()
    assert "/chat/" not in mia.url


async def test_the_demo_opens_both_sides_by_itself(browser: Browser) -> None:
    async with opened(browser, demo=True) as site:
        demo = site.building.demo
        assert demo is not None
        hired = site.building.hire()
        demo.participant_entry = f"/p/{site.building.invite(hired)}"  # type: ignore[misc]
        demo.console_entry = f"/console/enter/{hired.console_code}"  # type: ignore[misc]
        page = await (await site.person((1400, 900))).new_page()
        await page.goto("/")
        chat, console = page.frame_locator("iframe").nth(0), page.frame_locator("iframe").nth(1)
        await expect(chat.locator("#lines")).to_contain_text("Darf ich Ihnen hier schreiben?")
        await expect(console.locator("h1")).to_have_text("Meldungen")
        await chat.get_by_label("Ihre Nachricht").fill(ACUTE)
        await chat.get_by_role("button", name="Senden").click()
        await expect(console.locator("#queue")).to_contain_text(ACUTE)
        await page.get_by_role("button", name="+1 Tag").click()
        await expect(page.locator("#clock")).to_contain_text("Dienstag, 24. November")


async def asks_for_help(site: Site) -> None:
    mia = await site.participant()
    await mia.get_by_label("Ihre Nachricht").fill(ACUTE)
    await mia.keyboard.press("Enter")
    await expect(mia.locator(".line-help").last).to_be_visible()


async def test_three_clicks_from_a_cold_start_to_taken_over(site: Site) -> None:
    await asks_for_help(site)
    berta = await site.colleague()
    await berta.locator("#queue a").first.click()
    await berta.get_by_label("Ich rufe heute an").click()
    await berta.get_by_role("button", name="Übernehmen", exact=True).click()
    await expect(berta.locator("#notes")).to_contain_text("notiert")


async def test_taking_over_by_keyboard_and_what_is_typed_outlives_the_case(site: Site) -> None:
    await asks_for_help(site)
    berta, karl = await site.colleague(), await site.colleague()
    for key in ("j", "Enter"):
        await berta.keyboard.press(key)
    await berta.wait_for_url("**/console/1")
    await expect(berta.locator("#form-take")).to_be_visible()
    await expect(berta.locator("#main")).to_be_focused()
    for key in ("t", "Space", "Enter"):
        await berta.keyboard.press(key)
    await expect(berta.locator("#notes")).to_contain_text("notiert")
    # Shortcuts are nothing but letters where somebody types.
    await berta.keyboard.press("r")
    await berta.keyboard.type("t n ?")
    await expect(berta.locator("#reply")).to_have_value("t n ?")
    await karl.goto("/console/1")
    await expect(karl.locator("#happened")).to_contain_text("Dora Demo hat diesen Fall auch offen.")
    await karl.get_by_text("Selbst übernehmen").click()
    await karl.get_by_label("Ich rufe heute an").click()
    await karl.get_by_role("button", name="Übernehmen", exact=True).click()
    await expect(karl.locator("#notes")).to_contain_text("notiert")
    await karl.get_by_text("Abschließen", exact=True).click()
    await karl.get_by_label("Gesprochen").click()
    await karl.get_by_role("button", name="Fall abschließen").click()
    await expect(berta.locator("#happened")).to_contain_text("abgeschlossen")
    await expect(berta.locator("#reply")).to_have_value("t n ?")


async def test_ten_tabs_of_the_console_share_one_stream(site: Site) -> None:
    berta = await site.colleague()
    tabs = [berta, *[await berta.context.new_page() for _ in range(9)]]
    for tab in tabs[1:]:
        await tab.goto("/console/")
    await asks_for_help(site)
    for tab in tabs:
        await tab.bring_to_front()
        await expect(tab.locator("#queue")).to_contain_text(ACUTE)
    # One for all tabs of hers, one for the participant's page.
    assert site.building.live.count == 2


async def at_work(site: Site, hired: Hired) -> Page:
    page = await (await site.person(DESKTOP)).new_page()
    await page.goto(f"/console/enter/{hired.console_code}")
    await page.get_by_role("button", name="Weiter").click()
    await page.wait_for_url("**/console/")
    return page


async def test_a_deputy_takes_the_caseload(site: Site) -> None:
    """Berta goes on leave in two clicks and a date; Karl has her people, hears of Mia and answers her."""
    mia = await site.participant()
    await agrees(mia)
    berta, karl = await at_work(site, site.coach), await at_work(site, site.building.hire("Karl Kollege"))
    await karl.goto("/console/people")
    await expect(karl.locator("main")).to_contain_text("In Vertretung (0)")
    await berta.goto("/console/people/hand-over")
    await berta.get_by_label("Letzter Tag").fill("2026-11-27")
    await berta.get_by_label("Vertretung").select_option(label="Karl Kollege")
    await berta.get_by_role("button", name="Eintragen").click()
    await expect(berta.locator("#notes")).to_contain_text("Karl Kollege vertritt in dieser Zeit.")
    await mia.get_by_label("Ihre Nachricht").fill(ACUTE)
    await mia.keyboard.press("Enter")
    await karl.goto("/console/")
    await expect(karl.locator("#queue")).to_contain_text(ACUTE)
    await karl.locator("#queue a").first.click()
    await karl.get_by_label("Ich schreibe jetzt").check()
    await karl.get_by_role("button", name="Übernehmen", exact=True).click()
    await expect(mia.locator("#lines")).to_contain_text("Karl Kollege hat Ihre Meldung gesehen")
    await karl.get_by_role("link", name=re.compile("zur Person")).click()
    await expect(karl.locator("h1")).to_contain_text("Fall")
    await goes_to_the_notes(karl, mia)
    await karl.goto("/console/people")
    await karl.get_by_role("link", name="In Vertretung (1)").click()
    await expect(karl.locator("main table")).to_contain_text("Berta Beispiel")
