# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A backup is everything of one moment; erased people cannot be read from any; bad files change nothing."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import Connection, func, select

from bot.domain.people import Role, Standing
from bot.errors import ConfigurationError, LotseError
from bot.ports import UnitOfWork
from bot.services import due
from bot.storage.backup import KEY_SAFE, raw, write_backup
from bot.storage.engines import open_engine
from bot.storage.owners import TIMED, owner_of
from bot.storage.restore import restore
from bot.storage.schema import HEAD, schema_state
from bot.storage.sealing import Keyring
from bot.storage.tables import metadata, participant, timer
from bot.storage.unit_of_work import SqlUnitOfWork
from tests.conftest import MakeDatabase
from tests.storage.rich_world import CANARY, enrich
from tests.storage.stores import AGENCY, HOUR, KEYRING, NOW, World, fill, opened, settle_world

NewUrl = Callable[[str], str]
#: Timers that are about no single person.
OF_NOBODY = {"conference", "parked_notice", "digest", "duty_day", "plans_changed", "retention", "group"}


@pytest.fixture
def new_url(tmp_path: Path, request: pytest.FixtureRequest) -> NewUrl:
    """The URL of a fresh, empty database of this kind."""

    numbers = itertools.count()

    def new(kind: str) -> str:
        if kind == "sqlite":
            return f"sqlite:///{tmp_path}/{next(numbers)}.db"
        make: MakeDatabase = request.getfixturevalue("make_database")
        return make()

    return new


def filled(url: str) -> World:
    """A store with two people, and with numbers that are no longer there; it stays open."""
    fill(url)
    with opened(url) as storage:
        world = settle_world(storage)
        enrich(world)
        world.do(lambda uow: _odd_things(uow, world))
        return world


def _odd_things(uow: UnitOfWork, world: World) -> None:
    deputy = uow.people.add_staff(AGENCY, "Dirk Deputy", Role.COACH, "", "de")
    uow.people.change_staff(world.coach, deputy_id=deputy)
    gone = uow.people.add_participant(AGENCY, Standing.ACTIVE, "de", None, "Wer ging")
    _connection(uow).execute(participant.delete().where(participant.c.id == gone))
    uow.timers.set(AGENCY, "floor", 2, NOW, "floor:2")
    uow.ledger.note(AGENCY, NOW, "command", "look", "nothing")


def _connection(uow: UnitOfWork) -> Connection:
    return cast("SqlUnitOfWork", uow).connection


def everything(url: str) -> dict[str, list[Any]]:
    """All rows as they lie there."""
    with open_engine(url).connect() as connection:
        found = {}
        for table in metadata.sorted_tables:
            rows = connection.execute(select(*(raw(c) for c in table.c)).order_by(*table.primary_key))
            found[table.name] = [tuple(row) for row in rows]
        return found


def write(url: str, folder: Path, hours: int = 0) -> Path:
    return write_backup(url, KEYRING, folder, NOW + hours * HOUR).path


