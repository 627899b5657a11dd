# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Timers that fail: tried again, set aside in the end, told to a human, and never in anybody's way."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from bot.domain.people import Role
from bot.ports import Receipt, UnitOfWork
from bot.services import due
from bot.services.parked import SHOWN, retry_parked
from bot.services.rulebook import Rulebook
from bot.services.timer_desk import TimerDesk
from scheduler.clock import AdvanceableClock
from scheduler.timers import MAX_ATTEMPTS, ParkedTimer, Timer, Unparked
from scheduler.worker import Worker
from tests.services.stage import Stage

SECRET = "Mia Muster schreibt: Mir geht es schlecht"
HOUR = timedelta(hours=1)


class Shift:
    """The worker with the real desk on the stage's database."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.clock = AdvanceableClock(stage.now)
        self.receipts: list[Receipt] = []
        self.desk = TimerDesk(stage.storage, lambda: stage.rules, self.clock, self.receipts.append)
        self.worker = Worker(self.desk, self.desk.handle, self.clock, rng=random.Random(1))

    def set(self, kind: str, count: int = 1, first: int = 0) -> None:
        def put(uow: UnitOfWork) -> None:
            for number in range(first, first + count):
                uow.timers.set(1, kind, number, self.clock.now(), f"{kind}:{number}", "geheim")

        self.stage.run(put)

    async def work(self, span: timedelta) -> None:
        """Let time pass and fire what is due, then let the stage deliver."""
        end = self.clock.now() + span
        while True:
            await self.worker.drain(self.clock.now())
            self.stage.now = self.clock.now()
            self.stage.deliver()
            moment = self.stage.run(lambda uow: uow.timers.next_due())
            if moment is None or moment > end:
                break
            self.clock.advance(max(moment - self.clock.now(), timedelta()))
        self.clock.advance(end - self.clock.now())

    @property
    def parked(self) -> list[ParkedTimer]:
        return self.stage.run(lambda uow: uow.timers.all_parked(SHOWN))


@pytest.fixture
def shift(stage: Stage) -> Shift:
    return Shift(stage)


@pytest.fixture
def handlers(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Give a kind of timer a handler for the time of a test."""

    def give(kind: str, handler: Callable[[UnitOfWork, Rulebook, Timer, datetime], Receipt]) -> None:
        monkeypatch.setitem(due._HANDLERS, kind, handler)

    return give


def fail(uow: UnitOfWork, rules: Rulebook, timer: Timer, now: datetime) -> Receipt:
    raise RuntimeError(SECRET)


async def test_an_admin_is_told_once_of_what_is_parked(
    stage: Stage, shift: Shift, handlers: Callable[..., None]
) -> None:
    admin, lead = stage.staff("Ada Admin", Role.ADMIN), stage.staff("Lena Leitung", Role.LEAD)
    handlers("bad", fail)
    shift.set("bad", 3)
    await shift.work(HOUR)
    assert [(timer.kind, timer.failures, timer.error) for timer in shift.parked] == [
        ("bad", MAX_ATTEMPTS, "RuntimeError")
    ] * 3
    (notice,) = admin.hears("Anzahl: ")
    assert SECRET not in notice.text
    lead.hears_nothing()


async def test_what_is_parked_soon_after_is_told_within_an_hour(
    stage: Stage, shift: Shift, handlers: Callable[..., None]
) -> None:
    lead = stage.staff("Lena Leitung", Role.LEAD)
    handlers("bad", fail)
    shift.set("bad")
    await shift.work(HOUR / 2)
    lead.hears("Anzahl: 1")
    shift.set("bad", first=1)
    await shift.work(HOUR / 2)
    lead.hears_nothing()
    await shift.work(HOUR)
    lead.hears("Anzahl: 2")
    await shift.work(24 * HOUR)
    lead.hears_nothing()


async def test_whoever_comes_first_is_told_where_nobody_was(
    stage: Stage, shift: Shift, handlers: Callable[..., None]
) -> None:
    handlers("bad", fail)
    shift.set("bad")
    await shift.work(2 * HOUR)
    admin = stage.staff("Ada Admin", Role.ADMIN)
    await shift.work(HOUR)
    admin.hears("Anzahl: 1")


async def test_a_kind_that_nobody_knows_is_parked_and_holds_up_nothing(stage: Stage, shift: Shift) -> None:
    shift.set("from_a_newer_version", 40)
    await shift.work(HOUR)
    assert {timer.error for timer in shift.parked} == {"UnknownTimerKind"}
    assert len(shift.parked) == 40


async def test_one_poisoned_timer_of_a_backlog_undoes_no_effect_of_the_others(
    stage: Stage, shift: Shift, handlers: Callable[..., None]
) -> None:
    def effect(uow: UnitOfWork, rules: Rulebook, timer: Timer, now: datetime) -> Receipt:
        done = int(uow.ledger.fact("done") or 0)
        uow.ledger.set_fact("done", str(done + 1))
        if timer.subject == 50:
            raise RuntimeError(SECRET)
        return Receipt(wake=frozenset({f"c{timer.subject % 3}"}))

    handlers("count", effect)
    shift.set("count", 100)
    await shift.worker.drain(shift.clock.now())
    assert stage.run(lambda uow: uow.ledger.fact("done")) == "99"
    assert {channel for receipt in shift.receipts for channel in receipt.wake} == {"c0", "c1", "c2"}
    (left,) = stage.run(
        lambda uow: uow.timers.claim(shift.clock.now() + HOUR, 9, shift.clock.now() + 2 * HOUR)
    )
    assert (left.subject, left.attempts) == (50, 1)


async def test_a_mended_timer_fires_when_a_human_lets_it(
    stage: Stage, shift: Shift, handlers: Callable[..., None]
) -> None:
    handlers("bad", fail)
    shift.set("bad", 2)
    await shift.work(HOUR)
    fired: list[int] = []

    def mended(uow: UnitOfWork, rules: Rulebook, timer: Timer, now: datetime) -> Receipt:
        fired.append(timer.subject)
        return Receipt()

    handlers("bad", mended)
    await shift.work(24 * HOUR)
    assert fired == [], "nobody has said so"
    first, second = shift.parked
    done = stage.run(lambda uow: retry_parked(uow, [first.id, 4711], shift.clock.now()))
    assert dict(done) == {first.id: Unparked.DUE, 4711: Unparked.UNKNOWN}
    await shift.work(HOUR)
    assert fired == [0]
    assert stage.run(lambda uow: retry_parked(uow, None, shift.clock.now())) == [(second.id, Unparked.DUE)]
    await shift.work(HOUR)
    assert (fired, shift.parked) == ([0, 1], [])
