# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Clocks: the system's, and those that tests and the demo move."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from scheduler.clock import AdvanceableClock, Clock, FixedClock, OffsetClock, SystemClock

START = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
HOUR = 3600.0
DAY = timedelta(days=1)


async def turns(count: int = 5) -> None:
    """Let everyone who is ready run."""
    for _ in range(count):
        await asyncio.sleep(0)


async def sleep_and_tell(clock: Clock, seconds: float, name: str, told: list[tuple[str, datetime]]) -> None:
    await clock.sleep(seconds)
    told.append((name, clock.now()))


def test_the_system_clock_tells_the_system_time() -> None:
    before = datetime.now(UTC)
    told = SystemClock().now()
    assert before <= told <= datetime.now(UTC)
    assert told.tzinfo is UTC


def test_a_factor_makes_time_run_faster() -> None:
    clock, real = SystemClock(1_000_000), time.monotonic()
    at, mark = clock.now(), clock.monotonic()
    while time.monotonic() - real < 0.005:
        pass
    assert clock.now() - at >= timedelta(seconds=4000)
    assert clock.monotonic() - mark >= 4000


async def test_sleeps_shrink_with_the_factor() -> None:
    clock, real = SystemClock(1_000_000), time.monotonic()
    at = clock.now()
    await clock.sleep(HOUR)
    assert not await clock.wait(asyncio.Event(), HOUR)
    assert time.monotonic() - real < 5
    assert clock.now() - at > timedelta(hours=1.9)


@pytest.mark.parametrize("factor", [0.0, -1.0, float("nan"), float("inf")])
def test_factors_that_make_no_sense_are_refused(factor: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        SystemClock(factor)


def test_a_naive_start_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        AdvanceableClock(START.replace(tzinfo=None))


@pytest.mark.parametrize("make", [lambda: AdvanceableClock(START), OffsetClock])
async def test_an_advance_wakes_in_the_order_of_their_moments(
    make: Callable[[], AdvanceableClock | OffsetClock],
) -> None:
    clock, told = make(), list[tuple[str, datetime]]()
    began = clock.now()
    async with asyncio.TaskGroup() as group:
        for name, hours in (("c", 30), ("a", 10), ("d", 60), ("b", 20)):
            group.create_task(sleep_and_tell(clock, hours * HOUR, name, told))
        await turns()
        assert told == []
        clock.advance(timedelta(hours=40))
        await turns()
        assert [name for name, _ in told] == ["a", "b", "c"]
        assert all(timedelta(hours=40) <= at - began < timedelta(hours=41) for _, at in told)
        clock.advance(timedelta(hours=40))
    assert [name for name, _ in told] == ["a", "b", "c", "d"]


@pytest.mark.parametrize("make", [lambda: AdvanceableClock(START), OffsetClock])
async def test_small_steps_add_up(make: Callable[[], AdvanceableClock | OffsetClock]) -> None:
    clock, told = make(), list[tuple[str, datetime]]()
    async with asyncio.TaskGroup() as group:
        group.create_task(sleep_and_tell(clock, HOUR, "a", told))
        await turns()
        for _ in range(59):
            clock.advance(timedelta(minutes=1))
            await turns()
        assert told == []
        # again and again while it wakes: who is waking already is left alone
        for _ in range(4):
            clock.advance(timedelta(minutes=1))
            await turns(1)
    assert [name for name, _ in told] == ["a"]


async def test_to_the_microsecond() -> None:
    clock, told = AdvanceableClock(START), list[tuple[str, datetime]]()
    async with asyncio.TaskGroup() as group:
        group.create_task(sleep_and_tell(clock, 10, "a", told))
        await turns()
        clock.advance(timedelta(seconds=10) - timedelta.resolution)
        await turns()
        assert told == []
        clock.advance(timedelta.resolution)
    assert told == [("a", START + timedelta(seconds=10))]


async def test_tenths_of_seconds_add_up() -> None:
    clock, told = AdvanceableClock(START), list[tuple[str, datetime]]()
    for count in range(1, 30):
        async with asyncio.TaskGroup() as group:
            group.create_task(sleep_and_tell(clock, 0.1, "a", told))
            await turns()
            clock.advance(timedelta(seconds=0.1))
            await turns()
            assert len(told) == count


async def test_the_rest_of_a_sleep_runs_by_itself_on_the_demos_clock() -> None:
    clock, told = OffsetClock(), list[tuple[str, datetime]]()
    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        group.create_task(sleep_and_tell(clock, HOUR, "a", told))
        await turns()
        clock.advance(timedelta(seconds=HOUR - 0.02))
        await turns()
        assert told == []
    assert [name for name, _ in told] == ["a"]


async def wait_is_true(clock: Clock, act: Callable[[asyncio.Event], Awaitable[None]]) -> bool:
    event = asyncio.Event()
    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        task = group.create_task(clock.wait(event, HOUR))
        await turns()
        await act(event)
    return task.result()


async def test_an_event_ends_a_wait_on_every_clock() -> None:
    async def ring(event: asyncio.Event) -> None:
        event.set()

    for clock in (SystemClock(), OffsetClock(), FixedClock(START), AdvanceableClock(START)):
        assert await wait_is_true(clock, ring)


async def test_time_ends_a_wait() -> None:
    clock = AdvanceableClock(START)

    async def pass_time(_: asyncio.Event) -> None:
        clock.advance(DAY)

    assert not await wait_is_true(clock, pass_time)


@pytest.mark.parametrize("first", ["event", "time"])
async def test_an_event_in_the_last_moment_counts(first: str) -> None:
    clock = AdvanceableClock(START)

    async def both(event: asyncio.Event) -> None:
        if first == "event":
            event.set()
            clock.advance(DAY)
        else:
            clock.advance(DAY)
            event.set()

    assert await wait_is_true(clock, both)


async def test_no_time_is_no_wait() -> None:
    clock, event = FixedClock(START), asyncio.Event()
    await clock.sleep(0)
    await clock.sleep(-1)
    assert not await clock.wait(event, 0)
    event.set()
    assert await clock.wait(event, 0)


async def test_a_wait_can_be_cancelled_and_leaves_nothing_behind() -> None:
    clock = AdvanceableClock(START)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(clock.sleep(HOUR))
        await turns()
        task.cancel()
    assert task.cancelled()
    clock.advance(DAY)
    assert clock._sleepers == {}


def test_a_fixed_clock_stands_still() -> None:
    clock = FixedClock(datetime.fromisoformat("2026-10-25T02:30:00+02:00"))
    assert (clock.now(), clock.monotonic()) == (START, 0.0)
    assert clock.now().tzinfo is UTC


async def test_the_monotonic_seconds_follow_an_advance() -> None:
    for clock in (OffsetClock(), AdvanceableClock(START)):
        mark = clock.monotonic()
        clock.advance(DAY)
        assert 86400 <= clock.monotonic() - mark < 86460


async def test_time_never_moves_back() -> None:
    for clock in (OffsetClock(), AdvanceableClock(START)):
        with pytest.raises(ValueError, match="forward"):
            clock.advance(-timedelta.resolution)
