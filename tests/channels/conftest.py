# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The rigs of all channels. `rig` runs a test against each, `bot_api` against those of the Bot API."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.channels.telegram.send import TelegramChannel
from bot.channels.telegram_staff.send import TelegramStaffChannel
from tests.channels.rigs import BotApiRig, MailRig, Rig
from tests.doubles.bot_api import BotApiDouble
from tests.doubles.mail import Authority, MailServerDouble

BOT_API_CHANNELS: dict[str, type[TelegramChannel] | type[TelegramStaffChannel]] = {
    "telegram": TelegramChannel,
    "telegram_staff": TelegramStaffChannel,
}


MAIL = "mail"


@asynccontextmanager
async def bot_api_rig(name: str) -> AsyncIterator[BotApiRig]:
    """One of the two Telegram channels; in the end it must have made no wrong call."""
    async with BotApiDouble(backoff=lambda _: 0.01) as api:
        bot = api.add_bot("1:AAA", "lotse_bot")
        channel = BOT_API_CHANNELS[name](bot.token, api.url)
        rig = BotApiRig(api, bot, channel)
        await rig.mia.starts()
        await rig.bernd.starts()
        yield rig
        await channel.close()
        assert api.violations == []
        assert api.disobeyed == []


@pytest.fixture(params=BOT_API_CHANNELS)
async def bot_api(request: pytest.FixtureRequest) -> AsyncIterator[BotApiRig]:
    """The channels with buttons, whose messages can be changed later."""
    async with bot_api_rig(request.param) as rig:
        yield rig


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Who certifies the mail servers of these tests."""
    return Authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
async def mail(authority: Authority) -> AsyncIterator[MailRig]:
    """The mail channel at a real server that wants STARTTLS and a login."""
    async with MailServerDouble(authority) as server:
        rig = MailRig(server)
        yield rig
        await rig.mail.close()


@pytest.fixture(params=[*BOT_API_CHANNELS, MAIL])
async def rig(request: pytest.FixtureRequest, authority: Authority) -> AsyncIterator[Rig]:
    """Every channel that sends."""
    if request.param != MAIL:
        async with bot_api_rig(request.param) as chat:
            yield chat
        return
    async with MailServerDouble(authority) as server:
        rig = MailRig(server)
        yield rig
        await rig.mail.close()
