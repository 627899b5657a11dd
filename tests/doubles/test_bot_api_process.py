# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The double as its own process, played through the control API."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest


class Remote:
    """The control API of a double in another process."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self.url = url
        self.session = session

    async def __call__(self, path: str, **order: Any) -> Any:
        async with self.session.post(f"{self.url}/control/{path}", json=order) as response:
            answer = await response.json()
            assert response.status == 200, answer
            return answer

    async def bot_call(self, method: str, **values: Any) -> Any:
        async with self.session.post(f"{self.url}/bot1:AAA/{method}", json=values) as response:
            return await response.json()


@pytest.fixture
async def remote() -> AsyncIterator[Remote]:
    process = await asyncio.create_subprocess_exec(
        *(
            sys.executable,
            "-m",
            "tests.doubles.bot_api",
            "--bot",
            "1:AAA:lotse_bot",
            "--bot",
            "2:BB:staff_bot",
        ),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    async with asyncio.timeout(20), aiohttp.ClientSession() as session:
        url = json.loads(await process.stdout.readline())["url"]
        yield Remote(url, session)
        process.terminate()
        assert await process.wait() == 0


async def test_a_conversation_by_remote_control(remote: Remote) -> None:
    mia = {"bot": "lotse_bot", "user_id": 5}
    await remote(
        "act",
        deeds=[
            {**mia, "do": "starts", "with": {"code": "abc"}},
            {**mia, "do": "sends", "with": {"text": "Hallo"}},
        ],
    )
    updates = (await remote.bot_call("getUpdates"))["result"]
    assert [one["message"]["text"] for one in updates] == ["/start abc", "Hallo"]
    keys = {"inline_keyboard": [[{"text": "Ja", "callback_data": "j"}]]}
    await remote.bot_call("sendMessage", chat_id=5, text="<b>Frage</b>", parse_mode="HTML", reply_markup=keys)
    assert [one["text"] for one in await remote("hears", **mia)] == ["Frage"]
    press = (await remote("act", deeds=[{**mia, "do": "presses", "with": {"label": "Ja"}}]))[0]
    assert press["data"] == "j"
    assert (await remote("screen", **mia))[-1]["buttons"] == [["Ja"]]
    fault = await remote("fault", kind="retry_chat", chat=5, retry_after=2)
    answer = await remote.bot_call("sendMessage", chat_id=5, text="x")
    assert (fault, answer["parameters"]) == ({"fault": 0}, {"retry_after": 2})
    await remote.bot_call("sendMessage", chat_id=5, txt="x")
    calls = await remote("calls", bot="lotse_bot", method="sendMessage")
    assert [one["code"] for one in calls] == [200, 429, 400]
    assert (await remote("calls", since=calls[1]["number"]))[0]["values"] == {"chat_id": 5, "txt": "x"}
    assert len(await remote("violations")) == 1
    await remote.bot_call("getUpdates", offset=updates[-1]["update_id"] + 1)
    await remote("redeliver", bot="lotse_bot")
    stats = await remote("stats")
    assert stats["bots"]["lotse_bot"]["unanswered_presses"] == 1
    assert stats["calls"]["lotse_bot getUpdates"] == 2


async def test_impossible_orders_are_explained(remote: Remote) -> None:
    for path, order, status in [
        ("fly", {}, 404),
        ("act", {"deeds": [{"bot": "lotse_bot", "user_id": 5, "do": "tell"}]}, 422),
        ("screen", {"bot": "nobody", "user_id": 5}, 422),
        (
            "act",
            {"deeds": [{"bot": "lotse_bot", "user_id": 5, "do": "presses", "with": {"label": "Ja"}}]},
            422,
        ),
    ]:
        async with remote.session.post(f"{remote.url}/control/{path}", json=order) as response:
            assert response.status == status
