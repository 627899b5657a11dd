# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""`lotse audit`: what the last check found, for people and for programs."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from bot.domain.audit import AuditRecord, Fault, Finding
from tests.commands.conftest import Lotse

pytestmark = pytest.mark.usefixtures("migrated")
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def keep(folder: Path, record: AuditRecord) -> None:
    with sqlite3.connect(folder / "lotse-data" / "lotse.db") as database:
        value = msgspec.json.encode(record).decode()
        database.execute("INSERT OR REPLACE INTO fact (name, value) VALUES ('auditor', ?)", (value,))


def _broken(lotse: Lotse, *arguments: str) -> subprocess.CompletedProcess[str]:
    done = lotse(*arguments)
    assert done.returncode == 1, done.stderr
    return done


def test_what_was_found_is_shown(lotse: Lotse, tmp_path: Path) -> None:
    before = _broken(lotse, "audit")
    assert "No check has come to its end yet" in before.stderr
    assert json.loads(_broken(lotse, "audit", "--json").stdout)["sound"] is False
    finding = Finding(Fault.CLOSED_BY_NOBODY, 1, 2, (7, 9))
    keep(tmp_path, AuditRecord(AT, AT, AT, (finding,), {Fault.NO_TIMER.value: 3}))
    assert json.loads(_broken(lotse, "audit", "--json").stdout) == {
        "finished_at": "2026-11-23T09:00:00+00:00",
        "sound": False,
        "findings": [
            {"promise": "P1", "fault": "closed_without_human", "agency": 1, "count": 2, "ids": [7, 9]}
        ],
        "repaired": {"concern_without_next_action": 3},
        "heads": {},
    }
    said = _broken(lotse, "audit")
    for word in ("closed_without_human", "7 9", "concern_without_next_action", "3"):
        assert word in said.stdout
    now = datetime.now(UTC)
    keep(tmp_path, AuditRecord(now, now, now))
    sound = lotse("audit")
    assert (sound.returncode, "All promises are kept." in sound.stderr) == (0, True)


def test_an_auditor_that_is_gone_has_kept_no_promise(lotse: Lotse, tmp_path: Path) -> None:
    for ended in (datetime.now(UTC) - timedelta(minutes=5), datetime.now(UTC) + timedelta(days=300)):
        keep(tmp_path, AuditRecord(ended, ended, ended))
        said = _broken(lotse, "audit").stderr
        assert "Nothing has been checked since: is a Lotse with the role worker running?" in said
        assert "All promises are kept." not in said
        assert json.loads(_broken(lotse, "audit", "--json").stdout)["sound"] is False


def test_a_log_that_was_changed_is_told_with_its_first_row(lotse: Lotse, tmp_path: Path) -> None:
    lotse("staff", "add", "--name", "Berta Beispiel", "--json")
    whole = lotse("audit", "verify", "--json")
    assert (whole.returncode, json.loads(whole.stdout)) == (0, {"whole": True, "broken": [], "heads": {}})
    with sqlite3.connect(tmp_path / "lotse-data" / "lotse.db") as database:
        database.execute("DROP TRIGGER audit_no_update")
        database.execute("UPDATE audit SET subject = '7:admin'")
    broken = json.loads(_broken(lotse, "audit", "verify", "--json").stdout)
    assert broken["broken"] == [{"agency": 1, "what": "row_not_written_by_lotse", "position": 0, "row": 1}]
    wrong = lotse("audit", "verify", "--head", "nonsense")
    assert wrong.returncode == 2
    assert "a head looks like" in wrong.stderr
