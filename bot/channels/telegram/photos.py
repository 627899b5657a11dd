# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Pictures to Telegram: each is uploaded once, and named by Telegram's own id from then on."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from aiogram import Bot
from aiogram.exceptions import AiogramError
from aiogram.types import BufferedInputFile, InlineKeyboardButton, InlineKeyboardMarkup

from bot.channels.bot_api.compose import Button
from bot.channels.bot_api.delivery import Posting
from bot.channels.telegram.errors import judge
from bot.domain.delivery import Permanent, SendResult, Sent
from bot.domain.pictures import Picture
from bot.ports import Pictures

#: 10 MB over a slow line. Shorter than the lease of a claimed message.
_UPLOAD_SECONDS = 60

#: Sends a posting whose picture Telegram already has, by Telegram's id of it.
PostKnown = Callable[[Posting, str], Awaitable[SendResult]]


class Photos:
    """Sends pictures for one bot. Telegram's ids are that bot's own, and are forgotten with the process."""

    def __init__(self, bot: Bot, pictures: Pictures, post_known: PostKnown) -> None:
        self._bot = bot
        self._pictures = pictures
        self._post_known = post_known
        self._ids: dict[str, str] = {}

    async def post(self, posting: Posting, picture: Picture) -> SendResult:
        """Send a picture with its text and buttons; `Permanent("picture_gone")` if its file is gone."""
        known = self._ids.get(picture.digest)
        if known is not None:
            result = await self._post_known(posting, known)
            if result != Permanent("bad_request"):
                return result
            # Perhaps Telegram no longer has it: it gets it once more.
            self._ids.pop(picture.digest, None)
        content = await asyncio.to_thread(self._pictures.read, picture)
        if content is None:
            return Permanent("picture_gone")
        return await self._upload(posting, picture, content)

    async def _upload(self, posting: Posting, picture: Picture, content: bytes) -> SendResult:
        try:
            sent = await self._bot.send_photo(
                posting.chat,
                BufferedInputFile(content, picture.name),
                caption=posting.text,
                parse_mode="HTML" if posting.html else None,
                reply_markup=_keyboard(posting.rows),
                request_timeout=_UPLOAD_SECONDS,
            )
        except AiogramError as error:
            return judge(error)
        if sent.photo:
            self._ids[picture.digest] = sent.photo[-1].file_id
        return Sent(str(sent.message_id))


def _keyboard(rows: tuple[tuple[Button, ...], ...]) -> InlineKeyboardMarkup | None:
    if not rows:
        return None
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [
                InlineKeyboardButton(text=one.label, url=one.url or None, callback_data=one.token or None)
                for one in row
            ]
            for row in rows
        ]
    )
