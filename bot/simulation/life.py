# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The life of one simulated process: it may end at any await, and then nothing of it happens any more."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from bot.domain.delivery import SendResult
from bot.domain.messages import DataClass, Outgoing
from bot.ports import UnitOfWork
from bot.simulation.database import SimulatedDatabase
from bot.simulation.fates import Calm
from bot.simulation.loop import pass_time
from bot.simulation.messenger import SimulatedMessenger

T = TypeVar("T")


class Life:
    """Says at each await how long it takes, and whether the process dies there."""

    def __init__(self, fates: Calm, on_death: Callable[[], None]) -> None:
        self._fates = fates
        self._on_death = on_death
        self.is_over = False

    def end(self) -> None:
        """Die: whatever is under way stops where it stands."""
        if not self.is_over:
            self.is_over = True
            self._on_death()

    async def live(self, seconds: float | None = None) -> None:
        """Let a moment pass; it may be the last."""
        if not self.is_over and self._fates.crashes():
            self.end()
        await self._go_on()
        await pass_time(self._fates.pause() if seconds is None else seconds)
        await self._go_on()

    async def _go_on(self) -> None:
        """The dead stay where they are, until their tasks are taken away."""
        if self.is_over:
            await asyncio.get_running_loop().create_future()


class LivingStorage:
    """Implements `ports.Storage` for one process."""

    def __init__(self, database: SimulatedDatabase, life: Life) -> None:
        self._database = database
        self._life = life

    async def run(self, use_case: Callable[[UnitOfWork], T]) -> T:
        """See `ports.Storage`. Before and after the commit the process may die."""
        await self._life.live()
        result = self._database.carry_out(use_case)
        await self._life.live()
        return result

    async def healthy(self) -> str:
        """Empty if the database answers."""
        return "away" if self._database.is_away else ""


class LivingChannel:
    """Implements `ports.Channel` for one process: the way to a messenger that all of them share."""

    def __init__(self, messenger: SimulatedMessenger, fates: Calm, life: Life) -> None:
        self._messenger = messenger
        self._fates = fates
        self._life = life

    @property
    def name(self) -> str:
        """The messenger's name."""
        return self._messenger.name

    @property
    def default_class(self) -> DataClass:
        """What the messenger may carry."""
        return self._messenger.data_class

    async def send(self, message: Outgoing) -> SendResult:
        """See `ports.Channel`. It may arrive although the process dies before it hears of that."""
        fate = self._fates.sending(self.name, message)
        await self._life.live(fate.seconds / 2)
        result = self._messenger.accept(message, fate, self._life)
        await self._life.live(fate.seconds / 2)
        return result
