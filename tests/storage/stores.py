# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Stores to test with, and a small world in them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar, cast

from sqlalchemy import event, make_url

from bot.domain.concerns import Concern, Level, State
from bot.domain.messages import Body, Draft, Incoming, IncomingKind, Key, Kind
from bot.domain.people import Role, Standing
from bot.ports import UnitOfWork
from bot.storage.database import SqlStorage, open_storage
from bot.storage.engines import open_engine
from bot.storage.schema import migrate
from bot.storage.sealing import Keyring
from bot.storage.unit_of_work import SqlUnitOfWork

T = TypeVar("T")

KEYRING = Keyring({"k1": b"an invented key for tests, 32 by"}, "k1")
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
AGENCY = 1
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def fill(url: str) -> None:
    """Give an empty database its tables. A new SQLite file is a copy of one that was migrated before."""
    file = Path(make_url(url).database or "")
    if not url.startswith("sqlite") or file.exists():
        migrate(url, KEYRING)
        return
    file.touch(0o600)
    file.write_bytes(_migrated())


@cache
def _migrated() -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "lotse.db"
        migrate(f"sqlite:///{file}", KEYRING)
        return file.read_bytes()


def open_copy(image: bytes, keyring: Keyring) -> SqlStorage:
    """A storage in memory that begins as the copy of another (`InlineDatabase.image`)."""
    engine = open_engine("sqlite://", keyring)
    event.listen(engine, "connect", lambda driver, _: driver.deserialize(image))
    return SqlStorage(engine, keyring)


@cache
def _schema() -> bytes:
    with opened("sqlite://") as storage:
        return image_of(storage)


@contextmanager
def open_memory() -> Iterator[SqlStorage]:
    """What `opened("sqlite://")` gives, for a twentieth of the time: tables are made once."""
    storage = open_copy(_schema(), KEYRING)
    try:
        yield storage
    finally:
        storage.close()


def image_of(storage: SqlStorage) -> bytes:
    """All that is in such a storage, for `open_copy`."""

    def serialize(uow: UnitOfWork) -> bytes:
        driver = cast("SqlUnitOfWork", uow).connection.connection.dbapi_connection
        return cast("sqlite3.Connection", driver).serialize()

    return storage.run_sync(serialize)


@contextmanager
def opened(url: str, keyring: Keyring = KEYRING) -> Iterator[SqlStorage]:
    """A storage that is closed afterwards."""
    storage = open_storage(url, keyring)
    try:
        yield storage
    finally:
        storage.close()


@dataclass(frozen=True)
class World:
    """A store with an agency, a coach and a participant, each with an address."""

    storage: SqlStorage
    coach: int
    coach_address: int
    participant: int
    address: int

    def do(self, use_case: Callable[[UnitOfWork], T]) -> T:
        """Run a use case."""
        return self.storage.run_sync(use_case)

    def draft(self, kind: Kind = Kind.REPLY, **changes: object) -> Draft:
        """A message to the participant."""
        values: dict[str, object] = {
            "agency_id": AGENCY,
            "address_id": self.address,
            "channel": "telegram",
            "kind": kind,
            "body": Body("Wie geht es Ihnen?", ((Key("gut", "q:1:gut"),),), "https://example.org/p", "Seite"),
            "participant_id": self.participant,
        }
        return Draft(**(values | changes))  # type: ignore[arg-type]

    def post(self, kind: Kind = Kind.REPLY, now: datetime = NOW, **changes: object) -> None:
        """Post a message to the participant."""
        self.do(lambda uow: uow.outbox.post([self.draft(kind, **changes)], now))

    def concern(self, **changes: object) -> Concern:
        """A concern about the participant."""
        values: dict[str, object] = {
            "id": 0,
            "agency_id": AGENCY,
            "participant_id": self.participant,
            "level": Level.R2,
            "source": "text",
            "reason": "hopelessness",
            "state": State.OPEN,
            "raised_at": NOW,
            "owner_id": self.coach,
            "next_action_at": NOW + HOUR,
            "policy": '{"rungs": []}',
            "quote": "Mir ist alles zu viel.",
        }
        return Concern(**(values | changes))  # type: ignore[arg-type]

    def neighbours(self, count: int) -> list[int]:
        """Addresses of further participants."""

        def add(uow: UnitOfWork) -> list[int]:
            people = [
                uow.people.add_participant(AGENCY, Standing.ACTIVE, "de", self.coach) for _ in range(count)
            ]
            return [
                uow.people.add_address(AGENCY, "telegram", f"neighbour {person}", participant_id=person)
                for person in people
            ]

        return self.do(add)


def settle_world(storage: SqlStorage) -> World:
    """Put the small world into an empty store."""

    def settle(uow: UnitOfWork) -> World:
        uow.ledger.ensure_agency(AGENCY, "Musteragentur", NOW)
        coach = uow.people.add_staff(AGENCY, "Bernd Beispiel", Role.COACH, "bernd@example.org", "de")
        person = uow.people.add_participant(AGENCY, Standing.ACTIVE, "de", coach, "Mia Muster")
        return World(
            storage,
            coach,
            uow.people.add_address(AGENCY, "telegram_staff", "900", staff_id=coach),
            person,
            uow.people.add_address(AGENCY, "telegram", "100", participant_id=person),
        )

    return storage.run_sync(settle)


def heard(delivery: str, text: str = "hallo", **changes: object) -> Incoming:
    """A text that reached the participants' bot."""
    values: dict[str, object] = {
        "channel": "telegram",
        "delivery": delivery,
        "address": "100",
        "kind": IncomingKind.TEXT,
        "text": text,
    }
    return Incoming(**(values | changes))  # type: ignore[arg-type]
