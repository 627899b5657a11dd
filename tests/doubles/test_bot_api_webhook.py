# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Updates reach a bot by webhook: again and again until it says 200, each queue for itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from tests.doubles.bot_api import Bot, Person
from tests.doubles.bot_api.webhook import SECRET_HEADER, telegram_backoff
from tests.doubles.playing import YES_NO, Caller, MovableClock

SECRET = "geheim-1"


@dataclass
class Receiver:
    """A bot's webhook. Refuses with the status codes in `refusals` first, or answers with `reply`."""

    url: str = ""
    got: list[dict[str, Any]] = field(default_factory=list)
    secrets: set[str] = field(default_factory=set)
    refusals: list[int] = field(default_factory=list)
    refuse_kind: str = ""
    reply: dict[str, Any] | None = None
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle(self, request: web.BaseRequest) -> web.Response:
        update = await request.json()
        self.got.append(update)
        self.secrets.add(request.headers.get(SECRET_HEADER, ""))
        self.changed.set()
        if self.refuse_kind in update:
            return web.Response(status=503)
        if self.refusals:
            return web.Response(status=self.refusals.pop(0))
        return web.json_response(self.reply) if self.reply else web.Response()

    async def has(self, n: int) -> list[dict[str, Any]]:
        """The first n deliveries, once they are there."""
        await self.until(lambda got: len(got) >= n)
        return self.got[:n]

    async def until(self, wanted: Callable[[list[dict[str, Any]]], bool]) -> None:
        """Returns once the deliveries are as wanted."""
        async with asyncio.timeout(5):
            while not wanted(self.got):
                self.changed.clear()
                await self.changed.wait()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    runner = web.ServerRunner(web.Server(receiver.handle, access_log=None))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/webhook"
    yield receiver
    await runner.cleanup()


@pytest.fixture
async def ready(call: Caller, receiver: Receiver, mia: Person, bot: Bot) -> Receiver:
    """A receiver that has already got Mia's start."""
    assert (await call("setWebhook", url=receiver.url, secret_token=SECRET))["ok"]
    await bot.drained()
    receiver.got.clear()
    return receiver


async def test_updates_come_with_the_secret(ready: Receiver, call: Caller, mia: Person, bot: Bot) -> None:
    for text in ("a", "b", "c"):
        await mia.sends(text)
    await bot.drained()
    assert [one["message"]["text"] for one in ready.got] == ["a", "b", "c"]
    assert ready.secrets == {SECRET}
    info = (await call("getWebhookInfo"))["result"]
    assert (info["url"], info["pending_update_count"]) == (ready.url, 0)


async def test_what_is_refused_comes_again(ready: Receiver, call: Caller, mia: Person, bot: Bot) -> None:
    ready.refusals = [500, 404, 302]
    update_id = await mia.sends("a")
    await mia.sends("b")
    await bot.drained()
    assert [one["message"]["text"] for one in ready.got] == ["a", "a", "a", "a", "b"]
    assert {one["update_id"] for one in ready.got[:4]} == {update_id}
    assert "302" in (await call("getWebhookInfo"))["result"]["last_error_message"]


async def test_telegram_waits_longer_each_time() -> None:
    assert [telegram_backoff(failures) for failures in range(1, 9)] == [0, 2, 4, 8, 16, 32, 60, 60]


async def test_a_refused_message_holds_up_its_own_chat_only(
    ready: Receiver, call: Caller, mia: Person, bot: Bot
) -> None:
    await call("sendMessage", chat_id=500, text="Frage", reply_markup=YES_NO)
    ready.refuse_kind = "message"
    await mia.sends("a")
    await ready.has(2)
    press = await mia.presses("Ja")
    await ready.until(
        lambda got: any(one.get("callback_query", {}).get("id") == press.query_id for one in got)
    )
    await bot.updates.settled(press.update_id)
    assert len(bot.updates.waiting) == 1
    ready.refuse_kind = ""
    await bot.drained()


async def test_an_order_can_be_forced(ready: Receiver, call: Caller, mia: Person, bot: Bot) -> None:
    await call("sendMessage", chat_id=500, text="Frage", reply_markup=YES_NO)
    bot.mishaps.hold("message")
    await mia.sends("a")
    await mia.presses("Ja")
    await ready.has(1)
    bot.mishaps.release("message")
    await bot.drained()
    assert ["callback_query" in one for one in ready.got] == [True, False]


async def test_duplicates(ready: Receiver, mia: Person, bot: Bot) -> None:
    bot.mishaps.duplicates = 1
    update_id = await mia.sends("a")
    await ready.has(2)
    await mia.sends("b")
    await ready.has(3)
    bot.updates.redeliver(update_id)
    assert [one["message"]["text"] for one in await ready.has(4)] == ["a", "a", "b", "a"]


async def test_a_press_that_could_not_be_delivered_is_forgotten(
    ready: Receiver, call: Caller, mia: Person, bot: Bot, clock: MovableClock
) -> None:
    await call("sendMessage", chat_id=500, text="Frage", reply_markup=YES_NO)
    ready.refuse_kind = "callback_query"
    press = await mia.presses("Ja")
    await ready.has(1)
    clock.seconds += 151
    await bot.drained()
    assert bot.updates.forgotten == [press.update_id]


async def test_a_bot_may_answer_a_delivery_with_a_call(ready: Receiver, mia: Person) -> None:
    ready.reply = {"method": "sendMessage", "chat_id": 500, "text": "Guten Tag"}
    await mia.sends("Hallo")
    assert (await mia.hears())[0].text == "Guten Tag"


async def test_what_waited_before_the_webhook_comes_through_it(
    call: Caller, receiver: Receiver, mia: Person, bot: Bot
) -> None:
    await mia.sends("a")
    await call("setWebhook", url=receiver.url)
    assert [one["message"]["text"] for one in await receiver.has(2)] == ["/start abc", "a"]
    await call("deleteWebhook")
    await mia.sends("b")
    assert [one["message"]["text"] for one in (await call("getUpdates"))["result"]] == ["b"]
    await call("setWebhook", url=receiver.url, drop_pending_updates=True)
    await mia.sends("c")
    assert [one["message"]["text"] for one in (await receiver.has(3))[2:]] == ["c"]
