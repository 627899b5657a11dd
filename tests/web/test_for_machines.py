# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What machines ask for, and the headers that every page has."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.web.stream import HEARTBEAT_S, stream
from tests.web.building import Browser, Building


@pytest.fixture
def guest(building: Building) -> Browser:
    return building.browser()


async def test_alive(guest: Browser) -> None:
    await guest.open("/healthz")
    assert (guest.status, guest.html) == (200, "ok")


async def test_ready_or_not(building: Building, guest: Browser) -> None:
    await guest.open("/readyz")
    assert (guest.status, guest.html) == (200, "[]")
    building.problems = ["the database cannot be reached"]
    await guest.open("/readyz")
    assert (guest.status, guest.html) == (503, '["the database cannot be reached"]')


async def test_alive_without_a_database(building: Building, guest: Browser) -> None:
    building.storage.is_down = True
    await guest.open("/healthz")
    assert guest.status == 200


async def test_metrics(guest: Browser) -> None:
    answer = await guest.client.get("/metrics")
    assert answer.text == "lotse_up 1\n"
    assert answer.headers["content-type"].startswith("text/plain")


async def test_a_delivery_reaches_its_receiver(building: Building, guest: Browser) -> None:
    header = {"X-Telegram-Bot-Api-Secret-Token": "geheim"}
    assert (await guest.client.post("/webhook/telegram", content=b"{}", headers=header)).status_code == 200
    assert (await guest.client.post("/webhook/telegram", content=b"{}")).status_code == 401
    assert building.deliveries == [("geheim", b"{}"), (None, b"{}")]


async def test_deliveries_that_cannot_be(building: Building, guest: Browser) -> None:
    assert (await guest.client.post("/webhook/other", content=b"{}")).status_code == 404
    assert (await guest.client.get("/webhook/telegram")).status_code == 405
    assert (await guest.client.post("/webhook/telegram", content=b"x" * 1_048_577)).status_code == 413
    assert (await guest.client.post("/webhook/telegram", content=b"x" * 1_048_576)).status_code == 401
    assert len(building.deliveries) == 1


async def test_private_pages_are_kept_nowhere(mia: Browser) -> None:
    for path in ("/chat/", "/chat/lines", "/p/x", "/nowhere"):
        answer = await mia.client.get(path)
        assert answer.headers["cache-control"] == "no-store"
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"


async def test_no_page_has_inline_code(mia: Browser) -> None:
    for word in ("<style", " style=", " onclick=", "javascript:"):
        assert word not in mia.html


async def test_files_may_be_kept_while_they_do_not_change(guest: Browser) -> None:
    await guest.open("/")
    path = next(part for part in guest.html.split('"') if part.startswith("/static/lotse.css?v="))
    answer = await guest.client.get(path)
    assert "immutable" in answer.headers["cache-control"]
    assert (await guest.client.get("/static/nothing.css")).headers["cache-control"] == "no-store"
    assert (await guest.client.get("/static/../app.py")).status_code == 404
    assert (await guest.client.get("/static/%2e%2e/app.py")).status_code == 404


async def test_the_first_view_is_small(mia: Browser) -> None:
    """Under 100 KB as it goes over the line, with the fonts of a German page."""
    page = await mia.client.get("/chat/")
    files = [part for part in page.text.split('"') if part.startswith("/static/")]
    files.append("/static/vendor/fira-sans/fira-sans-latin-600-normal.woff2")
    total = 0
    for path in {"/chat/", *files}:
        async with mia.client.stream("GET", path, headers={"Accept-Encoding": "gzip"}) as answer:
            assert answer.status_code == 200
            total += len(b"".join([part async for part in answer.aiter_raw()]))
    assert total < 100_000


async def test_the_start_page_without_a_demo(guest: Browser) -> None:
    await guest.open("/")
    assert guest.status == 200
    assert "persönlichen Link" in guest.words
    assert (await guest.client.post("/demo/clock", data={"hours": "1"})).status_code == 404


@pytest.fixture
def shown() -> Iterator[Building]:
    built = Building(demo=True)
    yield built
    built.close()


async def test_the_demo_shows_both_sides_and_moves_the_clock(shown: Building) -> None:
    guest = shown.browser()
    await guest.open("/")
    assert guest.html.count("<iframe") == 2
    assert 'src="/p/unknown"' in guest.html
    assert "Montag, 23. November, 10:00 Uhr" in guest.words
    await guest.press("+1 Tag")
    assert "Dienstag, 24. November, 10:00 Uhr" in guest.words
    await guest.press("bis zum nächsten Ereignis")
    assert "10:05 Uhr" in guest.words
    assert (await guest.client.get("/demo/clock")).text == "Dienstag, 24. November, 10:05 Uhr"
    answer = await guest.client.get("/")
    assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("hours", ["-1", "0", "9999999999", "x", ""])
async def test_the_demos_clock_takes_no_nonsense(shown: Building, hours: str) -> None:
    guest = shown.browser()
    before = shown.clock.now()
    answer = await guest.client.post("/demo/clock", data={"hours": hours})
    assert answer.status_code == 303
    assert shown.clock.now() - before < timedelta(seconds=1)


async def test_the_demo_shows_a_side_that_is_open(shown: Building) -> None:
    coach = shown.hire()
    guest = shown.browser()
    await guest.open(f"/p/{shown.invite(coach)}")
    await guest.press("Weiter")
    await guest.open("/")
    assert 'src="/chat/"' in guest.html


async def test_a_stream_tells_that_something_changed_and_that_it_is_alive(building: Building) -> None:
    events = stream(building.office(), "person:1").body_iterator
    assert await anext(events) == b"retry: 3000\n\n"
    building.live.publish(["person:2", "person:1"])
    assert await anext(events) == b"event: changed\ndata: 1\n\n"
    beat = asyncio.ensure_future(anext(events))
    await asyncio.sleep(0)
    building.clock.advance(timedelta(seconds=HEARTBEAT_S))
    assert await beat == b": still here\n\n"
    await events.aclose()
    assert building.live.count == 0
