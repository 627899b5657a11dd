# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Putting a backup into an empty database, all of it or nothing, on SQLite as on PostgreSQL.

Whoever was erased after the backup has no key any more: then everything of theirs is removed.
"""

from __future__ import annotations

import sqlite3
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BufferedReader
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, MetaData, Table, delete, inspect, select, text
from sqlalchemy.exc import DBAPIError, SAWarning

from bot.errors import ConfigurationError, StoreUnavailable
from bot.storage.backup import DATA, KEY_SAFE, KEYS, SEQUENCE, EndOf, Message, RowsOf, TableOf
from bot.storage.backup_stream import BackupBroken, Head, read_head, read_messages
from bot.storage.columns import metadata
from bot.storage.engines import is_unavailable, open_engine
from bot.storage.key_tables import ERASED, person_key
from bot.storage.owners import TIMED, owner_of
from bot.storage.schema import HEAD, upgrade
from bot.storage.sealing import Keyring
from bot.storage.tables import participant, timer

#: Numbers in one statement.
_AT_ONCE = 500
_FORGET_NUMBER = text("DELETE FROM sqlite_sequence WHERE name = :name")
_NUMBER = text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :number)")
_SET_SEQUENCE = text("SELECT setval(CAST(:name AS regclass), :number)")
_decode = msgspec.msgpack.Decoder(Message).decode


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back: how many rows, of which moment, and how many people have been erased since."""

    rows: int
    made_at: str
    erased: int


@dataclass
class _Filling:
    """A database while it is filled."""

    connection: Connection
    tables: MetaData
    counts: dict[str, int] = field(default_factory=dict)
    #: What a row says of another one of its own table, which may come later: table, row, columns.
    later: list[tuple[Table, int, dict[str, Any]]] = field(default_factory=list)


def restore(path: Path, url: str, keyring: Keyring, safe: Path | None = None) -> Restored:
    """Put a backup into the empty database at `url`; the key safe is the one beside it unless it is named.

    Nothing is changed unless all of it could be read. Raises `ConfigurationError` for a database that is not
    empty or files that do not fit, `BackupBroken` and `SealBroken` for a file that cannot be read,
    `StoreUnavailable`.
    """
    with _opened(path) as (data, head, line), _opened(safe or path.with_name(KEY_SAFE)) as (keys, own, mark):
        _refuse_unfit(head, own)
        # All of it is looked at before a database is made.
        for file, named, mark_of in ((data, head, line), (keys, own, mark)):
            start = file.tell()
            for _ in read_messages(file, named, mark_of, keyring):
                pass
            file.seek(start)
        with _empty(url, keyring) as connection:
            upgrade(connection, head.schema)
            end = _fill(connection, (_decode(one) for one in read_messages(data, head, line, keyring)))
            upgrade(connection)
            _fill_keys(connection, (_decode(one) for one in read_messages(keys, own, mark, keyring)))
            erased = _remove_erased(connection, end.erased)
            _go_on_numbering(connection, end.numbers)
    return Restored(sum(end.rows.values()), head.made_at.isoformat(timespec="seconds"), erased)


@contextmanager
def _opened(path: Path) -> Iterator[tuple[BufferedReader, Head, bytes]]:
    try:
        with path.open("rb") as file:
            yield (file, *read_head(file))
    except OSError as error:
        raise ConfigurationError([f"{path}: cannot be read ({error.strerror})"]) from None
    except BackupBroken as error:
        raise BackupBroken(f"{path}: {error}") from None


def _refuse_unfit(data: Head, keys: Head) -> None:
    if (data.holds, keys.holds) != (DATA, KEYS):
        raise ConfigurationError(["name a backup, and beside it or with --keys the key safe"])
    if data.schema > HEAD:
        raise ConfigurationError([f"the backup is of a newer Lotse (schema {data.schema}): update this one"])
    if keys.made_at < data.made_at:
        raise ConfigurationError(["the key safe is older than the backup: it takes new people for erased"])


