# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The worker when many timers are due: they share commits, and none of them pays for another."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from scheduler.timers import StoreUnavailable, Timer
from tests.scheduler.bench import LEASE, MINUTE, START, Bench, MemoryStore, poison


class CountingStore(MemoryStore):
    """Notes the most timers that were out at the same time."""

    most = 0

    async def claim(self, now: datetime, limit: int) -> list[Timer]:
        claimed = await super().claim(now, limit)
        self.most = max(self.most, sum(1 for id_ in self.leased if id_ in self.rows))
        return claimed


async def test_a_backlog_shares_commits() -> None:
    bench = Bench(limit=400)
    for number in range(1000):
        bench.store.add(number, START)
    assert await bench.worker.drain(START) == 1000
    assert sorted(bench.order) == list(range(1000))
    assert len(bench.commits) < 1000 / 10
    assert max(map(len, bench.commits)) <= 16


async def test_few_timers_have_a_commit_each() -> None:
    bench = Bench()
    for number in range(8):
        bench.store.add(number, START)
    await bench.worker.drain(START)
    assert [len(commit) for commit in bench.commits] == [1] * 8


async def test_memory_is_bounded_however_many_are_due() -> None:
    store = CountingStore()
    bench = Bench(store=store, limit=50)
    for number in range(1000):
        store.add(number, START - timedelta(seconds=number))
    await bench.worker.drain(START)
    assert store.most == 50
    assert len(bench.order) == 1000


async def test_poisoned_rows_in_a_backlog_undo_nothing() -> None:
    bench = Bench(before=poison(3, 77, 78))
    for number in range(100):
        bench.store.add(number, START)
    await bench.worker.drain(START)
    assert sorted(bench.order) == [number for number in range(100) if number not in {3, 77, 78}]
    assert {row.id: row.attempts for row in bench.store.rows.values()} == {3: 1, 77: 1, 78: 1}


async def test_a_backlog_of_one_person_beside_others_keeps_its_order() -> None:
    bench = Bench(before=poison(20, 21))
    for number in range(200):
        bench.store.add(number, START - timedelta(seconds=200 - number), subject=number % 10)
    await bench.worker.drain(START)
    for subject in range(10):
        mine = [number for number in bench.order if number % 10 == subject]
        assert mine == sorted(mine)
        assert len(mine) == 20 - (subject in {0, 1})


async def test_a_shared_commit_that_the_store_refuses_is_tried_alone_and_nobody_fails() -> None:
    class Deadlocking(Bench):
        async def handle(self, timers: Sequence[Timer]) -> None:
            if len(timers) > 1:
                raise StoreUnavailable("a deadlock")
            await super().handle(timers)

    bench = Deadlocking()
    for number in range(100):
        bench.store.add(number, START)
    assert await bench.worker.drain(START) == 100
    assert sorted(bench.order) == list(range(100))


async def test_an_outage_in_a_backlog_loses_and_doubles_nothing() -> None:
    async def pull_the_plug(timer: Timer) -> None:
        bench.store.down = bench.store.down or timer.id == 60

    bench = Bench(before=pull_the_plug)
    for number in range(200):
        bench.store.add(number, START - timedelta(seconds=200 - number))
    async with bench.running():
        assert 0 < len(bench.order) < 200
        bench.store.down, bench.before = False, None
        await bench.advance(LEASE)
        await bench.advance(MINUTE)
        assert sorted(bench.order) == list(range(200))
    assert bench.store.parked == {}


@given(
    subjects=st.lists(st.integers(1, 12), max_size=120),
    faulty=st.sets(st.integers(0, 119), max_size=6),
    limit=st.integers(1, 60),
    seed=st.integers(0, 999),
)
def test_every_sound_timer_fires_once_and_in_its_order(
    subjects: list[int], faulty: set[int], limit: int, seed: int
) -> None:
    async def play() -> None:
        dice = random.Random(seed)

        async def dawdle(timer: Timer) -> None:
            for _ in range(dice.randrange(3)):
                await asyncio.sleep(0)
            if timer.id in faulty:
                raise RuntimeError

        bench = Bench(before=dawdle, limit=limit)
        for number, subject in enumerate(subjects):
            bench.store.add(number, START - timedelta(seconds=dice.randrange(9)), subject=subject)
        due = {row.id: row.due_at for row in bench.store.rows.values()}
        await bench.worker.drain(START)
        sound = set(range(len(subjects))) - faulty
        assert sorted(bench.order) == sorted(sound)
        assert bench.store.rows.keys() == faulty & set(range(len(subjects)))
        assert all(row.attempts == 1 for row in bench.store.rows.values())
        for subject in set(subjects):
            moments = [due[number] for number in bench.order if subjects[number] == subject]
            assert moments == sorted(moments)

    asyncio.run(play())