@pytest.mark.parametrize("target", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
@pytest.mark.parametrize("source", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_everything_comes_back_row_by_row(source: str, target: str, new_url: NewUrl, tmp_path: Path) -> None:
    url, other = new_url(source), new_url(target)
    filled(url)
    made = write_backup(url, KEYRING, tmp_path / "backups", NOW)
    done = restore(made.path, other, KEYRING)
    before = everything(url)
    assert everything(other) == before
    assert (done.rows, done.erased) == (made.rows, 0)
    assert made.rows == sum(len(rows) for name, rows in before.items() if name != "person_key")
    assert made.people == len(before["person_key"]) == 2
    assert schema_state(other) == ""
    with opened(other) as storage:
        assert CANARY in storage.run_sync(lambda uow: uow.people.name_of(2))
        # The number of somebody who is gone is not given again.
        assert (
            storage.run_sync(lambda uow: uow.people.add_participant(AGENCY, Standing.ACTIVE, "de", None)) == 4
        )


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_who_was_erased_since_is_not_in_an_older_backup(kind: str, new_url: NewUrl, tmp_path: Path) -> None:
    url = new_url(kind)
    world = filled(url)
    old = write(url, tmp_path)
    with opened(url) as storage:
        storage.run_sync(lambda uow: uow.people.shred(2))
    new = write(url, tmp_path, hours=1)

    restored = new_url(kind)
    assert restore(old, restored, KEYRING).erased == 1
    with open_engine(restored).connect() as connection:
        for table in metadata.sorted_tables:
            owner = owner_of(table)
            if owner is not None:
                left = connection.execute(select(func.count()).select_from(table).where(owner == 2)).scalar()
                assert left == 0, table.name
        assert connection.execute(select(func.count()).select_from(timer)).scalar() == 0
    with opened(restored) as storage:
        assert storage.run_sync(lambda uow: uow.people.name_of(world.participant)) == "Mia Muster"

    # What the newer one has of the same person lies there because it must be kept.
    kept = new_url(kind)
    assert restore(new, kept, KEYRING).erased == 0
    with opened(kept) as storage:
        assert CANARY in storage.run_sync(lambda uow: uow.people.name_of(2))


def test_every_timer_that_is_about_a_person_goes_with_them() -> None:
    known = {kind for kinds in TIMED.values() for kind in kinds}
    assert known | OF_NOBODY >= set(due._HANDLERS)
    assert known.isdisjoint(OF_NOBODY)
    assert set(TIMED) <= set(metadata.tables)


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_a_backup_is_of_one_moment_while_others_write(kind: str, new_url: NewUrl, tmp_path: Path) -> None:
    url = new_url(kind)
    filled(url)
    ended = threading.Event()

    def both(number: int, uow: UnitOfWork) -> None:
        for name in ("left", "right"):
            uow.memory.set_fact(AGENCY, 1, name, str(number), NOW)
            uow.ledger.set_fact(name, str(number))

    def go_on() -> None:
        with opened(url) as storage:
            number = 0
            while not ended.is_set():
                number += 1
                storage.run_sync(lambda uow, n=number: both(n, uow))

    writer = threading.Thread(target=go_on)
    writer.start()
    try:
        made = [write(url, tmp_path, hours) for hours in range(3)]
    finally:
        ended.set()
        writer.join(30)
    for path in made:
        other = new_url("sqlite")
        restore(path, other, KEYRING)
        with opened(other) as storage:
            facts = storage.run_sync(lambda uow: uow.memory.facts(1))
            ledger = [storage.run_sync(lambda uow, n=name: uow.ledger.fact(n)) for name in ("left", "right")]
        assert {facts.get("left"), facts.get("right"), *ledger} == {facts.get("left")}


@pytest.fixture
def backup(new_url: NewUrl, tmp_path: Path) -> Path:
    """A backup with its key safe."""
    url = new_url("sqlite")
    filled(url)
    return write(url, tmp_path / "backups")


def refused(path: Path, tmp_path: Path, keyring: Keyring = KEYRING) -> str:
    """What is said about a file that cannot be put back; nothing is left of the attempt."""
    target = tmp_path / "target.db"
    with pytest.raises(LotseError) as caught:
        restore(path, f"sqlite:///{target}", keyring)
    assert [one.name for one in tmp_path.glob("target*")] == []
    said = str(caught.value)
    assert "\n" not in said
    assert CANARY not in said
    return said


def test_a_cut_or_changed_file_is_refused(backup: Path, tmp_path: Path) -> None:
    whole = backup.read_bytes()
    for end in (0, 3, 40, 200, len(whole) // 2, len(whole) - 17, len(whole) - 1):
        backup.write_bytes(whole[:end])
        refused(backup, tmp_path)
    for place in range(7, len(whole), len(whole) // 25):
        changed = bytearray(whole)
        changed[place] ^= 1
        backup.write_bytes(changed)
        refused(backup, tmp_path)
    backup.write_bytes(whole + b"\0\0\0\0")
    refused(backup, tmp_path)


def test_other_keys_open_nothing(backup: Path, tmp_path: Path) -> None:
    assert "cut off, was changed, or lies under another key" in refused(
        backup, tmp_path, Keyring({"k1": b"z" * 32}, "k1")
    )
    assert "'k1' is not among the keys" in refused(backup, tmp_path, Keyring({"k2": b"z" * 32}, "k2"))


def test_files_that_do_not_fit_are_refused(backup: Path, tmp_path: Path) -> None:
    safe = backup.with_name(KEY_SAFE)
    assert "name a backup" in refused(safe, tmp_path)
    assert "cannot be read" in refused(tmp_path / "missing", tmp_path)
    note = tmp_path / "note.txt"
    note.write_text("Liebe Leute")
    assert "no backup of Lotse" in refused(note, tmp_path)
    newer = backup.with_name("newer")
    newer.write_bytes(backup.read_bytes().replace(b'"schema":"0', b'"schema":"9', 1))
    assert "newer Lotse" in refused(newer, tmp_path)
    kept = safe.read_bytes()
    write(_source(tmp_path), backup.parent, 2)
    later = max(backup.parent.glob("*.backup"))
    safe.write_bytes(kept)
    assert "key safe is older" in refused(later, tmp_path)


def _source(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/0.db"


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_a_database_with_anything_in_it_is_refused(kind: str, backup: Path, new_url: NewUrl) -> None:
    url = new_url(kind)
    fill(url)
    with pytest.raises(ConfigurationError, match="not empty"):
        restore(backup, url, KEYRING)
    assert schema_state(url) == ""


def test_a_folder_that_takes_no_files_and_a_database_without_schema(backup: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("")
    with pytest.raises(ConfigurationError, match="cannot be written"):
        write(_source(tmp_path), blocked)
    with pytest.raises(ConfigurationError, match="lotse migrate"):
        write(f"sqlite:///{tmp_path}/new.db", tmp_path)
    safe = backup.with_name(KEY_SAFE).read_bytes()
    with pytest.raises(ConfigurationError, match="never overwritten"):
        write(_source(tmp_path), backup.parent)
    assert backup.with_name(KEY_SAFE).read_bytes() == safe
    assert {one.suffix for one in backup.parent.iterdir()} == {".backup", ".safe"}
    assert {one.stat().st_mode & 0o777 for one in backup.parent.iterdir()} == {0o600}


def test_the_head_is_not_to_be_changed(backup: Path, tmp_path: Path) -> None:
    other = backup.with_name("other.backup")
    other.write_bytes(backup.read_bytes().replace(f'"schema":"{HEAD}"'.encode(), b'"schema":"0018"', 1))
    assert "changed" in refused(other, tmp_path)


def test_nobody_reads_canaries_in_a_backup(backup: Path) -> None:
    content = backup.read_bytes() + backup.with_name(KEY_SAFE).read_bytes()
    assert CANARY.encode() not in content
