# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""`lotse programme check` and `policies`: ladders, with file, line and remedy; published and rolled back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import dialogs
from tests.commands.conftest import Lotse

pytestmark = pytest.mark.usefixtures("migrated")
SHIPPED = (Path(dialogs.__file__).parent / "programmes" / "standard.yaml").read_text(encoding="utf-8")


def test_what_ships_leaves_nobody_alone(lotse: Lotse, tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(SHIPPED, encoding="utf-8")
    checked = lotse("programme", "check", "own.yaml")
    assert (checked.returncode, checked.stdout) == (0, "3 ladders checked, nothing found\n")
    assert json.loads(lotse("programme", "check", "own.yaml", "--json").stdout) == []


def test_a_ladder_without_the_lead_is_refused_with_its_line(lotse: Lotse, tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(SHIPPED.replace("call: [lead]", "call: [deputy]"), encoding="utf-8")
    checked = lotse("programme", "check", "own.yaml")
    assert checked.returncode == 1
    assert "own.yaml:" in checked.stdout
    assert "Add a rung with 'call: [lead]'." in checked.stdout
    rows = json.loads(lotse("programme", "check", "own.yaml", "--json").stdout)
    assert len(rows) == 3
    assert all(row["line"] > 1 and row["remedy"] for row in rows)


def test_what_cannot_be_read_is_one_line(lotse: Lotse, tmp_path: Path) -> None:
    refused = lotse("programme", "check", "nowhere.yaml")
    assert refused.returncode == 2
    assert refused.stderr == "lotse: nowhere.yaml: cannot be read (No such file or directory)\n"
    (tmp_path / "bytes.yaml").write_bytes(b"\xff\xfe\x00")
    assert lotse("programme", "check", "bytes.yaml").returncode == 2


def test_ladders_are_published_and_rolled_back(lotse: Lotse, tmp_path: Path) -> None:
    own = SHIPPED.replace("after: 15 minutes, call: [deputy]", "after: 7 minutes, call: [deputy]", 1)
    (tmp_path / "own.yaml").write_text(own, encoding="utf-8")
    (tmp_path / "bad.yaml").write_text(SHIPPED.replace("call: [lead]", "call: [deputy]"), encoding="utf-8")
    refused = lotse("programme", "policies", "publish", "bad.yaml")
    assert refused.returncode == 2
    assert "Add a rung with 'call: [lead]'." in refused.stderr
    published = lotse("programme", "policies", "publish", "own.yaml")
    assert (published.returncode, published.stdout) == (0, "standard: version 1, published\n")
    back = lotse("programme", "policies", "rollback", "0")
    assert back.stdout == "standard: version 2, published\n"
    [row] = json.loads(lotse("programme", "policies", "list", "--json").stdout)
    assert (row["policies"], row["version"], row["origin"]) == ("standard", 2, "shipped")
