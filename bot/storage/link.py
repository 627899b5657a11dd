# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What the repositories share: the connection, the keyring, and what differs between the two databases."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, Insert, Integer, String, Table, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

from bot.storage import notices as words
from bot.storage.columns import seals_of
from bot.storage.notices import TOPIC, Notices
from bot.storage.prepared import Prepared, Statement
from bot.storage.row_security import SERVE
from bot.storage.sealing import Keyring

#: First half of every advisory lock, so that ours meet no other program's.
ADVISORY = 0x4C6F

#: One statement in the words of each database.
ByDialect = Mapping[str, Insert]
Row = Sequence[Any]

_ALONE = select(func.pg_advisory_xact_lock(ADVISORY, bindparam("topic", type_=Integer)))
_NOTIFY = select(func.pg_notify(TOPIC, bindparam("said", type_=String)))


def by_dialect(table: Table, build: Callable[[Any], Any]) -> ByDialect:
    """Build a statement on each database's own `insert(table)`: upserts have no common form."""
    return {"sqlite": build(sqlite.insert(table)), "postgresql": build(postgresql.insert(table))}


class Link:
    """One connection and how to speak on it.

    `execute` is SQLAlchemy's own. `read`, `read_one` and `write` are for the statements of the road, which
    stand in a module for good: they are prepared at first use and go straight to the driver. They raise the
    same errors, and belong to the same transaction, which on PostgreSQL must have begun.
    """

    __slots__ = (
        "_dialect",
        "_driver",
        "_notices",
        "_prepared",
        "_words",
        "cause",
        "connection",
        "execute",
        "has_row_locks",
        "keyring",
        "seals",
        "talk_owners",
    )

    def __init__(self, connection: Connection, keyring: Keyring, notices: Notices | None = None) -> None:
        self.connection = connection
        self.execute = connection.execute
        self.keyring = keyring
        self.seals = seals_of(connection.dialect)
        #: Whose conversations are, as far as this unit of work has seen them.
        self.talk_owners: dict[int, int] = {}
        #: What this unit of work goes back to, as logs name it: a delivery or a timer.
        self.cause = ""
        self._notices = notices
        self._words: set[str] = set()
        self._dialect = connection.dialect.name
        self._driver: Any = connection.connection.dbapi_connection
        self._prepared: dict[tuple[Any, ...], Prepared] = {}
        self.has_row_locks = self._dialect == "postgresql"

    def upsert(self, statement: ByDialect, values: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> Any:
        """Execute the form of `statement` that this database understands."""
        return self.execute(statement[self._dialect], values)

    def read(self, statement: Statement | ByDialect, values: Mapping[str, Any]) -> list[Row]:
        """The rows that a prepared statement gives."""
        prepared = self._prepare(statement, values, many=False)
        try:
            rows = self._driver.execute(prepared.sql, prepared.bind(values)).fetchall()
        except self._fault as error:
            raise self._explained(error, prepared.sql) from error
        return [prepared.read(row) for row in rows]

    def read_one(self, statement: Statement | ByDialect, values: Mapping[str, Any]) -> Row | None:
        """The first row, or None."""
        rows = self.read(statement, values)
        return rows[0] if rows else None

    def write(
        self, statement: Statement | ByDialect, values: Mapping[str, Any] | Sequence[Mapping[str, Any]]
    ) -> int:
        """Execute a prepared statement, once for each of several values. Returns how many rows it touched."""
        rows = [values] if isinstance(values, Mapping) else values
        prepared = self._prepare(statement, rows[0], many=len(rows) > 1)
        try:
            if len(rows) == 1:
                return int(self._driver.execute(prepared.sql, prepared.bind(rows[0])).rowcount)
            cursor = self._driver.cursor()
            cursor.executemany(prepared.sql, [prepared.bind(row) for row in rows])
            return int(cursor.rowcount)
        except self._fault as error:
            raise self._explained(error, prepared.sql) from error

    def alone(self, topic: int) -> None:
        """Until the end of the transaction nobody else is in `topic`. On SQLite nobody ever is."""
        if self.has_row_locks:
            self.read(_ALONE, {"topic": topic})

    def serve(self, agency_id: int) -> None:
        """Until the end of the transaction only rows of this agency are there. On SQLite nothing changes."""
        if self.has_row_locks:
            self.read(SERVE, {"agency": str(agency_id)})

    def signal_due(self, due_at: datetime) -> None:
        """A timer was set: a worker is told after the commit, unless it looks in time by itself."""
        if self._notices is not None and self._notices.is_soon(due_at):
            self._words.add(words.TIMER)

    def signal_out(self, channel: str) -> None:
        """Something was posted: whoever speaks for the channel is told after the commit."""
        if self._notices is not None:
            self._words.add(words.out(channel))

    def signal_person(self, participant_id: int) -> None:
        """A person's page or the staff queue changed: open pages are told after the commit."""
        if self._notices is not None:
            self._words.add(words.person(participant_id))

    def forget_signals(self) -> None:
        """What was signalled belongs to a transaction that is not kept."""
        self._words.clear()

    def announce(self) -> Collection[str]:
        """Last before the commit: other processes are told with it. Returns what this one is to be told."""
        if self._notices is None or not self._words:
            return ()
        said, self._words = self._words, set()
        if self.has_row_locks and (notice := self._notices.abroad(said)):
            self.read(_NOTIFY, {"said": notice})
        return said

    def _prepare(
        self, statement: Statement | ByDialect, values: Mapping[str, Any], *, many: bool
    ) -> Prepared:
        said = statement[self._dialect] if isinstance(statement, Mapping) else statement
        key = (said, many, *values)
        prepared = self._prepared.get(key)
        if prepared is None:
            prepared = Prepared(said, self.connection.dialect, values, many=many)
            self._prepared[key] = prepared
        return prepared

    @property
    def _fault(self) -> type[Exception]:
        return self.connection.dialect.loaded_dbapi.Error

    def _explained(self, error: Exception, sql: str) -> BaseException:
        dialect = self.connection.dialect
        return DBAPIError.instance(
            sql,
            None,
            error,
            self._fault,
            hide_parameters=True,
            connection_invalidated=dialect.is_disconnect(cast("Any", error), self._driver, None),
            dialect=dialect,
        )
