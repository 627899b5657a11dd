# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Bringing everything under the keys it belongs under, piece by piece, while Lotse runs.

Every piece is a transaction of its own and looks only at what still lies wrong, so that a rotation that was
interrupted goes on where it stopped, and a value that somebody writes meanwhile is never overwritten.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol
from typing import cast as known_as

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Table,
    and_,
    cast,
    func,
    literal,
    or_,
    select,
    update,
)

from bot.ports import UnitOfWork
from bot.storage.columns import seals_of
from bot.storage.database import SqlStorage
from bot.storage.key_tables import ERASED, person_key
from bot.storage.owners import RAW, owner_of, seal_anew, sealed_tables
from bot.storage.sealing import INSTALLATION, PERSON, header
from bot.storage.tables import participant
from bot.storage.unit_of_work import SqlUnitOfWork

_wrapped = cast(person_key.c.wrapped, RAW)
#: Rows in one transaction: SQLite has one writer, and somebody in need must not wait for this.
BATCH = 100


class _Piece(Protocol):
    """Does the next piece behind `after`. Returns where the next one begins, and how much was changed."""

    def __call__(self, connection: Connection, after: int) -> tuple[int, int]: ...


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a rotation is: the step of how many, what it goes through, and how much of it was changed."""

    step: int
    steps: int
    what: str
    changed: int


def rotate(storage: SqlStorage) -> Iterator[Progress]:
    """Give everybody a key, wrap all keys anew and seal anew what lies under another key than it should.

    One `Progress` after each piece. Raises `StoreUnavailable`, and `SealBroken` for what cannot be opened.
    """
    steps: list[tuple[str, _Piece]] = [("participant", _give_keys), (person_key.name, _wrap_anew)]
    for table, columns in sealed_tables():
        steps += [
            (f"{table.name}.{column.name}", partial(_seal_anew, table=table, column=column))
            for column in columns
        ]
    for number, (what, piece) in enumerate(steps, start=1):
        for changed in _pieces(storage, piece):
            yield Progress(number, len(steps), what, changed)


def give_keys(storage: SqlStorage) -> None:
    """Give a key to everybody who has none. Raises `StoreUnavailable`."""
    for _ in _pieces(storage, _give_keys):
        pass


def count_under(storage: SqlStorage, name: str) -> int:
    """How many values and people's keys lie under a key of the installation. Raises `StoreUnavailable`."""
    return sum(places_under(storage, name).values())


def places_under(storage: SqlStorage, name: str) -> dict[str, int]:
    """The same by `table.column`, where there are any. Raises `StoreUnavailable`."""
    return storage.run_sync(lambda uow: _count(_connection(uow), header(INSTALLATION, name)))


def _pieces(storage: SqlStorage, piece: _Piece) -> Iterator[int]:
    after, changed = 0, 0
    while True:
        after, count = storage.run_sync(partial(_on_connection, piece=piece, after=after))
        changed += count
        yield changed
        if after == 0:
            return


def _on_connection(uow: UnitOfWork, piece: _Piece, after: int) -> tuple[int, int]:
    return piece(_connection(uow), after)


def _connection(uow: UnitOfWork) -> Connection:
    return known_as("SqlUnitOfWork", uow).connection


def _give_keys(connection: Connection, after: int) -> tuple[int, int]:
    has_key = select(person_key.c.participant_id).where(person_key.c.participant_id == participant.c.id)
    wanting = (
        select(participant.c.id)
        .where(participant.c.id > after, ~has_key.exists())
        .order_by(participant.c.id)
        .limit(BATCH)
    )
    people = list(connection.execute(wanting).scalars())
    seals = seals_of(connection.dialect)
    for participant_id in people:
        seals.ensure(participant_id)
    return _next(people), len(people)


def _wrap_anew(connection: Connection, after: int) -> tuple[int, int]:
    keyring = seals_of(connection.dialect).keyring
    key = person_key.c.participant_id
    right = header(INSTALLATION, keyring.current)
    wrong = (
        select(key, _wrapped)
        .where(key > after, _wrapped != ERASED, ~_begins(_wrapped, right))
        .order_by(key)
        .limit(BATCH)
    )
    rows = connection.execute(wrong).all()
    for participant_id, old in rows:
        new = keyring.wrap(keyring.unwrap(bytes(old), participant_id), participant_id)
        change = update(person_key).where(key == participant_id, _wrapped == old).values(wrapped=new)
        connection.execute(change)
    return _next([row[0] for row in rows]), len(rows)


def _seal_anew(connection: Connection, after: int, table: Table, column: Column[Any]) -> tuple[int, int]:
    right = header(INSTALLATION, seals_of(connection.dialect).keyring.current)
    owner = owner_of(table)
    wrong = (
        select(table.c.id, cast(column, RAW), literal(None) if owner is None else owner)
        .where(table.c.id > after, _lies_wrong(column, owner, right))
        .order_by(table.c.id)
        .limit(BATCH)
    )
    rows = [(row[0], row[1], row[2]) for row in connection.execute(wrong)]
    return _next([row[0] for row in rows]), seal_anew(connection, column, rows)


def _lies_wrong(column: Column[Any], owner: ColumnElement[Any] | None, right: bytes) -> ColumnElement[bool]:
    ours = _begins(column, bytes((INSTALLATION,)))
    old = and_(ours, ~_begins(column, right))
    if owner is None:
        return old
    alive = select(person_key.c.participant_id).where(_wrapped != ERASED)
    # What belongs to a person and lies under our key, and the other way round.
    return or_(old, and_(ours, owner.in_(alive)), and_(_begins(column, bytes((PERSON,))), owner.is_(None)))


def _begins(column: ColumnElement[Any], start: bytes) -> ColumnElement[bool]:
    return func.substr(cast(column, RAW), 1, len(start), type_=RAW) == literal(start, RAW)


def _next(numbers: list[int]) -> int:
    """Where the next piece begins; 0 if this was the last one."""
    return numbers[-1] if len(numbers) == BATCH else 0


def _count(connection: Connection, start: bytes) -> dict[str, int]:
    places: list[tuple[Table, Column[Any]]] = [(person_key, person_key.c.wrapped)]
    places += [(table, column) for table, columns in sealed_tables() for column in columns]
    counts = {
        f"{table.name}.{column.name}": connection.execute(
            select(func.count()).select_from(table).where(_begins(column, start))
        ).scalar_one()
        for table, column in places
    }
    return {place: count for place, count in counts.items() if count}
