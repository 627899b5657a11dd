# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Every contract runs on SQLite in memory, on an SQLite file and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bot.storage.database import SqlStorage
from bot.storage.row_security import EVERY, SETTING
from bot.storage.tables import metadata
from tests.servers import Databases
from tests.storage.stores import World, fill, open_memory, opened, settle_world

#: Those first that lead to others.
_TABLES = [table.name for table in reversed(metadata.sorted_tables)]
_FILLED = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in _TABLES)
_COUNTED = "SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL"
#: The audit log only grows; between two tests it must be gone nevertheless.
_ONLY_GROWING = ("audit", "audit_link", "audit_checkpoint")


@pytest.fixture(scope="session")
def filled_postgres_url(postgres: Databases) -> Iterator[str]:
    """One database with tables for all contracts; emptied before each."""
    url = postgres.make(fill)
    yield url
    postgres.drop(url)


@pytest.fixture(
    params=["memory", "sqlite", pytest.param("postgres", marks=pytest.mark.postgres)],
)
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where an empty store is."""
    if request.param == "memory":
        return "sqlite://"
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/lotse.db"
        fill(url)
        return url
    url = str(request.getfixturevalue("filled_postgres_url"))
    with psycopg.connect(url, options=f"-c {SETTING}={EVERY}") as connection:
        _empty(connection)
    return url


def _empty(connection: psycopg.Connection[Any]) -> None:
    """Take out what a test has left: from few tables, for truncating all of them is slow."""
    filled = _names(connection, _FILLED)
    for name in [name for name in _TABLES if name in filled]:
        statements = [f"DELETE FROM {name}"]
        if name in _ONLY_GROWING:
            switch = f"ALTER TABLE {name} {{}} TRIGGER {name}_no_change"
            statements = [switch.format("DISABLE"), *statements, switch.format("ENABLE")]
        for statement in statements:
            connection.execute(statement.encode())
    for sequence in _names(connection, _COUNTED):
        connection.execute(f"ALTER SEQUENCE {sequence} RESTART".encode())


def _names(connection: psycopg.Connection[Any], query: str) -> set[str]:
    return {name for (name,) in connection.execute(query.encode()).fetchall()}


@pytest.fixture
def storage(store_url: str) -> Iterator[SqlStorage]:
    """An empty store, open."""
    with open_memory() if store_url == "sqlite://" else opened(store_url) as storage:
        yield storage


@pytest.fixture
def world(storage: SqlStorage) -> World:
    """A store with a small world in it."""
    return settle_world(storage)
