# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Both ways of receiving, from the person's finger to the inbox, over real HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from bot.channels.bot_api.polling import Poller
from bot.channels.bot_api.webhook import SECRET_HEADER, WebhookAddress, WebhookReceiver
from bot.domain.messages import IncomingKind, Key
from scheduler.clock import SystemClock
from tests.channels.receiving import Inbox, SkippingClock, running
from tests.channels.rigs import BotApiRig
from tests.doubles.bot_api import FaultKind

SECRET = "Geheim-1_x"


@asynccontextmanager
async def polling(rig: BotApiRig, inbox: Inbox) -> AsyncIterator[None]:
    await rig.telegram.start()
    channel = rig.telegram
    poller = Poller(channel.name, channel.fetch, inbox, channel.answer_press, SkippingClock())
    async with running(poller.run):
        yield


@asynccontextmanager
async def by_webhook(rig: BotApiRig, inbox: Inbox) -> AsyncIterator[None]:
    channel = rig.telegram
    receiver = WebhookReceiver(channel.name, SECRET, inbox, channel.answer_press)

    async def take(request: web.BaseRequest) -> web.Response:
        status = await receiver.handle(request.headers.get(SECRET_HEADER), await request.read())
        return web.Response(status=status)

    runner = web.ServerRunner(web.Server(take, access_log=None), shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    try:
        async with running(receiver.run):
            await channel.start(WebhookAddress(f"http://{host}:{port}/webhook/telegram", SECRET))
            yield
            await channel.start()
    finally:
        await runner.cleanup()


WAYS = pytest.mark.parametrize("way", [polling, by_webhook])


@WAYS
async def test_everything_a_person_does_reaches_the_inbox(bot_api: BotApiRig, way: type) -> None:
    inbox, mia = Inbox(), bot_api.mia
    async with way(bot_api, inbox):
        await mia.starts("CODE-1")
        await mia.sends("❤️")
        await mia.edits("❤️❤️")
        await mia.sends_sticker()
        await mia.sends_photo("Bild")
        await inbox.until(lambda: len(inbox.committed) == 7)
        await mia.blocks()
        await inbox.until(lambda: len(inbox.committed) == 8)
        await mia.unblocks()
        await inbox.until(lambda: len(inbox.committed) == 9)
    mine = [(one.kind, one.text, one.attachment) for one in inbox.committed if one.address == "500"]
    assert mine == [
        (IncomingKind.START, "", ""),
        (IncomingKind.START, "CODE-1", ""),
        (IncomingKind.TEXT, "❤️", ""),
        (IncomingKind.TEXT, "❤️❤️", ""),
        (IncomingKind.ATTACHMENT, "", "sticker"),
        (IncomingKind.TEXT, "Bild", "photo"),
        (IncomingKind.BLOCKED, "", ""),
        (IncomingKind.UNBLOCKED, "", ""),
    ]
    assert {one.channel for one in inbox.committed} == {bot_api.channel.name}
    assert {one.language for one in inbox.committed} == {"de"}


@WAYS
async def test_a_press_is_taken_and_then_answered(bot_api: BotApiRig, way: type) -> None:
    inbox = Inbox(toast="Notiert")
    await bot_api.send("Frage", (Key("Ja", "c:1:ja"),))
    async with way(bot_api, inbox):
        press = await bot_api.mia.presses("Ja")
        assert (await bot_api.mia.is_answered(press))["text"] == "Notiert"
    taken = [one for one in inbox.committed if one.kind is IncomingKind.PRESS]
    assert [(one.press, one.message) for one in taken] == [("c:1:ja", bot_api.screen()[0].id)]


@WAYS
async def test_nothing_is_confirmed_before_it_is_committed(bot_api: BotApiRig, way: type) -> None:
    inbox, bot = Inbox(), bot_api.bot
    gate = inbox.hold("eins")
    async with way(bot_api, inbox):
        update_id = await bot_api.mia.sends("eins")
        await inbox.until(lambda: any(one.text == "eins" for one in inbox.begun))
        assert update_id in bot.updates.waiting
        gate.set()
        await bot.drained()
    assert inbox.texts.count("eins") == 1


@WAYS
async def test_what_the_store_could_not_take_comes_again(bot_api: BotApiRig, way: type) -> None:
    inbox = Inbox(broken={"eins": 3})
    async with way(bot_api, inbox):
        update_id = await bot_api.mia.sends("eins")
        await inbox.until(lambda: "eins" in inbox.texts)
        await bot_api.bot.drained()
    assert {one.delivery for one in inbox.begun if one.text == "eins"} == {str(update_id)}
    assert [one.text for one in inbox.begun].count("eins") == 4


@WAYS
async def test_each_person_in_order_with_many_at_once(bot_api: BotApiRig, way: type) -> None:
    inbox = Inbox()
    async with way(bot_api, inbox):
        for number in range(150):
            await bot_api.mia.sends(f"m{number}")
            await bot_api.bernd.sends(f"b{number}")
        await inbox.until(lambda: len(inbox.committed) == 302)
    for address, letter in (("500", "m"), ("501", "b")):
        texts = [one.text for one in inbox.committed if one.address == address and one.text]
        assert texts == [f"{letter}{number}" for number in range(150)]


async def test_a_duplicate_delivery_is_handed_over_with_the_same_id(bot_api: BotApiRig) -> None:
    inbox = Inbox()
    async with by_webhook(bot_api, inbox):
        await bot_api.bot.drained()
        bot_api.bot.mishaps.duplicates = 1
        update_id = await bot_api.mia.sends("eins")
        await inbox.until(lambda: inbox.texts.count("eins") == 2)
    assert [one.delivery for one in inbox.committed if one.text == "eins"] == [str(update_id)] * 2


async def test_polling_survives_faults_of_the_network(bot_api: BotApiRig) -> None:
    inbox = Inbox()
    for kind in (FaultKind.SERVER_ERROR, FaultKind.CLOSED_BEFORE, FaultKind.LOST_ANSWER):
        bot_api.api.fail_next(bot_api.bot, "getUpdates", kind=kind)
    async with polling(bot_api, inbox):
        await bot_api.mia.sends("eins")
        await inbox.until(lambda: "eins" in inbox.texts)


async def test_a_second_poller_says_what_is_wrong_and_does_not_spin(bot_api: BotApiRig) -> None:
    channel, inbox = bot_api.telegram, Inbox()
    await channel.start(WebhookAddress(f"{bot_api.api.url}/nobody", SECRET))
    clock = SystemClock(factor=100.0)
    poller = Poller(channel.name, channel.fetch, inbox, channel.answer_press, clock)
    fault = asyncio.Event()
    async with running(poller.run):
        while not poller.trouble:
            await clock.wait(fault, 1.0)
        assert "a webhook is set" in poller.trouble
        await channel.start()
        await inbox.until(lambda: len(inbox.committed) == 2)
    assert poller.trouble == ""
