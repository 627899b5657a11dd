# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The simulated clock: exact by default, and it can be set wrong while the program runs."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from bot.simulation.loop import pass_time


class SimulatedClock:
    """Implements `scheduler.clock.Clock` on the running loop's time.

    `began` is the moment at which the loop's time was 0. Raises `ValueError` if it is naive.
    """

    def __init__(self, began: datetime) -> None:
        if began.tzinfo is None:
            raise ValueError("the moment must be aware")
        self._began = began.astimezone(UTC)
        self._error = timedelta()

    @property
    def error(self) -> timedelta:
        """How far the clock is ahead of the truth; negative if it is behind."""
        return self._error

    def now(self) -> datetime:
        """What the system says that it is."""
        return self.truth() + self._error

    def truth(self) -> datetime:
        """What it is for the people outside."""
        return self._began + timedelta(seconds=self.monotonic())

    def seconds_at(self, moment: datetime) -> float:
        """The loop's time at a true moment."""
        return (moment - self._began).total_seconds()

    def monotonic(self) -> float:
        """Seconds since the simulation began."""
        return asyncio.get_running_loop().time()

    def set_wrong(self, error: timedelta) -> None:
        """From now on the clock is wrong by so much, in either direction."""
        self._error = error

    async def sleep(self, seconds: float) -> None:
        """See `Clock`."""
        await pass_time(seconds)

    async def wait(self, event: asyncio.Event, timeout: float) -> bool:  # noqa: ASYNC109  (simulated time)
        """See `Clock`."""
        if event.is_set() or timeout <= 0:
            await pass_time(0)
            return event.is_set()
        with suppress(TimeoutError):  # the time is up, which is a result
            async with asyncio.timeout(timeout):
                await event.wait()
        return event.is_set()


class PatientClock(SimulatedClock):
    """For a loop that looks at least every `cap` seconds, however little there is to do.

    A wait of the cap is prolonged until `until()`: between looks at an unchanged database nothing can be
    found. Whoever changes it must ring the bell within the cap.
    """

    def __init__(self, clock: SimulatedClock, cap: float) -> None:
        super().__init__(datetime.fromtimestamp(0, UTC))
        self._clock = clock
        self._cap = cap
        self.until: datetime | None = None

    def now(self) -> datetime:
        """The same as on the clock behind."""
        return self._clock.now()

    async def wait(self, event: asyncio.Event, timeout: float) -> bool:  # noqa: ASYNC109  (simulated time)
        """See the class."""
        if timeout >= self._cap:
            far = timedelta(days=3650)
            timeout = max(timeout, ((self.until - self.now()) if self.until else far).total_seconds())
        return await super().wait(event, timeout)
