# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The worker: late rather than never, at once when woken, no row blocks another."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from scheduler.timers import StoreUnavailable, Timer
from scheduler.worker import LONGEST_WAIT_S
from tests.scheduler.bench import HOUR, MINUTE, START, Bench, MemoryStore, poison


async def test_a_timer_fires_at_its_moment_and_not_before() -> None:
    bench = Bench()
    bench.store.add(1, START + timedelta(seconds=20))
    async with bench.running():
        await bench.advance(timedelta(seconds=20) - timedelta.resolution)
        assert bench.order == []
        await bench.advance(timedelta.resolution)
        assert bench.fired == [(1, START + timedelta(seconds=20))]


async def test_a_timer_that_is_late_by_an_hour_still_fires() -> None:
    bench = Bench()
    bench.store.add(1, START - HOUR)
    async with bench.running():
        assert bench.order == [1]


async def test_the_earliest_fires_first_whatever_the_batch() -> None:
    bench = Bench(limit=3)
    for number in range(10):
        bench.store.add(number, START - timedelta(minutes=number), subject=7)
    async with bench.running():
        assert bench.order == list(reversed(range(10)))


async def test_timers_set_far_ahead_are_found_by_looking_in_now_and_then() -> None:
    bench = Bench()
    async with bench.running():
        bench.store.add(1, START + timedelta(seconds=5))  # by another process that rings nobody
        await bench.advance(timedelta(seconds=LONGEST_WAIT_S))
        assert bench.order == [1]


async def test_a_wake_up_is_immediate() -> None:
    bench = Bench()
    async with bench.running():
        bench.store.add(1, START)
        await bench.settle()
        assert bench.order == []
        bench.worker.wake()
        await bench.settle()
        assert bench.fired == [(1, START)]


async def test_a_wake_up_while_busy_is_not_lost() -> None:
    async def set_another(timer: Timer) -> None:
        if timer.id == 1:
            bench.store.add(2, START)
            bench.worker.wake()

    bench = Bench(before=set_another)
    bench.store.add(1, START)
    async with bench.running():
        assert bench.order == [1, 2]


async def test_a_wake_up_while_looking_in_vain_is_not_lost() -> None:
    class SlowToAnswer(MemoryStore):
        async def claim(self, now: datetime, limit: int) -> list[Timer]:
            seen = await super().claim(now, limit)
            if self.claims == 1:
                self.add(1, START)  # committed after the look, before its answer
                bench.worker.wake()
            return seen

        async def next_due(self, now: datetime) -> datetime | None:
            return None

    bench = Bench(store=SlowToAnswer())
    async with bench.running():
        assert bench.order == [1]


async def test_an_idle_worker_is_idle() -> None:
    bench = Bench()
    bench.store.add(1, START + HOUR)
    async with bench.running():
        await bench.settle()
        assert bench.store.claims == 1


async def test_a_store_that_promises_and_never_gives_makes_no_busy_loop() -> None:
    class Promising(MemoryStore):
        async def next_due(self, now: datetime) -> datetime | None:
            return now - HOUR

    bench = Bench(store=Promising())
    async with bench.running():
        for _ in range(10):
            await bench.advance(timedelta(seconds=0.1))
        assert bench.store.claims == 11


async def test_a_poisoned_row_does_not_block_the_others() -> None:
    bench = Bench(before=poison(1, 2), limit=2)
    for number in range(1, 7):
        bench.store.add(number, START - timedelta(minutes=10 - number), subject=1)
    async with bench.running():
        assert bench.order == [3, 4, 5, 6]
        assert bench.store.rows.keys() == {1, 2}


async def test_a_slow_row_does_not_hold_up_the_others_of_its_batch() -> None:
    gate = asyncio.Event()

    async def slow(timer: Timer) -> None:
        if timer.id == 1:
            await gate.wait()

    bench = Bench(before=slow)
    for number in (1, 2, 3):
        bench.store.add(number, START)
    async with bench.running():
        assert bench.order == [2, 3]
        gate.set()
        await bench.settle()
        assert bench.order == [2, 3, 1]


async def test_one_subjects_timers_wait_for_each_other_another_agencys_do_not() -> None:
    gate = asyncio.Event()

    async def slow(timer: Timer) -> None:
        if timer.id == 1:
            await gate.wait()

    bench = Bench(before=slow)
    bench.store.add(1, START - MINUTE, subject=5)
    bench.store.add(2, START, subject=5)
    bench.store.add(3, START, subject=5, agency=2)
    async with bench.running():
        assert bench.order == [3]
        gate.set()
        await bench.settle()
        assert bench.order == [3, 1, 2]


async def test_drain_fires_what_is_due_and_what_becomes_due_by_that() -> None:
    async def set_another(timer: Timer) -> None:
        if timer.id < 5:
            bench.store.add(timer.id + 1, START - HOUR)

    bench = Bench(before=set_another)
    bench.store.add(1, START)
    bench.store.add(99, START + timedelta.resolution)
    assert await bench.worker.drain(START) == 5
    assert bench.order == [1, 2, 3, 4, 5]
    assert bench.store.rows.keys() == {99}


async def test_drain_counts_its_back_off_from_its_own_moment() -> None:
    bench = Bench(before=poison(1))
    bench.store.add(1, START)
    assert await bench.worker.drain(START + HOUR) == 1
    assert bench.store.rows[1].due_at > START + HOUR
    bench.store.down = True
    with pytest.raises(StoreUnavailable):
        await bench.worker.drain(START)


def test_a_worker_that_claims_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Bench(limit=0)
