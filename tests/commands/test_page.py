# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""`lotse page`: what a coach hands over, and what is called back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.domain.own_page import Factor, PageLock
from bot.services.export_person import find_person
from bot.storage.database import open_storage
from bot.storage.key_files import load_keyring
from tests.commands.conftest import Lotse
from tests.commands.test_export_and_erase import case_code

pytestmark = pytest.mark.usefixtures("migrated")

__all__ = ["case_code"]


def lock_of(tmp_path: Path, case: str) -> PageLock | None:
    """What the person must know, as it lies in the database of this folder."""
    folder = tmp_path / "lotse-data"
    storage = open_storage(f"sqlite:///{folder}/lotse.db", load_keyring(folder / "keys.json"))
    try:
        person = storage.run_sync(lambda uow: find_person(uow, 1, case))
        assert person is not None
        return storage.run_sync(lambda uow: uow.own_page.lock(person.id))
    finally:
        storage.close()


def test_what_a_coach_hands_over(lotse: Lotse, tmp_path: Path, case_code: str) -> None:
    made = json.loads(lotse("page", "link", case_code.lower(), "--json").stdout)
    assert "/p/" in made["page_link"]
    pin = json.loads(lotse("page", "pin", case_code, "--json").stdout)["pin"]
    assert len(pin) == 8
    lock = lock_of(tmp_path, case_code)
    assert lock is not None
    assert (lock.factor, pin in lock.secret) == (Factor.PIN, False)
    noted = json.loads(lotse("page", "year", case_code, "1990", "--json").stdout)
    assert noted == {"case": case_code, "noted": "birth_year"}
    lock = lock_of(tmp_path, case_code)
    assert lock is not None
    assert lock.factor is Factor.BIRTH_YEAR
    assert json.loads(lotse("page", "sign-out", case_code, "--json").stdout)["devices"] == 0


@pytest.mark.parametrize("words", [("link",), ("pin",), ("year", "1990"), ("sign-out",)])
def test_an_unknown_case_is_refused_in_one_line(lotse: Lotse, words: tuple[str, ...]) -> None:
    command, *rest = words
    refused = lotse("page", command, "K0000", *rest, "--json")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "there is no such case" in refused.stderr


def test_a_year_that_nobody_is_born_in(lotse: Lotse) -> None:
    refused = lotse("page", "year", "K0000", "12")
    assert refused.returncode == 2
    assert "1900" in refused.stderr
