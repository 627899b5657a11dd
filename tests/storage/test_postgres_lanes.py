# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""PostgreSQL: what happens when it goes away, and when transactions get in each other's way."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator

import psycopg
import pytest
from sqlalchemy import text

from bot.domain.messages import Kind
from bot.errors import SealBroken, StoreUnavailable
from bot.ports import UnitOfWork
from bot.storage.database import SqlStorage
from bot.storage.sealing import Keyring
from bot.storage.unit_of_work import SqlUnitOfWork
from tests.conftest import MakeDatabase
from tests.servers import Databases, PostgresServer
from tests.storage.stores import MINUTE, NOW, World, fill, opened, settle_world

pytestmark = pytest.mark.postgres


@pytest.fixture
def url(make_database: MakeDatabase) -> str:
    return make_database(fill)


@pytest.fixture
def storage(url: str) -> Iterator[SqlStorage]:
    with opened(url) as storage:
        yield storage


async def test_a_server_that_dies_and_comes_back(own_postgres: PostgresServer) -> None:
    url = Databases(own_postgres.url).make(fill)
    with opened(url) as storage:
        world = settle_world(storage)
        await asyncio.gather(*(storage.run(lambda uow: uow.ledger.set_fact("a", "1")) for _ in range(8)))
        own_postgres.stop()
        results = await asyncio.gather(
            *(storage.run(lambda uow: uow.ledger.set_fact("a", "2")) for _ in range(8)),
            return_exceptions=True,
        )
        assert {type(result) for result in results} == {StoreUnavailable}
        assert "cannot take the work" in await storage.healthy()
        own_postgres.start()
        assert await storage.healthy() == ""
        assert await storage.run(lambda uow: uow.ledger.fact("a")) == "1"
        assert await storage.run(lambda uow: uow.people.name_of(world.participant)) == "Mia Muster"


async def test_a_server_that_dies_in_the_middle_of_a_use_case(own_postgres: PostgresServer) -> None:
    url = Databases(own_postgres.url).make(fill)
    with opened(url) as storage:
        inside, gate = threading.Event(), threading.Event()

        def slow(uow: UnitOfWork) -> None:
            uow.ledger.set_fact("a", "1")
            inside.set()
            assert gate.wait(30)
            uow.ledger.set_fact("b", "1")

        running = asyncio.ensure_future(storage.run(slow))
        await asyncio.to_thread(inside.wait, 30)
        own_postgres.stop()
        gate.set()
        with pytest.raises(StoreUnavailable):
            await running
        own_postgres.start()
        assert await storage.run(lambda uow: uow.ledger.fact("a")) is None


async def test_a_server_that_was_restarted_while_nobody_looked(own_postgres: PostgresServer) -> None:
    url = Databases(own_postgres.url).make(fill)
    with opened(url) as storage:
        await asyncio.gather(*(storage.run(lambda uow: uow.ledger.set_fact("a", "1")) for _ in range(20)))
        own_postgres.stop()
        own_postgres.start()
        for _ in range(8):
            assert await storage.run(lambda uow: uow.ledger.fact("a")) == "1"


async def test_transactions_that_block_each_other_are_tried_again(storage: SqlStorage) -> None:
    for name in ("a", "b"):
        await storage.run(lambda uow, name=name: uow.ledger.set_fact(name, "0"))  # type: ignore[misc]
    meeting = threading.Barrier(2)
    tries: list[str] = []
    more = text("UPDATE fact SET value = CAST(CAST(value AS int) + 1 AS text) WHERE name = :name")

    def add(first: str, second: str) -> Callable[[UnitOfWork], None]:
        def use_case(uow: UnitOfWork) -> None:
            assert isinstance(uow, SqlUnitOfWork)
            tries.append(first)
            uow.connection.execute(more, {"name": first})
            if len(tries) <= 2:
                meeting.wait(10)
            uow.connection.execute(more, {"name": second})

        return use_case

    await asyncio.gather(storage.run(add("a", "b")), storage.run(add("b", "a")))
    assert len(tries) > 2, "there was a deadlock"
    assert await storage.run(lambda uow: (uow.ledger.fact("a"), uow.ledger.fact("b"))) == ("2", "2")


async def test_a_transaction_that_always_fails_ends_as_unavailable(storage: SqlStorage) -> None:
    tries: list[int] = []

    def fail(uow: UnitOfWork) -> None:
        tries.append(1)
        assert isinstance(uow, SqlUnitOfWork)
        uow.connection.exec_driver_sql("DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '40001'; END $$")

    with pytest.raises(StoreUnavailable, match="40001"):
        await storage.run(fail)
    assert len(tries) == 4
    assert await storage.healthy() == ""


