# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Every page of the console in a real browser: those that the program serves, so none is forgotten.

One browser walks them all, and everything that is wrong anywhere is told at the end.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, ConsoleMessage, Page, Request, Route, ViewportSize, expect

from bot.ports import UnitOfWork
from bot.texts import Texts
from tests.e2e.test_browser_access import COLOURS, SPACING, WEAR
from tests.web.rich import Rich, rich_site
from tests.web.site import DESKTOP

pytestmark = pytest.mark.browser
NARROW = ViewportSize(width=320, height=640)
WIDE = ViewportSize(width=DESKTOP[0], height=DESKTOP[1])
#: In one language or the other the same words: a page in Arabic is this one, turned round.
TURN_ROUND = "document.documentElement.dir = 'rtl'"
#: What is wider than the window, with a name to find it by.
TOO_WIDE = """() => {
    const wide = document.documentElement.clientWidth + 1;
    if (document.scrollingElement.scrollWidth <= wide) return '';
    const found = [...document.querySelectorAll('main *')]
        .filter(one => one.getBoundingClientRect().right > wide || one.getBoundingClientRect().left < -1);
    return found.slice(0, 3).map(one => one.tagName + '.' + one.className).join(', ') || 'the page';
}"""
#: Many tabs: which of them are seen where, and whether the line that stands for them is.
FOLDS = """() => [...document.querySelectorAll('.fold')].map(one => [
    [...one.querySelectorAll('a')].every(tab => tab.checkVisibility({contentVisibilityAuto: true})),
    one.querySelector('summary').checkVisibility(),
    one.querySelector('a[aria-current]').textContent === one.querySelector('summary').textContent,
    one.offsetHeight < 60,
])"""
RIGHT_TO_LEFT = re.compile(r'<html[^>]* dir="rtl"')
#: Of an empty file: a style, or a script.
KINDS = ("text/css", "text/javascript")
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

    async def axe(self) -> None:
        results = await Axe().run(self.page)
        self._tell_all(results.response["violations"])

    async def axe_in_the_dark(self) -> None:
        await self.page.emulate_media(color_scheme="dark")
        self._tell_all(await self.page.evaluate(COLOURS))

    async def tabs(self, *, is_one_line: bool) -> None:
        # Our script folds them when a window becomes narrow, a moment later.
        if is_one_line:
            await expect(self.page.locator(".fold details[open]")).to_have_count(0)
        for all_seen, line_seen, names_here, is_low in await self.page.evaluate(FOLDS):
            is_right = names_here and (all_seen, line_seen) == (not is_one_line, is_one_line)
            self.tell("" if is_right and (is_low or not is_one_line) else f"tabs, one line: {is_one_line}")

    async def fits(self) -> None:
        """At 320 pixels, from right to left too, and for whoever needs more room between the letters."""
        await self.page.set_viewport_size(NARROW)
        self.tell(await self.page.evaluate(TOO_WIDE))
        await self.tabs(is_one_line=True)
        await self.page.evaluate(WEAR, SPACING)
        self.tell(await self.page.evaluate(TOO_WIDE))
        await self.page.evaluate(WEAR, "")
        await self.page.evaluate(TURN_ROUND)
        self.tell(await self.page.evaluate(TOO_WIDE))

    def _tell_all(self, violations: list[dict[str, Any]]) -> None:
        for one in violations:
            self.tell(f"{one['id']}: {one['nodes'][0]['html'][:200]}")


@pytest.fixture
async def rich(browser: Browser) -> AsyncIterator[Rich]:
    async with rich_site(browser, Texts({"ar": gettext.NullTranslations()})) as up:
        yield up


@pytest.mark.parametrize("half", [0, 1])
async def test_every_page_is_for_everybody(rich: Rich, half: int) -> None:
    """One load of each page serves all looks at it. In two halves, for a slow machine's patience."""
    walk = Walk(rich, await (await rich.site.person(DESKTOP)).new_page())
    page = walk.page
    for one in rich.looks()[half::2]:
        await walk.comes_as(one.visitor)
        walk.at = one.address
        await page.emulate_media(color_scheme="light")
        await page.set_viewport_size(WIDE)
        answer = await page.goto(walk.at)
        walk.tell("" if answer and answer.status == 200 else f"answers {answer and answer.status}")
        walk.tell("" if await page.locator("h1").count() == 1 else "has not one h1")
        walk.tell("" if (await page.title()).endswith(" · Lotse") else f"is called {await page.title()}")
        await walk.tabs(is_one_line=False)
        await walk.axe()
        await walk.axe_in_the_dark()
        await walk.fits()
    assert not walk.found, "\n".join(walk.found)


async def test_every_page_after_a_form(rich: Rich) -> None:
    """Without our scripts, as the server sends it."""
    walk = Walk(rich, await (await rich.site.person(DESKTOP)).new_page())
    page = walk.page
    is_seen = False

    async def serve(route: Route) -> None:
        """No scripts; and no styles for the page that is only there to send its form."""
        if is_seen and ".js" not in route.request.url:
            await route.continue_()
        else:
            await route.fulfill(body="", content_type=KINDS[".js" in route.request.url])

    await page.route("**/static/**", serve)
    for one in [one for one in rich.looks() if one.page.acts]:
        await walk.comes_as(one.visitor)
        walk.at = f"{one.address} after a form"
        is_seen = False
        await page.goto(one.address)
        if not await page.locator(SENT).count():
            continue
        is_seen = True
        async with page.expect_navigation() as led:
            await page.locator(SENT).first.evaluate(SEND)
        answer = await led.value
        walk.tell(f"answers {answer.status}" if answer.status not in (200, 422) else "")
        await walk.axe()
    assert not walk.found, "\n".join(walk.found)


def _reads_arabic(staff_id: int, uow: UnitOfWork) -> None:
    uow.people.change_staff(staff_id, language="ar")


async def test_every_page_knows_that_arabic_goes_from_right_to_left(rich: Rich) -> None:
    """What that does to a page is seen in the walk through all of them."""
    building = rich.site.building
    walk = Walk(rich, await (await rich.site.person((320, 640))).new_page())
    for one in rich.looks():
        await walk.comes_as(one.visitor)
        building.do(partial(_reads_arabic, one.visitor))
        walk.at = one.address
        html = await (await walk.page.request.get(walk.at)).text()
        walk.tell("" if RIGHT_TO_LEFT.search(html) else "is not from right to left")
    assert not walk.found, "\n".join(walk.found)
