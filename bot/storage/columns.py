# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What tables are made of: columns and their types (sealed text; moments, equal on every database)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Dialect,
    Engine,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    cast,
    text,
    type_coerce,
)
from sqlalchemy.exc import DontWrapMixin
from sqlalchemy.types import TypeDecorator

from bot.errors import SealBroken
from bot.storage.sealing import Keyring
from bot.storage.seals import Seals

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
# The seals hang on the engine's own dialect object: two storages in one process may have different keys.
_SEALS = "lotse_seals"


def give_keyring(engine: Engine, keyring: Keyring) -> None:
    """Let the sealed columns of this engine use `keyring`."""
    setattr(engine.dialect, _SEALS, Seals(keyring))


def seals_of(dialect: Dialect) -> Seals:
    """The seals of the engine that this dialect object belongs to."""
    found: Seals = getattr(dialect, _SEALS)
    return found


class _NotSealed(SealBroken, DontWrapMixin):
    """As it is: SQLAlchemy would hide it in an error of its own."""


class Sealed(TypeDecorator[str]):
    """Text that is encrypted on its way into the database. `context` is `table.column`.

    A text of one person is given as `seals.owned(text, participant_id)`.
    """

    impl = LargeBinary
    cache_ok = True

    def __init__(self, context: str) -> None:
        super().__init__()
        self.context = context

    def column_expression(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """Read as bytes: SQLite takes text, too, as from a dump that was put back by hand."""
        return type_coerce(cast(column, LargeBinary), self)

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Seal a value. Raises `SealBroken` for a value of somebody who is not there."""
        if value is None:
            return None
        try:
            return seals_of(dialect).seal(value, self.context)
        except SealBroken as fault:
            raise _NotSealed(str(fault)) from None

    def process_result_value(self, value: Any | None, dialect: Dialect) -> str | None:
        """Open a value. Raises `SealBroken`."""
        if value is None:
            return None
        return seals_of(dialect).open(bytes(value), self.context)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, as microseconds since 1970 in UTC: exact, sortable and equal on SQLite and PostgreSQL."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Microseconds since the epoch. Raises `ValueError` for a naive datetime."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        """The moment, aware and in UTC."""
        return None if value is None else _EPOCH + timedelta(microseconds=value)


BigId = BigInteger().with_variant(Integer, "sqlite")


def table(name: str, *columns: Column[Any] | Index | UniqueConstraint) -> Table:
    """A table whose rows have a number of their own."""
    # Numbers are never given twice, because buttons in old messages name them.
    key: Column[int] = Column("id", BigId, Identity(), primary_key=True)
    return Table(name, metadata, key, *columns, sqlite_autoincrement=True)


def agency_id() -> Column[Any]:
    """The tenant of a row."""
    return Column("agency_id", BigId, nullable=False)


def reference(target: str, name: str, *, nullable: bool = False) -> Column[Any]:
    """The id of a row of `target`."""
    return Column(name, BigId, ForeignKey(f"{target}.id"), nullable=nullable)


def word(name: str, default: str | None = None) -> Column[Any]:
    """A machine word: state, kind, id in a messenger. Never content."""
    return Column(name, Text, nullable=False, server_default=default)


def moment(name: str, *, nullable: bool = True) -> Column[Any]:
    """A moment in UTC."""
    return Column(name, UtcDateTime, nullable=nullable)


def sealed(table: str, name: str, *, nullable: bool = False) -> Column[Any]:
    """Content."""
    return Column(name, Sealed(f"{table}.{name}"), nullable=nullable)


def number(name: str) -> Column[Any]:
    """A count that begins at 0."""
    return Column(name, Integer, nullable=False, server_default="0")


def flag(name: str) -> Column[Any]:
    """Something that is not so unless it is said."""
    return Column(name, Boolean, nullable=False, server_default=text("false"))


def partial(name: str, where: str, *columns: str, unique: bool = False) -> Index:
    """An index over the rows for which `where` holds."""
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))
