# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The worker on a machine whose clock is wrong, and is set right while it waits."""

from __future__ import annotations

from datetime import timedelta

import pytest

from scheduler.worker import LONGEST_WAIT_S
from tests.scheduler.bench import HOUR, MINUTE, START, Bench, UnsteadyClock, poison

DAY = timedelta(days=1)
LOOK = timedelta(seconds=LONGEST_WAIT_S)


@pytest.fixture
def clock() -> UnsteadyClock:
    return UnsteadyClock(START)


async def test_set_back_by_a_day_nothing_fires_twice_and_nothing_early(clock: UnsteadyClock) -> None:
    bench = Bench(clock=clock)
    bench.store.add(1, START)
    bench.store.add(2, START + MINUTE)
    async with bench.running():
        clock.set_to(START - DAY)
        for _ in range(10):
            await bench.advance(LOOK)
        assert bench.order == [1]
        assert bench.store.rows.keys() == {2}
        clock.set_to(START + MINUTE)
        await bench.advance(LOOK)
        assert bench.order == [1, 2]


async def test_what_was_due_before_the_clock_was_set_back_fires_when_its_moment_comes_again(
    clock: UnsteadyClock,
) -> None:
    bench = Bench(clock=clock)
    bench.store.add(1, START + MINUTE)
    async with bench.running():
        clock.set_to(START - HOUR)
        for _ in range(121):
            await bench.advance(LOOK)
        assert bench.order == []
        await bench.advance(LOOK)
        assert bench.order == [1]


async def test_a_failure_before_the_clock_was_set_back_still_comes_back(clock: UnsteadyClock) -> None:
    bench = Bench(clock=clock, before=poison(1))
    bench.store.add(1, START)
    async with bench.running():
        assert bench.store.rows[1].attempts == 1
        bench.before = None
        clock.set_to(START - HOUR)
        await bench.advance(LOOK)
        assert bench.order == []
        await bench.advance(HOUR)
        assert bench.order == [1]


async def test_set_forward_by_two_weeks_everything_fires_once_and_in_order(clock: UnsteadyClock) -> None:
    bench = Bench(clock=clock, limit=100)
    for number in range(3000):
        bench.store.add(number, START + number * timedelta(minutes=6), subject=number % 40)
    async with bench.running():
        clock.set_to(START + 14 * DAY)
        await bench.advance(LOOK)
        while bench.store.rows:
            await bench.settle()
        assert sorted(bench.order) == list(range(3000))
        assert all(number < before + 100 for before, number in enumerate(bench.order)), "claims come in order"
        for subject in range(40):
            mine = [number for number in bench.order if number % 40 == subject]
            assert mine == sorted(mine)


@pytest.mark.parametrize("step_s", [-29, -0.5, 0.5, 29, 3600])
async def test_a_step_of_the_clock_in_mid_wait_is_seen_within_half_a_minute(
    clock: UnsteadyClock, step_s: float
) -> None:
    bench = Bench(clock=clock)
    due_at = START + timedelta(seconds=25)
    bench.store.add(1, due_at)
    async with bench.running():
        await bench.advance(timedelta(seconds=10))
        clock.set_to(clock.now() + timedelta(seconds=step_s))
        waited = 0.0
        while not bench.order:
            late = (clock.now() - due_at).total_seconds()
            assert late <= max(LONGEST_WAIT_S, step_s + 20), "too late"
            await bench.advance(timedelta(seconds=0.5))
            waited += 0.5
        ((_, fired_at),) = bench.fired
        assert fired_at >= due_at
        assert waited <= 15 + LONGEST_WAIT_S + max(0.0, -step_s)