@contextmanager
def _empty(url: str, keyring: Keyring) -> Iterator[Connection]:
    """One transaction in an empty database."""
    engine = open_engine(url, keyring)
    is_file = engine.dialect.name == "sqlite"
    made = Path(engine.url.database or "") if is_file else None
    if made is not None and made.exists() and made.stat().st_size:
        raise ConfigurationError([f"{made}: is not empty; a backup is put only into a new database"])
    is_whole = False
    try:
        with engine.connect() as connection:
            if is_file:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            if inspect(connection).get_table_names():
                raise ConfigurationError(["the database is not empty; a backup is put only into a new one"])
            yield connection
            connection.exec_driver_sql("COMMIT") if is_file else connection.commit()
            is_whole = True
    except (DBAPIError, sqlite3.Error) as error:
        if is_unavailable(error):
            raise StoreUnavailable(f"the database cannot be used ({type(error).__name__})") from error
        raise
    finally:
        engine.dispose()
        if made is not None and not is_whole:
            made.unlink(missing_ok=True)


def _fill(connection: Connection, messages: Iterator[Any]) -> EndOf:
    tables = MetaData()
    with warnings.catch_warnings():
        # Expressions in indexes are of no interest here.
        warnings.simplefilter("ignore", SAWarning)
        tables.reflect(connection)
    filling = _Filling(connection, tables)
    table: Table | None = None
    columns: list[str] = []
    for message in messages:
        if isinstance(message, EndOf):
            if filling.counts != message.rows:
                raise BackupBroken("the file does not hold what it says")
            for changed, number, values in filling.later:
                connection.execute(changed.update().where(changed.c.id == number).values(values))
            return message
        if isinstance(message, TableOf):
            table, columns = tables.tables[message.name], message.columns
            filling.counts[message.name] = 0
        elif table is not None:
            _insert(filling, table, [dict(zip(columns, row, strict=True)) for row in message.rows])
    raise BackupBroken("the file has no end")


def _insert(filling: _Filling, table: Table, rows: list[dict[str, Any]]) -> None:
    own = [key.parent.name for key in table.foreign_keys if key.column.table is table]
    # A row may name one of its own table that comes later.
    filling.connection.execute(table.insert(), [row | dict.fromkeys(own) for row in rows])
    filling.counts[table.name] += len(rows)
    filling.later += [(table, row["id"], {name: row[name] for name in own}) for row in rows if own]


def _fill_keys(connection: Connection, messages: Iterator[Any]) -> None:
    """Of the keys in the safe those of people who are in the backup."""
    columns: list[str] = []
    for message in messages:
        if isinstance(message, TableOf):
            columns = message.columns
        elif isinstance(message, RowsOf):
            rows = [dict(zip(columns, row, strict=True)) for row in message.rows]
            numbers = [row["participant_id"] for row in rows]
            there = set(
                connection.execute(select(participant.c.id).where(participant.c.id.in_(numbers))).scalars()
            )
            if there:
                kept = [row for row in rows if row["participant_id"] in there]
                connection.execute(person_key.insert(), kept)


def _remove_erased(connection: Connection, kept: list[int]) -> int:
    """Remove whoever has no key, but for those of whom the backup itself has only what must be kept."""
    alive = select(person_key.c.participant_id).where(person_key.c.wrapped != ERASED)
    without = connection.execute(select(participant.c.id).where(participant.c.id.not_in(alive))).scalars()
    gone = sorted(set(without) - set(kept))
    for start in range(0, len(gone), _AT_ONCE):
        for table in reversed(metadata.sorted_tables):
            owner = owner_of(table)
            if owner is not None:
                connection.execute(delete(table).where(owner.in_(gone[start : start + _AT_ONCE])))
    for name, kinds in TIMED.items() if gone else ():
        there = select(metadata.tables[name].c.id)
        connection.execute(delete(timer).where(timer.c.kind.in_(kinds), timer.c.subject.not_in(there)))
    return len(gone)


def _go_on_numbering(connection: Connection, numbers: Mapping[str, int]) -> None:
    """No number is given again, not even that of a row that is gone: old buttons name it."""
    for table, number in numbers.items():
        if connection.dialect.name == "sqlite":
            connection.execute(_FORGET_NUMBER, {"name": table})
            connection.execute(_NUMBER, {"name": table, "number": number})
        elif number:
            sequence = connection.execute(SEQUENCE, {"name": table}).scalar_one()
            connection.execute(_SET_SEQUENCE, {"name": sequence, "number": number})
