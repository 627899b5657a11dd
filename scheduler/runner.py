# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The ticker: looks in on the worker at regular intervals, in case a wake-up was lost.

APScheduler only ticks here. It knows no timer and stores nothing: the rows are the truth.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Ticker:
    """Calls `wake` on the event loop every `every_seconds` (real seconds, above 0), from `start` to `stop`.

    Raises `ValueError` for an interval of zero or less.
    """

    def __init__(self, wake: Callable[[], None], every_seconds: float) -> None:
        if every_seconds <= 0:
            raise ValueError("the ticker needs an interval above 0 seconds")
        self._wake = wake
        self._every_seconds = every_seconds
        self._scheduler: Any = None

    def start(self) -> None:
        """Start to tick, first after one interval, on the running event loop. A second start does nothing."""
        if self._scheduler is not None:
            return
        # Imported here: `lotse --help` and tests that never tick need not pay for it.
        from apscheduler.schedulers.asyncio import AsyncIOScheduler

        self._scheduler = AsyncIOScheduler(timezone="UTC")
        # By default a tick that is more than a second late is dropped, and missed ones pile up.
        self._scheduler.add_job(
            self._tick,
            "interval",
            seconds=self._every_seconds,
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
        )
        self._scheduler.start()

    def stop(self) -> None:
        """Stop to tick; stopping twice, or before the start, does nothing."""
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=False)
            self._scheduler = None

    async def _tick(self) -> None:
        # A coroutine on purpose: APScheduler runs plain functions in a thread, where `wake` must not run.
        self._wake()
