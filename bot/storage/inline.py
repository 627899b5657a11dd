# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A database in memory whose use cases run on the caller's own thread: for simulations, where threads and
their chances would make every run another one. The repositories and statements are the real ones.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import TypeVar, cast

from bot.ports import UnitOfWork
from bot.storage.engines import open_engine
from bot.storage.schema import create_schema
from bot.storage.sealing import Keyring
from bot.storage.unit_of_work import SqlUnitOfWork

T = TypeVar("T")


class InlineDatabase:
    """One SQLite connection; each use case is a transaction of its own, whole or not at all.

    `image` is what `image()` of another one gave, opened with the same keys: a copy costs a millisecond, a
    new schema a hundred.
    """

    def __init__(self, keyring: Keyring, image: bytes = b"") -> None:
        self._engine = open_engine("sqlite://", keyring)
        self._connection = self._engine.connect()
        self.driver = cast("sqlite3.Connection", self._connection.connection.dbapi_connection)
        if image:
            self.driver.deserialize(image)
        else:
            create_schema(self._connection)
        self._uow = SqlUnitOfWork(self._connection, keyring)

    def image(self) -> bytes:
        """The whole database as bytes."""
        return self.driver.serialize()

    def carry_out(self, use_case: Callable[[UnitOfWork], T]) -> T:
        """Run a use case and commit it. Raises what it raised; then nothing of it is kept."""
        return self._within("COMMIT", use_case)

    def try_out(self, use_case: Callable[[UnitOfWork], T]) -> T:
        """Run a use case and roll it back, as a database does that fails in mid-commit."""
        return self._within("ROLLBACK", use_case)

    def close(self) -> None:
        """Forget everything."""
        self._connection.close()
        self._engine.dispose()

    def _within(self, end: str, use_case: Callable[[UnitOfWork], T]) -> T:
        self.driver.execute("BEGIN IMMEDIATE")
        self._uow.begin()
        is_whole = False
        try:
            result = use_case(self._uow)
            is_whole = True
            return result
        finally:
            self.driver.execute(end if is_whole else "ROLLBACK")
            if is_whole and end == "COMMIT":
                self._uow.committed()
