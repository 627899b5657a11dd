# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Deliveries by webhook: 200 only after the commit, order kept for each person, strangers turned away."""

from __future__ import annotations

import asyncio
import gc
import json
from typing import Any

import pytest

from bot.channels.bot_api.webhook import MAX_BODY_BYTES, WebhookReceiver
from bot.errors import ConfigurationError
from tests.channels.receiving import Answered, Inbox, press_update, running, text_update

SECRET = "Geheim-1_x"


class Bench:
    def __init__(self) -> None:
        self.inbox = Inbox()
        self.answered = Answered()
        self.receiver = WebhookReceiver("telegram", SECRET, self.inbox, self.answered)

    async def deliver(self, update: dict[str, Any], secret: str | None = SECRET) -> int:
        return await self.receiver.handle(secret, json.dumps(update).encode())


async def test_200_comes_only_after_the_commit() -> None:
    bench = Bench()
    gate = bench.inbox.hold("eins")
    async with asyncio.TaskGroup() as group:
        delivery = group.create_task(bench.deliver(text_update(1, "eins")))
        await bench.inbox.until(lambda: len(bench.inbox.begun) == 1)
        assert not delivery.done()
        gate.set()
    assert delivery.result() == 200
    assert bench.inbox.texts == ["eins"]


@pytest.mark.parametrize("secret", [None, "", "falsch", SECRET + "x", SECRET[:-1], "ä", "\ud83d"])
async def test_a_wrong_secret_is_turned_away_before_anything_is_read(secret: str | None) -> None:
    bench = Bench()
    assert await bench.deliver(text_update(1, "eins"), secret) == 401
    assert await bench.receiver.handle(secret, b"{") == 401
    assert bench.inbox.begun == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"{}", b"\xff\xfe", b'{"update_id":"x"}'])
async def test_a_malformed_body_is_400(body: bytes) -> None:
    assert await Bench().receiver.handle(SECRET, body) == 400


async def test_too_large_is_413() -> None:
    bench = Bench()
    assert await bench.deliver(text_update(1, "x" * MAX_BODY_BYTES)) == 413
    assert await bench.deliver(text_update(1, "x" * 100_000)) == 200
    assert len(bench.inbox.committed[0].text) == 100_000


async def test_an_update_that_nobody_understands_is_200_or_it_comes_for_ever() -> None:
    bench = Bench()
    assert await bench.deliver({"update_id": 1, "message": 5}) == 200
    assert await bench.deliver({"update_id": 2, "poll": {}}) == 200
    assert bench.inbox.begun == []


async def test_a_store_that_is_away_is_503_and_the_next_delivery_works() -> None:
    bench = Bench()
    bench.inbox.broken = {"eins": 1}
    assert await bench.deliver(text_update(1, "eins")) == 503
    assert await bench.deliver(text_update(1, "eins")) == 200
    assert [one.delivery for one in bench.inbox.committed] == ["1"]


async def test_one_person_in_order_of_arrival_others_at_the_same_time() -> None:
    bench = Bench()
    gate = bench.inbox.hold("a1")
    async with asyncio.TaskGroup() as group:
        for number, (text, person) in enumerate([("a1", 1), ("a2", 1), ("b1", 2), ("a3", 1)]):
            group.create_task(bench.deliver(text_update(number, text, person)))
        await bench.inbox.until(lambda: bench.inbox.texts == ["b1"])
        assert [one.text for one in bench.inbox.begun] == ["a1", "b1"]
        gate.set()
    assert bench.inbox.texts == ["b1", "a1", "a2", "a3"]


async def test_a_failed_delivery_lets_the_next_one_of_the_person_through() -> None:
    bench = Bench()
    bench.inbox.broken = {"a1": 1}
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(bench.deliver(text_update(n, f"a{n}"))) for n in (1, 2)]
    assert [task.result() for task in tasks] == [503, 200]


async def test_idle_people_are_forgotten() -> None:
    bench = Bench()
    for person in range(1, 200):
        await bench.deliver(text_update(person, "Hallo", person))
    gc.collect()
    assert len(bench.receiver._turns) == 0


async def test_presses_are_answered_after_the_commit_only() -> None:
    bench = Bench()
    bench.inbox.broken = {"": 1}
    async with running(bench.receiver.run):
        assert await bench.deliver(press_update(1, "c:1")) == 503
        assert await bench.deliver(press_update(1, "c:1")) == 200
    assert bench.answered.presses == [("q1", "Notiert")]


@pytest.mark.parametrize("secret", ["", "mit Leerzeichen", "ü", "x" * 257])
def test_a_secret_that_protects_nothing_is_refused(secret: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        WebhookReceiver("telegram", secret, Inbox(), Answered())
    assert "telegram" in str(caught.value)
    assert not secret or secret not in str(caught.value)
