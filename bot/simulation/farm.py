# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""All processes of a simulation, and the way of updates to them."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from typing import TypeVar

from bot.domain.messages import Incoming
from bot.errors import StoreUnavailable
from bot.ports import Receipt, UnitOfWork
from bot.simulation.loop import pass_time
from bot.simulation.messenger import Chat, SimulatedMessenger
from bot.simulation.process import ProcessDiedError, SimulatedProcess, Surroundings

T = TypeVar("T")


class Farm:
    """Starts processes, kills them, and delivers updates to whichever lives.

    `told` hears of each confirmed update and at which try; `ended` of each process that has gone, `fallen` of
    a fault of its own by which one did.
    """

    def __init__(self, around: Surroundings, chance: random.Random, group: asyncio.TaskGroup) -> None:
        self._around = around
        self._chance = chance
        self._group = group
        self._lives = asyncio.Event()
        self.processes: list[SimulatedProcess] = []
        self.told: Callable[[Incoming, Receipt, int], None] = lambda *_: None
        self.ended: Callable[[SimulatedProcess], None] = lambda _: None
        self.fallen: Callable[[BaseException], None] = lambda _: None
        for messenger in around.messengers:
            messenger.ring = self._ring

    def start(self, *, speaks: bool) -> SimulatedProcess:
        """One more process."""
        process = SimulatedProcess(self._around, self._chance, speaks=speaks)
        self.processes.append(process)
        self._group.create_task(self._run(process))
        return process

    @property
    def is_up(self) -> bool:
        """Whether any process receives."""
        return any(process.receives for process in self.processes)

    def ring(self, *, clock_was_set: bool = False) -> None:
        """Something was committed, or the clock was set: all look soon."""
        for process in self.processes:
            process.ring_soon(clock_was_set=clock_was_set)

    async def carry_out(self, use_case: Callable[[UnitOfWork], T]) -> T:
        """What a command or a page does: from outside, until it succeeds."""
        while True:
            process = await self._anybody()
            try:
                return self._around.database.carry_out(use_case)
            except StoreUnavailable:
                await pass_time(2)
            finally:
                process.ring_soon()

    def _look(self) -> None:
        if self.is_up:
            self._lives.set()
        else:
            self._lives.clear()

    async def _run(self, process: SimulatedProcess) -> None:
        ready = self._group.create_task(self._announce(process))
        try:
            await process.run()
        except asyncio.CancelledError:
            if not process.life.is_over:
                raise
        except BaseExceptionGroup as faults:
            if not process.life.is_over:
                self.fallen(faults)
        finally:
            ready.cancel()
            self.processes.remove(process)
            self._look()
            self.ended(process)

    async def _announce(self, process: SimulatedProcess) -> None:
        while not process.receives:
            await pass_time(0.05)
        self._look()

    async def _anybody(self) -> SimulatedProcess:
        while True:
            living = [process for process in self.processes if process.receives]
            if living:
                return self._chance.choice(living)
            self._lives.clear()
            await self._lives.wait()

    def _ring(self, messenger: SimulatedMessenger, chat: Chat) -> None:
        if not chat.is_delivering:
            chat.is_delivering = True
            self._group.create_task(self._deliver(messenger, chat))

    async def _deliver(self, messenger: SimulatedMessenger, chat: Chat) -> None:
        tries: Counter[str] = Counter()
        while chat.updates:
            fate = self._around.database.fates.delivering(chat.updates[0])
            if fate.overtaken:
                chat.updates.rotate(-1)
            update = chat.updates[0]
            await pass_time(fate.after)
            tries[update.delivery] += 1
            receipt = await self._hand_over(update)
            if receipt is None or not fate.confirmed:
                chat.updates.rotate(0 if receipt is None else -1)
                await pass_time(fate.again_after)
                continue
            left = [each for each in chat.updates if each.delivery != update.delivery]
            chat.updates.clear()
            chat.updates.extend(left)
            messenger.confirmed += 1
            self.told(update, receipt, tries[update.delivery])
        chat.is_delivering = False

    async def _hand_over(self, update: Incoming) -> Receipt | None:
        process = await self._anybody()
        try:
            return await process.take(update)
        except (StoreUnavailable, ProcessDiedError):
            return None
