# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Receiving by webhook: 200 is answered only after everything that an update causes is committed."""

from __future__ import annotations

import asyncio
import hmac
import re
from dataclasses import dataclass, field
from weakref import WeakValueDictionary

from bot.channels.bot_api.presses import AnswerPress, PressAnswers
from bot.channels.bot_api.updates import read
from bot.errors import ConfigurationError, StoreUnavailable
from bot.ports import Inbox

#: The header in which Telegram sends the secret.
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
MAX_BODY_BYTES = 1024 * 1024

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


@dataclass(frozen=True, slots=True)
class WebhookAddress:
    """Where Telegram shall deliver, and the secret by which its deliveries are known."""

    url: str
    secret: str = field(repr=False)


def check_secret(channel: str, secret: str) -> None:
    """Raise `ConfigurationError` for a secret that is missing or that Telegram would refuse."""
    if not secret:
        raise ConfigurationError([f"{channel}: webhook mode needs a secret"])
    if not _SECRET.fullmatch(secret):
        raise ConfigurationError(
            [f"{channel}: the webhook secret may hold only A-Z a-z 0-9 _ - (at most 256)"]
        )


class WebhookReceiver:
    """Takes deliveries of one bot; knows nothing of the web framework around it.

    Raises `ConfigurationError` for an unusable secret.
    """

    def __init__(self, channel: str, secret: str, inbox: Inbox, answer_press: AnswerPress) -> None:
        check_secret(channel, secret)
        self._channel = channel
        self._secret = secret.encode()
        self._inbox = inbox
        self._answers = PressAnswers(answer_press)
        # A lock lives as long as someone holds or awaits it, so idle people cost nothing.
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def run(self, stop: asyncio.Event) -> None:
        """Answer presses until `stop` is set; runs beside the web server."""
        await self._answers.run(stop)

    async def handle(self, secret: str | None, body: bytes) -> int:
        """Take one delivery. `secret` is the value of `SECRET_HEADER`, None if it is missing.

        Returns the HTTP status: 200 after the commit, also for what has no effect; 401 for a wrong secret,
        413 for more than 1 MB, 400 for what is no update; 503 when the store cannot take it now, so that
        Telegram delivers again. Deliveries of one person are taken in the order of arrival.
        """
        if secret is None or not hmac.compare_digest(secret.encode("utf-8", "replace"), self._secret):
            return 401
        if len(body) > MAX_BODY_BYTES:
            return 413
        try:
            update = read(body, self._channel)
        except ValueError:
            return 400
        toast = ""
        if update.incoming is not None:
            turn = self._turns.setdefault(update.person, asyncio.Lock())
            try:
                async with turn:
                    toast = (await self._inbox.take(update.incoming)).toast
            except StoreUnavailable:
                return 503
        if update.query_id:
            self._answers.put(update.query_id, toast)
        return 200
