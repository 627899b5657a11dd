# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Every channel with someone at its other end, so that one suite can hold all of them to the contract.

A channel joins by a `Rig` of its own and a line in `conftest.py`.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.channels.mail.compose import Sender
from bot.channels.mail.send import MailChannel, MailServer
from bot.channels.telegram.send import TelegramChannel
from bot.channels.telegram_staff.send import TelegramStaffChannel
from bot.domain.delivery import SendResult
from bot.domain.mail import Letter
from bot.domain.messages import Body, Key, Kind, Outgoing
from bot.ports import Channel
from scheduler.clock import AdvanceableClock
from tests.doubles.bot_api import Bot, BotApiDouble, FaultKind, Person, Seen
from tests.doubles.mail import PASSWORD, USER, MailServerDouble, html, plain


@dataclass(frozen=True)
class Shown:
    """A message as the person sees it. `keys` are the labels of all its buttons, links included.

    With a picture the text stands under it.
    """

    id: str
    text: str
    keys: tuple[tuple[str, ...], ...] = ()
    bold: tuple[str, ...] = ()
    has_picture: bool = False


class Rig(ABC):
    """A channel, and the screen of a person who can be reached by it."""

    channel: Channel
    address: str
    _sent = 0

    @abstractmethod
    def screen(self) -> list[Shown]:
        """What we said to the person, oldest first, as it stands now."""

    async def send(self, text: str, *rows: tuple[Key, ...], edit: str = "", link: str = "") -> SendResult:
        body = Body(text, rows, link, "Zur Seite" if link else "")
        return await self.send_body(body, edit=edit)

    async def send_body(
        self, body: Body, *, edit: str = "", address: str = "", number: int = 0
    ) -> SendResult:
        self._sent += 1
        outgoing = Outgoing(
            id=number or self._sent,
            address_id=1,
            address=address or self.address,
            channel=self.channel.name,
            kind=Kind.REPLY,
            body=body,
            edit=edit,
        )
        return await self.channel.send(outgoing)


class BotApiRig(Rig):
    """A Telegram channel at the strict double. Another address is another person who started the bot."""

    def __init__(self, api: BotApiDouble, bot: Bot, channel: TelegramChannel | TelegramStaffChannel) -> None:
        self.api = api
        self.bot = bot
        self.channel = channel
        self.telegram = channel
        self.mia: Person = bot.person(500, "Mia")
        self.bernd: Person = bot.person(501, "Bernd")
        self.address = "500"

    def screen(self) -> list[Shown]:
        return [_shown(message) for message in self.mia.screen() if message.from_bot]

    def fail(self, kind: FaultKind, chat: int | None = None, times: int = 1, retry_after: int = 1) -> None:
        self.api.fail_next(self.bot, None, chat, kind=kind, times=times, retry_after=retry_after)


SENDER = Sender("Lotse im Jobcenter Müllrose", "lotse@amt.example", "lotse.example")
MONDAY = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)


class MailRig(Rig):
    """The mail channel at a real mail server. What a mail says is the body as it is."""

    def __init__(
        self,
        server: MailServerDouble,
        password: str = PASSWORD,
        ca_file: Path | None = None,
        timeout_s: float = 20.0,
    ) -> None:
        self.server = server
        self.clock = AdvanceableClock(MONDAY)
        trusted = ca_file or server.authority.ca_file
        where = MailServer(
            "127.0.0.1", server.port, server.is_smtps, USER, password, trusted, timeout_s=timeout_s
        )
        self.channel = self.mail = MailChannel(where, SENDER, self._prepare, self.clock)
        self.address = "berta@mail.example"

    async def _prepare(self, message: Outgoing) -> Letter:
        body = message.body
        return Letter("Lotse: Meldung R2 · Fall K7F3", body.text, "de", body.link, body.link_label)

    def screen(self) -> list[Shown]:
        return [
            Shown(
                str(mail["Message-ID"]).strip("<>").partition("@")[0],
                plain(mail).removesuffix("\n"),
                bold=tuple(
                    one.replace("&amp;", "&") for one in re.findall("<strong>(.*?)</strong>", html(mail))
                ),
            )
            for mail in self.server.mails
        ]


def _shown(message: Seen) -> Shown:
    wide = message.text.encode("utf-16-le")
    bold = tuple(
        wide[2 * mark["offset"] : 2 * (mark["offset"] + mark["length"])].decode("utf-16-le")
        for mark in message.entities
        if mark["type"] == "bold"
    )
    number, has_picture = str(message.message_id), message.kind == "photo"
    return Shown(number, message.text, message.buttons, bold, has_picture)
