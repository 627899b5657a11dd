# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The loop that fires due timers: what a timer does is the handler's business, that it is done is ours."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from scheduler.clock import Clock
from scheduler.timers import Backoff, StoreUnavailable, Timer, next_attempt

__all__ = ["Handler", "StoreUnavailable", "TimerStore", "Worker"]

LONGEST_WAIT_S = 30.0
# Should the store name a next moment that is past and yet hand out nothing, that must not become a busy loop.
SHORTEST_WAIT_S = 0.1
# Short: when the store is back, an alert may be waiting in it.
STORE_BACKOFF = Backoff(cap=timedelta(seconds=5))
# So many commits at a time, of about so many timers each: little enough that a person's message, which waits
# for its turn behind them, waits for some hundred timers and no more.
_SIDE_BY_SIDE = 8
_TOGETHER = 16

logger = logging.getLogger(__name__)


class TimerStore(Protocol):
    """Where the timers live. Every method may raise `StoreUnavailable`, and has then changed nothing."""

    async def claim(self, now: datetime, limit: int) -> list[Timer]:
        """Take up to `limit` timers that are due, the earliest first, so that no other worker gets them.

        A claim is a lease: a timer that was claimed and neither removed nor failed comes back by itself.
        """

    async def next_due(self, now: datetime) -> datetime | None:
        """When `claim` could next return something; None if nothing waits. Parked timers do not wait."""

    async def failed(self, timer: Timer, now: datetime, error_name: str, retry_at: datetime | None) -> None:
        """Count a failure of a claimed timer: due again at `retry_at`; None parks it for an admin to see."""


Handler = Callable[[Sequence[Timer]], Awaitable[None]]
"""Does what these timers are for, in their order, and commits the effects together with the timers' removal.

All or none: if it raises, nothing has happened, and it is called again for each timer alone.
It must bear being called again for a timer whose lease ran out."""


class Worker:
    """Fires due timers: late rather than never, each on its own, one subject's in their order.

    `limit` (1 or more) timers are claimed at a time, which bounds the memory however many are due. Those of
    different subjects run side by side, and when many are due several share a commit; if one of these fails,
    each is given a commit of its own. `rng` draws the jitter of the back-off.
    """

    def __init__(
        self,
        store: TimerStore,
        handle: Handler,
        clock: Clock,
        limit: int = 400,
        rng: random.Random | None = None,
    ) -> None:
        if limit < 1:
            raise ValueError("the worker must claim at least one timer at a time")
        self._store = store
        self._handle = handle
        self._clock = clock
        self._limit = limit
        self._rng = rng or random.Random()  # noqa: S311  (jitter, not a secret)
        self._bell = asyncio.Event()

    def wake(self) -> None:
        """Look now, not at the next due moment. Cheap; call it after a commit, on the loop's thread."""
        self._bell.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Fire timers until `stop` is set; those in hand are finished. Survives a store that is down."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._loop(stop))
            await stop.wait()
            self._bell.set()

    async def drain(self, now: datetime) -> int:
        """Fire everything that is due at `now`, and what becomes due by that, until nothing is. For tests.

        Returns how many were handled or failed. Raises `StoreUnavailable`.
        """
        total = 0
        while count := await self._turn(lambda: now):
            total += count
        return total

    async def _loop(self, stop: asyncio.Event) -> None:
        outages = 0
        while not stop.is_set():
            self._bell.clear()  # before looking: a ring from now on means something newer than what is seen
            try:
                if not await self._turn(self._clock.now):
                    await self._clock.wait(self._bell, await self._idle_seconds())
                outages = 0
            except StoreUnavailable:
                outages += 1
                logger.warning("timers: store unavailable, %d in a row", outages)
                pause = STORE_BACKOFF.delay(outages, self._rng)
                await self._clock.wait(stop, pause.total_seconds())

    async def _idle_seconds(self) -> float:
        now = self._clock.now()
        due = await self._store.next_due(now)
        if due is None:
            return LONGEST_WAIT_S
        return min(max((due - now).total_seconds(), SHORTEST_WAIT_S), LONGEST_WAIT_S)

    async def _turn(self, read: Callable[[], datetime]) -> int:
        """Claim once and see to what was claimed. The number of timers; raises `StoreUnavailable`."""
        timers = await self._store.claim(read(), self._limit)
        bundles = _bundled(timers)
        sound: list[bool] = []
        async with asyncio.TaskGroup() as group:
            for _ in range(min(_SIDE_BY_SIDE, len(timers))):
                group.create_task(self._work_off(bundles, read, sound))
        if not all(sound):
            raise StoreUnavailable
        return len(timers)

    async def _work_off(
        self, bundles: Iterator[list[list[Timer]]], read: Callable[[], datetime], sound: list[bool]
    ) -> None:
        for bundle in bundles:
            if len(bundle) > 1 and await self._fired_together(bundle):
                continue
            sound += [await self._in_order(row, read) for row in bundle]

    async def _fired_together(self, bundle: list[list[Timer]]) -> bool:
        """True if one commit took them all; False if nothing happened, and each is to be tried alone."""
        try:
            await self._handle([timer for row in bundle for timer in row])
        except Exception as error:  # noqa: BLE001  (one of the three loops that must outlive any single row)
            logger.info("timers: one of several failed, each is tried alone: %s", type(error).__name__)
            return False
        return True

    async def _in_order(self, timers: list[Timer], read: Callable[[], datetime]) -> bool:
        """One subject's timers, one after the other. False if the store went away; the rest then comes back.

        A result and not an exception, because that would cancel the others in mid-commit.
        """
        try:
            for timer in timers:
                await self._fire(timer, read)
        except StoreUnavailable:
            return False
        return True

    async def _fire(self, timer: Timer, read: Callable[[], datetime]) -> None:
        try:
            await self._handle([timer])
        except StoreUnavailable:
            raise  # nobody's fault: the timer's lease runs out, and it comes back without a failure counted
        except Exception as error:  # noqa: BLE001  (one of the three loops that must outlive any single row)
            await self._record(timer, type(error).__name__, read())

    async def _record(self, timer: Timer, error_name: str, now: datetime) -> None:
        # No text and no traceback of the error: both can hold what a person wrote.
        logger.error("timer %d of kind %s failed: %s", timer.id, timer.kind, error_name)
        delay = next_attempt(timer.attempts + 1, self._rng)
        await self._store.failed(timer, now, error_name, None if delay is None else now + delay)


def _bundled(timers: Sequence[Timer]) -> Iterator[list[list[Timer]]]:
    """What is to share a commit: lists of subjects, each with its timers in their order.

    Few timers get a commit each, so that none waits for another; only a backlog is bundled.
    """
    rows: dict[tuple[int, int], list[Timer]] = {}
    for timer in timers:
        rows.setdefault((timer.agency_id, timer.subject), []).append(timer)
    enough = min(_TOGETHER, -(-len(timers) // _SIDE_BY_SIDE))
    bundle: list[list[Timer]] = []
    held = 0
    for row in rows.values():
        bundle.append(row)
        held += len(row)
        if held >= enough:
            yield bundle
            bundle, held = [], 0
    if bundle:
        yield bundle
