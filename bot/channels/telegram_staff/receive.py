# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The incoming side of the staff bot: raw updates through the SDK's request, and press answers."""

from __future__ import annotations

import json
import logging
from urllib.parse import urlencode

from telegram import Bot
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from bot.channels.bot_api.updates import ALLOWED_UPDATES

_ALLOWED = json.dumps(ALLOWED_UPDATES)
_GRACE_SECONDS = 10.0
_TOAST_LENGTH = 200

_log = logging.getLogger(__name__)


async def fetch_updates(bot: Bot, request: HTTPXRequest, offset: int, seconds: int) -> bytes:
    """The body of the answer to getUpdates, unread. Raises `ConnectionError` (text: the error's class)."""
    # In the query string, which Telegram reads as well: building the library's request data is not public.
    wanted = urlencode({"offset": offset, "timeout": seconds, "allowed_updates": _ALLOWED})
    url = f"{bot.base_url}/getUpdates?{wanted}"
    try:
        _, body = await request.do_request(url, "POST", read_timeout=seconds + _GRACE_SECONDS)
    except TelegramError as error:
        # The error itself may show the address, and with it the token.
        raise ConnectionError(type(error.__cause__ or error).__name__) from None
    return body


async def answer_press(bot: Bot, query_id: str, toast: str) -> None:
    """End the spinning of a pressed button. Best effort: the press took effect long before."""
    try:
        await bot.answer_callback_query(query_id, text=toast[:_TOAST_LENGTH] or None)
    except TelegramError as error:
        _log.debug("a press was not answered: %s", type(error).__name__)
