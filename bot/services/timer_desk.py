# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The timers table as the scheduler's worker sees it, and what a due timer does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from typing import TypeVar

from bot import errors
from bot.ports import Receipt, Storage, UnitOfWork
from bot.services.due import fire
from bot.services.parked import park
from bot.services.rulebook import Rulebook
from scheduler.clock import Clock
from scheduler.timers import StoreUnavailable, Timer

T = TypeVar("T")

#: Longer than any timer takes; one whose worker died comes back after this time.
LEASE = timedelta(minutes=2)


class TimerDesk:
    """Implements `scheduler.worker.TimerStore`, and handles what it handed out."""

    def __init__(
        self,
        storage: Storage,
        rules: Callable[[], Rulebook],
        clock: Clock,
        committed: Callable[[Receipt], None],
    ) -> None:
        self._storage = storage
        self._rules = rules
        self._clock = clock
        self._committed = committed

    async def give_back(self) -> None:
        """What a process that died had claimed is due again, at once and not when its lease runs out.

        Safe beside other workers: a timer has its effect only while it is leased and still there.
        """
        with suppress(StoreUnavailable):  # then the leases do run out
            await self._run(lambda uow: uow.timers.release(self._clock.now()))

    async def claim(self, now: datetime, limit: int) -> list[Timer]:
        """Take due timers for a while."""
        return await self._run(lambda uow: uow.timers.claim(now, limit, now + LEASE))

    async def next_due(self, now: datetime) -> datetime | None:
        """When the next timer is due."""
        return await self._run(lambda uow: uow.timers.next_due())

    async def failed(self, timer: Timer, now: datetime, error_name: str, retry_at: datetime | None) -> None:
        """Count a failure; without a next moment the timer is parked, and staff are told soon."""
        if retry_at is None:
            await self._run(lambda uow: park(_narrowed(uow, timer), timer, now, error_name))
        else:
            await self._run(lambda uow: _narrowed(uow, timer).timers.retry(timer, retry_at, error_name))

    async def handle(self, timers: Sequence[Timer]) -> None:
        """Let timers take effect in one commit, and tell the rest of the program after it."""
        use_case = partial(_fire_all, rules=self._rules(), timers=timers, now=self._clock.now())
        self._committed(await self._run(use_case))

    async def _run(self, use_case: Callable[[UnitOfWork], T]) -> T:
        try:
            return await self._storage.run(use_case)
        except errors.StoreUnavailable as error:
            raise StoreUnavailable(str(error)) from None


def _narrowed(uow: UnitOfWork, timer: Timer) -> UnitOfWork:
    uow.serve(timer.agency_id)
    return uow


def _fire_all(uow: UnitOfWork, rules: Rulebook, timers: Sequence[Timer], now: datetime) -> Receipt:
    # Those of one agency together: each change of whose rows are there is one more way to the database.
    timers = sorted(timers, key=lambda timer: timer.agency_id)
    receipts = []
    for agency_id, theirs in groupby(timers, key=lambda timer: timer.agency_id):
        uow.serve(agency_id)
        receipts += [fire(uow, rules, timer, now) for timer in theirs]
    if len(receipts) == 1:
        return receipts[0]
    return Receipt(
        "",
        frozenset().union(*(receipt.wake for receipt in receipts)),
        frozenset().union(*(receipt.changed for receipt in receipts)),
    )
