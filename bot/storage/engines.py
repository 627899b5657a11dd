# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Connections to SQLite and PostgreSQL, and what their errors mean."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.pool import NullPool

from bot.errors import ConfigurationError
from bot.storage.columns import give_keyring
from bot.storage.row_security import EVERY, SETTING
from bot.storage.sealing import Keyring

# One writer at a time: what another program (`lotse invite`) holds is waited for, this long.
_BUSY_MS = 5000
_PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",  # a commit survives a power cut, not only a crash of the program
    f"busy_timeout = {_BUSY_MS}",
    "foreign_keys = ON",
)

# There are several hundred statements; with the driver's usual 128 most would be parsed again each time.
_SQLITE_ARGUMENTS = {"cached_statements": 1024}

# A server that hangs must not hang us: connecting, waiting for a lock and a dead network end by themselves.
_POSTGRES_ARGUMENTS = {
    "connect_timeout": 5,
    "tcp_user_timeout": 15_000,
    "application_name": "lotse",
    # All agencies to begin with: see `row_security`.
    "options": (
        f"-c timezone=UTC -c lock_timeout=10s -c idle_in_transaction_session_timeout=20s -c {SETTING}={EVERY}"
    ),
}

# SQLSTATE classes: connection, transaction rolled back, resources, operator intervention, system, and
# 55P03 (a lock was not to be had) and 25006 (a server that is read-only, as after a failover).
_UNAVAILABLE_CLASSES = ("08", "40", "53", "57", "58")
_UNAVAILABLE_STATES = ("55P03", "25006")
_REPEATABLE_STATES = ("40001", "40P01")
# These leave the connection sound; it only has to roll back.
_SQLITE_KEEPS = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
# Locks, disks and files; a wrong statement or a broken constraint is not among them.
_SQLITE_UNAVAILABLE = _SQLITE_KEEPS | {
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_INTERRUPT,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_NOTADB,
}


def open_engine(url: str, keyring: Keyring | None = None) -> Engine:
    """An engine for `sqlite:///path`, `sqlite://` (memory) or `postgresql://...`.

    Nothing is connected yet. Raises `ConfigurationError` for any other URL.
    """
    parsed = _parse(url)
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(
            parsed,
            poolclass=NullPool,
            hide_parameters=True,
            isolation_level="AUTOCOMMIT",
            connect_args=_SQLITE_ARGUMENTS,
        )
        event.listen(engine, "do_connect", _create_privately)
        event.listen(engine, "connect", _set_pragmas)
    else:
        engine = create_engine(
            parsed, poolclass=NullPool, hide_parameters=True, connect_args=_POSTGRES_ARGUMENTS
        )
    if keyring is not None:
        give_keyring(engine, keyring)
    return engine


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        # Without the URL: it may hold a password.
        raise ConfigurationError(["the database URL cannot be read"]) from None
    backend = parsed.drivername.partition("+")[0]
    if backend in ("postgresql", "postgres"):
        return parsed.set(drivername="postgresql+psycopg")
    if backend == "sqlite":
        return parsed.set(drivername="sqlite")
    raise ConfigurationError(
        [f"databases of kind {backend!r} are not supported: use sqlite:/// or postgresql://"]
    )


def is_memory(engine: Engine) -> bool:
    """True for a database that lives and dies with its one connection."""
    return engine.dialect.name == "sqlite" and engine.url.database in (None, "", ":memory:")


def _create_privately(dialect: Any, record: Any, args: list[Any], kwargs: dict[str, Any]) -> None:
    # A new database file is its owner's alone; SQLite's own files beside it inherit that.
    del dialect, record, kwargs
    if args[0] != ":memory:" and not Path(args[0]).exists():
        try:
            os.close(os.open(args[0], os.O_CREAT | os.O_RDWR, 0o600))
        except OSError as error:
            raise sqlite3.OperationalError(f"unable to create database file ({error.strerror})") from None


def _set_pragmas(connection: sqlite3.Connection, record: Any) -> None:
    del record
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def is_unavailable(error: BaseException) -> bool:
    """Whether the database could not take the work, as opposed to having been asked for nonsense."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", None)
        if code is None:
            return isinstance(cause, sqlite3.OperationalError)
        return code & 0xFF in _SQLITE_UNAVAILABLE
    if not isinstance(error, DBAPIError):
        return False
    state = getattr(cause, "sqlstate", None)
    if state is None:
        return error.connection_invalidated or isinstance(error, (OperationalError, InterfaceError))
    return state[:2] in _UNAVAILABLE_CLASSES or state in _UNAVAILABLE_STATES or error.connection_invalidated


def is_repeatable(error: BaseException) -> bool:
    """Whether PostgreSQL gave up on the transaction only because of the others: try it again at once."""
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in _REPEATABLE_STATES


def spares_connection(error: BaseException) -> bool:
    """Whether the SQLite connection can be used again after a rollback."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(cause, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in _SQLITE_KEEPS
