# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Headers on every answer, flags on every cookie: every route, and everything that can go wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator
from http.cookies import SimpleCookie
from typing import NoReturn

import httpx
import pytest

from bot.web.page import scene
from tests.privacy.pages import walks
from tests.web.building import Browser, Building

EXPECTED = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "strict-transport-security": "max-age=31536000",
}
#: Streams never end for whoever is signed in; a guest is refused at once.
STREAMS = "/stream"


@pytest.fixture
async def guest(building: Building) -> AsyncIterator[Browser]:
    browser = building.browser()
    yield browser
    await browser.close()


def is_safe(answer: httpx.Response, where: str) -> None:
    headers = answer.headers
    assert {name: headers.get(name) for name in EXPECTED} == EXPECTED, where
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy, where
    assert "base-uri 'none'" in policy, where
    assert "form-action 'self'" in policy, where
    for word in ("unsafe", "http:", "https:", "data:", "*"):
        assert word not in policy, where
    assert headers["x-frame-options"] in ("DENY", "SAMEORIGIN"), where
    assert "server" not in headers, where
    if not answer.url.path.startswith(("/static/", "/chat/pictures/")):
        assert headers["cache-control"] == "no-store", where
    for cookie in headers.get_list("set-cookie"):
        has_flags(cookie, where)


def has_flags(line: str, where: str) -> None:
    cookie: SimpleCookie = SimpleCookie(line)
    for name, morsel in cookie.items():
        assert name.startswith("lotse_"), where
        assert morsel["httponly"], f"{where}: scripts can read {name}"
        assert str(morsel["samesite"]).lower() in ("lax", "strict"), where
        assert not morsel["domain"], f"{where}: other hosts get {name}"
        # A cookie that is being taken away needs no protection of its value.
        assert morsel["secure"] or not morsel.value.strip('"'), f"{where}: {name} goes out in the clear"


@pytest.mark.parametrize("demo", [False, True], ids=["real", "demo"])
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_every_route_has_them(method: str, demo: bool) -> None:
    building = Building(demo=demo)
    browser = building.browser()
    walked = list(walks(building, method))
    assert len(walked) > 5
    for declared, path in walked:
        is_safe(await browser.client.request(method, path), f"{method} {declared}")
        is_safe(await browser.client.request("DELETE", path), f"DELETE {declared}")
    await browser.close()
    building.close()


@pytest.fixture
async def inside(building: Building) -> AsyncIterator[list[Browser]]:
    """A coach and a participant, both signed in."""
    coach = building.hire()
    browsers = [building.browser(), building.browser()]
    doors = (f"/console/enter/{coach.console_code}", f"/p/{building.invite(coach)}")
    for browser, door in zip(browsers, doors, strict=True):
        is_safe(await browser.client.get(door), door)
        await browser.open(door)
        form = browser.page.forms[0]
        is_safe(await browser.client.post(form.action or door, data=form.fields), door)
        await browser.open("/chat/" if "/p/" in door else "/console/")
        assert browser.status == 200
    yield browsers
    for browser in browsers:
        await browser.close()


async def test_every_page_of_whoever_is_signed_in_has_them(building: Building, inside: list[Browser]) -> None:
    for browser in inside:
        for declared, path in walks(building, "GET"):
            if not declared.endswith(STREAMS):
                is_safe(await browser.client.get(path), declared)


async def test_whatever_goes_wrong(
    building: Building, inside: list[Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, mia = inside
    large = await mia.client.post("/chat/", content=b"text=" + b"x" * 2_000_001)
    is_safe(large, "too much")
    is_safe(await mia.client.get("/nowhere"), "no page")
    is_safe(await mia.client.get("/static/nowhere.css"), "no file")
    is_safe(await mia.client.post("/chat/", headers={"Sec-Fetch-Site": "cross-site"}), "another site's")
    building.storage.is_down = True
    down = await mia.client.get("/chat/")
    assert down.status_code == 503
    is_safe(down, "no database")
    building.storage.is_down = False

    def trip(*_: object, **__: object) -> NoReturn:
        raise ValueError("of the test")

    monkeypatch.setattr(scene, "look", trip)
    fault = await mia.client.get("/chat/")
    assert fault.status_code == 500
    is_safe(fault, "a fault of ours")


async def test_without_tls_cookies_still_work_for_a_trial() -> None:
    building = Building(public_url="http://lotse.example")
    browser = building.browser()
    answer = await browser.client.get(f"/p/{building.invite(building.hire())}")
    assert "secure" not in answer.headers["set-cookie"].lower()
    assert "strict-transport-security" not in answer.headers
    await browser.close()
    building.close()
