# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The ticker: real APScheduler, real loop."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading

import pytest

from scheduler.runner import Ticker


async def test_it_ticks_on_the_event_loops_thread_until_it_is_stopped() -> None:
    ticks: list[int] = []
    enough = asyncio.Event()

    def wake() -> None:
        ticks.append(threading.get_ident())
        if len(ticks) >= 3:
            enough.set()

    ticker = Ticker(wake, 0.01)
    ticker.start()
    ticker.start()
    async with asyncio.timeout(10):
        await enough.wait()
    ticker.stop()
    ticker.stop()
    count = len(ticks)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await asyncio.Event().wait()
    assert len(ticks) == count
    assert set(ticks) == {threading.get_ident()}


async def test_it_can_start_again() -> None:
    rung = asyncio.Event()
    ticker = Ticker(rung.set, 0.01)
    ticker.start()
    ticker.stop()
    ticker.start()
    async with asyncio.timeout(10):
        await rung.wait()
    ticker.stop()


@pytest.mark.parametrize("seconds", [0.0, -1.0])
def test_an_interval_of_nothing_is_refused(seconds: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        Ticker(lambda: None, seconds)


def test_importing_it_costs_nothing() -> None:
    code = "import sys, scheduler.runner, scheduler.worker; sys.exit('apscheduler' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
