# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""`lotse staff hours` and `lotse staff leave`."""

from __future__ import annotations

import json

import pytest

from tests.commands.conftest import Lotse

pytestmark = pytest.mark.usefixtures("migrated")


def test_own_hours_are_set_and_taken_back(lotse: Lotse) -> None:
    assert lotse("staff", "add", "--name", "Bernd Beispiel").returncode == 0
    shown = lotse("staff", "hours", "1", "mon=8:00-12:00", "wed=09:30-16:00", "--json")
    assert json.loads(shown.stdout) == {"id": 1, "hours": {"mon": "08:00-12:00", "wed": "09:30-16:00"}}
    assert json.loads(lotse("staff", "hours", "1", "--json").stdout)["hours"] == "as the agency"
    for arguments, said in (
        (("1", "mo=8-12"), "write it like mon=08:00-12:00"),
        (("1", "mon=12:00-8:00"), "ends before it begins"),
        (("7",), "there is no staff member 7"),
    ):
        refused = lotse("staff", "hours", *arguments)
        assert refused.returncode == 2
        assert said in refused.stderr


def test_who_has_left_cannot_be_reached(lotse: Lotse) -> None:
    assert lotse("staff", "add", "--name", "Bernd Beispiel").returncode == 0
    assert json.loads(lotse("staff", "leave", "1", "--json").stdout) == {"id": 1, "without_coach": 0}
    assert lotse("staff", "leave", "1").returncode == 0, "twice is no fault"
    refused = lotse("staff", "leave", "9")
    assert refused.returncode == 2
    assert "there is no staff member 9" in refused.stderr
