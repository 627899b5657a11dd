# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What the one writer promises: groups, isolation, and nothing half kept."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Collection
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.people import Invitation
from bot.errors import StoreUnavailable
from bot.ports import UnitOfWork
from bot.storage.database import open_storage
from bot.storage.notices import Notices, out
from bot.storage.owners import sealed_tables
from bot.storage.rotation import count_under, rotate
from bot.storage.sealing import Keyring
from bot.storage.unit_of_work import SqlUnitOfWork
from tests.storage.rich_world import enrich
from tests.storage.stores import KEYRING, NOW, World, heard, opened, settle_world

Use = Callable[[UnitOfWork], None]


class Unlucky(Exception):
    """What a use case of the test raises."""


def fact(name: str, value: str = "there", fault: BaseException | None = None) -> Use:
    def use_case(uow: UnitOfWork) -> None:
        uow.ledger.set_fact(name, value)
        if fault is not None:
            raise fault

    return use_case


def driver(uow: UnitOfWork) -> sqlite3.Connection:
    assert isinstance(uow, SqlUnitOfWork)
    connection = uow.connection.connection.dbapi_connection
    assert isinstance(connection, sqlite3.Connection)
    return connection


async def in_one_group(world: World, *use_cases: Use) -> list[object]:
    """Run use cases that have all come in before the lane looks."""
    gate, inside = threading.Event(), threading.Event()

    def hold(uow: UnitOfWork) -> None:
        inside.set()
        assert gate.wait(10)

    holding = asyncio.ensure_future(world.storage.run(hold))
    await asyncio.to_thread(inside.wait, 10)
    results = asyncio.gather(*(world.storage.run(one) for one in use_cases), return_exceptions=True)
    await asyncio.sleep(0)
    gate.set()
    await holding
    return list(await results)


def facts(world: World, *names: str) -> list[str | None]:
    return [world.do(lambda uow, name=name: uow.ledger.fact(name)) for name in names]  # type: ignore[misc]


async def test_a_failing_use_case_takes_nobody_along(sqlite_world: World) -> None:
    results = await in_one_group(
        sqlite_world, fact("a"), fact("b", fault=Unlucky("b")), fact("c"), fact("d", fault=StopIteration())
    )
    assert results[0] is results[2] is None
    assert isinstance(results[1], Unlucky)
    assert isinstance(results[3], RuntimeError)
    assert facts(sqlite_world, "a", "b", "c", "d") == ["there", None, "there", None]


async def test_a_failing_use_case_takes_nobodys_signals_along(sqlite_url: str) -> None:
    """Whoever speaks for a channel is woken for what was posted, whoever else failed in the same commit."""
    notices, heard_words = Notices(lambda: NOW), asyncio.Queue[Collection[str]]()
    notices.subscribe(heard_words.put_nowait)
    storage = open_storage(sqlite_url, KEYRING, notices=notices)
    try:
        world = settle_world(storage)

        def post(uow: UnitOfWork) -> None:
            uow.outbox.post([world.draft()], NOW)

        def fail(uow: UnitOfWork) -> None:
            uow.outbox.post([world.draft(channel="web_chat")], NOW)
            raise Unlucky

        await in_one_group(world, post, fact("a"), fail)
        async with asyncio.timeout(10):
            words = await heard_words.get()
        assert out("telegram") in words
        assert out("web_chat") not in words
    finally:
        storage.close()


async def test_a_group_is_one_commit(sqlite_world: World) -> None:
    seen: list[str] = []
    sqlite_world.do(lambda uow: driver(uow).set_trace_callback(seen.append))
    seen.clear()
    await in_one_group(sqlite_world, *(fact(str(number)) for number in range(30)))
    sqlite_world.do(lambda uow: driver(uow).set_trace_callback(None))
    assert seen[: seen.index("COMMIT") + 1][-1] == "COMMIT"
    after = seen[seen.index("COMMIT") + 1 :]
    assert sum("INSERT INTO fact" in one for one in after[: after.index("COMMIT")]) == 30


