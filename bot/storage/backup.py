# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Backups: all rows as they are at one moment, in one encrypted file, while Lotse runs.

People's keys are not among them. They lie beside the backups in the key safe, of which there is only one:
every backup replaces it. So whoever was erased before the newest backup cannot be read from any older one.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Engine,
    Table,
    select,
    text,
    tuple_,
    type_coerce,
)
from sqlalchemy.exc import DBAPIError

from bot.errors import ConfigurationError, StoreUnavailable
from bot.storage.backup_stream import Writer
from bot.storage.columns import Sealed, UtcDateTime, metadata
from bot.storage.database import open_storage
from bot.storage.engines import is_unavailable, open_engine
from bot.storage.key_files import sync_folder
from bot.storage.key_tables import ERASED, person_key
from bot.storage.owners import RAW
from bot.storage.rotation import give_keys
from bot.storage.schema import HEAD, schema_fault
from bot.storage.sealing import Keyring

#: The one file with people's keys, beside the backups.
KEY_SAFE = "lotse-keys.safe"
DATA = "data"
KEYS = "keys"
_ROWS = 200


class TableOf(msgspec.Struct, frozen=True, tag="table"):
    """From here on rows of this table, with these columns."""

    name: str
    columns: list[str]


class RowsOf(msgspec.Struct, frozen=True, tag="rows"):
    """Rows of the table that was named last; sealed values as they lie there."""

    rows: list[list[Any]]


class EndOf(msgspec.Struct, frozen=True, tag="end"):
    """What is counted: rows by table, and the highest number that each table has ever given.

    `erased`: people of whom something is kept that lies under no key of theirs.
    """

    rows: dict[str, int]
    numbers: dict[str, int]
    erased: list[int]


Message = TableOf | RowsOf | EndOf
#: The sequence of a table on PostgreSQL, and the last number that it gave.
SEQUENCE = text("SELECT pg_get_serial_sequence(:name, 'id')")
_LAST = text("SELECT pg_sequence_last_value(CAST(:name AS regclass))")
_encode = msgspec.msgpack.Encoder().encode


@dataclass(frozen=True, slots=True)
class Backup:
    """What was written: the file, how many rows are in it, and of how many people there are keys."""

    path: Path
    rows: int
    people: int


def write_backup(url: str, keyring: Keyring, folder: Path, now: datetime) -> Backup:
    """Write a backup and the key safe into a folder, both of the same moment.

    Nothing is left of a backup that fails, and the key safe is then the old one. Raises `StoreUnavailable`,
    and `ConfigurationError` for a database without the right schema or a folder that takes no files.
    """
    storage = open_storage(url, keyring, lanes=1)
    try:
        if fault := storage.run_sync(_schema_fault):
            raise ConfigurationError([fault])
        # Without a key in the safe somebody would count as erased.
        give_keys(storage)
    finally:
        storage.close()
    path = folder / f"lotse-{now:%Y%m%dT%H%M%SZ}.backup"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with snapshot(open_engine(url)) as connection:
            return _write(connection, keyring, path, now)
    except OSError as error:
        raise ConfigurationError([f"{folder}: cannot be written ({error.strerror})"]) from None


def _schema_fault(uow: Any) -> str:
    return schema_fault(uow.connection)


def _write(connection: Connection, keyring: Keyring, path: Path, now: datetime) -> Backup:
    if path.exists():
        raise ConfigurationError([f"{path}: exists already; backups are never overwritten"])
    safe = path.with_name(KEY_SAFE)
    with _fresh(path) as data, _fresh(safe) as keys:
        rows = _pour(connection, keyring, data, DATA, now)
        people = _pour(connection, keyring, keys, KEYS, now)
        # The safe first: a newer one opens the data, an older one would take new people for erased.
        keys.replace(safe)
        data.replace(path)
        sync_folder(path.parent)
    return Backup(path, rows, people)


@contextmanager
def _fresh(path: Path) -> Iterator[Path]:
    """A name to write under; what still has that name at the end was not finished."""
    fresh = path.with_name(f"{path.name}.part")
    try:
        yield fresh
    finally:
        with suppress(FileNotFoundError):
            fresh.unlink()


def _pour(connection: Connection, keyring: Keyring, path: Path, holds: str, now: datetime) -> int:
    opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(opened, "wb") as file:
        writer = Writer(file, keyring, holds, HEAD, now)
        is_data = holds == DATA
        wanted = [table for table in metadata.sorted_tables if (table is not person_key) is is_data]
        counts = {str(table.name): _pour_table(connection, table, writer.write) for table in wanted}
        numbers = _numbers(connection) if is_data else {}
        writer.write(_encode(EndOf(counts, numbers, _erased(connection))))
        writer.finish()
    return sum(counts.values())


def _pour_table(connection: Connection, table: Table, write: Callable[[bytes], None]) -> int:
    write(_encode(TableOf(str(table.name), [str(column.name) for column in table.c])))
    count = 0
    for rows in _batches(connection, table):
        write(_encode(RowsOf(rows)))
        count += len(rows)
    return count


def _batches(connection: Connection, table: Table) -> Iterator[list[list[Any]]]:
    """All rows in the order of their keys, a few at a time, so that memory does not grow with the table."""
    key = list(table.primary_key.columns)
    places = [list(table.c).index(column) for column in key]
    every = select(*(raw(column) for column in table.c)).order_by(*key).limit(_ROWS)
    rows = [list(row) for row in connection.execute(every)]
    while rows:
        yield rows
        last: list[Any] = [rows[-1][place] for place in places]
        behind = every.where(tuple_(*(raw(column) for column in key)) > tuple_(*last))
        rows = [list(row) for row in connection.execute(behind)]


def raw(column: Column[Any]) -> ColumnElement[Any]:
    """A column as it lies in the database: sealed values unopened, moments as numbers."""
    if isinstance(column.type, Sealed):
        return type_coerce(column, RAW)
    return type_coerce(column, BigInteger()) if isinstance(column.type, UtcDateTime) else column


def _erased(connection: Connection) -> list[int]:
    erased = select(person_key.c.participant_id).where(person_key.c.wrapped == ERASED)
    return list(connection.execute(erased.order_by(person_key.c.participant_id)).scalars())


def _numbers(connection: Connection) -> dict[str, int]:
    """The highest number ever given by each table, also to rows that are gone: it is never given again."""
    if connection.dialect.name == "sqlite":
        return {
            name: int(last)
            for name, last in connection.execute(text("SELECT name, seq FROM sqlite_sequence"))
        }
    found = {}
    for table in metadata.sorted_tables:
        if "id" not in table.c or table.c.id.identity is None:
            continue
        name = connection.execute(SEQUENCE, {"name": table.name}).scalar_one()
        found[str(table.name)] = int(connection.execute(_LAST, {"name": name}).scalar() or 0)
    return found


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """A connection that sees the database as it is now, while others write. Raises `StoreUnavailable`."""
    try:
        with engine.connect() as plain:
            if plain.dialect.name == "sqlite":
                plain.exec_driver_sql("BEGIN")
                yield plain
                plain.exec_driver_sql("ROLLBACK")
                return
            still = plain.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            # A slow disk is no reason for the server to end the transaction.
            still.execute(text("SET LOCAL idle_in_transaction_session_timeout = '10min'"))
            yield still
    except DBAPIError as error:
        if is_unavailable(error):
            raise StoreUnavailable(f"the database cannot be used ({type(error.orig).__name__})") from error
        raise
    finally:
        engine.dispose()
