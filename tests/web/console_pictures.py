# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Pictures of every page of the console, for the documentation: light, dark and on a phone.

    python -m tests.web.console_pictures docs/pictures/console

The pages are those that the program serves, the people in them those of the demonstration.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import re
from pathlib import Path

from PIL import Image
from playwright.async_api import async_playwright

from tests.servers import CHROMIUM_ARGS, find_chromium
from tests.web.rich import Look, rich_site
from tests.web.site import DESKTOP, PHONE

#: Enough for letters with smooth edges on a few surfaces.
COLOURS = 64
KINDS = {"light": (DESKTOP, "light"), "dark": (DESKTOP, "dark"), "phone": (PHONE, "light")}


def main() -> None:
    """Draw all of them."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(_draw(folder))


async def _draw(folder: Path) -> None:
    path = find_chromium()
    assert path is not None
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(CHROMIUM_ARGS))
        async with rich_site(browser) as rich:
            for kind, (size, scheme) in KINDS.items():
                context = await rich.site.person(size, color_scheme=scheme)
                page = await context.new_page()
                who = 0
                for one in rich.looks():
                    if one.visitor != who:
                        who = one.visitor
                        await rich.sign_in(page, who)
                    await page.goto(one.address)
                    drawn = await page.screenshot(animations="disabled")
                    (folder / f"{_name(one)}-{kind}.png").write_bytes(smaller(drawn))
        await browser.close()


def _name(look: Look) -> str:
    path = re.sub(r"[^a-z]+", "-", re.sub(r":int|/console/", "", look.page.path)).strip("-") or "queue"
    return f"{path}-{look.name}" if look.name else path


def smaller(drawn: bytes) -> bytes:
    """The same picture with a palette: a fifth of the size, and nobody sees a difference."""
    kept = io.BytesIO()
    picture = Image.open(io.BytesIO(drawn)).convert("RGB")
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(kept, "PNG", optimize=True)
    return kept.getvalue()


if __name__ == "__main__":
    main()
