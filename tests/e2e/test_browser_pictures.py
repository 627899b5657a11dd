# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A picture in a real browser: it is there, it fits, it has words, also in the dark and without scripts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, expect

from tests.web.site import DESKTOP, PHONE, Site, opened
from tests.web.test_pictures import show

pytestmark = pytest.mark.browser
ALT = "Ein Boot vor einem Leuchtturm"


@pytest.fixture
async def site(browser: Browser) -> AsyncIterator[Site]:
    async with opened(browser) as up:
        yield up


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(320, 640), PHONE, DESKTOP], ids=["small", "phone", "desktop"])
async def test_a_picture_is_seen_and_said(
    site: Site, tmp_path: Path, size: tuple[int, int], scheme: str
) -> None:
    mia = await site.participant(size, color_scheme=scheme)
    show(site.building, "So sieht es hier aus.", "pilot_boat.png", ALT)
    await mia.reload()
    picture = mia.get_by_role("img", name=ALT)
    await expect(picture).to_be_visible()
    await expect(picture).to_have_js_property("naturalWidth", 640)
    await mia.screenshot(path=tmp_path / f"picture {scheme} {size[0]}.png")
    box, around = await picture.bounding_box(), await picture.locator("..").bounding_box()
    assert box is not None
    assert around is not None
    assert around["x"] < box["x"]
    assert box["x"] + box["width"] < around["x"] + around["width"] <= size[0]
    assert abs(box["width"] / box["height"] - 640 / 360) < 0.02
    assert await mia.evaluate("document.scrollingElement.scrollWidth") <= size[0]
    found = await Axe().run(mia)
    assert found.violations_count == 0, found.generate_report()


async def test_a_new_picture_comes_by_itself(site: Site) -> None:
    mia = await site.participant()
    show(site.building, "Neu", "pilot_boat.png", ALT)
    await mia.get_by_role("button", name="Ja, gern").click()
    await expect(mia.get_by_role("img", name=ALT)).to_be_visible()


async def test_a_picture_needs_no_scripts(site: Site) -> None:
    mia = await site.participant(java_script_enabled=False)
    show(site.building, "So sieht es hier aus.", "pilot_boat.png", ALT)
    await mia.reload()
    picture = mia.get_by_role("img", name=ALT)
    await picture.scroll_into_view_if_needed()
    await expect(picture).to_be_visible()
    box = await picture.bounding_box()
    assert box is not None
    assert box["height"] > 100
