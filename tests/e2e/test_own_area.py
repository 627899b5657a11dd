# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The own page's doors, its area and its help, in a real browser: for everybody, and quick on old phones."""

from __future__ import annotations

import gettext
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect

from bot.domain.own_page import Factor
from bot.texts import Texts
from tests.e2e.test_browser_access import COLOURS, SPACING, WEAR
from tests.web.site import PHONE, ZOOMED, Site, opened
from tests.web.test_area import live
from tests.web.test_own_door import ask_for, person

pytestmark = pytest.mark.browser
PIN = "480157"
#: What a first view may cost on the way: three seconds on a slow 3G line, with all files it needs.
MOST_BYTES = 60_000


@pytest.fixture
async def site(browser: Browser) -> AsyncIterator[Site]:
    texts = Texts({"ar": gettext.NullTranslations(), "fa": gettext.NullTranslations()})
    async with opened(browser, texts=texts) as up:
        ask_for(up.building, Factor.PIN)
        yield up


async def pages(site: Site, size: tuple[int, int], **more: object) -> AsyncIterator[tuple[str, Page]]:
    """Every page of a participant beside the conversation."""
    mia = await (await site.person(size, **more)).new_page()
    await mia.goto(f"/p/{site.building.invite(site.coach, str(more.get('locale', 'de'))[:2])}")
    yield "choose a PIN", mia
    await mia.locator("#answer").fill("123456")
    await mia.locator("main button").click()
    yield "a PIN that is too easy", mia
    await mia.locator("#answer").fill(PIN)
    await mia.locator("main button").click()
    await mia.wait_for_url("**/chat/**")
    yield "chat", mia
    site.building.coach = site.coach
    live(site.building, person(site.building).id)
    await mia.goto("/chat/me")
    await mia.locator("summary").click()
    yield "area", mia
    await mia.goto("/hilfe")
    yield "help", mia
    await mia.goto("/nowhere")
    yield "message", mia


async def test_axe_finds_nothing_and_help_is_in_sight(site: Site) -> None:
    async for name, page in pages(site, PHONE):
        found = await Axe().run(page)
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"
        await page.emulate_media(color_scheme="dark")
        assert await page.evaluate(COLOURS) == [], f"{name} in the dark"
        await page.emulate_media(color_scheme="light")
        assert await page.title() == "Lotse", name
        await page.evaluate("scrollTo(0, document.body.scrollHeight)")
        await expect(page.locator(".bar .help")).to_be_in_viewport(ratio=1)


async def test_nothing_is_wider_than_320_pixels(site: Site) -> None:
    async for name, page in pages(site, ZOOMED):
        for spacing in ("", SPACING):
            await page.evaluate(WEAR, spacing)
            width = await page.evaluate("document.scrollingElement.scrollWidth")
            assert width <= 320, (name, spacing)
        await page.evaluate(WEAR, "")


async def test_text_of_twice_the_size(site: Site) -> None:
    async for name, page in pages(site, PHONE):
        await page.evaluate(WEAR, "html { font-size: 200% !important; }")
        assert await page.evaluate("document.scrollingElement.scrollWidth") <= PHONE[0], name


@pytest.mark.parametrize("language", ["ar-EG", "fa-IR"])
async def test_right_to_left(site: Site, language: str) -> None:
    async for name, page in pages(site, PHONE, locale=language):
        await expect(page.locator("html")).to_have_attribute("dir", "rtl")
        assert await page.evaluate("document.scrollingElement.scrollWidth") <= PHONE[0], name
        help_box = await page.locator(".bar .help").bounding_box()
        assert help_box is not None
        assert help_box["x"] < PHONE[0] / 2, name


async def test_colours_that_the_person_has_chosen(site: Site) -> None:
    async for name, page in pages(site, PHONE, forced_colors="active"):
        if name == "area":
            stroke = await page.locator(".trend polyline").first.evaluate("e => getComputedStyle(e).stroke")
            text = await page.locator("h1").evaluate("e => getComputedStyle(e).color")
            assert stroke == text


