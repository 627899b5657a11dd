# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Lanes: threads that own a connection and carry out use cases, whole or not at all.

SQLite has one lane, which takes all use cases that wait into one commit; if one of them fails, each gets a
savepoint of its own.
PostgreSQL has several, with one transaction for each use case. Results are given back only after the commit.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Collection
from concurrent import futures
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, cast

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from bot.errors import StoreUnavailable
from bot.ports import UnitOfWork
from bot.storage.engines import is_memory, is_repeatable, is_unavailable, spares_connection
from bot.storage.notices import Notices
from bot.storage.schema import create_schema, schema_fault
from bot.storage.sealing import Keyring
from bot.storage.unit_of_work import SqlUnitOfWork

GROUP = 64
_RETRIES = 3


@dataclass(slots=True, eq=False)
class Job:
    """A use case on its way: who waits for it, and what became of it."""

    use_case: Callable[[UnitOfWork], object]
    waiter: asyncio.Future[Any] | futures.Future[Any]
    loop: asyncio.AbstractEventLoop | None
    result: object = None
    error: BaseException | None = None

    def fail(self, error: BaseException) -> None:
        """Note a failure; an earlier one of its own stays."""
        if self.error is None:
            self.error = error

    def settle(self) -> None:
        """Give the outcome to whoever waits, unless they have gone."""
        if self.waiter.done():
            return
        if self.error is None:
            self.waiter.set_result(self.result)
        elif isinstance(self.error, StopIteration):
            # asyncio refuses it, and then its caller would wait for ever.
            self.waiter.set_exception(RuntimeError("a use case let StopIteration escape"))
        else:
            self.waiter.set_exception(self.error)


Jobs = SimpleQueue[Job | None]


class Lane(threading.Thread):
    """A thread that takes jobs from the queue until it finds None there."""

    group = 1

    def __init__(
        self, name: str, engine: Engine, keyring: Keyring, jobs: Jobs, notices: Notices | None = None
    ) -> None:
        super().__init__(name=name, daemon=True)
        self._engine = engine
        self._keyring = keyring
        self._jobs = jobs
        self._notices = notices
        self._connection: Connection | None = None
        self._uow: SqlUnitOfWork | None = None

    def run(self) -> None:
        """Work until told to stop, then close the connection."""
        going = True
        while going:
            group, going = self._take()
            if group:
                self._carry_out(group)
                _settle(group)
        self._drop()

    def _take(self) -> tuple[list[Job], bool]:
        job = self._jobs.get()
        group: list[Job] = []
        try:
            while job is not None:
                group.append(job)
                if len(group) == self.group:
                    return group, True
                job = self._jobs.get_nowait()
        except Empty:
            return group, True
        return group, False

    def _carry_out(self, group: list[Job]) -> None:
        raise NotImplementedError

    def _open(self) -> SqlUnitOfWork:
        if self._uow is None:
            self._connection = self._engine.connect()
            # A copy of another database in memory brings its schema along.
            if is_memory(self._engine) and schema_fault(self._connection):
                create_schema(self._connection)
            self._uow = SqlUnitOfWork(self._connection, self._keyring, self._notices)
        return self._uow

    def _tell(self, words: Collection[str]) -> None:
        if self._notices is not None:
            self._notices.tell(words)

    def _drop(self) -> None:
        connection, self._connection, self._uow = self._connection, None, None
        if connection is not None:
            # Invalidated first, so that closing asks nothing of a server that may be gone.
            connection.invalidate()
            connection.close()


class SqliteLane(Lane):
    """The one writer: up to 64 use cases in one commit."""

    group = GROUP

    def _carry_out(self, group: list[Job]) -> None:
        try:
            uow = self._open()
            database = self._driver()
            database.execute("BEGIN IMMEDIATE")
            uow.begin()
            words: set[str] = set()
            if _carry_out_together(group, uow, database):
                words.update(uow.announce())
            else:
                # What the one that failed had begun cannot be told from the rest: all again, kept apart.
                database.rollback()
                database.execute("BEGIN IMMEDIATE")
                for job in group:
                    words.update(_carry_out_in_savepoint(job, uow, database))
            # Raises if SQLite has already rolled back by itself, as it may on a full disk.
            database.execute("COMMIT")
            uow.committed()
            self._tell(words)
        except (sqlite3.Error, DBAPIError) as error:
            self._recover(error)
            for job in group:
                job.fail(_unavailable(error))

    def _driver(self) -> sqlite3.Connection:
        assert self._connection is not None
        return cast("sqlite3.Connection", self._connection.connection.dbapi_connection)

    def _recover(self, error: BaseException) -> None:
        if self._connection is None:
            return
        try:
            self._driver().rollback()
        except sqlite3.Error:
            self._drop()
            return
        # A database in memory would be lost with its connection.
        if not spares_connection(error) and not is_memory(self._engine):
            self._drop()


