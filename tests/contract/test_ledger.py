# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

from __future__ import annotations

import asyncio

from sqlalchemy import select

from bot.ports import UnitOfWork
from bot.storage.tables import agency, audit
from bot.storage.unit_of_work import SqlUnitOfWork
from tests.storage.stores import AGENCY, NOW, World


def test_a_dialog_version_is_kept_for_ever(world: World) -> None:
    def publish(digest: str, source: str) -> int:
        return world.do(lambda uow: uow.ledger.publish("checkin", digest, source, NOW))

    assert [publish("d1", "one"), publish("d1", "one"), publish("d2", "two"), publish("d1", "one")] == [
        1,
        1,
        2,
        3,
    ]
    assert world.do(lambda uow: uow.ledger.publish("welcome", "d1", "hello", NOW)) == 1
    assert world.do(lambda uow: uow.ledger.published()) == [
        ("checkin", 1, "one"),
        ("checkin", 2, "two"),
        ("checkin", 3, "one"),
        ("welcome", 1, "hello"),
    ]


async def test_processes_that_start_together_publish_once(world: World) -> None:
    def publish(uow: UnitOfWork) -> int:
        return uow.ledger.publish("checkin", "d1", "one", NOW)

    assert set(await asyncio.gather(*(world.storage.run(publish) for _ in range(10)))) == {1}
    assert len(world.do(lambda uow: uow.ledger.published())) == 1


def test_facts(world: World) -> None:
    assert world.do(lambda uow: uow.ledger.fact("offset")) is None
    world.do(lambda uow: uow.ledger.set_fact("offset", "1"))
    world.do(lambda uow: uow.ledger.set_fact("offset", "2"))
    assert world.do(lambda uow: uow.ledger.fact("offset")) == "2"


def test_an_agency_is_named_anew(world: World) -> None:
    def rename(uow: UnitOfWork) -> list[str]:
        assert isinstance(uow, SqlUnitOfWork)
        uow.ledger.ensure_agency(AGENCY, "Neuer Name", NOW)
        return list(uow.connection.execute(select(agency.c.name)).scalars())

    assert world.do(rename) == ["Neuer Name"]


def test_the_audit_log(world: World) -> None:
    def note(uow: UnitOfWork) -> list[tuple[object, ...]]:
        assert isinstance(uow, SqlUnitOfWork)
        uow.ledger.note(AGENCY, NOW, "staff:1", "close", "concern:3")
        columns = (audit.c.at, audit.c.actor, audit.c.action, audit.c.subject)
        return [tuple(row) for row in uow.connection.execute(select(*columns))]

    assert world.do(note) == [(NOW, "staff:1", "close", "concern:3")]
