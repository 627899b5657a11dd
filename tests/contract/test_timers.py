# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

from __future__ import annotations

import asyncio
from datetime import datetime

import pytest

from bot.ports import UnitOfWork
from scheduler.timers import ParkedTimer, Timer, Unparked
from tests.storage.stores import AGENCY, HOUR, MINUTE, NOW, World


def put(world: World, dedup: str, due_at: datetime = NOW, payload: str = "") -> None:
    world.do(lambda uow: uow.timers.set(AGENCY, "timeout", 5, due_at, dedup, payload))


def claim(world: World, now: datetime = NOW, limit: int = 10) -> list[Timer]:
    return world.do(lambda uow: uow.timers.claim(now, limit, now + MINUTE))


def take(world: World, timer: Timer) -> bool:
    return world.do(lambda uow: uow.timers.take(timer))


def park(world: World, timer: Timer, error: str = "ValueError") -> bool:
    return world.do(lambda uow: uow.timers.park(timer, NOW, error))


def parked(world: World) -> list[ParkedTimer]:
    return world.do(lambda uow: uow.timers.all_parked(10))


def unpark(world: World, timer_id: int, now: datetime = NOW) -> Unparked:
    return world.do(lambda uow: uow.timers.unpark(timer_id, now))


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
    assert take(world, due)
    assert not take(world, due)
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
    assert not take(world, due)
    put(world, "b")
    (other,) = claim(world)
    assert other.id != due.id, "a number is never given twice"


def test_a_timer_that_was_moved_after_its_claim_waits_for_its_new_moment(world: World) -> None:
    put(world, "a")
    (due,) = claim(world)
    put(world, "a", NOW + HOUR)
    assert not take(world, due)
    world.do(lambda uow: uow.timers.retry(due, NOW, "Late"))
    assert not park(world, due)
    assert next_due(world) == NOW + HOUR
    assert len(claim(world, NOW + HOUR)) == 1


def test_a_handler_may_set_its_own_timer_again(world: World) -> None:
    put(world, "daily")
    (due,) = claim(world)

    def handle(uow: UnitOfWork) -> None:
        assert uow.timers.take(due)
        uow.timers.set(AGENCY, "timeout", 5, NOW + HOUR, "daily")

    world.do(handle)
    assert next_due(world) == NOW + HOUR


def test_failures_are_counted_and_parked_in_the_end(world: World) -> None:
    put(world, "a")
    (first,) = claim(world)
    world.do(lambda uow: uow.timers.retry(first, NOW + MINUTE, "ValueError"))
    assert next_due(world) == NOW + MINUTE
    (second,) = claim(world, NOW + MINUTE)
    assert (second.id, second.attempts, second.due_at) == (first.id, 1, NOW + MINUTE)
    assert not park(world, first), "an old copy does not know of the new moment"
    assert park(world, second, "KeyError")
    assert world.do(lambda uow: uow.timers.parked()) == 1
    assert parked(world) == [ParkedTimer(first.id, AGENCY, "timeout", NOW, 2, "KeyError")]
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
    assert world.do(lambda uow: uow.timers.release(NOW)) == 1
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


def test_a_parked_timer_is_tried_again_when_a_human_says_so(world: World) -> None:
    put(world, "a", NOW - HOUR, "4")
    (due,) = claim(world)
    assert park(world, due)
    assert unpark(world, due.id, NOW + HOUR) is Unparked.DUE
    assert unpark(world, due.id) is Unparked.UNKNOWN, "it is not parked any more"
    assert (parked(world), next_due(world)) == ([], NOW + HOUR)
    (again,) = claim(world, NOW + HOUR)
    assert again == Timer(due.id, AGENCY, "timeout", 5, NOW + HOUR, 0, "4")


def test_a_parked_timer_in_whose_place_another_waits_is_dropped(world: World) -> None:
    put(world, "a")
    (due,) = claim(world)
    assert park(world, due)
    put(world, "a", NOW + HOUR)
    assert unpark(world, due.id) is Unparked.SUPERSEDED
    assert (parked(world), next_due(world)) == ([], NOW + HOUR)


def test_what_waits_and_what_never_was_cannot_be_tried_again(world: World) -> None:
    put(world, "a", NOW + HOUR)
    assert [unpark(world, number) for number in (1, 2)] == [Unparked.UNKNOWN] * 2
    assert next_due(world) == NOW + HOUR


def test_a_lease_from_a_clock_that_ran_ahead_keeps_nothing_back(world: World) -> None:
    put(world, "a")
    (first,) = claim(world, NOW + 24 * HOUR)
    (second,) = claim(world)
    assert second == first, "the clock was set back by a day, and whoever had claimed it died"
    assert [take(world, first), take(world, second)] == [True, False]


def test_a_sound_lease_holds_though_the_clocks_of_two_machines_differ(world: World) -> None:
    put(world, "a")
    assert len(claim(world, NOW + MINUTE / 2)) == 1
    assert claim(world) == []


def test_what_comes_next_may_lie_behind_a_lease(world: World) -> None:
    put(world, "a")
    claim(world)
    put(world, "b", NOW + MINUTE / 2)
    assert next_due(world) == NOW + MINUTE / 2
    put(world, "b", NOW + 2 * MINUTE)
    assert next_due(world) == NOW + MINUTE, "the lease runs out first"


def test_what_is_set_behind_a_claim_is_next_at_once(world: World) -> None:
    put(world, "a")
    claim(world)
    put(world, "late", NOW - HOUR)
    assert next_due(world) == NOW - HOUR
    assert [timer.due_at for timer in claim(world)] == [NOW - HOUR]


def test_a_failure_undoes_the_removal(world: World) -> None:
    put(world, "a")
    (due,) = claim(world)

    def fail(uow: UnitOfWork) -> None:
        assert uow.timers.take(due)
        uow.timers.set(AGENCY, "timeout", 6, NOW, "effect")
        raise ValueError("no effect")

    with pytest.raises(ValueError, match="no effect"):
        world.do(fail)
    assert claim(world) == [], "neither the effect nor a free timer"
    assert take(world, due)
