# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Whoever steals the database file or a dump finds no name, text, answer, address or note in it."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from bot.storage.backup import KEY_SAFE, write_backup
from bot.storage.tables import metadata
from tests.conftest import MakeDatabase
from tests.storage.rich_world import CANARY, enrich
from tests.storage.stores import KEYRING, NOW, fill, opened, settle_world

#: What the rich world says about people, staff among them.
CANARIES = [CANARY, "Mia Muster", "Bernd Beispiel", "bernd@example.org"]


def found(content: bytes) -> list[str]:
    """Canaries in it: as they are, in capitals or small, in hexadecimal as dumps write bytes, in UTF-16."""
    small = content.lower()
    return [
        word
        for word in CANARIES
        for form in (word.encode(), word.encode().hex().encode(), word.encode("utf-16-le"))
        if form.lower() in small
    ]


def test_the_search_finds_what_is_there() -> None:
    assert found(b"... KANARIENVOGEL-Notiz") == [CANARY]
    assert found(b"\\x" + b"Mia Muster".hex().encode()) == ["Mia Muster"]


def test_a_stolen_sqlite_file(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    url = f"sqlite:///{folder}/lotse.db"
    fill(url)
    with opened(url) as storage:
        enrich(settle_world(storage))
        # While Lotse runs: the file, and the log beside it.
        files = sorted(folder.iterdir())
        assert [file.name for file in files] == ["lotse.db", "lotse.db-shm", "lotse.db-wal"]
        content = b"".join(file.read_bytes() for file in files)
        assert len(content) > 100_000
        assert found(content) == []
    assert found(b"".join(file.read_bytes() for file in folder.iterdir())) == []


@pytest.mark.postgres
def test_a_stolen_postgresql_dump(make_database: MakeDatabase) -> None:
    url = make_database(fill)
    with opened(url) as storage:
        enrich(settle_world(storage))
    content = b""
    with psycopg.connect(url, options="-c lotse.agency=*") as connection:
        for name in metadata.tables:
            with connection.cursor().copy(f"COPY {name} TO STDOUT".encode()) as rows:
                content += b"".join(bytes(row) for row in rows)
    assert b"kanarienvogel" not in content.lower()
    assert len(content) > 1000
    assert found(content) == []


def test_a_stolen_backup(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/lotse.db"
    fill(url)
    with opened(url) as storage:
        enrich(settle_world(storage))
    made = write_backup(url, KEYRING, tmp_path / "backups", NOW)
    assert found(made.path.read_bytes() + made.path.with_name(KEY_SAFE).read_bytes()) == []
