# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The worker in trouble: rows that fail, a store that goes away, and being stopped. Nothing is lost."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta

import pytest

from scheduler.timers import MAX_ATTEMPTS, StoreUnavailable, Timer
from tests.scheduler.bench import HOUR, LEASE, MINUTE, START, Bench, MemoryStore, poison


async def test_a_failing_row_is_tried_again_and_then_parked() -> None:
    bench = Bench(before=poison(1))
    bench.store.add(1, START)
    async with bench.running():
        attempts = [row.attempts for row in bench.store.rows.values()]
        for _ in range(40):
            await bench.advance(MINUTE)
            attempts += [row.attempts for row in bench.store.rows.values()]
        assert bench.store.parked == {1: "RuntimeError"}
        assert attempts == sorted(attempts)
        assert max(attempts) == MAX_ATTEMPTS - 1
        assert bench.order == []


async def test_a_row_that_recovers_fires_once() -> None:
    bench = Bench(before=poison(1))
    bench.store.add(1, START)
    async with bench.running():
        bench.before = None
        await bench.advance(MINUTE)
        await bench.advance(HOUR)
        assert bench.order == [1]
        assert bench.store.rows == {}


async def test_the_log_names_kind_id_and_error_and_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    bench = Bench(before=poison(1))
    bench.store.add(1, START)
    with caplog.at_level(logging.DEBUG, logger="scheduler"):
        async with bench.running():
            pass
    assert [record.getMessage() for record in caplog.records] == [
        "timer 1 of kind check_in failed: RuntimeError"
    ]
    assert "Mia" not in caplog.text
    assert all(record.exc_info is None for record in caplog.records)


async def test_a_store_that_was_down_is_asked_again() -> None:
    bench = Bench()
    bench.store.add(1, START)
    bench.store.down = True
    async with bench.running():
        for _ in range(10):
            bench.worker.wake()  # no reason to hurry
            await bench.settle()
        assert bench.store.claims == 1
        await bench.advance(MINUTE)
        assert bench.store.claims == 2
        bench.store.down = False
        await bench.advance(timedelta(seconds=5))
        assert bench.order == [1]


async def test_an_outage_in_mid_batch_counts_as_nobodys_failure() -> None:
    async def pull_the_plug(timer: Timer) -> None:
        bench.store.down = bench.store.down or timer.id == 2

    bench = Bench(before=pull_the_plug)
    for number in (1, 2, 3):
        bench.store.add(number, START - timedelta(minutes=5 - number), subject=1)
    async with bench.running():
        assert bench.order == [1]
        bench.store.down = False
        bench.before = None
        await bench.advance(LEASE)  # what was in hand comes back when its lease is over
        await bench.advance(MINUTE)
        assert bench.order == [1, 2, 3]
    assert bench.store.parked == {}


async def test_an_outage_does_not_cut_off_the_others_in_mid_commit() -> None:
    gate = asyncio.Event()

    async def slow(timer: Timer) -> None:
        if timer.id == 1:
            raise StoreUnavailable
        await gate.wait()

    bench = Bench(before=slow)
    bench.store.add(1, START)
    bench.store.add(2, START)
    async with bench.running():
        gate.set()
        await bench.settle()
        assert bench.order == [2]
        assert bench.store.rows[1].attempts == 0


async def test_an_outage_while_a_failure_is_written_down_loses_nothing() -> None:
    async def fail_and_unplug(_: Timer) -> None:
        bench.store.down = True
        raise RuntimeError

    bench = Bench(before=fail_and_unplug)
    bench.store.add(1, START)
    async with bench.running():
        bench.store.down, bench.before = False, None
        await bench.advance(LEASE)
        await bench.advance(MINUTE)
        assert bench.order == [1]


async def test_stop_ends_an_outage_and_an_idle_wait_at_once() -> None:
    for down in (True, False):
        bench = Bench()
        bench.store.down = down
        async with bench.running():
            pass


async def test_what_is_in_hand_is_finished_before_the_worker_stops() -> None:
    gate = asyncio.Event()

    async def slow(_: Timer) -> None:
        await gate.wait()

    bench = Bench(before=slow, limit=1)
    bench.store.add(1, START - MINUTE)
    bench.store.add(2, START)
    async with bench.running():
        bench.stop.set()
        await bench.settle()
        assert bench.order == []
        gate.set()
    assert bench.order == [1]


async def test_a_fault_of_the_store_itself_is_not_hidden() -> None:
    class Broken(MemoryStore):
        async def claim(self, now: datetime, limit: int) -> list[Timer]:
            raise KeyError

    bench = Bench(store=Broken())
    with pytest.raises(ExceptionGroup) as caught:
        await bench.worker.run(bench.stop)
    assert caught.group_contains(KeyError)
