# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What goes wrong between a bot and Telegram, on demand or by chance with a seed."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from enum import StrEnum


class FaultKind(StrEnum):
    """What happens to a call.

    `lost_answer` is the nasty one: the call has its effect, but the connection closes without a reply.
    `slow_answer` has its effect and answers when the fault is released. `retry_chat` needs a call that
    names a chat; others pass.
    """

    RETRY_CHAT = "retry_chat"
    RETRY_BOT = "retry_bot"
    SERVER_ERROR = "server_error"
    CLOSED_BEFORE = "closed_before"
    LOST_ANSWER = "lost_answer"
    SLOW_ANSWER = "slow_answer"


@dataclass(slots=True, eq=False)
class Fault:
    """An ordered fault. It matches calls of its bot, method and chat (None: any), `times` times."""

    kind: FaultKind
    bot: str | None = None
    method: str | None = None
    chat_id: int | None = None
    times: int = 1
    retry_after: int = 1
    hits: int = 0
    release: asyncio.Event = field(default_factory=asyncio.Event)
    struck: asyncio.Event = field(default_factory=asyncio.Event)

    def matches(self, bot: str, method: str, chat_id: int | None) -> bool:
        """Whether this call is meant."""
        return (
            self.bot in (None, bot)
            and (self.method is None or self.method.lower() == method.lower())
            and self.chat_id in (None, chat_id)
        )

    def strike(self) -> None:
        """Count one hit and wake who waits for it."""
        self.hits += 1
        self.struck.set()


@dataclass(slots=True)
class Faults:
    """All faults of one double. Ordered ones come first, each once it is its turn."""

    ordered: list[Fault] = field(default_factory=list)
    _odds: dict[FaultKind, float] = field(default_factory=dict)
    _dice: random.Random = field(default_factory=random.Random)
    _retry_after: int = 1

    def order(self, fault: Fault) -> Fault:
        """Put a fault in line."""
        self.ordered.append(fault)
        return fault

    def soak(self, seed: int, odds: dict[FaultKind, float], retry_after: int = 1) -> None:
        """From now on every call but getUpdates may fail, each kind with its probability (0 to 1)."""
        if sum(odds.values()) > 1 or FaultKind.SLOW_ANSWER in odds:
            raise ValueError("odds add up to at most 1, and a slow answer needs someone who releases it")
        self._odds = dict(odds)
        self._dice = random.Random(seed)
        self._retry_after = retry_after

    def pick(self, bot: str, method: str, chat_id: int | None) -> Fault | None:
        """The fault that hits this call, if any."""
        for fault in self.ordered:
            if fault.matches(bot, method, chat_id):
                if fault.hits + 1 >= fault.times:
                    self.ordered.remove(fault)
                fault.strike()
                return fault
        if not self._odds or method == "getUpdates":
            return None
        roll = self._dice.random()
        for kind, chance in self._odds.items():
            if roll < chance:
                return Fault(kind, retry_after=self._retry_after)
            roll -= chance
        return None
