# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The storage before it is there: while the database cannot be reached, everything waits or is refused."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import TypeVar

from bot.errors import StoreUnavailable
from bot.ports import Storage, UnitOfWork
from scheduler.clock import Clock

T = TypeVar("T")

logger = logging.getLogger(__name__)


class Gate:
    """A storage that is opened later. Until then every use case gets `StoreUnavailable`."""

    def __init__(self) -> None:
        self._storage: Storage | None = None
        self.reason = "the database was not reached yet"

    def open(self, storage: Storage) -> None:
        """From now on, use this storage."""
        self._storage = storage

    async def run(self, use_case: Callable[[UnitOfWork], T]) -> T:
        """See `bot.ports.Storage`."""
        if self._storage is None:
            raise StoreUnavailable(self.reason)
        return await self._storage.run(use_case)

    async def healthy(self) -> str:
        """See `bot.ports.Storage`."""
        return self.reason if self._storage is None else await self._storage.healthy()

    async def watch(self, clock: Clock, every_s: float, stop: asyncio.Event) -> None:
        """Log what `healthy` says whenever it changes: a process without a web side is asked by nobody.

        So an operator is told when the schema was migrated below a process that still runs.
        """
        said = ""
        while not await clock.wait(stop, every_s):
            fault = await self.healthy()
            if fault and fault != said:
                logger.error("database: %s", fault)
            said = fault