def _carry_out_together(group: list[Job], uow: SqlUnitOfWork, database: sqlite3.Connection) -> bool:
    """The usual case, in which nothing fails and savepoints would be for nothing. False if one failed."""
    for job in group:
        try:
            job.result = job.use_case(uow)
        except BaseException:  # noqa: BLE001 - it fails again when it is alone, and then its owner is told
            return False
        if not database.in_transaction:
            # From here on each statement would commit by itself.
            raise sqlite3.OperationalError("SQLite has rolled back by itself")
    return True


def _carry_out_in_savepoint(job: Job, uow: SqlUnitOfWork, database: sqlite3.Connection) -> Collection[str]:
    """What is to be told of it after the commit: the next one begins by forgetting it."""
    database.execute("SAVEPOINT one")
    uow.begin()
    words: Collection[str] = ()
    try:
        job.result = job.use_case(uow)
        words = uow.announce()
    except BaseException as error:  # noqa: BLE001 - whatever it is, it belongs to the one who asked
        job.error = _translated(error)
        database.execute("ROLLBACK TO one")
        uow.rolled_back()
    database.execute("RELEASE one")
    return words


class PostgresLane(Lane):
    """One of several: a transaction for each use case, tried again where PostgreSQL asks for it."""

    def _carry_out(self, group: list[Job]) -> None:
        for job in group:
            for attempt in range(_RETRIES + 1):
                if self._attempt(job, may_repeat=attempt < _RETRIES):
                    break

    def _attempt(self, job: Job, *, may_repeat: bool) -> bool:
        """True if the outcome is final. A use case acts only through its unit of work: it can run again."""
        fresh = self._connection is None
        committing = False
        try:
            uow = self._open()
            # Prepared statements go past SQLAlchemy, which would otherwise begin by itself.
            uow.connection.begin()
            uow.begin()
            result = job.use_case(uow)
            words = uow.announce()
            committing = True
            if self._connection is not None:
                self._connection.commit()
            uow.committed()
            self._tell(words)
        except BaseException as error:  # noqa: BLE001 - whatever it is, it belongs to the one who asked
            broken = self._recover(error)
            if may_repeat and (is_repeatable(error) or (broken and not fresh and not committing)):
                return False
            job.error = _translated(error)
        else:
            job.result = result
        return True

    def _recover(self, error: BaseException) -> bool:
        """Roll back. True if the connection was lost: perhaps only this one, since the server came back."""
        if self._connection is None:
            return False
        lost = isinstance(error, DBAPIError) and error.connection_invalidated
        try:
            if not lost:
                self._connection.rollback()
        except DBAPIError:
            lost = True
        if lost:
            self._drop()
        return lost


def _translated(error: BaseException) -> BaseException:
    return _unavailable(error) if is_unavailable(error) else error


def _unavailable(error: BaseException) -> StoreUnavailable:
    cause = error.orig if isinstance(error, DBAPIError) else error
    code = (
        getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None) or type(cause).__name__
    )
    fault = StoreUnavailable(f"the database cannot take the work ({code})")
    fault.__cause__ = error
    return fault


def _settle(group: list[Job]) -> None:
    """Wake the callers: once for each event loop, not once for each job."""
    by_loop: dict[asyncio.AbstractEventLoop | None, list[Job]] = {}
    for job in group:
        by_loop.setdefault(job.loop, []).append(job)
    for loop, jobs in by_loop.items():
        if loop is None:
            _settle_all(jobs)
            continue
        try:
            loop.call_soon_threadsafe(_settle_all, jobs)
        except RuntimeError:
            # The loop was closed: nobody waits any more, and what was committed stays committed.
            continue


def _settle_all(jobs: list[Job]) -> None:
    for job in jobs:
        job.settle()
