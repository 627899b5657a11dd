# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A double with one bot, someone to call it with, and a person who has started it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.doubles.bot_api import Bot, BotApiDouble, Person
from tests.doubles.playing import Caller, MovableClock


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
async def api(clock: MovableClock) -> AsyncIterator[BotApiDouble]:
    async with BotApiDouble(clock=clock, backoff=lambda _: 0.01) as double:
        yield double


@pytest.fixture
def bot(api: BotApiDouble) -> Bot:
    return api.add_bot("1:AAA", "lotse_bot")


@pytest.fixture
async def call(api: BotApiDouble, bot: Bot) -> AsyncIterator[Caller]:
    async with aiohttp.ClientSession() as session:
        yield Caller(api, bot, session)


@pytest.fixture
async def mia(bot: Bot) -> Person:
    person = bot.person(500, "Mia")
    await person.starts("abc")
    return person
