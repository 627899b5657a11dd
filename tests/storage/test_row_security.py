# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Two agencies in one PostgreSQL: a statement that forgets to say whose rows it wants gets its own alone."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from bot.domain.people import Role
from bot.ports import UnitOfWork
from bot.storage.engines import open_engine
from bot.storage.row_security import POLICY, is_bypassed
from bot.storage.schema import migrate
from bot.storage.tables import audit, metadata, staff
from bot.storage.unit_of_work import SqlUnitOfWork
from tests.conftest import MakeDatabase
from tests.storage.stores import AGENCY, KEYRING, NOW, World, fill, opened, settle_world

pytestmark = pytest.mark.postgres
OTHER = 2


@pytest.fixture
def url(make_database: MakeDatabase) -> str:
    return make_database(fill)


@pytest.fixture
def towns(url: str) -> Iterator[World]:
    """A world in one agency, and a coach in another."""
    with opened(url) as storage:
        world = settle_world(storage)

        def settle(uow: UnitOfWork) -> None:
            uow.ledger.ensure_agency(OTHER, "Anderswo", NOW)
            uow.people.add_staff(OTHER, "Fritz Fremd", Role.COACH, "", "de")
            for agency_id in (AGENCY, OTHER):
                uow.ledger.note(agency_id, NOW, "system", "stop", "K7F3M")

        world.do(settle)
        yield world


def agencies_seen(uow: UnitOfWork) -> set[int]:
    """Whose rows all tables show, without any WHERE."""
    assert isinstance(uow, SqlUnitOfWork)
    tables = [table for table in metadata.tables.values() if "agency_id" in table.c]
    found = [uow.connection.execute(select(table.c.agency_id).distinct()).scalars().all() for table in tables]
    return {agency_id for each in found for agency_id in each if agency_id is not None}


@pytest.mark.parametrize("agency_id", [AGENCY, OTHER])
def test_a_unit_of_work_sees_its_own_agency_alone(towns: World, agency_id: int) -> None:
    def look(uow: UnitOfWork) -> set[int]:
        uow.serve(agency_id)
        return agencies_seen(uow)

    assert towns.do(look) == {agency_id}
    assert towns.do(agencies_seen) == {AGENCY, OTHER}, "the next one begins with all again"


def test_it_can_neither_write_for_another_nor_change_anothers_rows(towns: World) -> None:
    def write(uow: UnitOfWork) -> None:
        uow.serve(AGENCY)
        uow.ledger.note(OTHER, NOW, "system", "stop", "K7F3M")

    with pytest.raises(DBAPIError):
        towns.do(write)

    def change(uow: UnitOfWork) -> int:
        assert isinstance(uow, SqlUnitOfWork)
        uow.serve(AGENCY)
        return int(uow.connection.execute(staff.update().values(focus="x")).rowcount)

    assert towns.do(change) == 1


def test_whoever_does_not_say_for_whom_sees_nothing(url: str, towns: World) -> None:
    assert towns.do(agencies_seen)
    with psycopg.connect(url) as connection:
        for name in ("agency", "staff", "participant", "address", "audit"):
            row = connection.execute(f"SELECT count(*) FROM {name}".encode()).fetchone()
            assert row == (0,)


def test_every_table_with_agencies_has_its_policy_and_binds_its_owner(url: str) -> None:
    expected = {name for name, table in metadata.tables.items() if "agency_id" in table.c or name == "agency"}
    bound = (
        "SELECT c.relname FROM pg_class c JOIN pg_policies p ON p.tablename = c.relname "
        f"WHERE c.relrowsecurity AND c.relforcerowsecurity AND p.policyname = '{POLICY}'"
    )
    with psycopg.connect(url) as connection:
        assert expected <= {row[0] for row in connection.execute(bound.encode())}
    migrate(url, KEYRING)


def test_it_is_known_whether_the_user_is_bound_at_all(url: str) -> None:
    with open_engine(url).connect() as connection:
        assert not is_bypassed(connection)
    with open_engine("sqlite://").connect() as connection:
        assert not is_bypassed(connection)


def test_nobody_is_left_narrowed_by_a_unit_of_work_that_failed(towns: World) -> None:
    def fail(uow: UnitOfWork) -> None:
        uow.serve(AGENCY)
        raise LookupError

    for _ in range(8):
        with pytest.raises(LookupError):
            towns.do(fail)
    assert towns.do(agencies_seen) == {AGENCY, OTHER}

    def count(uow: UnitOfWork) -> int:
        assert isinstance(uow, SqlUnitOfWork)
        return int(uow.connection.execute(select(func.count()).select_from(audit)).scalar_one())

    assert towns.do(count) == 2
