# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The worker's side of a process: timers fire, also those that another worker had in hand when it died."""

from __future__ import annotations

import asyncio
from datetime import datetime

from bot.services.timer_desk import TimerDesk
from scheduler.timers import Timer
from scheduler.worker import Worker


class WatchedDesk(TimerDesk):
    """The same, and knows when the worker last looked."""

    #: On the program's clock, as `Clock.now`; None before the first look.
    looked_at: datetime | None = None

    async def claim(self, now: datetime, limit: int) -> list[Timer]:
        """See `TimerDesk`."""
        timers = await super().claim(now, limit)
        self.looked_at = now
        return timers


class Working:
    """Runs a worker, and puts back what another one had claimed when that one may have died."""

    def __init__(self) -> None:
        self._gone = asyncio.Event()

    def worker_gone(self) -> None:
        """A worker beside this one may have died. Cheap; call it on the loop's thread."""
        self._gone.set()

    async def run(self, worker: Worker, desk: TimerDesk, stop: asyncio.Event) -> None:
        """Fire timers until `stop` is set; those in hand are finished."""
        await desk.give_back()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._end_with(stop))
            group.create_task(worker.run(stop))
            while True:
                await self._gone.wait()
                self._gone.clear()
                if stop.is_set():
                    return
                # At once, and not when the leases run out. A worker that lives after all claims anew.
                await desk.give_back()
                worker.wake()

    async def _end_with(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._gone.set()
