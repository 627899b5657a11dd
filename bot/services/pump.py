# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Sends what was committed to be sent: most urgent first, in order for each person, within the limits."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import TypeVar

from bot.domain.delivery import RetryAfter, SendResult, SendState, Sent
from bot.domain.messages import Kind, Outgoing
from bot.errors import StoreUnavailable
from bot.ports import Channel, Receipt, Storage, UnitOfWork
from bot.services import deliver
from bot.services.rulebook import Rulebook
from scheduler.clock import Clock
from scheduler.rates import SendLimits

T = TypeVar("T")

logger = logging.getLogger(__name__)

IN_FLIGHT = 64
#: Longer than any send may take; a process that died gives its messages back after this time at the latest.
LEASE = timedelta(seconds=90)
#: Kinds up to this priority may use the tokens that are kept back for emergencies.
URGENT = Kind.STAFF_ALERT.priority
#: Who has to wait longer than this for their turn waits in the outbox and not in our hands.
_LONGEST_TURN_S = 3.0
_STORE_PAUSE_S = 0.5
_FAULT_PAUSE_S = 5.0
#: How often a store that is away is tried again once the program has been told to stop.
_LAST_TRIES = 6


class Pump:
    """One channel's way out. `committed` is told what follows from a sending, after its commit.

    Whoever commits something to send rings the bell; where other processes do so too, `look_every_s` is how
    long it may take to be noticed.
    """

    def __init__(  # noqa: PLR0913  (put together once, by the composition root)
        self,
        channel: Channel,
        storage: Storage,
        rules: Callable[[], Rulebook],
        clock: Clock,
        committed: Callable[[Receipt], None],
        limits: SendLimits | None = None,
        *,
        look_every_s: float = 30.0,
    ) -> None:
        self._channel = channel
        self._storage = storage
        self._rules = rules
        self._clock = clock
        self._committed = committed
        self._limits = limits
        self._look_every_s = look_every_s
        self._bell = asyncio.Event()
        self._settled = asyncio.Event()
        self._under_way = 0
        # True while results wait for a store that was away: their leases may have run out, so whoever claimed
        # now would send once more what has arrived.
        self._is_behind = False
        self._results: list[tuple[Outgoing, SendResult]] = []

    def wake(self) -> None:
        """There may be something to send. Cheap; call it after a commit, on the loop's thread."""
        self._bell.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Send until `stop` is set; what is under way is finished and written down."""
        try:
            await self._patiently(lambda uow: uow.outbox.release(self._channel.name), stop)
        except StoreUnavailable:
            return  # told to stop before the store came back
        self._is_behind = False
        async with asyncio.TaskGroup() as group:
            group.create_task(self._write_down(stop))
            group.create_task(self._ring_at_stop(stop))
            while not stop.is_set():
                self._bell.clear()
                claimed = await self._claim()
                for message in claimed:
                    self._under_way += 1
                    group.create_task(self._send(message))
                if not claimed and not stop.is_set():
                    await self._clock.wait(self._bell, await self._pause())

    async def _claim(self) -> list[Outgoing]:
        room = IN_FLIGHT - self._under_way
        if self._limits is not None:
            # Only what may go out at once is claimed, so that something urgent is never behind a queue.
            room = min(room, self._limits.room(self._clock.monotonic()))
        if room <= 0 or self._is_behind:
            return []
        now = self._clock.now()
        try:
            return await self._storage.run(
                lambda uow: uow.outbox.claim(self._channel.name, now, room, now + LEASE)
            )
        except StoreUnavailable:
            logger.warning("pump: store unavailable channel=%s", self._channel.name)
            await self._clock.sleep(_STORE_PAUSE_S)
            return []

    async def _pause(self) -> float:
        """How long there is nothing to do, unless the bell rings."""
        if self._under_way >= IN_FLIGHT or self._is_behind:
            return self._look_every_s
        if self._limits is not None:
            at = self._clock.monotonic()
            if self._limits.room(at) <= 0:
                return max(self._limits.room_at(at) - at, 0.001)
        now = self._clock.now()
        try:
            due = await self._storage.run(lambda uow: uow.outbox.next_due(self._channel.name, now))
        except StoreUnavailable:
            return _STORE_PAUSE_S
        wait = self._look_every_s if due is None else max((due - now).total_seconds(), 0.01)
        return min(wait, self._look_every_s)

    async def _send(self, message: Outgoing) -> None:
        result = await self._in_turn(message)
        if isinstance(result, RetryAfter) and result.reason == "limited" and self._limits is not None:
            until = self._clock.monotonic() + result.seconds
            if result.whole_channel:
                self._limits.hold_all(until)
            else:
                self._limits.hold_chat(message.address, until)
        logger.info(
            "pump: %s channel=%s out=%d kind=%s cause=%s",
            type(result).__name__,
            self._channel.name,
            message.id,
            message.kind.value,
            message.cause,
        )
        self._results.append((message, result))
        self._settled.set()

    async def _try(self, message: Outgoing) -> SendResult:
        try:
            return await self._channel.send(message)
        except Exception:  # a message that trips a fault of ours must not hold up all the others for ever
            logger.exception("pump: fault channel=%s out=%d", self._channel.name, message.id)
            return RetryAfter(_FAULT_PAUSE_S, reason="fault")

    async def _in_turn(self, message: Outgoing) -> SendResult:
        """Send when the limits allow it. What has to wait long goes back to where it can be cancelled."""
        if self._limits is None:
            return await self._try(message)
        urgent = message.kind.priority <= URGENT
        while not self._limits.take(message.address, self._clock.monotonic(), urgent=urgent):
            at = self._clock.monotonic()
            wait = max(self._limits.ready_at(message.address, at, urgent=urgent) - at, 0.001)
            if wait > _LONGEST_TURN_S:
                return RetryAfter(wait)
            await self._clock.sleep(wait)
        return await self._try(message)

    async def _write_down(self, stop: asyncio.Event) -> None:
        """Record results, all that are there in one go; a result is held until the store has it."""
        while not stop.is_set() or self._under_way:
            await self._settled.wait()
            self._settled.clear()
            results, self._results = self._results, []
            if not results:
                continue
            try:
                receipts = await self._patiently(partial(self._record, results), stop)
            except StoreUnavailable:
                logger.exception("pump: %d results not kept channel=%s", len(results), self._channel.name)
                return
            self._under_way -= len(results)
            self._is_behind = bool(self._results)
            self._bell.set()
            for receipt in receipts:
                self._committed(receipt)

    def _record(self, results: list[tuple[Outgoing, SendResult]], uow: UnitOfWork) -> list[Receipt]:
        now = self._clock.now()
        plain = [
            (m.id, SendState.SENT, r.message, None)
            for m, r in results
            if deliver.is_plain(m, r) and isinstance(r, Sent)
        ]
        if plain:
            uow.outbox.settle(plain, now)
        rest = [(m, r) for m, r in results if not deliver.is_plain(m, r)]
        return [deliver.record(uow, self._rules(), m, r, now) for m, r in rest]

    async def _patiently(self, use_case: Callable[[UnitOfWork], T], stop: asyncio.Event) -> T:
        """Run it as soon as the store can: a result that is forgotten would be sent twice.

        Raises `StoreUnavailable` only some tries after `stop`: the program must be able to end.
        """
        tries = _LAST_TRIES
        while True:
            try:
                return await self._storage.run(use_case)
            except StoreUnavailable:
                logger.warning("pump: store unavailable channel=%s", self._channel.name)
                self._is_behind = True
                tries -= stop.is_set()
                if not tries:
                    raise
                await self._clock.sleep(_STORE_PAUSE_S)

    async def _ring_at_stop(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._bell.set()
        self._settled.set()
