# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What the repositories share: the connection, the keyring, and what differs between the two databases."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Executable, Table, func, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.storage.sealing import Keyring

#: First half of every advisory lock, so that ours meet no other program's.
ADVISORY = 0x4C6F

#: One statement in the words of each database.
ByDialect = Mapping[str, Executable]


def by_dialect(table: Table, build: Callable[[Any], Executable]) -> ByDialect:
    """Build a statement on each database's own `insert(table)`: upserts have no common form."""
    return {"sqlite": build(sqlite.insert(table)), "postgresql": build(postgresql.insert(table))}


class Link:
    """One connection and how to speak on it."""

    __slots__ = ("_dialect", "connection", "execute", "has_row_locks", "keyring")

    def __init__(self, connection: Connection, keyring: Keyring) -> None:
        self.connection = connection
        self.execute = connection.execute
        self.keyring = keyring
        self._dialect = connection.dialect.name
        self.has_row_locks = self._dialect == "postgresql"

    def upsert(self, statement: ByDialect, values: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> Any:
        """Execute the form of `statement` that this database understands."""
        return self.execute(statement[self._dialect], values)

    def alone(self, topic: int) -> None:
        """Until the end of the transaction nobody else is in `topic`. On SQLite nobody ever is."""
        if self.has_row_locks:
            self.execute(select(func.pg_advisory_xact_lock(ADVISORY, topic)))
