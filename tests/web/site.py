# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The building behind a real server, for real browsers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from playwright.async_api import Browser, BrowserContext, Page

from bot.domain.people import Role
from bot.serve import WebServer
from bot.services.invite import Hired
from bot.texts import Texts
from tests.web.building import Building

PHONE = (390, 760)
DESKTOP = (1300, 860)
#: 1280 pixels at 400 % zoom.
ZOOMED = (320, 256)
PATIENCE_MS = 10_000


@dataclass
class Site:
    """Where the building is, and the browser program that visits it."""

    building: Building
    address: str
    browser: Browser
    coach: Hired
    contexts: list[BrowserContext]
    faults: list[str]

    async def person(self, size: tuple[int, int], **more: object) -> BrowserContext:
        """Somebody with a browser of their own; whatever goes wrong in its scripts is kept in `faults`."""
        context = await self.browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            base_url=self.address,
            **({"locale": "de-DE"} | more),  # type: ignore[arg-type]
        )
        context.set_default_timeout(PATIENCE_MS)
        context.on("weberror", lambda fault: self.faults.append(str(fault.error)))
        self.contexts.append(context)
        return context

    async def participant(self, size: tuple[int, int] = PHONE, language: str = "de", **more: object) -> Page:
        """A participant in front of the first question."""
        page = await (await self.person(size, **more)).new_page()
        await page.goto(f"/p/{self.building.invite(self.coach, language)}")
        await page.get_by_role("button", name="Weiter").click()
        await page.wait_for_url("**/chat/**")
        return page

    async def colleague(self, size: tuple[int, int] = DESKTOP, **more: object) -> Page:
        """A lead in front of the queue: they see every case."""
        page = await (await self.person(size, **more)).new_page()
        code = self.building.hire("Dora Demo", Role.LEAD).console_code
        await page.goto(f"/console/enter/{code}")
        await page.get_by_role("button", name="Weiter").click()
        await page.wait_for_url("**/console/")
        return page


@asynccontextmanager
async def opened(browser: Browser, *, demo: bool = False, texts: Texts | None = None) -> AsyncIterator[Site]:
    """A site that is up; afterwards no script may have failed."""
    building = Building(demo=demo, texts=texts, public_url="http://lotse.example")
    server, stop = WebServer(building.app, "127.0.0.1", 0), asyncio.Event()
    running = asyncio.get_running_loop().create_task(server.run(stop))
    site = Site(building, server.address, browser, building.hire(), [], [])
    try:
        yield site
        assert site.faults == []
    finally:
        for context in site.contexts:
            await context.close()
        stop.set()
        await running
        building.close()
