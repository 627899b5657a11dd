# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Two agencies in one PostgreSQL: a statement that forgets to say whose rows it wants gets its own alone."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from bot import house
from bot.domain.delivery import Permanent
from bot.domain.messages import Body, Draft, Kind, Outgoing
from bot.domain.people import Role
from bot.ports import Receipt, UnitOfWork
from bot.services import deliver, timer_desk
from bot.settings import without_environment
from bot.storage.engines import open_engine
from bot.storage.row_security import POLICY, is_bypassed
from bot.storage.schema import migrate
from bot.storage.tables import audit, metadata, staff
from bot.storage.unit_of_work import SqlUnitOfWork
from dialogs.book import DialogBook
from scheduler.timers import Timer
from tests.conftest import MakeDatabase
from tests.servers import find_postgres
from tests.storage.stores import AGENCY, HOUR, KEYRING, NOW, World, fill, opened, settle_world

RULES = house.build_rulebook(without_environment(), DialogBook(()))
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


def test_timers_and_sendings_see_their_own_agency_alone(
    towns: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[int, set[int]]] = []

    def look(uow: UnitOfWork, _: object, one: Timer | Outgoing, *more: object) -> Receipt:
        seen.append((one.agency_id, agencies_seen(uow)))
        return Receipt()

    def settle(uow: UnitOfWork) -> None:
        for agency_id in (OTHER, AGENCY, OTHER):
            uow.timers.set(agency_id, "retention", agency_id, NOW, f"{agency_id}-{len(seen)}")
        number = uow.people.add_staff(OTHER, "Frieda Fremd", Role.COACH, "", "de")
        where = uow.people.add_address(OTHER, "console", "browser", staff_id=number)
        uow.outbox.post([Draft(OTHER, where, "console", Kind.REPLY, Body("Guten Tag"))], NOW)

    towns.do(settle)
    towns.post()
    monkeypatch.setattr(timer_desk, "fire", look)
    monkeypatch.setattr(deliver, "record", look)
    timers = towns.do(lambda uow: uow.timers.claim(NOW, 9, NOW + HOUR))
    sent: list[Outgoing] = []
    for channel in ("console", "telegram"):
        sent += towns.do(lambda uow, name=channel: uow.outbox.claim(name, NOW, 9, NOW + HOUR))
    towns.do(lambda uow: timer_desk._fire_all(uow, RULES, timers, NOW))
    towns.do(lambda uow: deliver.record_all(uow, RULES, [(one, Permanent("gone")) for one in sent], NOW))
    assert sorted(agency_id for agency_id, _ in seen) == [AGENCY, AGENCY, OTHER, OTHER]
    assert all(agencies == {agency_id} for agency_id, agencies in seen)


def dump(url: str, to: Path, options: str = "", *flags: str) -> subprocess.CompletedProcess[str]:
    programs = find_postgres()
    assert programs is not None
    plain = url.replace("postgresql+psycopg://", "postgresql://")
    return subprocess.run(
        [programs / "pg_dump", "--no-owner", f"--file={to}", *flags, plain],
        env={"PGOPTIONS": options, "PATH": os.defpath},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_dump_by_an_ordinary_role_is_whole_or_refused(
    url: str, towns: World, make_database: MakeDatabase, tmp_path: Path
) -> None:
    """As docs/operations.md says it; what is dumped can be restored."""
    file = tmp_path / "lotse.sql"
    refused = dump(url, file)
    assert refused.returncode != 0
    assert "row-level security" in refused.stderr
    done = dump(url, file, "-c lotse.agency=*", "--enable-row-security")
    assert done.returncode == 0, done.stderr
    with psycopg.connect(make_database()) as empty:
        # COPY needs a stream of its own: the program `psql` reads the file.
        into = f"postgresql:///{empty.info.dbname}?host={empty.info.host}&port={empty.info.port}"
        role = {"PGUSER": empty.info.user, "PGPASSWORD": empty.info.password}
    programs = find_postgres()
    assert programs is not None
    told = [programs / "psql", "--no-psqlrc", "-v", "ON_ERROR_STOP=1", "-q", "-f", file, into]
    restored = subprocess.run(told, env=role, capture_output=True, text=True, check=False)
    assert restored.returncode == 0, restored.stderr
    kept = []
    for database in (url, into):
        with psycopg.connect(database, options="-c lotse.agency=*", user=role["PGUSER"]) as connection:
            rows = connection.execute("SELECT agency_id, count(*) FROM staff GROUP BY 1 ORDER BY 1")
            kept.append(rows.fetchall())
    assert kept[0] == kept[1] == [(AGENCY, 1), (OTHER, 1)]
