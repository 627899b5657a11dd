# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""`lotse programme plans`: check, compare, publish, roll back, each with one clear line for bad input."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot import house
from tests.commands.conftest import Lotse

pytestmark = pytest.mark.usefixtures("migrated")
PLANS = """format: 1
plans:
  pause:
    weekdays: [mon]
    at: "10:00"
"""


def test_what_ships_is_clean(lotse: Lotse, tmp_path: Path) -> None:
    (tmp_path / "plans.yaml").write_text(house.plans_source(), encoding="utf-8")
    checked = lotse("programme", "plans", "check", "plans.yaml")
    assert (checked.returncode, checked.stdout) == (0, "12 plans checked, nothing found\n")


def test_faults_have_their_place(lotse: Lotse, tmp_path: Path) -> None:
    (tmp_path / "plans.yaml").write_text(PLANS.replace("mon", "monday"), encoding="utf-8")
    checked = lotse("programme", "plans", "check", "plans.yaml")
    assert checked.returncode == 1
    assert checked.stdout.startswith("plans.yaml:4: in 'weekdays': 'monday' is no weekday.")
    [found] = json.loads(lotse("programme", "plans", "check", "plans.yaml", "--json").stdout)
    assert (found["line"], found["state"]) == (4, "problem")
    refused = lotse("programme", "plans", "publish", "plans.yaml", "--yes")
    assert refused.returncode == 2
    assert "plans.yaml:4" in refused.stderr


def test_a_file_that_is_not_there_is_one_line(lotse: Lotse) -> None:
    for command in ("check", "diff", "publish"):
        refused = lotse("programme", "plans", command, "nowhere.yaml")
        assert refused.returncode == 2
        assert refused.stderr == "lotse: nowhere.yaml: cannot be read (No such file or directory)\n"


def test_publish_compare_and_roll_back(lotse: Lotse, tmp_path: Path) -> None:
    (tmp_path / "plans.yaml").write_text(PLANS, encoding="utf-8")
    asked = lotse("programme", "plans", "publish", "plans.yaml", stdin="n\n")
    assert asked.returncode != 0
    published = json.loads(lotse("programme", "plans", "publish", "plans.yaml", "--yes", "--json").stdout)
    assert (published["version"], published["state"], published["origin"]) == (2, "published", "admin")
    shown = json.loads(lotse("programme", "plans", "show", "--json").stdout)
    assert [one["origin"] for one in shown["versions"]] == ["shipped", "admin"]
    assert shown["source"] == PLANS
    compared = json.loads(lotse("programme", "plans", "diff", "plans.yaml", "--json").stdout)
    assert compared == {
        "days": 60,
        "people": 0,
        "occurrences": {"goes": 0, "stays": 0, "moves": 0, "comes": 0},
        "plans": {},
    }
    back = json.loads(lotse("programme", "plans", "rollback", "1", "--json").stdout)
    assert (back["version"], back["origin"]) == (3, "shipped")
    assert "There are 1 to 3." in lotse("programme", "plans", "rollback", "8").stderr


def test_in_a_new_database_what_ships_is_shown_as_not_yet_published(lotse: Lotse) -> None:
    shown = lotse("programme", "plans", "show")
    assert (shown.returncode, shown.stdout) == (0, house.plans_source())
    assert shown.stderr.startswith("not yet published")
    as_json = json.loads(lotse("programme", "plans", "show", "--version", "1", "--json").stdout)
    assert as_json == {"versions": [], "source": house.plans_source()}
    refused = lotse("programme", "plans", "show", "--version", "2")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr == "lotse: the plans have no version 2. None are published yet.\n"
