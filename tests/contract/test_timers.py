# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

from __future__ import annotations

import asyncio
from datetime import datetime

from bot.ports import UnitOfWork
from scheduler.timers import Timer
from tests.storage.stores import AGENCY, HOUR, MINUTE, NOW, World


def put(world: World, dedup: str, due_at: datetime = NOW, payload: str = "") -> None:
    world.do(lambda uow: uow.timers.set(AGENCY, "timeout", 5, due_at, dedup, payload))


def claim(world: World, now: datetime = NOW, limit: int = 10) -> list[Timer]:
    return world.do(lambda uow: uow.timers.claim(now, limit, now + MINUTE))


def next_due(world: World) -> datetime | None:
    return world.do(lambda uow: uow.timers.next_due())


def test_a_timer_from_setting_to_done(world: World) -> None:
    assert next_due(world) is None
    put(world, "a", NOW + HOUR, "4")
    assert next_due(world) == NOW + HOUR
    assert claim(world, NOW + HOUR - MINUTE) == []
    (due,) = claim(world, NOW + HOUR)
    assert due == Timer(due.id, AGENCY, "timeout", 5, NOW + HOUR, 0, "4")
    assert claim(world, NOW + HOUR) == []
    assert world.do(lambda uow: uow.timers.still_due(due))
    world.do(lambda uow: uow.timers.done(due.id))
    assert not world.do(lambda uow: uow.timers.still_due(due))
    assert next_due(world) is None


def test_the_longest_due_come_first(world: World) -> None:
    for dedup, due_at in (("a", NOW), ("b", NOW - HOUR), ("c", NOW - MINUTE), ("d", NOW + MINUTE)):
        put(world, dedup, due_at)
    assert [timer.due_at for timer in claim(world, limit=2)] == [NOW - HOUR, NOW - MINUTE]
    assert [timer.due_at for timer in claim(world, limit=2)] == [NOW]


def test_a_waiting_timer_is_moved_not_doubled(world: World) -> None:
    put(world, "a", NOW, "old")
    put(world, "a", NOW + HOUR, "new")
    assert claim(world) == []
    assert [timer.payload for timer in claim(world, NOW + HOUR)] == ["new"]


def test_a_cancelled_timer_is_gone(world: World) -> None:
    put(world, "a")
    (due,) = claim(world)
    world.do(lambda uow: uow.timers.cancel("a"))
    world.do(lambda uow: uow.timers.cancel("unknown"))
    assert not world.do(lambda uow: uow.timers.still_due(due))
    put(world, "b")
    (other,) = claim(world)
    assert other.id != due.id, "a number is never given twice"


def test_a_timer_that_was_moved_after_its_claim_waits_for_its_new_moment(world: World) -> None:
    put(world, "a")
    (due,) = claim(world)
    put(world, "a", NOW + HOUR)
    assert not world.do(lambda uow: uow.timers.still_due(due))
    world.do(lambda uow: uow.timers.done(due.id))
    world.do(lambda uow: uow.timers.retry(due.id, None, "Late"))
    assert next_due(world) == NOW + HOUR
    assert len(claim(world, NOW + HOUR)) == 1


def test_a_handler_may_set_its_own_timer_again(world: World) -> None:
    put(world, "daily")
    (due,) = claim(world)

    def handle(uow: UnitOfWork) -> None:
        assert uow.timers.still_due(due)
        uow.timers.set(AGENCY, "timeout", 5, NOW + HOUR, "daily")
        uow.timers.done(due.id)

    world.do(handle)
    assert next_due(world) == NOW + HOUR


def test_failures_are_counted_and_parked_in_the_end(world: World) -> None:
    put(world, "a")
    (first,) = claim(world)
    world.do(lambda uow: uow.timers.retry(first.id, NOW + MINUTE, "ValueError"))
    assert next_due(world) == NOW + MINUTE
    (second,) = claim(world, NOW + MINUTE)
    assert (second.id, second.attempts, second.due_at) == (first.id, 1, NOW + MINUTE)
    world.do(lambda uow: uow.timers.retry(first.id, None, "ValueError"))
    assert world.do(lambda uow: uow.timers.parked()) == 1
    assert next_due(world) is None
    assert claim(world, NOW + HOUR) == []
    put(world, "a", NOW + HOUR)
    assert next_due(world) == NOW + HOUR


def test_a_lease_that_has_run_out_is_claimed_again(world: World) -> None:
    put(world, "a")
    (first,) = claim(world)
    assert next_due(world) == NOW + MINUTE
    assert [timer.id for timer in claim(world, NOW + MINUTE)] == [first.id]


def test_release_puts_back_what_was_claimed(world: World) -> None:
    put(world, "a")
    put(world, "b", NOW + HOUR)
    claim(world)
    assert world.do(lambda uow: uow.timers.release()) == 1
    assert next_due(world) == NOW
    assert len(claim(world)) == 1


async def test_simultaneous_claims_share_the_timers(world: World) -> None:
    for number in range(40):
        put(world, str(number))

    def take(uow: UnitOfWork) -> list[Timer]:
        return uow.timers.claim(NOW, 7, NOW + MINUTE)

    claimed: list[Timer] = []
    while part := await asyncio.gather(*(world.storage.run(take) for _ in range(4))):
        claimed += [timer for some in part for timer in some]
        if not any(part):
            break
    assert len(claimed) == len({timer.id for timer in claimed}) == 40


async def test_simultaneous_setting_leaves_one_timer(world: World) -> None:
    def put_one(uow: UnitOfWork) -> None:
        uow.timers.set(AGENCY, "timeout", 5, NOW, "same")

    await asyncio.gather(*(world.storage.run(put_one) for _ in range(20)))
    assert len(claim(world)) == 1
