# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Mail to staff as this process sends it. One way only; its library loads only when mail is switched on."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.domain.mail import CHANNEL, Letter
from bot.domain.messages import Outgoing
from bot.ports import Storage
from bot.services.mail_links import letter
from bot.services.rulebook import Rulebook
from bot.settings import Settings
from scheduler.clock import Clock
from scheduler.rates import Limits, SendLimits

if TYPE_CHECKING:
    from bot.channels.mail.send import MailChannel

#: Far more than a team needs, far less than a mail provider minds.
_LIMITS = Limits(bot_rate=10.0, bot_burst=20, chat_rate=1.0, chat_burst=10)
_LOOK_EVERY_S = 60.0


class Post:
    """The mail channel beside the bots: it has their shape, and receives nothing."""

    speaks = True
    name = CHANNEL
    path = CHANNEL
    #: Mail comes in nowhere.
    webhook: None = None
    #: Whose turn it is to send, among several processes.
    token = CHANNEL

    def __init__(self, channel: MailChannel, look_every_s: float) -> None:
        self.channel = channel
        self._look_every_s = look_every_s

    @property
    def trouble(self) -> str:
        """Why no mail goes out at the moment; empty when all is well."""
        return self.channel.trouble

    def limits(self) -> SendLimits:
        """How fast mail may go out, all untouched yet."""
        return SendLimits(_LIMITS)

    async def answer(self, stop: asyncio.Event) -> None:
        """Nothing comes in."""

    async def poll(self, stop: asyncio.Event, started: Callable[[str, str], Awaitable[None]]) -> None:
        """Look after the connection until `stop` is set. For the one process that speaks."""
        del started  # a mail server gives us no name to keep
        await self.channel.watch(stop, self._look_every_s)

    async def close(self) -> None:
        """Close the connection."""
        await self.channel.close()


def open_post(
    settings: Settings,
    roles: frozenset[str],
    storage: Storage,
    rules: Callable[[], Rulebook],
    clock: Clock,
) -> list[Post]:
    """The mail channel, if it is switched on: mail goes out from the process with the role `worker`.

    Raises `ConfigurationError`.
    """
    part = settings.mail
    server = part.server
    if server is None or "worker" not in roles:
        return []
    from bot.channels.mail.compose import Sender
    from bot.channels.mail.send import MailChannel, MailServer

    async def prepare(message: Outgoing) -> Letter:
        return await storage.run(partial(letter, rules=rules(), message=message, now=clock.now()))

    where = MailServer(server.host, server.port, server.is_smtps, server.user, server.password, part.ca_file)
    host = (urlsplit(settings.address).hostname or "localhost").replace(":", ".")
    sender = Sender(*part.sender_parts, host)
    # In real seconds, however fast the program's own time runs.
    return [Post(MailChannel(where, sender, prepare, clock), _LOOK_EVERY_S * settings.time_factor)]
