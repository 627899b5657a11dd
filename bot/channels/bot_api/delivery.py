# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Sending one message: whole, in order, and without repeating what already arrived."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from bot.channels.bot_api.compose import Button, Composed, compose
from bot.domain.delivery import Permanent, RetryAfter, SendResult, Sent
from bot.domain.messages import Outgoing

# How many half-delivered messages are remembered; the outbox tries them again soon.
_REMEMBERED = 1000
# Two chats limited within this time mean that the whole bot is.
_SAME_FLOOD_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Posting:
    """One call: send `text` to `chat`, or replace the message `edit` (0: send)."""

    chat: int
    text: str
    html: bool
    rows: tuple[tuple[Button, ...], ...] = ()
    edit: int = 0


#: One call to the messenger; every failure is a result. `Sent.message` is the id of the new message.
Post = Callable[[Posting], Awaitable[SendResult]]


class Delivery:
    """Sends bodies as one or several messages of one bot."""

    def __init__(self, post: Post) -> None:
        self._post = post
        self._arrived: dict[int, int] = {}
        self._limited_chat = 0
        self._limited_at = 0.0

    async def send(self, message: Outgoing) -> SendResult:
        """Send or edit. A long text goes out in pieces; tried again, it goes on where it stopped."""
        postings = _postings(message)
        if isinstance(postings, Permanent):
            return postings
        result: SendResult = Sent()
        begin = self._arrived.pop(message.id, 0)
        for number, posting in enumerate(postings[begin:], start=begin):
            result = await self._post(posting)
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


def _postings(message: Outgoing) -> list[Posting] | Permanent:
    chat, edit = _number(message.address), _number(message.edit)
    if not chat:
        return Permanent("bad_address", address_dead=True)
    if message.edit and not edit:
        return Permanent("edit_gone")
    composed = compose(message.body)
    if not isinstance(composed, Composed):
        return Permanent(composed)
    postings = [Posting(chat, piece.text, piece.html) for piece in composed.pieces]
    postings[0] = replace(postings[0], edit=edit)
    postings[-1] = replace(postings[-1], rows=composed.rows)
    return postings


def _number(text: str) -> int:
    """The id in `text`, 0 if there is none: Telegram gives no chat or message that number."""
    return int(text) if text.removeprefix("-").isdecimal() and text.isascii() and len(text) < 20 else 0
