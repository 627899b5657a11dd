# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Sending mail: one encrypted connection for one mail after the other, closed when it has nothing to do."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from aiosmtplib import SMTP, SMTPException, SMTPRecipientsRefused, SMTPResponseException

from bot.channels.mail.compose import Envelope, Sender, compose, message_id, sender_of
from bot.channels.mail.errors import Verdict, judge_connecting, judge_sending
from bot.domain.delivery import Permanent, RetryAfter, SendResult, Sent
from bot.domain.mail import CHANNEL, Letter, mail_address
from bot.domain.messages import DataClass, Outgoing
from bot.errors import ConfigurationError, StoreUnavailable
from scheduler.clock import Clock

logger = logging.getLogger(__name__)

#: Says what a mail says, and makes its link; asked just before sending. Raises `StoreUnavailable`.
Prepare = Callable[[Outgoing], Awaitable[Letter]]

#: For one mail with all its commands; less than the lease under which the outbox gave it out.
_LONGEST_S = 60.0
#: A connection that was quiet for so long is asked whether it is still there.
_FRESH_S = 5.0
#: How long a connection without work is kept, and how often trouble is looked at again.
_LOOK_EVERY_S = 60.0
_STORE_PAUSE_S = 2.0
_FAULTS = (SMTPException, OSError, TimeoutError)


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in: TLS from the start (`smtps`) or by STARTTLS, never without.

    `ca_file` holds the authorities to trust instead of the system's; `timeout_s` is for each command.
    """

    host: str
    port: int
    is_smtps: bool
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: Path | None = None
    timeout_s: float = 20.0


class MailChannel:
    """See `bot.ports.Channel`. Raises `ConfigurationError` for a file of authorities that cannot be read.

    That a server took a mail does not say that it lies in somebody's mailbox, so nobody counts as reached.
    """

    name = CHANNEL
    default_class = DataClass.NEUTRAL

    def __init__(self, server: MailServer, sender: Sender, prepare: Prepare, clock: Clock) -> None:
        self._server = server
        self._sender = sender
        self._prepare = prepare
        self._clock = clock
        self._tls = _tls_context(server.ca_file)
        self._client: SMTP | None = None
        self._used_at = 0.0
        self._down_until = 0.0
        # Mails share a connection, so they go one after the other.
        self._turn = asyncio.Lock()
        #: Why no mail goes out at the moment; empty when all is well.
        self.trouble = ""

    async def send(self, message: Outgoing) -> SendResult:
        """Send it; every failure is a result. An edit is none: what lies in a mailbox stays as it is."""
        if message.edit:
            return Sent(message.edit, reached=False)
        to = mail_address(message.address)
        if not to:
            return Permanent("bad_address", address_dead=True)
        try:
            letter = await self._prepare(message)
        except StoreUnavailable:
            return RetryAfter(_STORE_PAUSE_S, reason="store")
        if not letter.text.strip():
            return Permanent("empty")
        mail = compose(letter, self._sender, Envelope(to, message.id, self._clock.now()))
        async with self._turn:
            client = await self._connect()
            # Servers compare the address of the envelope with the one that is read.
            way = sender_of(letter, self._sender)[1], to
            refused = await self._hand_in(client, way, mail) if isinstance(client, SMTP) else client
        return refused or Sent(message_id(message.id), reached=False)

    async def watch(self, stop: asyncio.Event, look_every_s: float = _LOOK_EVERY_S) -> None:
        """Until `stop` is set: try the server at the start, and again while there is trouble."""
        is_tried = False
        while not stop.is_set():
            async with self._turn:
                if not is_tried or self.trouble:
                    await self._connect()
                elif self._clock.monotonic() - self._used_at > look_every_s / 2:
                    await self._leave()
            is_tried = True
            await self._clock.wait(stop, look_every_s)

    async def close(self) -> None:
        """Say goodbye to the server."""
        async with self._turn:
            await self._leave()

    async def _connect(self) -> SMTP | SendResult:
        """A connection that works, or what it means for a mail that there is none."""
        if (known := await self._known_connection()) is not None:
            return known
        wait = self._down_until - self._clock.monotonic()
        if wait > 0:
            # Whoever waited for their turn meanwhile need not find out once more.
            return RetryAfter(wait, whole_channel=True, reason="network")
        server = self._server
        client = SMTP(
            hostname=server.host,
            port=server.port,
            use_tls=server.is_smtps,
            start_tls=not server.is_smtps,
            username=server.user or None,
            password=server.password or None,
            tls_context=self._tls,
            timeout=server.timeout_s,
            local_hostname=self._sender.host,
        )
        try:
            async with asyncio.timeout(_LONGEST_S):
                await client.connect()
        except _FAULTS as error:
            return self._note(judge_connecting(error), is_down=True)
        self._client, self._used_at = client, self._clock.monotonic()
        self._note_well()
        return client

    async def _known_connection(self) -> SMTP | None:
        client = self._client
        if client is None or not client.is_connected:
            return None
        if self._clock.monotonic() - self._used_at <= _FRESH_S:
            return client
        try:
            await client.noop()
        except _FAULTS:
            # Servers close what is quiet for long; that is no trouble.
            self._drop()
            return None
        return client

    async def _hand_in(self, client: SMTP, way: tuple[str, str], mail: bytes) -> SendResult | None:
        is_in_step = False
        try:
            async with asyncio.timeout(_LONGEST_S):
                await client.sendmail(way[0], [way[1]], mail)
            is_in_step = True
        except (SMTPResponseException, SMTPRecipientsRefused) as error:
            is_in_step = client.is_connected
            return self._note(judge_sending(error))
        except _FAULTS as error:
            return self._note(judge_sending(error))
        finally:
            self._used_at = self._clock.monotonic()
            if not is_in_step:
                # Cut off in the middle: an answer to this mail must not be taken for the next one's.
                self._drop()
        self._note_well()
        return None

    def _note(self, verdict: Verdict, *, is_down: bool = False) -> SendResult:
        if verdict.trouble and verdict.trouble != self.trouble:
            logger.warning("mail: %s", verdict.trouble)
        self.trouble = verdict.trouble or self.trouble
        if is_down and isinstance(verdict.result, RetryAfter):
            self._down_until = self._clock.monotonic() + verdict.result.seconds
        return verdict.result

    def _note_well(self) -> None:
        if self.trouble:
            logger.info("mail: goes out again")
        self.trouble = ""
        self._down_until = 0.0

    def _drop(self) -> None:
        if self._client is not None:
            self._client.close()
        self._client = None

    async def _leave(self) -> None:
        if self._client is not None and self._client.is_connected:
            with suppress(*_FAULTS):
                await self._client.quit()
        self._drop()


def _tls_context(ca_file: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca_file)
    except OSError as error:
        what = f"LOTSE_MAIL__CA_FILE: the file holds no certificates ({type(error).__name__})"
        raise ConfigurationError([what]) from None