async def test_what_fails_keeps_nothing_and_disturbs_nobody(storage: SqlStorage) -> None:
    def fail(uow: UnitOfWork) -> None:
        uow.ledger.set_fact("a", "1")
        raise KeyError("a")

    results = await asyncio.gather(
        *(storage.run(fail) for _ in range(8)),
        *(storage.run(lambda uow: uow.ledger.set_fact("b", "1")) for _ in range(8)),
        return_exceptions=True,
    )
    assert [type(result) for result in results] == [KeyError] * 8 + [type(None)] * 8
    assert await storage.run(lambda uow: (uow.ledger.fact("a"), uow.ledger.fact("b"))) == (None, "1")


async def test_a_broken_constraint_is_no_outage_and_tells_no_content(storage: SqlStorage) -> None:
    settle_world(storage)

    def mistake(uow: UnitOfWork) -> None:
        uow.people.add_address(1, "telegram", "geheime Adresse", staff_id=999)

    with pytest.raises(Exception, match="foreign key") as caught:
        await storage.run(mistake)
    assert not isinstance(caught.value, StoreUnavailable)
    assert "geheim" not in str(caught.value)
    assert await storage.healthy() == ""


async def test_a_read_only_server_is_an_outage(storage: SqlStorage) -> None:
    def write(uow: UnitOfWork) -> None:
        assert isinstance(uow, SqlUnitOfWork)
        uow.connection.exec_driver_sql("SET TRANSACTION READ ONLY")
        uow.ledger.set_fact("a", "1")

    with pytest.raises(StoreUnavailable, match="25006"):
        await storage.run(write)


async def test_the_session_is_in_utc_whatever_the_server_says(storage: SqlStorage) -> None:
    def zone(uow: UnitOfWork) -> str:
        assert isinstance(uow, SqlUnitOfWork)
        return str(uow.connection.exec_driver_sql("SHOW timezone").scalar_one())

    assert await storage.run(zone) == "UTC"


async def test_people_do_not_wait_for_each_other(storage: SqlStorage) -> None:
    """While one holds a person's lock, another person is served, and a message to the first is posted."""
    world: World = settle_world(storage)
    world.neighbours(1)
    inside, gate = threading.Event(), threading.Event()

    def hold(uow: UnitOfWork) -> None:
        assert uow.people.find_contact("telegram", "100") is not None
        inside.set()
        assert gate.wait(30)

    holding = asyncio.ensure_future(storage.run(hold))
    await asyncio.to_thread(inside.wait, 30)
    person = world.participant + 1
    assert (
        await storage.run(lambda uow: uow.people.find_contact("telegram", f"neighbour {person}")) is not None
    )
    world.post()
    gate.set()
    await holding


async def test_a_claim_waits_for_another_that_is_not_committed(storage: SqlStorage) -> None:
    """It could not see that the address is taken, and would send what was posted meanwhile beside it."""
    world = settle_world(storage)
    world.post()
    inside, gate = threading.Event(), threading.Event()

    def claim(uow: UnitOfWork) -> list[Kind]:
        return [one.kind for one in uow.outbox.claim("telegram", NOW, 5, NOW + MINUTE)]

    def hold(uow: UnitOfWork) -> list[Kind]:
        claimed = claim(uow)
        inside.set()
        assert gate.wait(30)
        return claimed

    first = asyncio.ensure_future(storage.run(hold))
    await asyncio.to_thread(inside.wait, 30)
    await storage.run(lambda uow: uow.outbox.post([world.draft(Kind.CRISIS)], NOW))
    second = asyncio.ensure_future(storage.run(claim))
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.shield(second), 0.2)
    gate.set()
    assert await first == [Kind.REPLY]
    assert await second == []


def test_another_key_opens_nothing(url: str) -> None:
    with opened(url) as storage:
        world = settle_world(storage)
    with opened(url, Keyring({"k1": b"x" * 32}, "k1")) as other:
        with pytest.raises(SealBroken, match=r"participant\.name"):
            other.run_sync(lambda uow: uow.people.name_of(world.participant))
        assert other.run_sync(lambda uow: uow.people.find_contact("telegram", "100")) is None


def test_no_content_lies_readable_in_the_tables(url: str) -> None:
    with opened(url) as storage:
        world = settle_world(storage)
        world.post()
    with psycopg.connect(url, options="-c lotse.agency=*") as connection:
        rows = [
            str(row)
            for table in ("participant", "staff", "address", "outgoing")
            for row in connection.execute(f"SELECT t::text FROM {table} t".encode())
        ]
    assert len(rows) == 5
    assert not any(word in row for row in rows for word in ("Mia", "Bernd", "Wie geht", '"100"'))
