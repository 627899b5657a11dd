# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What a person holds in the hand: an account in a messenger, and the buttons that they see there."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from datetime import datetime

from bot.domain.messages import IncomingKind, Key
from bot.simulation.messenger import Chat, Seen, SimulatedMessenger


class Phone:
    """One account of one person. `when_seen` is called with each message that arrives."""

    def __init__(self, messenger: SimulatedMessenger, address: str) -> None:
        self.messenger = messenger
        self.chat: Chat = messenger.chat(address)
        self.chat.owner = self._saw
        self.when_seen: Callable[[Phone, Seen], None] = lambda *_: None

    def start(self, code: str = "") -> None:
        """/start, with a code or without."""
        self._do(IncomingKind.START, text=code)

    def write(self, text: str, *, edited: bool = False) -> None:
        """Type something, or change what was typed before."""
        self._do(IncomingKind.TEXT, text=text, edited=edited)

    def press(self, key: Key, seen: Seen) -> None:
        """Press a button of a message."""
        self._do(IncomingKind.PRESS, press=key.token, message=seen.number)

    def attach(self, what: str) -> None:
        """Send something without words."""
        self._do(IncomingKind.ATTACHMENT, attachment=what)

    def block(self) -> None:
        """Close the chat for the bot."""
        self.chat.is_blocked = True
        self._do(IncomingKind.BLOCKED)

    def unblock(self) -> None:
        """Open it again."""
        self.chat.is_blocked = False
        self._do(IncomingKind.UNBLOCKED)

    def move(self, to: str) -> None:
        """Get another address in the same messenger."""
        self.messenger.move(self.chat.address, to)

    def with_keys(self) -> list[Seen]:
        """The messages that have buttons, the oldest first."""
        return [seen for seen in self.chat.seen if seen.body.keys]

    def _do(self, kind: IncomingKind, **fields: str | bool) -> None:
        self.messenger.bring(self.chat.address, kind, **fields)

    def _saw(self, seen: Seen) -> None:
        self.when_seen(self, seen)


class Day:
    """What a person may do at which time: awake from `wakes` until `sleeps` (hours, UTC), not on holiday."""

    def __init__(
        self, truth: Callable[[], datetime], chance: random.Random, wakes: float = 6.0, sleeps: float = 21.0
    ) -> None:
        self._truth = truth
        self._chance = chance
        self._wakes = wakes
        self._sleeps = sleeps
        self.away_until: datetime | None = None
        self.is_over = False

    def later(self, seconds: float, act: Callable[[], None]) -> None:
        """Do something after so many seconds, or when awake and back; never once all is over."""
        asyncio.get_running_loop().call_later(seconds, self._try, act)

    def _try(self, act: Callable[[], None]) -> None:
        if self.is_over:
            return
        wait = self._until_awake()
        if wait > 0:
            self.later(wait + self._chance.uniform(1, 1800), act)
        else:
            act()

    def _until_awake(self) -> float:
        now = self._truth()
        if self.away_until is not None and now < self.away_until:
            return (self.away_until - now).total_seconds()
        hour = now.hour + now.minute / 60
        if self._wakes <= hour < self._sleeps:
            return 0.0
        return ((self._wakes - hour) % 24) * 3600.0


def keys_of(seen: Seen) -> list[Key]:
    """All buttons of a message."""
    return [key for row in seen.body.keys for key in row]
