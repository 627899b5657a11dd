# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A real pump on a real store, a messenger that keeps its limits strictly, and time that skips waiting.

The benchmark of delivery uses the same, with time in which work takes as long as it takes.
"""

from __future__ import annotations

import asyncio
import bisect
import random
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from bot.domain.delivery import RetryAfter, SendResult, Sent
from bot.domain.messages import DataClass, Outgoing
from bot.errors import StoreUnavailable
from bot.ports import Storage, UnitOfWork
from scheduler.clock import AdvanceableClock, OffsetClock

T = TypeVar("T")

_TURNS = 40


class SteppingClock(AdvanceableClock):
    """Stands still while anybody works: for tests."""

    @property
    def next_alarm(self) -> float | None:
        """When the first sleeper wants to wake."""
        return min(self._sleepers.values(), default=None)


class SkippingClock(OffsetClock):
    """Goes on while anybody works, as time does, and skips what is only waiting: for measurements."""

    @property
    def next_alarm(self) -> float | None:
        """When the first sleeper wants to wake."""
        return min(self._sleepers.values(), default=None)


class WatchedStorage:
    """A storage of which one can know whether it is at work, and which can lose the answer to a commit."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._pending = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self.answers_to_lose = 0

    async def run(self, use_case: Callable[[UnitOfWork], T]) -> T:
        self._pending += 1
        self._idle.clear()
        try:
            result = await self._storage.run(use_case)
        finally:
            self._pending -= 1
            if not self._pending:
                self._idle.set()
        if self.answers_to_lose:
            self.answers_to_lose -= 1
            raise StoreUnavailable("the answer was lost")
        return result

    async def healthy(self) -> str:
        return await self._storage.healthy()

    async def settle(self) -> None:
        """Returns when everybody waits for nothing but time."""
        turns = 0
        while turns < _TURNS:
            await self._idle.wait()
            await asyncio.sleep(0)
            turns = turns + 1 if self._idle.is_set() else 0


async def pass_time(
    clock: SteppingClock | SkippingClock,
    storage: WatchedStorage,
    is_over: Callable[[], bool],
    within_s: float = 1200.0,
) -> None:
    """Let time go by from one alarm to the next until `is_over`. Raises if that never comes."""
    end = clock.monotonic() + within_s
    while True:
        await storage.settle()
        if is_over():
            return
        alarm = clock.next_alarm
        assert alarm is not None, "everybody waits for ever"
        assert clock.monotonic() < end, "it takes too long"
        clock.advance(timedelta(seconds=max(0.0, alarm - clock.monotonic()), microseconds=1))


class StrictMessenger:
    """Takes 30 messages in any second, for a chat three at once and then one a second, and refuses the rest.

    Whoever does not wait as told is in `disobeyed`. `there_s` is the way of a call, a little longer for some
    (`jitter_s`), and just as long back.
    """

    default_class = DataClass.APPOINTMENT

    def __init__(
        self,
        clock: SteppingClock | SkippingClock,
        name: str = "telegram",
        *,
        there_s: float = 0.0,
        jitter_s: float = 0.0,
        per_second: int = 30,
    ) -> None:
        self.name = name
        self.arrived: list[tuple[float, Outgoing]] = []
        self.refused: list[tuple[float, str]] = []
        self.disobeyed: list[str] = []
        self.answer: Callable[[Outgoing], SendResult | None] = lambda message: None
        self._clock = clock
        self._there_s = there_s
        self._jitter_s = jitter_s
        self._per_second = per_second
        self._calls: list[float] = []
        self._chats: dict[str, tuple[float, float]] = {}
        self._until: dict[str, float] = {}
        self._dice = random.Random(4711)

    async def send(self, message: Outgoing) -> SendResult:
        way = self._there_s + self._dice.uniform(0, self._jitter_s)
        if way:
            await self._clock.sleep(way)
        result = self.answer(message) or self._judge(message.address) or self._take(message)
        if way:
            await self._clock.sleep(way)
        return result

    def texts(self) -> list[str]:
        """What has arrived, in its order."""
        return [message.body.text for _, message in self.arrived]

    def busiest(self) -> int:
        """The most messages that arrived within any second."""
        calls = self._calls
        return max(bisect.bisect_left(calls, at + 1.0) - place for place, at in enumerate(calls))

    def _take(self, message: Outgoing) -> Sent:
        self.arrived.append((self._clock.monotonic(), message))
        return Sent(str(len(self.arrived)))

    def _judge(self, chat: str) -> RetryAfter | None:
        now = self._clock.monotonic()
        for who in ("", chat):
            left = self._until.get(who, now) - now
            if left > 0:
                self.disobeyed.append(chat)
                return RetryAfter(left, whole_channel=not who)
        tokens, at = self._chats.get(chat, (3.0, now))
        tokens = min(3.0, tokens + now - at)
        if tokens < 1 - 1e-6:
            return self._refuse(chat, chat, now, 1.0)
        if len(self._calls) - bisect.bisect_right(self._calls, now - 1.0) >= self._per_second:
            return self._refuse("", chat, now, 3.0)
        self._chats[chat] = (tokens - 1, now)
        self._calls.append(now)
        return None

    def _refuse(self, who: str, chat: str, now: float, seconds: float) -> RetryAfter:
        self._until[who] = now + seconds
        self.refused.append((now, chat))
        return RetryAfter(seconds, whole_channel=not who)
