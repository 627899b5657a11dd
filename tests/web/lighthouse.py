# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Lighthouse's accessibility figure of every page of the console, by a program that is not part of Lotse.

    npm install lighthouse@12.8.2                                     # anywhere but here
    python -m tests.web.lighthouse .../node_modules/.bin/lighthouse

Prints a line a page and ends with 1 if any is below 100. The pages are those that the program serves.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from pathlib import Path

from playwright.async_api import async_playwright

from tests.servers import CHROMIUM_ARGS, find_chromium
from tests.web.rich import rich_site
from tests.web.site import DESKTOP

WHOLE = 100


def main() -> None:
    """Ask for all of them."""
    parser = argparse.ArgumentParser()
    parser.add_argument("lighthouse", type=Path)
    sys.exit(asyncio.run(_ask(parser.parse_args().lighthouse)))


async def _ask(lighthouse: Path) -> int:
    path = find_chromium()
    assert path is not None
    worst = WHOLE
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(CHROMIUM_ARGS))
        async with rich_site(browser) as rich:
            context, who = await rich.site.person(DESKTOP), 0
            page = await context.new_page()
            for one in rich.looks():
                if one.visitor != who:
                    who = one.visitor
                    await rich.sign_in(page, who)
                cookies = "; ".join(f"{each['name']}={each['value']}" for each in await context.cookies())
                score, faults = await _score(lighthouse, path, rich.site.address + one.address, cookies)
                worst = min(worst, score)
                print(f"{score:4} {one.address} {', '.join(faults)}", flush=True)
        await browser.close()
    return int(worst < WHOLE)


async def _score(lighthouse: Path, chromium: Path, address: str, cookies: str) -> tuple[int, list[str]]:
    """A page's figure, from 0 to 100, and the names of the audits that it does not pass."""
    asked = await asyncio.create_subprocess_exec(
        lighthouse,
        address,
        "--quiet",
        "--output=json",
        "--only-categories=accessibility",
        f"--extra-headers={json.dumps({'Cookie': cookies})}",
        f"--chrome-flags=--headless=new {' '.join(CHROMIUM_ARGS)}",
        env=os.environ | {"CHROME_PATH": str(chromium)},
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await asked.communicate()
    report = json.loads(said)
    audits = report["audits"]
    failed = [name for name, audit in audits.items() if audit["score"] is not None and audit["score"] < 1]
    return round(report["categories"]["accessibility"]["score"] * WHOLE), failed


if __name__ == "__main__":
    main()
