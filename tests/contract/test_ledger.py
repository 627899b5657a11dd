# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

from __future__ import annotations

import asyncio

from sqlalchemy import select

from bot.domain.editions import Origin
from bot.ports import UnitOfWork
from bot.storage.tables import agency, audit
from bot.storage.unit_of_work import SqlUnitOfWork
from tests.storage.stores import AGENCY, NOW, World


def published(world: World, after: int = 0) -> list[tuple[str, int, str, Origin]]:
    editions = world.do(lambda uow: uow.ledger.published(after))
    return [(e.dialog, e.version, e.source, e.origin) for e in editions]


def test_a_dialog_version_is_kept_for_ever(world: World) -> None:
    def publish(dialog: str, source: str, origin: Origin = Origin.SHIPPED) -> int:
        def keep(uow: UnitOfWork) -> int:
            uow.ledger.lock_publishing()
            return uow.ledger.publish(dialog, f"digest of {source}", source, origin, NOW)

        return world.do(keep)

    assert world.do(lambda uow: uow.ledger.newest_edition()) == 0
    assert [publish("checkin", "one"), publish("checkin", "two", Origin.ADMIN)] == [1, 2]
    assert publish("welcome", "hello") == 1
    assert publish("checkin", "one") == 3
    assert published(world) == [
        ("checkin", 1, "one", Origin.SHIPPED),
        ("checkin", 2, "two", Origin.ADMIN),
        ("checkin", 3, "one", Origin.SHIPPED),
        ("welcome", 1, "hello", Origin.SHIPPED),
    ]
    newest = world.do(lambda uow: uow.ledger.newest_edition())
    edition = next(e for e in world.do(lambda uow: uow.ledger.published()) if e.number == newest)
    assert (edition.dialog, edition.version, edition.digest) == ("checkin", 3, "digest of one")
    assert edition.published_at == NOW


def test_what_was_published_since(world: World) -> None:
    def publish(dialog: str) -> int:
        def keep(uow: UnitOfWork) -> int:
            uow.ledger.lock_publishing()
            uow.ledger.publish(dialog, "d", dialog, Origin.ADMIN, NOW)
            return uow.ledger.newest_edition()

        return world.do(keep)

    first, second = publish("welcome"), publish("checkin")
    assert second > first
    assert [name for name, *_ in published(world, first)] == ["checkin"]
    assert published(world, second) == []


async def test_processes_that_start_together_publish_once(world: World) -> None:
    def publish(uow: UnitOfWork) -> None:
        uow.ledger.lock_publishing()
        if not uow.ledger.published():
            uow.ledger.publish("checkin", "d1", "one", Origin.SHIPPED, NOW)

    await asyncio.gather(*(world.storage.run(publish) for _ in range(10)))
    assert len(published(world)) == 1


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
