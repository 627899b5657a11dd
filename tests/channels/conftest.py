# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The rigs of all channels. `rig` runs a test against each, `bot_api` against those of the Bot API."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.channels.telegram.send import TelegramChannel
from bot.channels.telegram_staff.send import TelegramStaffChannel
from tests.channels.rigs import BotApiRig, Rig
from tests.doubles.bot_api import BotApiDouble

BOT_API_CHANNELS: dict[str, type[TelegramChannel] | type[TelegramStaffChannel]] = {
    "telegram": TelegramChannel,
    "telegram_staff": TelegramStaffChannel,
}


@pytest.fixture(params=BOT_API_CHANNELS)
async def bot_api(request: pytest.FixtureRequest) -> AsyncIterator[BotApiRig]:
    """One of the two Telegram channels; in the end it must have made no wrong call."""
    async with BotApiDouble(backoff=lambda _: 0.01) as api:
        bot = api.add_bot("1:AAA", "lotse_bot")
        channel = BOT_API_CHANNELS[request.param](bot.token, api.url)
        rig = BotApiRig(api, bot, channel)
        await rig.mia.starts()
        await rig.bernd.starts()
        yield rig
        await channel.close()
        assert api.violations == []
        assert api.disobeyed == []


@pytest.fixture
def rig(bot_api: BotApiRig) -> Rig:
    """Every channel that sends."""
    return bot_api