async def test_the_keyboard_is_enough(site: Site) -> None:
    page = await (await site.person(PHONE)).new_page()
    await page.goto(f"/p/{site.building.invite(site.coach)}")
    for _ in range(3):
        await page.keyboard.press("Tab")
    await expect(page.locator("#answer")).to_be_focused()
    await page.keyboard.type(PIN)
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/chat/**")
    await page.goto("/chat/me")
    seen = []
    for _ in range(25):
        await page.keyboard.press("Tab")
        focused = page.locator(":focus")
        seen.append((await focused.inner_text()) if await focused.count() else "")
        if seen[-1] == "Alle Geräte abmelden":
            break
    assert seen[:3] == ["Seite verlassen", "Hilfe sofort", "Zurück zum Gespräch"]
    await page.keyboard.press("Enter")
    await expect(page.locator("h1")).to_have_text("Alle Geräte sind abgemeldet.")


async def test_without_scripts(site: Site) -> None:
    async for name, page in pages(site, PHONE, java_script_enabled=False):
        await expect(page.locator("[data-leave]")).to_have_attribute("href", "https://www.wikipedia.org/")
        if name == "area":
            await page.get_by_role("button", name="Hilfe sofort").click()
            await expect(page.locator(".line-help").last).to_contain_text("112")


async def test_the_quick_exit_leaves_nothing_to_go_back_to(site: Site) -> None:
    rules = site.building.rulebook
    # Another page of this site stands for the neutral one: tests do not go out.
    site.building.rulebook = replace(rules, page=replace(rules.page, leave_to=f"{site.address}/hilfe"))
    page = await (await site.person(PHONE)).new_page()
    await page.goto(f"/p/{site.building.invite(site.coach)}")
    before = await page.evaluate("history.length")
    await page.locator("[data-leave]").click()
    await page.wait_for_url("**/hilfe")
    assert await page.evaluate("history.length") == before, "it takes the page's place"


async def test_the_first_view_is_light(site: Site) -> None:
    sizes: dict[str, int] = {}
    page = await (await site.person(PHONE)).new_page()
    session = await page.context.new_cdp_session(page)
    await session.send("Network.enable")
    urls: dict[str, str] = {}

    def begun(event: dict[str, Any]) -> None:
        urls[event["requestId"]] = event["response"]["url"]

    def ended(event: dict[str, Any]) -> None:
        sizes[event["requestId"]] = event["encodedDataLength"]

    session.on("Network.responseReceived", begun)
    session.on("Network.loadingFinished", ended)
    await page.goto(f"/p/{site.building.invite(site.coach)}", wait_until="networkidle")
    await page.locator("#answer").fill(PIN)
    first = {urls[number]: size for number, size in sizes.items() if number in urls}
    assert sum(first.values()) < MOST_BYTES, first


async def test_help_is_there_without_a_network_and_nothing_personal_is_kept(site: Site) -> None:
    context = await site.person(PHONE)
    page = await context.new_page()
    await page.goto(f"/p/{site.building.invite(site.coach)}")
    await page.locator("#answer").fill(PIN)
    await page.locator("main button").click()
    await page.wait_for_url("**/chat/**")
    await page.evaluate("navigator.serviceWorker.ready")
    await page.wait_for_function("navigator.serviceWorker.controller || navigator.serviceWorker.ready")
    await page.reload()
    kept = await page.evaluate(
        """async () => {
            const found = [];
            for (const name of await caches.keys())
                for (const request of await (await caches.open(name)).keys())
                    found.push(new URL(request.url).pathname);
            return found;
        }"""
    )
    assert "/hilfe" in kept
    assert all(path == "/hilfe" or path.startswith("/static/") for path in kept), kept
    await context.set_offline(True)
    await page.goto("/chat/")
    await expect(page.locator("h1")).to_have_text("Hilfe sofort")
    await expect(page.locator('a[href="tel:08001110111"]').first).to_be_visible()
