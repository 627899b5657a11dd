# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Which schema a database has, and how it gets the right one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, func, inspect, select, text
from sqlalchemy.exc import DBAPIError

from bot.errors import ConfigurationError, StoreUnavailable
from bot.storage.engines import is_memory, is_unavailable, open_engine
from bot.storage.link import ADVISORY
from bot.storage.row_security import is_bypassed, secure
from bot.storage.sealing import Keyring
from bot.storage.tables import metadata

#: The newest migration. Revisions are four digits, so that an older one compares as smaller.
HEAD = "0036"

_NEWER = "the schema is newer"
_MIGRATING = 2
_MIGRATIONS = Path(__file__).with_name("migrations")


def schema_fault(connection: Connection) -> str:
    """Empty if the schema is the one that this program needs, else one line with the remedy."""
    if not inspect(connection).has_table("alembic_version"):
        return "the database has no schema: run `lotse migrate`"
    revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if revision == HEAD:
        return ""
    if revision is None or revision < HEAD:
        return f"the schema is {revision}, this program needs {HEAD}: run `lotse migrate`"
    return f"{_NEWER} than this program: {revision}, not {HEAD}; update Lotse"


def schema_state(url: str) -> str:
    """`schema_fault` of the database at `url`. Raises `StoreUnavailable` and `ConfigurationError`."""
    with _connected(open_engine(url)) as connection:
        return schema_fault(connection)


def rows_fault(url: str) -> str:
    """Empty if the database keeps agencies apart, or has no such thing; else one line with the remedy."""
    with _connected(open_engine(url)) as connection:
        if not is_bypassed(connection):
            return ""
    return "not kept apart by agency: the database user passes all policies; use one that is no superuser"


def migrate(url: str, keyring: Keyring | None = None) -> None:
    """Bring the database at `url` to the newest schema; all or nothing, and one program at a time.

    Raises `StoreUnavailable` if it cannot be reached, `ConfigurationError` if it is newer than the program.
    """
    engine = open_engine(url, keyring)
    if is_memory(engine):
        raise ConfigurationError(["a database in memory has its schema from the start"])
    with _connected(engine) as connection:
        _migrate(connection)


def create_schema(connection: Connection) -> None:
    """The newest schema at once, for a database that lives in memory. A test compares it with `migrate`."""
    metadata.create_all(connection)
    connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
    connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": HEAD})


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Bring a database to a schema, within the transaction that has begun on the connection."""
    # Alembic costs half a second; only this command needs it.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
    secure(connection)


def _migrate(connection: Connection) -> None:
    with _alone(connection):
        if schema_fault(connection).startswith(_NEWER):
            raise ConfigurationError([schema_fault(connection)])
        upgrade(connection)


@contextmanager
def _alone(connection: Connection) -> Iterator[None]:
    """One transaction, while no other program migrates."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        yield
        connection.exec_driver_sql("COMMIT")
        return
    connection.execute(select(func.pg_advisory_xact_lock(ADVISORY, _MIGRATING)))
    yield
    connection.commit()


@contextmanager
def _connected(engine: Engine) -> Iterator[Connection]:
    try:
        with engine.connect() as connection:
            yield connection
    except DBAPIError as error:
        if is_unavailable(error):
            raise StoreUnavailable(f"the database cannot be used ({type(error.orig).__name__})") from error
        raise
