# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Sends what was committed to be sent: most urgent first, in order for each person, within the limits."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from bot.domain.delivery import LIMITED, QUIET, RetryAfter, SendResult
from bot.domain.messages import URGENT, Outgoing
from bot.errors import StoreUnavailable
from bot.ports import Channel, Receipt, Storage, UnitOfWork
from bot.services import deliver, too_late, unwanted
from bot.services.rulebook import Rulebook
from scheduler.clock import Clock
from scheduler.rates import SendLimits

T = TypeVar("T")

logger = logging.getLogger(__name__)

#: So many messages may be in our hands at the same time, and so many urgent ones besides.
IN_FLIGHT = 64
IN_FLIGHT_URGENT = 16
#: Longer than any send may take; a process that died gives its messages back after this time at the latest.
LEASE = timedelta(seconds=90)
#: What will find its turn within this time is claimed; everything else can still be cancelled.
_AHEAD_S = 0.5
#: Who has to wait longer than this for their turn waits in the outbox and not in our hands.
_LONGEST_TURN_S = 3.0
_STORE_PAUSE_S = 0.5
_FAULT_PAUSE_S = 5.0
_FULL_PAUSE_S = 1.0
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
        self._handed = asyncio.Event()
        self._settled = asyncio.Event()
        self._is_claiming = True
        # True while results wait for a store that was away: their leases may have run out, so whoever claimed
        # now would send once more what has arrived.
        self._is_behind = False
        #: Claimed, and waiting for their turn.
        self._hand: list[Outgoing] = []
        #: Begun, and their results not written down yet.
        self._begun: set[int] = set()
        self._results: list[tuple[Outgoing, SendResult]] = []
        self._served = 0

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
            group.create_task(self._send_in_turn(group, stop))
            while not stop.is_set():
                self._bell.clear()
                claimed = await self._claim()
                if claimed:
                    self._hand += claimed
                    self._handed.set()
                elif not stop.is_set():
                    pause = _STORE_PAUSE_S if claimed is None else await self._pause()
                    await self._clock.wait(self._bell, pause)
            self._give_back()

    async def _claim(self) -> list[Outgoing] | None:
        """Claim what will find its turn soon, what is urgent in any case. None if the store is away."""
        ordinary = max(0, self._room())
        urgent = IN_FLIGHT + IN_FLIGHT_URGENT - self._under_way - ordinary
        if ordinary + urgent <= 0 or self._is_behind:
            return []
        now = self._clock.now()
        claimed = await self._claimed(now, ordinary, urgent)
        if claimed is None:
            return None
        self._served = claimed[-1].agency_id if claimed else self._served
        # A lease that has run out in the middle of a sending: its result still counts.
        known = self._begun | {message.id for message in self._hand}
        return [m for m in claimed if m.id not in known and not self._is_night_for(m, now)]

    async def _claimed(self, now: datetime, ordinary: int, urgent: int) -> list[Outgoing] | None:
        try:
            return await self._storage.run(partial(self._take, now, ordinary, urgent))
        except StoreUnavailable:
            logger.warning("pump: store unavailable channel=%s", self._channel.name)
            return None
        except Exception:  # a row that trips a fault of ours must not end the process
            logger.exception("pump: fault in claiming channel=%s", self._channel.name)
            # Nor hold up what is urgent: for that nobody's standing or consents are asked.
            return (await self._claimed(now, 0, urgent) or None) if ordinary else None

    def _take(self, now: datetime, ordinary: int, urgent: int, uow: UnitOfWork) -> list[Outgoing]:
        name, after = self._channel.name, self._served
        too_late.cancel_late(uow, name, now)
        claimed = uow.outbox.claim(name, now, ordinary, now + LEASE, urgent=urgent, after_agency=after)
        return unwanted.drop_unwanted(uow, self._rules(), claimed, now)

    def _is_night_for(self, message: Outgoing, now: datetime) -> bool:
        until = deliver.quiet_until(self._rules(), message, now)
        if until is None:
            return False
        self._put_back(message, (until - now).total_seconds(), QUIET)
        return True

    @property
    def _under_way(self) -> int:
        return len(self._hand) + len(self._begun)

    def _room(self) -> int:
        """How many more messages of any kind may be claimed now."""
        room = IN_FLIGHT - self._under_way
        if self._limits is not None:
            room = min(room, self._limits.room(self._clock.monotonic(), _AHEAD_S) - len(self._hand))
        return room

    async def _pause(self) -> float:
        """How long there is nothing to do, unless the bell rings."""
        if self._is_behind:
            return self._look_every_s
        if self._under_way >= IN_FLIGHT:
            return min(_FULL_PAUSE_S, self._look_every_s)
        if self._limits is not None and self._room() <= 0:
            at = self._clock.monotonic()
            wait = self._limits.bot_ready_at(at) - at - _AHEAD_S / 2
            return min(max(wait, _AHEAD_S / 2), self._look_every_s)
        now = self._clock.now()
        try:
            due = await self._storage.run(lambda uow: uow.outbox.next_due(self._channel.name, now))
        except StoreUnavailable:
            return _STORE_PAUSE_S
        wait = self._look_every_s if due is None else max((due - now).total_seconds(), 0.01)
        return min(wait, self._look_every_s)

    async def _send_in_turn(self, group: asyncio.TaskGroup, stop: asyncio.Event) -> None:
        """Begin to send what is in our hands, the most urgent first, as soon as the limits allow."""
        while not stop.is_set():
            self._handed.clear()
            await self._clock.wait(self._handed, self._begin(group))

    def _begin(self, group: asyncio.TaskGroup) -> float:
        """Begin with everything whose turn it is. Returns how long it is until the next one's."""
        hand, self._hand = sorted(self._hand, key=lambda message: message.kind.priority), []
        until_next, at = self._look_every_s, self._clock.monotonic()
        for message in hand:
            wait = self._turn(message, at)
            if wait <= 0:
                self._begun.add(message.id)
                group.create_task(self._send(message, at))
            elif wait > _LONGEST_TURN_S:
                self._put_back(message, wait)
            else:
                self._hand.append(message)
                until_next = min(until_next, wait)
        return until_next

    def _turn(self, message: Outgoing, at: float) -> float:
        """How long the message must wait, in seconds; 0 if it goes out now."""
        if self._limits is None:
            return 0.0
        urgent = message.kind.priority <= URGENT
        if self._limits.take(message.address, at, urgent=urgent):
            return 0.0
        return max(self._limits.ready_at(message.address, at, urgent=urgent) - at, 0.001)

    def _put_back(self, message: Outgoing, seconds: float, reason: str = LIMITED) -> None:
        """Back to where it can be cancelled, for so long."""
        self._begun.add(message.id)
        self._results.append((message, RetryAfter(seconds, reason=reason)))
        self._settled.set()

    def _give_back(self) -> None:
        """The end: what was not begun is for whoever comes next."""
        hand, self._hand = self._hand, []
        for message in hand:
            self._put_back(message, 0.0)
        self._is_claiming = False
        self._settled.set()

    async def _send(self, message: Outgoing, at: float) -> None:
        result = await self._try(message)
        if self._limits is not None:
            self._limits.answered(at, self._clock.monotonic())
            if isinstance(result, RetryAfter):
                self._hold(message, result, self._limits)
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

    def _hold(self, message: Outgoing, result: RetryAfter, limits: SendLimits) -> None:
        at = self._clock.monotonic()
        until = at + result.seconds
        if not result.whole_channel:
            if result.reason == LIMITED:
                limits.hold_chat(message.address, until)
        elif result.reason == LIMITED:
            limits.slow_down(until, at)
        else:
            limits.hold_all(until)

    async def _try(self, message: Outgoing) -> SendResult:
        try:
            return await self._channel.send(message)
        except Exception:  # a message that trips a fault of ours must not hold up all the others for ever
            logger.exception("pump: fault channel=%s out=%d", self._channel.name, message.id)
            return RetryAfter(_FAULT_PAUSE_S, reason="fault")

    async def _write_down(self, stop: asyncio.Event) -> None:
        """Record results, all that are there in one go; a result is held until the store has it."""
        while self._is_claiming or self._under_way:
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
            self._begun -= {message.id for message, _ in results}
            self._is_behind = bool(self._results)
            self._bell.set()
            for receipt in receipts:
                self._committed(receipt)

    def _record(self, results: list[tuple[Outgoing, SendResult]], uow: UnitOfWork) -> list[Receipt]:
        return deliver.record_all(uow, self._rules(), results, self._clock.now())

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
        self._handed.set()
