# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The one place that asks the system what time it is, and the one way to wait.

Everyone else gets `now` as an argument or a `Clock` injected, so that tests and the demo can move time.
"""

from __future__ import annotations

import asyncio
import math
import time
from abc import ABC, abstractmethod
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time and waits. All durations are in seconds of this clock, whatever its pace."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC. May jump back when the system's clock is set right."""

    def monotonic(self) -> float:
        """Seconds since an arbitrary start; never runs backwards. Only differences mean anything."""

    async def sleep(self, seconds: float) -> None:
        """Wait so long; zero or less gives others a turn and returns."""

    async def wait(self, event: asyncio.Event, timeout: float) -> bool:  # noqa: ASYNC109  (simulated time)
        """Wait for `event`, at most so many seconds. True if it is set, even in the last moment."""


class _Waiting(ABC):
    """Waiting on a clock that can jump: every sleeper is known, so that a jump wakes whose moment came."""

    def __init__(self) -> None:
        self._sleepers: dict[asyncio.Timeout, float] = {}

    @abstractmethod
    def monotonic(self) -> float:
        """See `Clock`."""

    @abstractmethod
    def _real(self, seconds: float) -> float | None:
        """How long that is on the wall outside; None if this clock never gets there by itself."""

    async def sleep(self, seconds: float) -> None:
        """See `Clock`."""
        await self.wait(asyncio.Event(), seconds)

    async def wait(self, event: asyncio.Event, timeout: float) -> bool:  # noqa: ASYNC109  (simulated time)
        """See `Clock`."""
        if event.is_set() or timeout <= 0:
            await asyncio.sleep(0)
            return event.is_set()
        try:
            async with asyncio.timeout(self._real(timeout)) as scope:
                # Rounded as moments are, so that 0.2 s and 0.1 s later is not a hair after 0.3 s.
                self._sleepers[scope] = round(self.monotonic() + timeout, 6)
                try:
                    await event.wait()
                finally:
                    del self._sleepers[scope]
        except TimeoutError:
            pass  # the time is up, which is a result; the event may have come in the same turn of the loop
        return event.is_set()

    def _wake_due(self) -> None:
        """Time has jumped: wake whose moment has come, the earliest first; set the others' alarms anew."""
        loop = asyncio.get_running_loop()
        present = self.monotonic()
        for scope, due in sorted(self._sleepers.items(), key=lambda item: item[1]):
            if scope.expired():  # is waking already
                continue
            real = 0.0 if due <= present else self._real(due - present)
            scope.reschedule(None if real is None else loop.time() + real)


class SystemClock(_Waiting):
    """The system's time. With a `factor` above 1 simulated time runs that much faster, from now on.

    The factor is for the demo and for tests. Raises `ValueError` unless it is finite and above zero.
    """

    def __init__(self, factor: float = 1.0) -> None:
        super().__init__()
        if not (math.isfinite(factor) and factor > 0):
            raise ValueError("the time factor must be a number above 0")
        self._factor = factor
        self._began = datetime.now(UTC)
        self._began_monotonic = time.monotonic()

    def now(self) -> datetime:
        """See `Clock`."""
        return self._began + (datetime.now(UTC) - self._began) * self._factor

    def monotonic(self) -> float:
        """See `Clock`."""
        return (time.monotonic() - self._began_monotonic) * self._factor

    def _real(self, seconds: float) -> float:
        return seconds / self._factor


class OffsetClock(SystemClock):
    """The system's time plus an offset that grows while it runs: the demo's clock, to watch a week go by."""

    def __init__(self, factor: float = 1.0) -> None:
        super().__init__(factor)
        self._offset = timedelta()

    def now(self) -> datetime:
        """See `Clock`."""
        return super().now() + self._offset

    def monotonic(self) -> float:
        """See `Clock`."""
        return super().monotonic() + self._offset.total_seconds()

    def advance(self, by: timedelta) -> None:
        """Jump ahead and wake whose moment has come. Call it on the event loop's thread.

        Raises `ValueError` for going back: what was done cannot be undone.
        """
        self._offset += _forward(by)
        self._wake_due()


class FixedClock(_Waiting):
    """A clock that stands still: whoever sleeps on it sleeps for ever, unless an event comes.

    Raises `ValueError` if `at` is naive.
    """

    def __init__(self, at: datetime) -> None:
        super().__init__()
        if at.tzinfo is None:
            raise ValueError("the moment must be aware")
        self._began = self._at = at.astimezone(UTC)

    def now(self) -> datetime:
        """See `Clock`."""
        return self._at

    def monotonic(self) -> float:
        """See `Clock`."""
        return (self._at - self._began).total_seconds()

    def _real(self, seconds: float) -> None:
        return None


class AdvanceableClock(FixedClock):
    """A clock that moves only when told to: the tests' clock."""

    def advance(self, by: timedelta) -> None:
        """Jump ahead and wake whose moment has come, the earliest first. Call it on the event loop's thread.

        It is one jump: all who wake see the same new time. Raises `ValueError` for going back.
        """
        self._at += _forward(by)
        self._wake_due()


def _forward(by: timedelta) -> timedelta:
    if by < timedelta():
        raise ValueError("time only moves forward")
    return by
