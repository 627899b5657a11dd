# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""`lotse keys`, `lotse backup` and `lotse restore` as an operator at a shell meets them."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from tests.commands.conftest import Lotse

pytestmark = pytest.mark.usefixtures("migrated")


def said(done: subprocess.CompletedProcess[str]) -> str:
    """What went wrong: one line, and exit code 2."""
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    return line


def test_a_key_is_renewed_and_the_old_one_retired(lotse: Lotse, tmp_path: Path) -> None:
    assert lotse("staff", "add", "--name", "Berta Beispiel").returncode == 0
    path = tmp_path / "lotse-data" / "keys.json"
    assert "k1 is the current key" in said(lotse("keys", "retire", "k1"))
    assert json.loads(lotse("keys", "new", "--json").stdout) == {"id": "k2"}
    assert "less than a minute ago" in said(lotse("keys", "retire", "k1"))
    os.utime(path, (1, 1))
    assert "values lie under k1" in said(lotse("keys", "retire", "k1"))
    rotated = lotse("keys", "rotate", "--json")
    assert json.loads(rotated.stdout)["staff.name"] == 1
    assert "/" in rotated.stderr.splitlines()[0]
    gone = lotse("keys", "retire", "k1")
    assert (gone.returncode, gone.stdout) == (0, "")
    listed = json.loads(lotse("keys", "list", "--count", "--json").stdout)
    assert listed == [{"id": "k2", "current": True, "values": 2}]
    assert "Berta Beispiel" in lotse("staff", "list").stdout


def test_what_a_rotation_could_not_change_is_named(lotse: Lotse, tmp_path: Path) -> None:
    assert lotse("staff", "add", "--name", "Berta Beispiel").returncode == 0
    assert lotse("keys", "new").returncode == 0
    with closing(sqlite3.connect(tmp_path / "lotse-data" / "lotse.db")) as file:
        file.execute("CREATE TRIGGER held BEFORE UPDATE ON staff BEGIN SELECT RAISE(IGNORE); END")
    told = lotse("keys", "rotate")
    assert (told.returncode, told.stdout) == (2, "")
    assert "these lie under an old key still: staff.mail (1), staff.name (1)." in told.stderr


def test_a_backup_and_back(lotse: Lotse, tmp_path: Path) -> None:
    assert lotse("staff", "add", "--name", "Berta Beispiel").returncode == 0
    made = json.loads(lotse("backup", "copies", "--json").stdout)
    assert made["people"] == 0
    assert "is not empty" in said(lotse("restore", made["file"]))
    url = f"sqlite:///{tmp_path}/two.db"
    done = lotse("restore", made["file"], "--into", url, "--json")
    assert json.loads(done.stdout)["rows"] == made["rows"]
    assert "Berta Beispiel" in lotse("staff", "list", LOTSE_DATABASE_URL=url).stdout
    Path(tmp_path / made["file"]).write_bytes(b"LOTSE1\n")
    assert "cannot be read" in said(lotse("restore", made["file"], "--into", f"sqlite:///{tmp_path}/3.db"))
    assert not (tmp_path / "3.db").exists()


def test_keys_from_a_command(lotse: Lotse, tmp_path: Path) -> None:
    assert lotse("staff", "add", "--name", "Berta Beispiel").returncode == 0
    kept = tmp_path / "elsewhere.json"
    (tmp_path / "lotse-data" / "keys.json").rename(kept)
    command = f"cat {kept}"
    assert "Berta Beispiel" in lotse("staff", "list", LOTSE_KEYS_COMMAND=command).stdout
    assert "come from LOTSE_KEYS_COMMAND" in said(lotse("keys", "new", LOTSE_KEYS_COMMAND=command))
    both = lotse("staff", "list", LOTSE_KEYS_COMMAND=command, LOTSE_KEYS_FILE=str(kept))
    assert "keep one of them" in said(both)
    kept.write_text(json.dumps({"current": "k1", "keys": {"k1": "A" * 43 + "="}}))
    assert "is weak" in said(lotse("staff", "list", LOTSE_KEYS_COMMAND=command))
