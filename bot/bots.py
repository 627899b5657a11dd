# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The agencies' Telegram bots as this process runs them; libraries load only for bots that are on."""

from __future__ import annotations

import asyncio
import json
import logging
import urllib.request
from collections.abc import Awaitable, Callable
from typing import Protocol

from bot.agencies import Office, offices
from bot.channels.bot_api.polling import Poller
from bot.channels.bot_api.webhook import WebhookAddress, WebhookReceiver
from bot.domain.channels import TELEGRAM, kind_of
from bot.domain.delivery import SendResult
from bot.domain.messages import DataClass, Outgoing
from bot.ports import Inbox, Pictures
from bot.settings import Settings, TelegramBot
from scheduler.clock import Clock
from scheduler.rates import Limits, SendLimits

logger = logging.getLogger(__name__)

_START_PAUSE_S = 5.0


class BotChannel(Protocol):
    """What every bot's channel offers."""

    name: str
    default_class: DataClass

    async def start(self, webhook: WebhookAddress | None = None) -> str: ...
    async def fetch(self, offset: int, seconds: int) -> bytes: ...
    async def answer_press(self, query_id: str, toast: str) -> None: ...
    async def send(self, message: Outgoing) -> SendResult: ...
    async def close(self) -> None: ...


class Bot:
    """One bot: its channel out, and its way in by polling or by webhook.

    Where the web side runs in a process of its own, that process only receives: it `speaks` for no one.
    """

    speaks = True

    def __init__(
        self, channel: BotChannel, settings: TelegramBot, address: str, inbox: Inbox, clock: Clock
    ) -> None:
        self.channel = channel
        self.settings = settings
        self.name = channel.name
        # `telegram-staff` for the default agency's, `telegram-staff/mk` for that of another one.
        self.path = channel.name.replace("_", "-", 1).replace("@", "/")
        self._clock = clock
        self._url = f"{address}/webhook/{self.path}"
        self._waiting = "not started yet"
        self._is_known = False
        self._poller = Poller(channel.name, channel.fetch, inbox, channel.answer_press, clock)
        self._receiver: WebhookReceiver | None = None
        if settings.mode == "webhook" and settings.secret is not None:
            secret = settings.secret.get_secret_value()
            self._receiver = WebhookReceiver(channel.name, secret, inbox, channel.answer_press)

    @property
    def webhook(self) -> Callable[[str | None, bytes], Awaitable[int]] | None:
        """What the web side mounts, in webhook mode."""
        return self._receiver.handle if self._receiver else None

    @property
    def trouble(self) -> str:
        """Why nothing is received at the moment; empty when all is well."""
        return self._waiting or ("" if self._receiver else self._poller.trouble)

    @property
    def token(self) -> str:
        """The secret by which the messenger knows this bot."""
        return self.settings.token.get_secret_value() if self.settings.token is not None else ""

    def limits(self) -> SendLimits:
        """How fast this bot may send, all untouched yet."""
        part = self.settings
        return SendLimits(
            Limits(
                bot_rate=part.messages_per_second,
                bot_burst=max(5, int(part.messages_per_second / 5)),
                chat_rate=part.messages_per_chat,
                chat_burst=max(3, int(part.messages_per_chat)),
            )
        )

    async def answer(self, stop: asyncio.Event) -> None:
        """Serve the webhook until `stop` is set; any number of processes may."""
        if not self.speaks:
            self._waiting = ""
        if self._receiver is not None:
            await self._receiver.run(stop)

    async def poll(self, stop: asyncio.Event, started: Callable[[str, str], Awaitable[None]]) -> None:
        """Say hello to the messenger, as often as it takes, and receive until `stop` is set.

        For the one process that speaks. It may be called again after it returned; the hello is said once.
        """
        if not self._is_known:
            username = await self._hello(stop)
            if stop.is_set():
                return
            self._is_known = True
            await started(self.name, username)
        self._waiting = ""
        if self._receiver is None:
            await self._poller.run(stop)
        else:
            await stop.wait()

    async def close(self) -> None:
        """Close the connections."""
        await self.channel.close()

    async def _hello(self, stop: asyncio.Event) -> str:
        webhook = None
        if self._receiver is not None and self.settings.secret is not None:
            webhook = WebhookAddress(self._url, self.settings.secret.get_secret_value())
        while not stop.is_set():
            try:
                username = await self.channel.start(webhook)
            except ConnectionError as error:
                self._waiting = f"the messenger cannot be reached ({error})"
                logger.warning("%s: cannot be reached, trying again", self.name)
                await self._clock.wait(stop, _START_PAUSE_S)
            else:
                return username
        return ""


def open_bots(
    settings: Settings, roles: frozenset[str], inbox: Inbox, clock: Clock, pictures: Pictures
) -> list[Bot]:
    """The bots that are switched on and belong to the roles of this process."""
    every = [
        (name, part, office)
        for office in offices(settings).values()
        for name, part in office.bots.items()
        if part.is_on
    ]
    bots = []
    for name, part, office in every:
        speaks = not roles.isdisjoint(roles_for(name, office))
        # In webhook mode the process with the web role receives, so it needs the bot as well.
        receives = part.mode == "webhook" and "web" in roles
        if part.token is not None and (speaks or receives):
            channel = _channel(name, part, part.token.get_secret_value(), pictures)
            bot = Bot(channel, part, settings.address, inbox, clock)
            bot.speaks = speaks
            bots.append(bot)
    return bots


def roles_for(channel: str, office: Office) -> frozenset[str]:
    """The roles that run a bot: the one for its kind, of all agencies, and the one for it alone."""
    role = kind_of(channel).replace("_", "-")
    return frozenset({role, f"{role}@{office.key}"})


def _channel(name: str, part: TelegramBot, token: str, pictures: Pictures) -> BotChannel:
    if kind_of(name) == TELEGRAM:
        from bot.channels.telegram.send import TelegramChannel

        return TelegramChannel(token, part.api_url, name, pictures=pictures)
    from bot.channels.telegram_staff.send import TelegramStaffChannel

    return TelegramStaffChannel(token, part.api_url, name)


def username_of(part: TelegramBot) -> str:
    """The bot's user name for links, asked from the messenger itself; empty if it cannot be asked now."""
    if part.token is None or not part.is_on:
        return ""
    url = f"{part.api_url.rstrip('/')}/bot{part.token.get_secret_value()}/getMe"
    try:
        with urllib.request.urlopen(url, timeout=5.0) as answer:  # noqa: S310  (settings allow only http)
            return str(json.load(answer)["result"]["username"])
    except (OSError, ValueError, KeyError, TypeError):
        # The codes are good without a link; who runs the command sees that the link is missing.
        return ""
