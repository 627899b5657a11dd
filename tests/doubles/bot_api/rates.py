# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Telegram's limits on sending, and the waiting times it imposes."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.doubles.bot_api.refusals import too_many

PER_BOT = 30.0
PER_CHAT = 1.0
CHAT_BURST = 3.0
PER_GROUP = 20.0 / 60.0
GROUP_BURST = 20.0
# A call that was already on its way when the 429 went out is not disobedience.
GRACE_SECONDS = 0.25


@dataclass(slots=True)
class _Bucket:
    rate: float
    size: float
    tokens: float
    at: float

    def wait(self, now: float) -> float:
        """Seconds until a token is there; 0 takes one."""
        self.tokens = min(self.size, self.tokens + (now - self.at) * self.rate)
        self.at = now
        if self.tokens >= 1.0:
            self.tokens -= 1.0
            return 0.0
        return (1.0 - self.tokens) / self.rate


@dataclass(frozen=True, slots=True)
class _Penalty:
    since: float
    until: float


@dataclass(slots=True)
class Rates:
    """One bot's budget. Times in seconds of `clock`.

    A 429 imposes a waiting time; a call that comes before it has passed is refused again and listed in
    `disobeyed` (the chat id, or None where the whole bot had to wait).
    """

    clock: Callable[[], float]
    enforced: bool = False
    disobeyed: list[int | None] = field(default_factory=list)
    _all: _Bucket | None = None
    _chats: dict[int, _Bucket] = field(default_factory=dict)
    _penalties: dict[int | None, _Penalty] = field(default_factory=dict)

    def spend(self, chat_id: int) -> None:
        """Account for one message to the chat. Raises 429 when it is too early."""
        if not self.enforced and not self._penalties:
            return
        now = self.clock()
        self._obey(None, now)
        self._obey(chat_id, now)
        if not self.enforced:
            return
        wait = self._chat(chat_id, now).wait(now)
        if wait > 0:
            raise self.impose(chat_id, math.ceil(wait))
        if self._all is None:
            self._all = _Bucket(PER_BOT, PER_BOT, PER_BOT, now)
        wait = self._all.wait(now)
        if wait > 0:
            raise self.impose(None, math.ceil(wait))

    def impose(self, chat_id: int | None, seconds: int) -> Exception:
        """From now on nothing may be sent to the chat (None: to anyone) for so long; the 429 that says so."""
        now = self.clock()
        self._penalties[chat_id] = _Penalty(now, now + seconds)
        return too_many(seconds)

    def forgive(self) -> None:
        """Lift all waiting times (the test has no clock to move)."""
        self._penalties.clear()

    def _obey(self, chat_id: int | None, now: float) -> None:
        penalty = self._penalties.get(chat_id)
        if penalty is None:
            return
        if now >= penalty.until:
            del self._penalties[chat_id]
            return
        if now > penalty.since + GRACE_SECONDS:
            self.disobeyed.append(chat_id)
        raise too_many(max(1, math.ceil(penalty.until - now)))

    def _chat(self, chat_id: int, now: float) -> _Bucket:
        bucket = self._chats.get(chat_id)
        if bucket is None:
            group = chat_id < 0
            rate, size = (PER_GROUP, GROUP_BURST) if group else (PER_CHAT, CHAT_BURST)
            bucket = self._chats[chat_id] = _Bucket(rate, size, size, now)
        return bucket
