# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The storage: use cases go in, and come back when they are committed."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent import futures
from typing import TypeVar, cast

from sqlalchemy import Engine

from bot.errors import StoreUnavailable
from bot.ports import UnitOfWork
from bot.storage.engines import open_engine
from bot.storage.lanes import Job, Jobs, Lane, PostgresLane, SqliteLane
from bot.storage.notices import Notices
from bot.storage.schema import schema_fault
from bot.storage.sealing import Keyring
from bot.storage.unit_of_work import SqlUnitOfWork

T = TypeVar("T")

POSTGRES_LANES = 4


def open_storage(
    url: str, keyring: Keyring, *, lanes: int = POSTGRES_LANES, notices: Notices | None = None
) -> SqlStorage:
    """The storage at `sqlite:///path`, `sqlite://` (memory, with its schema) or `postgresql://...`.

    Nothing is connected before the first use case, so this works while the database is down. `lanes` is how
    many use cases PostgreSQL may carry out at once; `notices` are told what follows from each commit. Raises
    `ConfigurationError` for a URL it cannot use.
    """
    return SqlStorage(open_engine(url, keyring), keyring, lanes, notices)


class SqlStorage:
    """Implements `ports.Storage` with threads that own the connections."""

    def __init__(
        self,
        engine: Engine,
        keyring: Keyring,
        lanes: int = POSTGRES_LANES,
        notices: Notices | None = None,
    ) -> None:
        self.engine = engine
        self._jobs: Jobs = Jobs()
        self._lock = threading.Lock()
        self._closed = False
        if engine.dialect.name == "sqlite":
            self._lanes: list[Lane] = [SqliteLane("storage", engine, keyring, self._jobs, notices)]
        else:
            self._lanes = [
                PostgresLane(f"storage-{number}", engine, keyring, self._jobs, notices)
                for number in range(lanes)
            ]
        for lane in self._lanes:
            lane.start()

    async def run(self, use_case: Callable[[UnitOfWork], T]) -> T:
        """Run `use_case` on a lane and return its result after the commit.

        It may run more than once, and its effects are kept once. Use cases begin in the order in which they
        were given, but on PostgreSQL they overtake each other. A caller that is cancelled does not stop its
        use case. Raises what the use case raised, or `StoreUnavailable`; then nothing is kept, except that a
        PostgreSQL server that dies while it commits may have committed.
        """
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[T] = loop.create_future()
        self._submit(Job(use_case, waiter, loop))
        return await waiter

    def run_sync(self, use_case: Callable[[UnitOfWork], T]) -> T:
        """The same for programs without an event loop."""
        waiter: futures.Future[T] = futures.Future()
        self._submit(Job(use_case, waiter, None))
        return waiter.result()

    async def healthy(self) -> str:
        """Empty if the database answers and has the right schema, else one line that says what is wrong."""
        try:
            return await self.run(_schema_fault)
        except StoreUnavailable as error:
            return str(error)

    def close(self) -> None:
        """Finish what was given, then disconnect. Later use cases get `StoreUnavailable`."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            for _ in self._lanes:
                self._jobs.put(None)
        for lane in self._lanes:
            lane.join()
        self.engine.dispose()

    def _submit(self, job: Job) -> None:
        with self._lock:
            if self._closed:
                raise StoreUnavailable("the storage is closed")
            self._jobs.put(job)


def _schema_fault(uow: UnitOfWork) -> str:
    return schema_fault(cast("SqlUnitOfWork", uow).connection)
