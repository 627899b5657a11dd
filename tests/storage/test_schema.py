# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The tables in the code and the migrations are the same, on both databases."""

from __future__ import annotations

import re
import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from bot.errors import ConfigurationError, StoreUnavailable
from bot.storage.engines import open_engine
from bot.storage.schema import HEAD, create_schema, migrate, schema_state
from bot.storage.tables import metadata
from tests.conftest import MakeDatabase
from tests.storage.stores import fill, opened


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_urls(request: pytest.FixtureRequest, tmp_path: Path) -> list[str]:
    """Two empty databases."""
    if request.param == "sqlite":
        return [f"sqlite:///{tmp_path}/{name}.db" for name in ("one", "two")]
    make: MakeDatabase = request.getfixturevalue("make_database")
    return [make(), make()]


def structure(connection: Connection) -> list[str]:
    """Everything that the database says about its tables and indexes, in its own words."""
    if connection.dialect.name == "sqlite":
        rows = connection.execute(text("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"))
        return sorted(_parts(row[0]) for row in rows)
    columns = (
        "SELECT concat_ws(' ', table_name, column_name, data_type, is_nullable, column_default, is_identity) "
        "FROM information_schema.columns WHERE table_schema = 'public'"
    )
    indexes = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'"
    constraints = (
        "SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE connamespace = 'public'::regnamespace"
    )
    return sorted(
        row[0] for query in (columns, indexes, constraints) for row in connection.execute(text(query))
    )


def _parts(statement: str) -> str:
    """A statement without its layout, and with a table's columns and constraints in any order."""
    flat = re.sub(r"\s+", " ", statement)
    if not flat.startswith("CREATE TABLE"):
        return flat
    head, _, rest = flat.partition("(")
    parts = re.split(r"\s*,\s*(?![^()]*\))", rest.rpartition(")")[0].strip())
    return str([head.strip(), *sorted(parts)])


def test_migrations_give_the_tables_of_the_code(empty_urls: list[str]) -> None:
    fill(empty_urls[0])
    with open_engine(empty_urls[0]).connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"compare_type": True, "compare_server_default": connection.dialect.name == "postgresql"},
        )
        assert compare_metadata(context, metadata) == []
        migrated = structure(connection)
    with open_engine(empty_urls[1]).connect() as connection:
        create_schema(connection)
        assert [line for line in structure(connection) if "alembic" not in line] == [
            line for line in migrated if "alembic" not in line
        ]


def test_the_newest_migration_is_the_one_the_program_needs() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path("bot/storage/migrations").resolve()))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


async def test_health_follows_the_schema(empty_urls: list[str]) -> None:
    url = empty_urls[0]
    with opened(url) as storage:
        assert "run `lotse migrate`" in await storage.healthy()
        assert schema_state(url) == await storage.healthy()
        fill(url)
        assert await storage.healthy() == ""
        fill(url)
        assert schema_state(url) == ""
        for revision, said in (("0000", "run `lotse migrate`"), ("9999", "update Lotse")):
            _set_revision(url, revision)
            assert said in await storage.healthy()
        with pytest.raises(ConfigurationError, match="newer"):
            migrate(url)
        _set_revision(url, "")
        assert "run `lotse migrate`" in await storage.healthy()


def _set_revision(url: str, revision: str) -> None:
    with open_engine(url).connect() as connection:
        connection.execute(text("DELETE FROM alembic_version"))
        if revision:
            connection.execute(text("INSERT INTO alembic_version VALUES (:it)"), {"it": revision})
        connection.commit()


def test_programs_that_migrate_at_the_same_time_do_not_meet(empty_urls: list[str]) -> None:
    faults: list[BaseException] = []

    def run() -> None:
        try:
            migrate(empty_urls[0])
        except Exception as fault:  # noqa: BLE001 - the test looks at it
            faults.append(fault)

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert schema_state(empty_urls[0]) == ""


def test_a_memory_store_is_ready_at_once() -> None:
    with opened("sqlite://") as storage:
        assert storage.run_sync(lambda uow: uow.ledger.published()) == []
    with pytest.raises(ConfigurationError):
        migrate("sqlite://")


def test_databases_that_cannot_be_reached(tmp_path: Path) -> None:
    for url in (f"sqlite:///{tmp_path}/missing/lotse.db", f"postgresql://lotse@/lotse?host={tmp_path}"):
        with pytest.raises(StoreUnavailable):
            migrate(url)
        with pytest.raises(StoreUnavailable):
            schema_state(url)


@pytest.mark.parametrize("url", ["mysql://a@b/c", "nonsense", "", "postgresql://user:geheim@host:port/x"])
def test_urls_that_cannot_be_used_are_refused_without_repeating_them(url: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        open_engine(url)
    assert "geheim" not in str(caught.value)
