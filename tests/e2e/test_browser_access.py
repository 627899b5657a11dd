# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""For everybody: axe, 320 pixels, 400 % zoom, wide text spacing, dark, right to left."""

from __future__ import annotations

import gettext
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect

from bot.texts import Texts
from tests.web.site import DESKTOP, PHONE, ZOOMED, Site, opened

pytestmark = pytest.mark.browser
ACUTE = "Ich will nicht mehr leben."
#: What somebody may set who needs more room between letters and lines (WCAG 1.4.12).
SPACING = (
    "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }"
)

#: In the dark only colours differ. Axe must be in the page already.
COLOURS = """axe.run({
    runOnly: {type: 'rule', values: ['color-contrast', 'link-in-text-block']}, resultTypes: ['violations'],
}).then(found => found.violations)"""
WEAR = """css => {
    const own = new CSSStyleSheet();
    own.replaceSync(css);
    document.adoptedStyleSheets = [own];
}"""
FITS = """[...document.querySelectorAll('.scroller, .desk, .dock')]
    .every(box => box.scrollWidth <= box.clientWidth + 1)"""


@pytest.fixture
async def site(browser: Browser) -> AsyncIterator[Site]:
    texts = Texts({"ar": gettext.NullTranslations()})
    async with opened(browser, demo=True, texts=texts) as up:
        yield up


async def pages(site: Site, size: tuple[int, int]) -> AsyncIterator[tuple[str, Page]]:
    """Every kind of page, in the state in which it has most to show.

    Of the console the case in hand, with everything unfolded; `test_every_console_page` has the others.
    """
    mia = await site.participant(size)
    yield "question", mia
    for _ in range(2):
        await mia.locator("#keys button").first.click()
        await expect(mia.locator("#keys button").first).not_to_be_disabled()
    await mia.get_by_label("Ihre Nachricht").fill(f"{ACUTE} {'Donaudampfschifffahrt' * 6}")
    await mia.get_by_role("button", name="Senden").click()
    await expect(mia.locator(".line-help")).not_to_have_count(0)
    yield "chat", mia
    berta = await site.colleague(size)
    await berta.locator("#queue a").first.click()
    await expect(berta.locator("#case-title")).to_be_visible()
    await berta.get_by_label("Anderer Schritt", exact=True).check()
    await berta.get_by_label("Anderer Schritt, in einem Satz").fill("Nachbarin fragen")
    await berta.get_by_role("button", name="Übernehmen", exact=True).click()
    await expect(berta.locator("#notes")).to_contain_text("notiert")
    for summary in await berta.locator("summary:visible").all():
        await summary.click()
    yield "case in hand", berta
    await berta.goto("/nowhere")
    yield "message", berta
    await berta.goto("/p/unknown")
    yield "door", berta
    await berta.goto("/")
    yield "demo", berta


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_axe_finds_nothing(site: Site, size: tuple[int, int]) -> None:
    async for name, page in pages(site, size):
        found = await Axe().run(page)
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"
        await page.emulate_media(color_scheme="dark")
        assert await page.evaluate(COLOURS) == [], f"{name} in the dark"
        await page.emulate_media(color_scheme="light")


@pytest.mark.parametrize("size", [(320, 640), ZOOMED], ids=["phone", "zoomed"])
async def test_nothing_is_wider_than_320_pixels(site: Site, size: tuple[int, int]) -> None:
    async for name, page in pages(site, size):
        for spacing in ("", SPACING):
            # The page's policy forbids inline styles, a user's own style sheet does not ask.
            await page.evaluate(WEAR, spacing)
            width = await page.evaluate("document.scrollingElement.scrollWidth")
            assert width <= 320, (name, spacing)
            assert await page.evaluate(FITS), (name, spacing)
        await page.evaluate(WEAR, "")


@pytest.mark.parametrize("size", [PHONE, (320, 480), DESKTOP], ids=["phone", "small", "desktop"])
async def test_help_and_the_newest_words_are_always_in_sight(site: Site, size: tuple[int, int]) -> None:
    mia = await site.participant(size)
    for number in range(12):
        site.building.clock.advance(timedelta(seconds=20))
        await mia.get_by_label("Ihre Nachricht").fill(f"Nachricht {number}")
        await mia.keyboard.press("Enter")
        await expect(mia.locator(".line-person")).to_have_count(number + 1)
        await expect(mia.locator(".line").last).to_be_in_viewport()
        await expect(mia.get_by_role("button", name="Hilfe sofort")).to_be_in_viewport(ratio=1)
    await mia.reload()
    await expect(mia.locator(".line").last).to_be_in_viewport()


async def test_right_to_left(site: Site, tmp_path: Path) -> None:
    mia = await site.participant(language="ar")
    await expect(mia.locator("html")).to_have_attribute("dir", "rtl")
    await mia.get_by_label("Ihre Nachricht").fill("صباح الخير (112)")
    await mia.keyboard.press("Enter")
    await expect(mia.locator(".line-person")).to_have_count(1)
    await mia.screenshot(path=tmp_path / "rtl.png")
    own, ours = mia.locator(".line-person .bubble").last, mia.locator(".line-program .bubble").first
    own_box, our_box = await own.bounding_box(), await ours.bounding_box()
    assert own_box is not None
    assert our_box is not None
    assert own_box["x"] < 40
    assert our_box["x"] + our_box["width"] > PHONE[0] - 40
    assert (await Axe().run(mia)).violations_count == 0
