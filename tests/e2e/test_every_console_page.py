# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Every page of the console in a real browser: those that the program serves, so none is forgotten.

One browser walks them all, and everything that is wrong anywhere is told at the end.
"""

from __future__ import annotations

import gettext
from collections.abc import AsyncIterator
from functools import partial

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, ConsoleMessage, Page, Request, ViewportSize

from bot.ports import UnitOfWork
from bot.texts import Texts
from bot.web.console.seat import Page as ConsolePage
from tests.e2e.test_browser_access import SPACING, WEAR
from tests.web.rich import Rich, pages, rich_site
from tests.web.site import DESKTOP

pytestmark = pytest.mark.browser
NARROW = ViewportSize(width=320, height=640)
WIDE = ViewportSize(width=DESKTOP[0], height=DESKTOP[1])
#: In the dark only colours differ.
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
#: What is wider than the window, with a name to find it by.
TOO_WIDE = """() => {
    const wide = document.documentElement.clientWidth + 1;
    if (document.scrollingElement.scrollWidth <= wide) return '';
    const found = [...document.querySelectorAll('main *')]
        .filter(one => one.getBoundingClientRect().right > wide || one.getBoundingClientRect().left < -1);
    return found.slice(0, 3).map(one => one.tagName + '.' + one.className).join(', ') || 'the page';
}"""
#: A form with something to fill in.
SENT = "main form[method=post]:has(textarea, input:not([type=hidden]), select)"
#: Sends it as it stands, although it may not be filled in.
SEND = """form => {
    form.closest('details')?.setAttribute('open', '');
    form.noValidate = true;
    setTimeout(() => form.requestSubmit(form.querySelector('button')));
}"""


class Walk:
    """A way through all pages, and what was found on it."""

    def __init__(self, rich: Rich, page: Page) -> None:
        self.page = page
        self.found: list[str] = []
        self.at = ""
        self._rich, self._who = rich, 0
        page.on("console", self._heard)
        page.on("request", self._asked)

    async def comes_as(self, staff_id: int) -> None:
        if staff_id != self._who:
            self._who = staff_id
            await self._rich.sign_in(self.page, staff_id)

    def tell(self, fault: object) -> None:
        if fault:
            self.found.append(f"{self.at}: {fault}")

    def _heard(self, message: ConsoleMessage) -> None:
        # A form that comes back with faults is an answer of 422, which browsers note as an error.
        if message.type == "error" and "422" not in message.text:
            self.tell(f"console: {message.text}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self._rich.site.address, "data:")):
            self.tell(f"somebody else's: {request.url}")

    async def axe(self, **options: object) -> None:
        results = await Axe().run(self.page, **options)
        for one in results.response["violations"]:
            self.tell(f"{one['id']}: {one['nodes'][0]['html'][:200]}")


def by_visitor(rich: Rich) -> list[ConsolePage]:
    """All pages; those of one visitor come together."""
    return sorted(pages(), key=rich.visitor)


@pytest.fixture
async def rich(browser: Browser) -> AsyncIterator[Rich]:
    async with rich_site(browser, Texts({"ar": gettext.NullTranslations()})) as up:
        yield up


async def test_every_page_is_for_everybody(rich: Rich) -> None:
    walk = Walk(rich, await (await rich.site.person(DESKTOP)).new_page())
    page = walk.page
    for one in by_visitor(rich):
        await walk.comes_as(rich.visitor(one))
        walk.at = rich.address(one)
        await page.emulate_media(color_scheme="light")
        await page.set_viewport_size(WIDE)
        answer = await page.goto(walk.at)
        walk.tell("" if answer and answer.status == 200 else f"answers {answer and answer.status}")
        walk.tell("" if await page.locator("h1").count() == 1 else "has not one h1")
        walk.tell("" if (await page.title()).endswith(" · Lotse") else f"is called {await page.title()}")
        await walk.axe()
        await page.emulate_media(color_scheme="dark")
        await walk.axe(options=COLOURS)
        await page.set_viewport_size(NARROW)
        walk.tell(await page.evaluate(TOO_WIDE))
        await page.evaluate(WEAR, SPACING)
        walk.tell(await page.evaluate(TOO_WIDE))
    assert not walk.found, "\n".join(walk.found)


async def test_every_page_after_a_form(rich: Rich) -> None:
    """Without our scripts, as the server sends it."""
    walk = Walk(rich, await (await rich.site.person(DESKTOP)).new_page())
    page = walk.page
    await page.route("**/*.js*", lambda route: route.fulfill(body="", content_type="text/javascript"))
    for one in [one for one in by_visitor(rich) if one.acts]:
        await walk.comes_as(rich.visitor(one))
        walk.at = f"{rich.address(one)} after a form"
        await page.goto(rich.address(one))
        if not await page.locator(SENT).count():
            continue
        async with page.expect_navigation() as led:
            await page.locator(SENT).first.evaluate(SEND)
        answer = await led.value
        walk.tell(f"answers {answer.status}" if answer.status not in (200, 422) else "")
        await walk.axe()
    assert not walk.found, "\n".join(walk.found)


def _reads_arabic(staff_id: int, uow: UnitOfWork) -> None:
    uow.people.change_staff(staff_id, language="ar")


async def test_every_page_from_right_to_left(rich: Rich) -> None:
    building = rich.site.building
    walk = Walk(rich, await (await rich.site.person((320, 640))).new_page())
    page = walk.page
    for one in by_visitor(rich):
        await walk.comes_as(rich.visitor(one))
        building.do(partial(_reads_arabic, rich.visitor(one)))
        walk.at = rich.address(one)
        await page.goto(walk.at)
        walk.tell(
            "" if await page.locator("html").get_attribute("dir") == "rtl" else "is not from right to left"
        )
        walk.tell(await page.evaluate(TOO_WIDE))
    assert not walk.found, "\n".join(walk.found)
