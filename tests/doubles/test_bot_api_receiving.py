# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Updates reach a bot by polling: each until it is confirmed."""

from __future__ import annotations

import asyncio

import pytest

from tests.doubles.bot_api import Bot, Person, Unexpected, table
from tests.doubles.playing import Caller

TABLE = table.load()


async def test_updates_come_until_they_are_confirmed(call: Caller, mia: Person, bot: Bot) -> None:
    for text in ("a", "b", "c"):
        await mia.sends(text)
    first = (await call("getUpdates", limit=2))["result"]
    assert (await call("getUpdates", limit=2))["result"] == first
    rest = (await call("getUpdates", offset=first[-1]["update_id"] + 1))["result"]
    assert [one["message"]["text"] for one in first + rest] == ["/start abc", "a", "b", "c"]
    assert first[0]["message"]["entities"][0]["type"] == "bot_command"
    last = rest[-1]["update_id"]
    assert (await call("getUpdates", offset=-1))["result"][0]["update_id"] == last
    assert (await call("getUpdates", offset=last + 1))["result"] == []
    bot.updates.redeliver(first[0]["update_id"])
    assert (await call("getUpdates", offset=last + 1))["result"] == [first[0]]
    assert (await call("getUpdates", offset=last + 1))["result"] == []


async def test_a_poll_waits_for_the_next_update(call: Caller, mia: Person, bot: Bot) -> None:
    offset = (await call("getUpdates"))["result"][-1]["update_id"] + 1
    poll = asyncio.ensure_future(call("getUpdates", offset=offset, timeout=30))
    await bot.polled()
    await mia.sends("Hallo")
    assert (await poll)["result"][0]["message"]["text"] == "Hallo"
    # The timeout is real: nothing comes, the answer is empty.
    assert (await call("getUpdates", offset=offset + 1, timeout=1))["result"] == []


async def test_a_poll_ends_with_its_bot(call: Caller, mia: Person, bot: Bot) -> None:
    offset = (await call("getUpdates"))["result"][-1]["update_id"] + 1
    poll = asyncio.ensure_future(call("getUpdates", offset=offset, timeout=30))
    await bot.polled()
    poll.cancel()
    async with asyncio.timeout(5):
        await bot.updates.unpolled()
    await mia.sends("Hallo")
    assert len((await call("getUpdates", offset=offset))["result"]) == 1


async def test_duplicates_come_after_their_confirmation(call: Caller, mia: Person, bot: Bot) -> None:
    bot.mishaps.duplicates = 1
    first = (await call("getUpdates"))["result"]
    await mia.sends("Hallo")
    again = (await call("getUpdates", offset=first[0]["update_id"] + 1))["result"]
    assert [one["message"]["text"] for one in again] == ["/start abc", "Hallo"]


async def test_a_second_poller_ends_the_first(call: Caller, mia: Person, bot: Bot) -> None:
    offset = (await call("getUpdates"))["result"][-1]["update_id"] + 1
    first = asyncio.ensure_future(call("getUpdates", offset=offset, timeout=30))
    await bot.polled()
    second = asyncio.ensure_future(call("getUpdates", offset=offset, timeout=30))
    assert (await first)["error_code"] == 409
    assert "terminated by other getUpdates request" in (await first)["description"]
    await mia.sends("Hallo")
    assert (await second)["ok"]


async def test_polling_and_a_webhook_exclude_each_other(call: Caller, mia: Person, bot: Bot) -> None:
    offset = (await call("getUpdates"))["result"][-1]["update_id"] + 1
    poll = asyncio.ensure_future(call("getUpdates", offset=offset, timeout=30))
    await bot.polled()
    assert (await call("setWebhook", url="http://127.0.0.1:9/x"))["ok"]
    assert "terminated by setWebhook" in (await poll)["description"]
    answer = await call("getUpdates")
    assert (answer["error_code"], "webhook is active" in answer["description"]) == (409, True)
    assert (await call("deleteWebhook"))["ok"]
    assert (await call("getUpdates", offset=offset))["ok"]


async def test_only_allowed_updates_come(call: Caller, mia: Person) -> None:
    await call("getUpdates", allowed_updates=["callback_query"])
    assert await mia.sends("Hallo") is None
    await call("getUpdates", allowed_updates=[])
    assert await mia.sends("Hallo") is not None


async def test_everything_a_person_can_send(call: Caller, mia: Person) -> None:
    await mia.sends_sticker()
    await mia.sends_voice()
    await mia.sends_photo("Mein Brief")
    await mia.sends_document()
    await mia.sends("Hallo")
    await mia.edits("Hallo!")
    await mia.blocks()
    updates = (await call("getUpdates"))["result"]
    assert {"sticker", "voice", "photo", "document"} <= {
        key for one in updates for key in one.get("message", ())
    }
    assert updates[-2]["edited_message"]["text"] == "Hallo!"
    assert updates[-1]["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    update_fields = TABLE._struct("Update")
    for update in updates:
        update_fields(update, "Update")
    photo = next(one for one in updates if "photo" in one.get("message", ()))["message"]
    file = (await call("getFile", file_id=photo["photo"][0]["file_id"]))["result"]
    address = call.address.replace("/bot", "/file/bot") + "/" + file["file_path"]
    async with call.session.get(address) as response:
        assert await response.read() == b"content of the file"


async def test_hearing_too_much_or_too_little_is_said(call: Caller, mia: Person) -> None:
    with pytest.raises(Unexpected, match="waited"):
        await mia.hears(timeout=0.01)
    await mia.must_hear_nothing_more(call("getMe"))
    with pytest.raises(Unexpected, match="too much"):
        await mia.must_hear_nothing_more(call("sendMessage", chat_id=500, text="Hallo"))
