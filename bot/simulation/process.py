# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""One process of Lotse in simulated time: inbox, worker, pumps, auditor, as in `bot.app`."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.auditor import Auditor
from bot.domain.audit import Pace
from bot.domain.editions import Edition
from bot.domain.messages import Incoming
from bot.errors import StoreUnavailable
from bot.ports import Receipt
from bot.services.inbox import StorageInbox
from bot.services.publish import renewed
from bot.services.pump import Pump
from bot.services.rulebook import Rulebook
from bot.services.timer_desk import TimerDesk
from bot.simulation.clock import PatientClock, SimulatedClock
from bot.simulation.database import UPDATE, SimulatedDatabase
from bot.simulation.life import Life, LivingChannel, LivingStorage
from bot.simulation.messenger import SimulatedMessenger
from dialogs.book import DialogBook
from scheduler.rates import SendLimits
from scheduler.worker import LONGEST_WAIT_S, Worker

#: How often the real ones look without being rung (`bot.app`): here somebody rings within that time.
LOOK_EVERY_S = 10.0
#: The auditor of a real process looks every half minute. All of its cycles would be most of a run.
AUDIT_PACE = Pace(every=timedelta(minutes=2), grace=timedelta(minutes=5))
_AUDIT_AFTER_S = (12 * 3600.0, 36 * 3600.0)
_CYCLES = 5
_NEVER_S = 3650 * 86400.0


class ProcessDiedError(Exception):
    """The process died before it could answer."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What all processes share.

    `rules` has the book with which a process starts, up to edition `editions`; `read` adds later ones to it.
    `has_outgoing` says whether a look at a channel's outbox can find anything at all, `has_timers` whether a
    look at the timers can before a moment (None: before any).
    """

    database: SimulatedDatabase
    clock: SimulatedClock
    messengers: Sequence[SimulatedMessenger]
    rules: Rulebook
    editions: int = 0
    read: Callable[[DialogBook, tuple[Edition, ...]], DialogBook] = renewed
    has_outgoing: Callable[[str], bool] = lambda _: True
    has_timers: Callable[[datetime | None], bool] = lambda _: True


