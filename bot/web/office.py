# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What the web side needs from the rest of the program; the composition root fills it in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.identity_ports import IdentityProvider
from bot.ports import Inbox, Pictures, Receipt, Storage
from bot.services.live import Live
from bot.services.rulebook import Rulebook
from scheduler.clock import Clock

#: Takes one delivery of a messenger: the secret of its header and the body. Returns the HTTP status.
Webhook = Callable[[str | None, bytes], Awaitable[int]]


class Demo(Protocol):
    """The demo's simulated week. The entries are paths of one-time links, like `/p/CODE`."""

    @property
    def participant_entry(self) -> str: ...
    @property
    def console_entry(self) -> str: ...
    async def furnished(self) -> None:
        """Return when the invented people are there and the entries lead somewhere."""

    def now(self) -> datetime:
        """The simulated moment, aware, in UTC."""

    async def advance(self, by: timedelta) -> None:
        """Move the simulated time ahead; returns when what became due has happened."""

    async def to_next(self) -> None:
        """Move to the next moment at which something is due; nothing happens if nothing waits."""


@dataclass(frozen=True, slots=True)
class Office:
    """Everything that a page may ask for.

    `wake` is told what a console action led to, after its commit. `ready` lists what keeps the program
    from being ready, empty if nothing does. `webhooks` maps the last part of `/webhook/...` to its receiver.
    """

    storage: Storage
    rules: Callable[[], Rulebook]
    inbox: Inbox
    live: Live
    pictures: Pictures
    clock: Clock
    public_url: str
    wake: Callable[[Receipt], None]
    ready: Callable[[], Awaitable[list[str]]]
    webhooks: Mapping[str, Webhook]
    metrics: Callable[[], Awaitable[bytes]]
    demo: Demo | None = None
    identity_provider: IdentityProvider | None = None

    @property
    def is_https(self) -> bool:
        """Whether people reach the pages over TLS, so that cookies may insist on it."""
        return self.public_url.startswith("https://")
