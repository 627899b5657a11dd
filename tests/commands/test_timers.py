# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""`lotse timers`: what failed too often is shown without content, and tried again."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from tests.commands.conftest import Lotse

pytestmark = pytest.mark.usefixtures("migrated")
PAYLOAD = "Termin bei Dr. Beispiel"


def park(folder: Path, *dedups: str) -> None:
    with sqlite3.connect(folder / "lotse-data" / "lotse.db") as database:
        database.executemany(
            "INSERT INTO timer "
            "(agency_id, kind, subject, due_at, dedup, payload, state, attempts, error, parked_at) "
            "VALUES (1, 'checkin', 5, 0, ?, ?, 'parked', 12, 'KeyError', 1795316007944111)",
            [(dedup, PAYLOAD) for dedup in dedups],
        )


def test_parked_timers_are_shown_and_tried_again(lotse: Lotse, tmp_path: Path) -> None:
    assert lotse("timers", "parked", "--json").stdout == "[]\n"
    park(tmp_path, "a", "b", "a")
    shown = lotse("timers", "parked", "--json")
    assert json.loads(shown.stdout)[0] == {
        "id": 1,
        "kind": "checkin",
        "agency": "Lotse",
        "since": "2026-11-22T02:53:27+00:00",
        "failures": 12,
        "error": "KeyError",
    }
    assert PAYLOAD not in shown.stdout + lotse("timers", "parked").stdout
    assert json.loads(lotse("timers", "retry", "2", "--json").stdout) == [{"id": 2, "state": "due"}]
    # Of two that had the same place the newer one is tried.
    assert json.loads(lotse("timers", "retry", "--all", "--json").stdout) == [
        {"id": 3, "state": "due"},
        {"id": 1, "state": "superseded"},
    ]
    with sqlite3.connect(tmp_path / "lotse-data" / "lotse.db") as database:
        rows = database.execute("SELECT id, state, attempts FROM timer ORDER BY id").fetchall()
        noted = database.execute(
            "SELECT subject FROM audit WHERE action = 'retry_timer' ORDER BY id"
        ).fetchall()
    assert rows == [(2, "waiting", 0), (3, "waiting", 0)]
    assert noted == [("2 due",), ("3 due",), ("1 superseded",)]


def test_bad_input_is_refused_in_one_line(lotse: Lotse) -> None:
    for arguments, said in (
        ((), "name the timers to retry by their ids, or say --all"),
        (("7", "9"), "not parked: 9, 7"),
        (("seven",), "Invalid value for 'ID...'"),
    ):
        refused = lotse("timers", "retry", *arguments)
        assert refused.returncode == 2
        assert said in refused.stderr
        assert len(refused.stderr.strip().splitlines()) == 1