class SimulatedProcess:
    """One process. `speaks` says that it is the one that sends; any number may receive and fire timers."""

    def __init__(self, around: Surroundings, chance: random.Random, *, speaks: bool = True) -> None:
        self.speaks = speaks
        self._around = around
        self._chance = chance
        self._rules = around.rules
        fates = around.database.fates
        self.life = Life(fates, self._die)
        self.storage = LivingStorage(around.database, self.life)
        self.inbox = StorageInbox(self.storage, self.rules, around.clock, self.committed)
        self._timers = _Timers(self.storage, self.rules, around.clock, self.committed)
        self._patient = patient = PatientClock(around.clock, LONGEST_WAIT_S)
        self._timers.patient = patient
        self._worker = Worker(self._timers, self._timers.handle, patient, rng=chance)
        self._pumps = {
            messenger.name: Pump(
                LivingChannel(messenger, fates, self.life),
                self.storage,
                self.rules,
                around.clock,
                self.committed,
                SendLimits() if messenger.name.startswith("telegram") else None,
                look_every_s=_NEVER_S,
            )
            for messenger in (around.messengers if speaks else ())
        }
        self._auditor = Auditor(self.storage, self.rules, around.clock, self.committed, AUDIT_PACE)
        self._stop = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._group: asyncio.TaskGroup | None = None
        self._calls: list[asyncio.Future[Receipt]] = []
        self._is_ringing = False
        self._must_look = False

    def rules(self) -> Rulebook:
        """The rulebook in force in this process."""
        return self._rules

    @property
    def receives(self) -> bool:
        """Whether updates can be delivered to it."""
        return self._group is not None and not self.life.is_over and not self._stop.is_set()

    async def run(self) -> None:
        """Live until stopped or dead. Raises what a loop of ours let escape."""
        self._task = asyncio.current_task()
        try:
            async with asyncio.TaskGroup() as group:
                await self.look_for_dialogs()
                self._group = group
                for pump in self._pumps.values():
                    group.create_task(pump.run(self._stop))
                group.create_task(self._work())
                group.create_task(self._audit())
                await self._stop.wait()
        finally:
            self._group = None
            self._abandon()

    def stop(self) -> None:
        """Ask it to finish what it has in hand, and to end."""
        self._stop.set()

    def crash(self) -> None:
        """Kill it where it stands."""
        self.life.end()

    async def take(self, incoming: Incoming) -> Receipt:
        """Deliver an update. Raises `StoreUnavailable`, or `ProcessDiedError`: then deliver it again."""
        if self._group is None:
            raise ProcessDiedError
        answer: asyncio.Future[Receipt] = asyncio.get_running_loop().create_future()
        self._calls.append(answer)
        self._group.create_task(self._handle(incoming, answer))
        try:
            return await answer
        finally:
            self._calls.remove(answer)

    async def look_for_dialogs(self) -> None:
        """Read what was published since the last look."""
        known = self._around.editions
        try:
            editions = await self.storage.run(lambda uow: uow.ledger.published(known))
        except StoreUnavailable:
            return
        if editions:
            book = self._around.read(self._around.rules.book, tuple(editions))
            self._rules = replace(self._rules, book=book)

    def publish_soon(self) -> None:
        """Something was published: this process notices it within three seconds."""
        if self._group is not None:
            self._group.create_task(self._look_later())

    def ring_soon(self, *, clock_was_set: bool = False) -> None:
        """Something was committed somewhere: every loop looks within its time, rung or not.

        After the clock was set all look, whatever they were waiting for.
        """
        self._must_look = self._must_look or clock_was_set
        if not self._is_ringing and not self.life.is_over:
            self._is_ringing = True
            asyncio.get_running_loop().call_later(self._chance.uniform(0.5, LOOK_EVERY_S), self._ring)

    def committed(self, receipt: Receipt) -> None:
        """After a commit of this process: wake whoever has something to send."""
        for channel in sorted(receipt.wake):
            if channel in self._pumps:
                self._pumps[channel].wake()

    async def _look_later(self) -> None:
        await self.life.live(self._chance.uniform(0, 3))
        await self.look_for_dialogs()

    async def _work(self) -> None:
        await self._timers.give_back()
        await self._worker.run(self._stop)

    async def _audit(self) -> None:
        """Some cycles in a row, about once a day: enough of them to see what is late."""
        clock = self._around.clock
        while not await clock.wait(self._stop, self._chance.uniform(*_AUDIT_AFTER_S)):
            for _ in range(_CYCLES):
                await self._auditor.cycle()
                if await clock.wait(self._stop, AUDIT_PACE.every.total_seconds()):
                    return

    async def _handle(self, incoming: Incoming, answer: asyncio.Future[Receipt]) -> None:
        UPDATE.set(f"{incoming.channel}:{incoming.delivery}")
        try:
            receipt = await self.inbox.take(incoming)
        except StoreUnavailable as error:
            if not answer.done():
                answer.set_exception(error)
        else:
            if not answer.done():
                answer.set_result(receipt)

    def _ring(self) -> None:
        self._is_ringing = False
        always, self._must_look = self._must_look, False
        if not self.life.is_over:
            if always or self._around.has_timers(self._patient.until):
                self._worker.wake()
            for channel, pump in self._pumps.items():
                if always or self._around.has_outgoing(channel):
                    pump.wake()

    def _die(self) -> None:
        if self._task is not None:
            asyncio.get_running_loop().call_soon(self._task.cancel)
        self._abandon()

    def _abandon(self) -> None:
        for answer in tuple(self._calls):
            if not answer.done():
                answer.set_exception(ProcessDiedError())


class _Timers(TimerDesk):
    """Tells the worker's patient clock until when nothing can be due."""

    patient: PatientClock | None = None

    async def next_due(self, now: datetime) -> datetime | None:
        """See `TimerDesk`."""
        due = await super().next_due(now)
        if self.patient is not None:
            self.patient.until = due
        return due
