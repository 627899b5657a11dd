# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""An event loop on which waiting costs nothing: when all wait, time jumps to the next one who is due.

It has no sockets and no threads, so what happens depends on nothing but what was asked of it.
"""

from __future__ import annotations

import asyncio
from asyncio.base_events import BaseEventLoop
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class NobodyWaitsError(RuntimeError):
    """All wait for one another, and nobody for a moment: nothing could ever happen again."""


class VirtualLoop(BaseEventLoop):
    """Implements asyncio's loop. `time()` is seconds since it was made."""

    def __init__(self) -> None:
        super().__init__()
        self._elapsed = 0.0
        # Moments nearer than that are the same one: sums of seconds are not exact.
        self._clock_resolution = 1e-6
        # The one thing that the base class asks to wait.
        self._selector = self

    def time(self) -> float:
        """See `asyncio`."""
        return self._elapsed

    def select(self, timeout: float | None) -> list[Any]:
        """Wait: that is, let so much time have passed."""
        if timeout is None:
            raise NobodyWaitsError
        self._elapsed += timeout
        return []

    def _process_events(self, event_list: list[Any]) -> None:
        del event_list

    def _write_to_self(self) -> None:
        """Nobody needs to be woken: there are no other threads."""


def run_virtually(main: Coroutine[Any, Any, T]) -> T:
    """Run `main` to its end on a fresh virtual loop. No other loop may run on this thread."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main)


async def pass_time(seconds: float) -> None:
    """Let so many seconds of the loop's time go by; none or less gives the others a turn."""
    loop = asyncio.get_running_loop()
    over: asyncio.Future[None] = loop.create_future()
    handle = loop.call_later(max(seconds, 0.0), _finish, over)
    try:
        await over
    finally:
        handle.cancel()


def _finish(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
