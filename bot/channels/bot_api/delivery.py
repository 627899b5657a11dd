# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Sending one message: whole, in order, and without repeating what already arrived."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from bot.channels.bot_api.compose import Button, Composed, compose
from bot.channels.bot_api.refusals import EDIT_IS_OTHER
from bot.domain.delivery import Permanent, RetryAfter, SendResult, Sent
from bot.domain.messages import Outgoing
from bot.domain.pictures import Picture
from bot.ports import Pictures

# How many half-delivered messages are remembered; the outbox tries them again soon.
_REMEMBERED = 1000
# Two chats limited within this time mean that the whole bot is.
_SAME_FLOOD_SECONDS = 1.0
# What Telegram says of a picture that it does not take; the same words may go without it.
_REFUSED = frozenset({"bad_request", "too_large", "picture_gone"})

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Posting:
    """One call: send `text` to `chat`, or replace the message `edit` (0: send).

    With a `picture` the text stands under it, at most `MAX_CAPTION` units; `is_caption` says that it does
    so in the message that is edited, where the picture itself stays as it is.
    """

    chat: int
    text: str
    html: bool
    rows: tuple[tuple[Button, ...], ...] = ()
    edit: int = 0
    picture: Picture | None = None
    is_caption: bool = False


#: One call to the messenger; every failure is a result. `Sent.message` is the id of the new message.
Post = Callable[[Posting], Awaitable[SendResult]]


class Delivery:
    """Sends bodies as one or several messages of one bot.

    A picture goes out with its text and its buttons as ONE message: two could be torn apart by a crash
    between them. So a picture is left out where the text does not fit under it, where its file is missing
    and where Telegram refuses it. The words always go, with a line that says what there was to see.
    Without `pictures` a bot sends none.
    """

    def __init__(self, post: Post, pictures: Pictures | None = None) -> None:
        self._post = post
        self._pictures = pictures
        self._arrived: dict[int, int] = {}
        self._limited_chat = 0
        self._limited_at = 0.0

    async def send(self, message: Outgoing) -> SendResult:
        """Send or edit. A long text goes out in pieces; tried again, it goes on where it stopped."""
        picture = self._picture(message)
        postings = _postings(message, picture)
        if isinstance(postings, Permanent):
            return postings
        if picture is not None and not postings[0].is_caption:
            _log.warning("picture %s left out: the text is too long to stand under it", picture.name)
        result = await self._send_all(message, postings)
        if isinstance(result, Permanent) and result.reason in _REFUSED and postings[0].picture:
            _log.warning("picture %s left out: %s", postings[0].picture.name, result.reason)
            # What fitted under a picture is one message without it, too.
            result = await self._send_all(message, [replace(postings[0], picture=None, is_caption=False)])
        return result

    def _picture(self, message: Outgoing) -> Picture | None:
        name = message.body.picture
        if not name or self._pictures is None:
            return None
        picture = self._pictures.find(name)
        if picture is None:
            _log.warning("a picture is missing: there is no such file")
        return picture

    async def _send_all(self, message: Outgoing, postings: list[Posting]) -> SendResult:
        result: SendResult = Sent()
        begin = self._arrived.pop(message.id, 0)
        for number, posting in enumerate(postings[begin:], start=begin):
            result = await self._post(posting)
            if result == EDIT_IS_OTHER and self._pictures is not None:
                # The text took the place of a picture's, or the other way round: only Telegram knows.
                result = await self._post(replace(posting, is_caption=not posting.is_caption))
            if isinstance(result, RetryAfter):
                self._remember(message.id, number)
                return self._judge_limit(result, posting.chat)
            if not isinstance(result, Sent):
                return result
            if posting.edit:
                result = Sent(message.edit)
        return result

    def _remember(self, message_id: int, arrived: int) -> None:
        if arrived:
            self._arrived[message_id] = arrived
        if len(self._arrived) > _REMEMBERED:
            del self._arrived[next(iter(self._arrived))]

    def _judge_limit(self, result: RetryAfter, chat: int) -> RetryAfter:
        """Telegram does not say whose limit was hit. Two chats at the same time: the bot's."""
        if result.reason != "limited":
            return result
        now = asyncio.get_running_loop().time()
        other = self._limited_chat not in (0, chat)
        together = other and now - self._limited_at <= _SAME_FLOOD_SECONDS
        self._limited_chat, self._limited_at = chat, now
        return replace(result, whole_channel=True) if together else result


def _postings(message: Outgoing, picture: Picture | None) -> list[Posting] | Permanent:
    chat, edit = _number(message.address), _number(message.edit)
    if not chat:
        return Permanent("bad_address", address_dead=True)
    if message.edit and not edit:
        return Permanent("edit_gone")
    composed = compose(message.body)
    if not isinstance(composed, Composed):
        return Permanent(composed)
    postings = [Posting(chat, piece.text, piece.html) for piece in composed.pieces]
    under = picture if composed.fits_caption else None
    postings[0] = replace(
        postings[0], edit=edit, picture=None if edit else under, is_caption=under is not None
    )
    postings[-1] = replace(postings[-1], rows=composed.rows)
    return postings


def _number(text: str) -> int:
    """The id in `text`, 0 if there is none: Telegram gives no chat or message that number."""
    return int(text) if text.removeprefix("-").isdecimal() and text.isascii() and len(text) < 20 else 0
