# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Rates and faults of the double do what they say."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

from tests.doubles.bot_api import Bot, BotApiDouble, Call, FaultKind, Person
from tests.doubles.playing import Caller, MovableClock


async def test_rates_are_enforced_and_must_be_obeyed(clock: MovableClock) -> None:
    async with BotApiDouble(limits=True, clock=clock) as api, aiohttp.ClientSession() as session:
        bot = api.add_bot("1:AAA", "lotse_bot")
        people = [bot.person(number) for number in range(1, 41)]
        for person in people:
            await person.starts()
        call = Caller(api, bot, session)
        codes = [(await call("sendMessage", chat_id=1, text="x")).get("error_code", 200) for _ in range(4)]
        assert codes == [200, 200, 200, 429]
        clock.seconds += 0.5
        answer = await call("sendMessage", chat_id=1, text="x")
        assert answer["parameters"] == {"retry_after": 1}
        assert api.disobeyed == [("lotse_bot", 1)]
        clock.seconds += 1.0
        assert (await call("sendMessage", chat_id=1, text="x"))["ok"]
        clock.seconds += 10
        codes = [
            (await call("sendMessage", chat_id=person.user_id, text="x")).get("error_code", 200)
            for person in people
        ]
        assert codes == [200] * 30 + [429] * 10


async def test_ordered_faults(api: BotApiDouble, bot: Bot, call: Caller, mia: Person) -> None:
    await bot.person(600).starts()
    api.fail_next(bot, "sendMessage", 500, kind=FaultKind.RETRY_CHAT, retry_after=7)
    assert (await call("sendMessage", chat_id=600, text="a"))["ok"]
    assert (await call("sendMessage", chat_id=500, text="a"))["parameters"] == {"retry_after": 7}
    assert (await call("sendMessage", chat_id=500, text="a"))["error_code"] == 429
    assert (await call("sendMessage", chat_id=600, text="b"))["ok"]
    api.fail_next(bot, kind=FaultKind.RETRY_BOT, retry_after=3)
    assert (await call("sendMessage", chat_id=600, text="c"))["error_code"] == 429
    assert (await call("getMe"))["ok"]
    api.fail_next(kind=FaultKind.SERVER_ERROR, times=2)
    assert [(await call("getMe")).get("error_code") for _ in range(3)] == [500, 500, None]
    # None of this is the bot's fault, and nothing arrived.
    assert (api.violations, mia.unheard()) == ([], [])


@pytest.mark.parametrize(
    ("kind", "heard"), [(FaultKind.CLOSED_BEFORE, []), (FaultKind.LOST_ANSWER, ["Hallo"])]
)
async def test_a_closed_connection_tells_nothing_about_the_effect(
    api: BotApiDouble, bot: Bot, call: Caller, mia: Person, kind: FaultKind, heard: list[str]
) -> None:
    fault = api.fail_next(bot, "sendMessage", kind=kind)
    with pytest.raises(aiohttp.ClientError):
        await call("sendMessage", chat_id=500, text="Hallo")
    assert fault.hits == 1
    assert [one.text for one in mia.unheard()] == heard


async def test_a_slow_answer_waits_for_its_release(
    api: BotApiDouble, bot: Bot, call: Caller, mia: Person
) -> None:
    fault = api.fail_next(bot, "sendMessage", kind=FaultKind.SLOW_ANSWER)
    answer = asyncio.ensure_future(call("sendMessage", chat_id=500, text="Hallo"))
    assert [one.text for one in await mia.hears()] == ["Hallo"]
    assert not answer.done()
    fault.release.set()
    assert (await answer)["ok"]


async def test_soak_is_the_same_for_the_same_seed(api: BotApiDouble, call: Caller) -> None:
    runs = []
    for _ in range(2):
        api.soak(7, {FaultKind.SERVER_ERROR: 0.3})
        runs.append([(await call("getMe"))["ok"] for _ in range(40)])
    assert runs[0] == runs[1]
    assert 20 < sum(runs[0]) < 36


def test_the_record_tells_the_chat(api: BotApiDouble) -> None:
    assert [Call(1, "b", "m", {"chat_id": given}, 0.0).chat_id for given in (5, "-5", "@x", None)] == [
        5,
        -5,
        None,
        None,
    ]