async def test_nobody_is_answered_before_the_commit(sqlite_world: World, tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        await sqlite_world.storage.run(fact(name))
        other = sqlite3.connect(tmp_path / "lotse.db")
        assert other.execute("SELECT value FROM fact WHERE name = ?", [name]).fetchone() == ("there",)
        other.close()


async def test_a_full_disk_keeps_nothing_and_then_all_goes_on(sqlite_world: World) -> None:
    def fill_disk(uow: UnitOfWork) -> None:
        pages = driver(uow).execute("PRAGMA page_count").fetchone()[0]
        driver(uow).execute(f"PRAGMA max_page_count = {pages}")

    def free_disk(uow: UnitOfWork) -> None:
        driver(uow).execute("PRAGMA max_page_count = 1000000")

    sqlite_world.do(fill_disk)
    results = await in_one_group(sqlite_world, fact("a"), fact("b", "x" * 100_000), fact("c"))
    assert isinstance(results[1], StoreUnavailable)
    assert "FULL" in str(results[1])
    kept = facts(sqlite_world, "a", "b", "c")
    # SQLite may give up the whole transaction; then the others hear of it too.
    assert kept == [None if isinstance(result, StoreUnavailable) else "there" for result in results]
    sqlite_world.do(free_disk)
    assert await in_one_group(sqlite_world, fact("a"), fact("b", "x" * 100_000)) == [None, None]
    assert facts(sqlite_world, "a") == ["there"]


@pytest.mark.parametrize("way", ["commit refused", "rolled back by itself"])
async def test_when_the_commit_fails_the_whole_group_hears_of_it(sqlite_world: World, way: str) -> None:
    """A deferred foreign key makes COMMIT itself fail; a full disk may end the transaction before it."""

    def spoil(uow: UnitOfWork) -> None:
        if way == "rolled back by itself":
            driver(uow).execute("ROLLBACK")
            return
        driver(uow).execute("PRAGMA defer_foreign_keys = ON")
        driver(uow).execute(
            "INSERT INTO answer (agency_id, participant_id, conversation_id, dialog, step, key, at) "
            "VALUES (1, 999, 999, 'd', 's', 'k', 0)"
        )

    results = await in_one_group(sqlite_world, fact("a"), spoil, fact("b", fault=Unlucky("b")), fact("c"))
    assert [type(result) for result in results] == [
        StoreUnavailable,
        StoreUnavailable,
        Unlucky if way == "commit refused" else StoreUnavailable,
        StoreUnavailable,
    ]
    assert facts(sqlite_world, "a", "b", "c") == [None, None, None]
    assert await in_one_group(sqlite_world, fact("a")) == [None]
    assert facts(sqlite_world, "a") == ["there"]


async def test_a_database_that_another_program_holds(sqlite_world: World, tmp_path: Path) -> None:
    def hurry(uow: UnitOfWork) -> None:
        # The program has a patience of five seconds, the test has less.
        driver(uow).execute("PRAGMA busy_timeout = 50")

    sqlite_world.do(hurry)
    other = sqlite3.connect(tmp_path / "lotse.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable, match="BUSY"):
        await sqlite_world.storage.run(fact("a"))
    assert "BUSY" in await sqlite_world.storage.healthy()
    other.execute("ROLLBACK")
    other.close()
    await sqlite_world.storage.run(fact("a"))
    assert await sqlite_world.storage.healthy() == ""


async def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "broken.db").write_bytes(b"no database at all " * 100)
    with opened(f"sqlite:///{tmp_path}/broken.db") as storage:
        with pytest.raises(StoreUnavailable):
            await storage.run(fact("a"))
        assert "NOTADB" in await storage.healthy()


async def test_a_folder_that_appears_later(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/later/lotse.db"
    with opened(url) as storage:
        with pytest.raises(StoreUnavailable):
            await storage.run(fact("a"))
        (tmp_path / "later").mkdir()
        assert "lotse migrate" in await storage.healthy()
        assert (tmp_path / "later" / "lotse.db").stat().st_mode & 0o077 == 0


async def test_a_mistake_in_a_statement_is_no_outage_and_tells_no_content(sqlite_world: World) -> None:
    def mistake(uow: UnitOfWork) -> None:
        uow.people.add_address(99, "telegram", "geheime Adresse", staff_id=999)

    with pytest.raises(Exception, match="FOREIGN KEY") as caught:
        await sqlite_world.storage.run(mistake)
    assert not isinstance(caught.value, StoreUnavailable)
    assert "geheim" not in str(caught.value)


async def test_a_caller_that_has_gone_disturbs_nobody(sqlite_world: World) -> None:
    gate = threading.Event()

    def hold(uow: UnitOfWork) -> None:
        uow.ledger.set_fact("held", "there")
        assert gate.wait(10)

    gone = asyncio.ensure_future(sqlite_world.storage.run(hold))
    await asyncio.sleep(0)
    gone.cancel()
    stays = asyncio.ensure_future(sqlite_world.storage.run(fact("a")))
    await asyncio.sleep(0)
    gate.set()
    await stays
    assert facts(sqlite_world, "a", "held") == ["there", "there"]


def test_a_loop_that_was_closed_disturbs_nobody(sqlite_world: World) -> None:
    gate = threading.Event()

    async def leave() -> None:
        task = asyncio.ensure_future(sqlite_world.storage.run(lambda uow: gate.wait(10)))
        await asyncio.sleep(0)
        task.cancel()

    asyncio.run(leave())
    gate.set()
    assert facts(sqlite_world, "a") == [None]


async def test_closing_finishes_what_was_given(sqlite_url: str) -> None:
    storage = open_storage(sqlite_url, KEYRING)
    given = [asyncio.ensure_future(storage.run(fact(str(number)))) for number in range(100)]
    await asyncio.sleep(0)
    storage.close()
    storage.close()
    await asyncio.gather(*given)
    with pytest.raises(StoreUnavailable):
        await storage.run(fact("late"))
    with opened(sqlite_url) as again:
        assert again.run_sync(lambda uow: uow.ledger.fact("99")) == "there"
        assert again.run_sync(lambda uow: uow.ledger.fact("late")) is None


def test_no_content_lies_readable_in_the_files(sqlite_world: World, tmp_path: Path) -> None:
    settings = [
        sqlite_world.do(lambda uow, name=name: driver(uow).execute(f"PRAGMA {name}").fetchone()[0])  # type: ignore[misc]
        for name in ("journal_mode", "synchronous", "foreign_keys")
    ]
    assert settings == ["wal", 2, 1]

    def write(uow: UnitOfWork) -> None:
        person = sqlite_world.participant
        uow.talks.record_incoming(heard("1", "KANARIENVOGEL"), 1, person, NOW)
        talk = uow.talks.open_conversation(1, person, "checkin", "KANARIENVOGEL", NOW)
        uow.talks.save_conversation(talk, "KANARIENVOGEL 2", NOW)
        uow.outbox.post([sqlite_world.draft()], NOW)
        number = uow.concerns.add(sqlite_world.concern(quote="KANARIENVOGEL", next_step="KANARIENVOGEL"))
        uow.concerns.log(number, NOW, "note", "staff:1", "KANARIENVOGEL")
        uow.people.change_staff(sqlite_world.coach, name="KANARIENVOGEL", mail="KANARIENVOGEL")
        uow.people.change_participant(person, name="KANARIENVOGEL")
        uow.people.add_address(1, "web_chat", "KANARIENVOGEL", participant_id=person)
        uow.people.add_invitation("KANARIENVOGEL", Invitation(0, 1, "de", ""))

    sqlite_world.do(write)
    files = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert {"lotse.db", "lotse.db-wal"} <= files.keys()
    for name, content in files.items():
        for word in (
            b"KANARIENVOGEL",
            b"Wie geht es Ihnen?",
            b"Mia Muster",
            b"Bernd",
            b"example.org",
        ):
            assert word not in content, name
    assert b"telegram" in b"".join(files.values()), "the files were looked at"


def test_a_store_in_memory_survives_an_outage() -> None:
    with opened("sqlite://") as storage:
        world = settle_world(storage)

        def spoil(uow: UnitOfWork) -> None:
            driver(uow).execute("ROLLBACK")

        with pytest.raises(StoreUnavailable):
            world.do(spoil)
        assert world.do(lambda uow: uow.people.name_of(world.participant)) == "Mia Muster"


@pytest.mark.parametrize(
    ("change", "readable"),
    [
        # The same bytes, put back as text: they open.
        ("UPDATE outgoing SET body = CAST(body AS TEXT)", [1, 2, 3]),
        ("UPDATE person_key SET wrapped = CAST(wrapped AS TEXT)", [1, 2, 3]),
        ("UPDATE outgoing SET body = 'Klartext'", [1, 3]),
        ("UPDATE outgoing SET body = 1000000000000", [1, 3]),
        ("UPDATE person_key SET wrapped = 'x'", [1, 3]),
        ("UPDATE person_key SET wrapped = 1000000000000", [1, 3]),
    ],
)
def test_what_lies_as_text_where_bytes_belong_holds_up_no_other(
    sqlite_world: World, tmp_path: Path, change: str, readable: list[int]
) -> None:
    """SQLite takes any type in any column, as from a dump that was put back by hand."""
    world = sqlite_world
    first, second = world.neighbours(2)
    person = world.participant + 2
    for where, participant_id in ((first, world.participant), (second, person), (world.address, None)):
        world.post(address_id=where, participant_id=participant_id)
    world.do(lambda uow: driver(uow).execute(f"{change} WHERE participant_id = ?", [person]).rowcount)
    with opened(f"sqlite:///{tmp_path / 'lotse.db'}") as again:  # no key is known any more
        claimed = again.run_sync(lambda uow: uow.outbox.claim("telegram", NOW, 9, NOW + timedelta(minutes=5)))
    assert [message.id for message in claimed] == readable
    failed = "SELECT id, reason FROM outgoing WHERE state = 'failed'"
    lost = [(number, "unreadable") for number in (1, 2, 3) if number not in readable]
    assert world.do(lambda uow: driver(uow).execute(failed).fetchall()) == lost


@pytest.fixture
def all_as_text(sqlite_world: World) -> World:
    """Everything sealed lies as text, as from a dump that was put back by hand."""
    enrich(sqlite_world)

    def change(uow: UnitOfWork) -> None:
        driver(uow).execute("UPDATE person_key SET wrapped = CAST(wrapped AS TEXT)")
        for table, columns in sealed_tables():
            for column in columns:
                name = f'"{column.name}"'
                driver(uow).execute(f'UPDATE "{table.name}" SET {name} = CAST({name} AS TEXT)')

    sqlite_world.do(change)
    return sqlite_world


def test_what_lies_as_text_comes_under_the_new_key_before_the_old_one_goes(
    all_as_text: World, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'lotse.db'}"
    both = Keyring({"k1": b"an invented key for tests, 32 by", "new": b"n" * 32}, "new")
    with opened(url, both) as storage:
        assert count_under(storage, "k1") > 0
        list(rotate(storage))
        assert count_under(storage, "k1") == 0
    with opened(url, Keyring({"new": b"n" * 32}, "new")) as storage:
        assert storage.run_sync(lambda uow: uow.people.name_of(all_as_text.participant))
        staff = storage.run_sync(lambda uow: uow.people.staff(all_as_text.coach))
        assert staff is not None
        assert staff.name == "Bernd Beispiel"


def test_what_lies_as_text_is_sealed_anew_before_the_key_of_whoever_is_erased_goes(
    all_as_text: World, tmp_path: Path
) -> None:
    person = all_as_text.participant
    all_as_text.do(lambda uow: uow.people.shred(person))
    with opened(f"sqlite:///{tmp_path / 'lotse.db'}") as again:
        assert again.run_sync(lambda uow: uow.people.name_of(person))
