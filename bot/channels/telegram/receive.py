# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The incoming side of the participants' bot: raw updates through aiogram's session, and press answers."""

from __future__ import annotations

import json
import logging

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.exceptions import AiogramError
from aiohttp import ClientError, ClientTimeout

from bot.channels.bot_api.updates import ALLOWED_UPDATES

_ALLOWED = json.dumps(ALLOWED_UPDATES)
_GRACE_SECONDS = 10.0
_TOAST_LENGTH = 200

_log = logging.getLogger(__name__)


async def fetch_updates(bot: Bot, session: AiohttpSession, offset: int, seconds: int) -> bytes:
    """The body of the answer to getUpdates, unread. Raises `ConnectionError` (text: the error's class)."""
    http = await session.create_session()
    wanted = {"offset": str(offset), "timeout": str(seconds), "allowed_updates": _ALLOWED}
    url = session.api.api_url(token=bot.token, method="getUpdates")
    try:
        async with http.post(
            url, data=wanted, timeout=ClientTimeout(total=seconds + _GRACE_SECONDS)
        ) as answer:
            return await answer.read()
    except (ClientError, TimeoutError) as error:
        # The error itself may show the address, and with it the token.
        raise ConnectionError(type(error).__name__) from None


async def answer_press(bot: Bot, query_id: str, toast: str) -> None:
    """End the spinning of a pressed button. Best effort: the press took effect long before."""
    try:
        await bot.answer_callback_query(query_id, text=toast[:_TOAST_LENGTH] or None)
    except AiogramError as error:
        _log.debug("a press was not answered: %s", type(error).__name__)
