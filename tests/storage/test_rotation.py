# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A new key takes the place of an old one while others write; nothing is lost and nothing stays behind."""

from __future__ import annotations

import base64
import itertools
import json
import os
import threading
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import LargeBinary, literal

from bot.domain.people import Standing
from bot.ports import UnitOfWork
from bot.storage import rotation
from bot.storage.key_files import add_key, load_keyring
from bot.storage.key_tables import person_key
from bot.storage.rotation import count_under, rotate
from bot.storage.sealing import Keyring
from bot.storage.tables import participant
from bot.storage.unit_of_work import SqlUnitOfWork
from tests.conftest import MakeDatabase
from tests.storage.rich_world import CANARY, enrich, strays
from tests.storage.stores import AGENCY, World, fill, opened, settle_world

OLD, NEW = os.urandom(32), os.urandom(32)
BEFORE = Keyring({"old": OLD}, "old")
BOTH = Keyring({"old": OLD, "new": NEW}, "new")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A store under the old key, with two people, and one from before people had keys."""
    if request.param == "sqlite":
        found = f"sqlite:///{tmp_path}/lotse.db"
        fill(found)
    else:
        make: MakeDatabase = request.getfixturevalue("make_database")
        found = make(fill)
    with opened(found, BEFORE) as storage:
        world = settle_world(storage)
        enrich(world)
        world.do(lambda uow: as_before(uow, world))
    return found


def as_before(uow: UnitOfWork, world: World) -> None:
    """Her content lies under the key of the installation, and she has none of her own."""
    connection = cast("SqlUnitOfWork", uow).connection
    sealed = literal(BEFORE.seal("Mia Muster", "participant.name"), LargeBinary)
    who = participant.c.id == world.participant
    connection.execute(participant.update().where(who).values({participant.c.name: sealed}))
    address = literal(BEFORE.seal("100", "address.value"), LargeBinary)
    connection.execute(
        participant.metadata.tables["address"]
        .update()
        .where(participant.metadata.tables["address"].c.participant_id == world.participant)
        .values(value=address)
    )
    connection.execute(person_key.delete().where(person_key.c.participant_id == world.participant))


def test_everything_comes_under_the_new_key(url: str) -> None:
    with opened(url, BOTH) as storage:
        assert count_under(storage, "old") > 0
        seen = list(rotate(storage))
        assert [one.step for one in seen] == sorted(one.step for one in seen)
        assert {one.steps for one in seen} == {seen[-1].step}
        assert sum(one.changed for one in seen) > 0
        assert count_under(storage, "old") == 0
        assert storage.run_sync(lambda uow: strays(cast("SqlUnitOfWork", uow).connection)) == []
        assert [one.changed for one in rotate(storage) if one.changed] == []
        fingerprints = BOTH.fingerprint("100", "address.fingerprint")
    alone = Keyring({"new": NEW}, "new", fingerprints=BEFORE._ciphers.index_key)
    assert alone.fingerprint("100", "address.fingerprint") == fingerprints
    with opened(url, alone) as storage:
        contact = storage.run_sync(lambda uow: uow.people.find_contact("telegram", "100"))
        assert contact is not None
        assert storage.run_sync(lambda uow: uow.people.name_of(contact.participant.id)) == "Mia Muster"
        assert CANARY in storage.run_sync(lambda uow: uow.people.name_of(2))
        assert [one.name for one in storage.run_sync(lambda uow: uow.people.all_staff(AGENCY))] == [
            "Bernd Beispiel"
        ]


def test_what_was_interrupted_goes_on(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation, "BATCH", 1)
    with opened(url, BOTH) as storage:
        list(itertools.islice(rotate(storage), 5))
        assert count_under(storage, "old") > 0
        list(rotate(storage))
        assert count_under(storage, "old") == 0


def test_others_write_meanwhile(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation, "BATCH", 2)
    file = tmp_path / "keys.json"
    encoded = base64.b64encode(OLD).decode()
    file.write_text(json.dumps({"current": "old", "keys": {"old": encoded}}))
    file.chmod(0o600)
    begun, ended = threading.Event(), threading.Event()
    added: list[tuple[int, int]] = []

    def change(uow: UnitOfWork, number: int) -> int:
        uow.people.change_staff(1, name=f"Bernd {number}")
        uow.people.change_participant(2, name=f"Mia {number}")
        return uow.people.add_participant(AGENCY, Standing.ACTIVE, "de", None, f"Neu {number}")

    def go_on() -> None:
        with opened(url, load_keyring(file)) as storage:
            number = 0
            while not ended.is_set() or number < 5:
                number += 1
                added.append((storage.run_sync(lambda uow, n=number: change(uow, n)), number))
                begun.set()

    writer = threading.Thread(target=go_on)
    writer.start()
    assert begun.wait(30)
    new = add_key(file)
    with opened(url, load_keyring(file)) as storage:
        list(rotate(storage))
        ended.set()
        writer.join(60)
        # What was sealed before the writer noticed the new key.
        list(rotate(storage))
        assert count_under(storage, "old") == 0
        assert count_under(storage, new) > 0
        last = added[-1][1]
        names = {2: f"Mia {last}"} | {person: f"Neu {number}" for person, number in added}
        for person, name in names.items():
            assert storage.run_sync(lambda uow, p=person: uow.people.name_of(p)) == name
        staff = storage.run_sync(lambda uow: uow.people.staff(1))
        assert staff is not None
        assert staff.name == f"Bernd {last}"
