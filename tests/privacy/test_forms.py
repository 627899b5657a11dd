# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Every form is tied to the browser that it was made for: a post of anybody else's has no effect."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.privacy.pages import path_of, routes, rows, walks
from tests.web.building import Browser, Building

DANGER = "Ich will nicht mehr leben."
#: Moves the clock of the demonstration with invented people; it has no session that could be abused.
WITHOUT_TOKEN = {"/demo/clock"}
#: What a stranger may try: nothing, a token of another browser's, a token of nobody's.
TOKENS: tuple[dict[str, str], ...] = ({}, {"token": "0" * 32}, {"token": ""}, {"token": "ü"})
FIELDS = {
    "form_id": "0" * 32,
    "text": "von fremder Seite",
    "press": "stop",
    "action": "close",
    "outcome": "reached",
    "step": "call",
    "words": "Anrufen",
}


@pytest.fixture
async def everybody(building: Building) -> AsyncIterator[dict[str, Browser]]:
    """Who posts where: a coach with a concern in the console, and a participant on her page."""
    coach = building.hire()
    berta, mia = building.browser(), building.browser()
    await berta.open(f"/console/enter/{coach.console_code}")
    await berta.press("Weiter")
    await mia.open(f"/p/{building.invite(coach)}")
    await mia.press("Weiter")
    await mia.write(DANGER)
    yield {"/console": berta, "/chat": mia}
    await berta.close()
    await mia.close()


async def test_a_post_without_the_token_changes_nothing(
    building: Building, everybody: dict[str, Browser]
) -> None:
    before = rows(building)
    posted = 0
    for declared, path in walks(building, "POST"):
        browser = next((one for part, one in everybody.items() if declared.startswith(part)), None)
        browser = browser or everybody["/chat"]
        for token in TOKENS:
            answer = await browser.client.post(path, data=FIELDS | token)
            assert not lets_in(answer), f"{declared} {token}: {answer.status_code}"
            assert rows(building) == before, f"{declared} {token}"
            posted += 1
    assert posted > 4 * len(everybody)
    for path, browser in everybody.items():
        await browser.open(f"{path}/")
        assert browser.status == 200, "nobody was signed out by it"


async def test_doors_let_nobody_in_without_the_token(building: Building) -> None:
    coach = building.hire()
    guest = building.browser()
    for door in (f"/console/enter/{coach.console_code}", f"/p/{building.invite(coach)}"):
        await guest.open(door)
        before = rows(building)
        for token in TOKENS:
            answer = await guest.client.post(door, data=FIELDS | token)
            assert not lets_in(answer), door
        assert rows(building) == before, door
        await guest.press("Weiter")
        assert guest.status == 200, "the link is still good"
    await guest.close()


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_a_post_from_another_site_is_refused_everywhere(site: str) -> None:
    building = Building(demo=True)
    guest = building.browser()
    for declared, path in walks(building, "POST"):
        answer = await guest.client.post(path, data=FIELDS, headers={"Sec-Fetch-Site": site})
        assert answer.status_code == 403, declared
    await guest.close()
    building.close()


def test_only_the_demonstration_has_forms_without_a_token() -> None:
    """What is walked above is all there is, but for this."""
    real, demo = Building(), Building(demo=True)
    more = {one.path for one in routes(demo)} - {one.path for one in routes(real)}
    assert more == WITHOUT_TOKEN
    assert path_of(routes(real)[0]).startswith("/")
    real.close()
    demo.close()


def lets_in(answer: httpx.Response) -> bool:
    """Whether it was done, or a session was given."""
    gives = any(
        "lotse_chat=" in one or "lotse_console=" in one for one in answer.headers.get_list("set-cookie")
    )
    return answer.is_success or gives
