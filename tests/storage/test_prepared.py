# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Prepared statements mean exactly what they mean when SQLAlchemy executes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import bindparam, func, select
from sqlalchemy.exc import IntegrityError

from bot.storage.link import Link, by_dialect
from bot.storage.tables import WAITING, agency, participant, timer
from bot.storage.unit_of_work import SqlUnitOfWork
from tests.conftest import MakeDatabase
from tests.storage.stores import AGENCY, KEYRING, NOW, World, fill, opened, settle_world

_known = select(participant.c.id, participant.c.name, participant.c.paused_until).where(
    participant.c.id == bindparam("id"), participant.c.id > 0
)
_pause = participant.update().where(participant.c.id == bindparam("which"))
_add_agency = agency.insert()
_put_timer = by_dialect(
    timer,
    lambda new: new.on_conflict_do_update(
        index_elements=["dedup"],
        index_where=timer.c.state == WAITING,
        set_={"subject": new.excluded.subject},
    ).returning(timer.c.id, timer.c.due_at),
)


@pytest.fixture(params=["sqlite", "postgres"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_world")
        return
    make: MakeDatabase = request.getfixturevalue("make_database")
    with opened(make(fill)) as storage:
        yield settle_world(storage)


def on_link(world: World, work: Callable[[Link], Any]) -> Any:
    def use_case(uow: Any) -> Any:
        assert isinstance(uow, SqlUnitOfWork)
        return work(Link(uow.connection, KEYRING))

    return world.do(use_case)


def test_rows_are_those_of_sqlalchemy(world: World) -> None:
    who = {"id": world.participant}
    on_link(
        world,
        lambda link: link.write(_pause, {"which": world.participant, "paused_until": NOW, "name": "Mia"}),
    )
    prepared = on_link(world, lambda link: [tuple(row) for row in link.read(_known, who)])
    assert prepared == on_link(world, lambda link: [tuple(row) for row in link.execute(_known, who)])
    assert prepared == [(world.participant, "Mia", NOW)]


def test_writing_says_how_many_rows_it_touched(world: World) -> None:
    assert (
        on_link(world, lambda link: link.write(_pause, {"which": world.participant, "paused_until": None}))
        == 1
    )
    assert on_link(world, lambda link: link.write(_pause, {"which": 999_999, "paused_until": None})) == 0


def test_many_at_once(world: World) -> None:
    rows = [{"id": number, "name": f"Amt {number}", "created_at": NOW} for number in (11, 12, 13)]
    on_link(world, lambda link: link.write(_add_agency, rows))
    count = on_link(world, lambda link: link.read_one(select(func.count()).where(agency.c.id > 10), {}))
    assert count[0] == 3


def test_each_database_in_its_own_words(world: World) -> None:
    row = {"agency_id": AGENCY, "kind": "k", "subject": 1, "due_at": NOW, "dedup": "d", "payload": ""}
    first = on_link(world, lambda link: link.read(_put_timer, row))
    again = on_link(world, lambda link: link.read(_put_timer, row | {"due_at": NOW + timedelta(days=1)}))
    assert [tuple(found) for found in first] == [tuple(found) for found in again] == [(first[0][0], NOW)]


def test_a_broken_rule_of_the_database_is_told_without_values(world: World) -> None:
    row = {"id": AGENCY, "name": "Mia Muster", "created_at": NOW}
    with pytest.raises(IntegrityError) as fault:
        on_link(world, lambda link: link.write(_add_agency, row))
    assert "Mia" not in str(fault.value)
    assert on_link(world, lambda link: link.write(_pause, {"which": world.participant, "zone": "UTC"})) == 1


def test_a_forgotten_value_is_a_fault_and_no_null(world: World) -> None:
    with pytest.raises(KeyError):
        on_link(world, lambda link: link.read(_known, {}))


def test_lists_are_refused_at_once(world: World) -> None:
    chosen = select(participant.c.id).where(participant.c.standing.in_(["active", "invited"]))
    with pytest.raises(ValueError, match="cannot be prepared"):
        on_link(world, lambda link: link.read(chosen, {}))
