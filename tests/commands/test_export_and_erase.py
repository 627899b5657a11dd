# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""`lotse export` and `lotse erase` as an operator at a shell meets them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from bot.domain.people import Standing
from bot.ports import UnitOfWork
from bot.storage.database import open_storage
from bot.storage.key_files import load_keyring
from tests.commands.conftest import Lotse

pytestmark = pytest.mark.usefixtures("migrated")


def said(done: subprocess.CompletedProcess[str]) -> str:
    """What went wrong: one line, and exit code 2."""
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    return line


@pytest.fixture
def case_code(lotse: Lotse, tmp_path: Path) -> str:
    """Mia Muster, in the database of this folder."""
    assert lotse("staff", "add", "--name", "Berta Beispiel").returncode == 0
    folder = tmp_path / "lotse-data"
    storage = open_storage(f"sqlite:///{folder}/lotse.db", load_keyring(folder / "keys.json"))

    def add(uow: UnitOfWork) -> str:
        number = uow.people.add_participant(1, Standing.ACTIVE, "en", None, "Mia Muster")
        return uow.people.participants_by([number])[number].case_code

    try:
        return storage.run_sync(add)
    finally:
        storage.close()


def test_a_copy_to_read_and_one_for_programs(lotse: Lotse, tmp_path: Path, case_code: str) -> None:
    done = lotse("export", case_code.lower(), "--to", "mia.html", "--language", "de")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    page = tmp_path / "mia.html"
    assert "Mia Muster" in page.read_text(encoding="utf-8")
    assert '<html lang="de">' in page.read_text(encoding="utf-8")
    assert page.stat().st_mode & 0o077 == 0
    assert "exists already" in said(lotse("export", case_code, "--to", "mia.html"))
    assert json.loads(lotse("export", "1", "--to", "mia.json", "--json").stdout)["case"] == case_code
    copy = json.loads((tmp_path / "mia.json").read_text(encoding="utf-8"))
    assert copy["tables"]["participant"][0]["name"] == "Mia Muster"
    # Each of the two is in the audit log, and so in the second.
    assert [look["action"] for look in copy["looks"]] == ["person_exported"] * 2
    assert "there is nobody" in said(lotse("export", "ZZZZZ", "--to", "nobody.html"))
    assert not (tmp_path / "nobody.html").exists()


def test_a_participation_ends(lotse: Lotse, tmp_path: Path, case_code: str) -> None:
    assert json.loads(lotse("end", case_code, "--json").stdout) == {"case": case_code, "open_concerns": 0}
    assert lotse("export", case_code, "--to", "mia.json", "--json").returncode == 0
    (person,) = json.loads((tmp_path / "mia.json").read_text(encoding="utf-8"))["tables"]["participant"]
    assert person["standing"] == "left"
    assert person["left_at"]
    assert "there is nobody" in said(lotse("end", "ZZZZZ"))


def test_an_erasure_is_shown_first_and_then_done(lotse: Lotse, tmp_path: Path, case_code: str) -> None:
    assert "--reason" in said(lotse("erase", case_code))
    shown = json.loads(lotse("erase", case_code, "--show", "--json").stdout)
    assert (shown["erased"], shown["stays"], shown["open_concerns"]) == (False, {"participant": 1}, [])
    assert lotse("export", case_code, "--to", "before.json", "--json").returncode == 0
    assert "Mia Muster" in (tmp_path / "before.json").read_text(encoding="utf-8")
    done = lotse("erase", case_code, "--reason", "wish")
    assert done.returncode == 0
    assert "Back up now" in done.stderr
    assert lotse("export", case_code, "--to", "after.json", "--json").returncode == 0
    assert "Mia Muster" not in (tmp_path / "after.json").read_text(encoding="utf-8")
