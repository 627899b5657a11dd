# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Every contract runs on SQLite in memory, on an SQLite file and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from bot.storage.database import SqlStorage
from bot.storage.tables import metadata
from tests.servers import Databases
from tests.storage.stores import World, fill, opened, settle_world


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
    url = request.getfixturevalue("filled_postgres_url")
    with psycopg.connect(url, autocommit=True) as connection:
        names = ", ".join(metadata.tables)
        # The audit log only grows; between two tests it must be gone nevertheless.
        kept = ("audit", "audit_link", "audit_checkpoint")
        switch = [f"ALTER TABLE {name} {{}} TRIGGER {name}_no_truncate".encode() for name in kept]
        for statement in switch:
            connection.execute(statement.replace(b"{}", b"DISABLE"))
        connection.execute(f"TRUNCATE {names} RESTART IDENTITY CASCADE".encode())
        for statement in switch:
            connection.execute(statement.replace(b"{}", b"ENABLE"))
    return str(url)


@pytest.fixture
def storage(store_url: str) -> Iterator[SqlStorage]:
    """An empty store, open."""
    with opened(store_url) as storage:
        yield storage


@pytest.fixture
def world(storage: SqlStorage) -> World:
    """A store with a small world in it."""
    return settle_world(storage)
