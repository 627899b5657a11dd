# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""`lotse programme check`: ladders, with file, line and remedy."""

from __future__ import annotations

import json
from pathlib import Path

import dialogs
from tests.commands.conftest import Lotse

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
