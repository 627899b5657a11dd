# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""`lotse programme check`, `install`, `diff`, `upgrade`, `list`: programmes, and one line for bad input."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands.conftest import Lotse
from tests.dialogs.test_programmes import GOOD

pytestmark = pytest.mark.usefixtures("migrated")


def test_from_the_file_to_the_next_version(lotse: Lotse, tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "bad.yaml").write_text(GOOD.replace("caseload: 25", "caseload: x"), encoding="utf-8")
    found = lotse("programme", "check", "bad.yaml", "--json")
    assert (found.returncode, json.loads(found.stdout)[0]["line"]) == (1, 6)
    refused = lotse("programme", "install", "nowhere")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr == "lotse: nowhere: cannot be read (No such file or directory)\n"
    installed = json.loads(lotse("programme", "install", "own.yaml", "--json").stdout)
    assert installed == {"programme": "muster", "version": 1, "state": "installed", "origin": "admin"}
    (tmp_path / "own.yaml").write_text(GOOD.replace("caseload: 25", "caseload: 30"), encoding="utf-8")
    told = lotse("programme", "upgrade", "own.yaml", "--yes").stdout
    assert "caseload: 25 -> 30 (nobody yet)" in told
    assert told.endswith("muster version 2: in force\n")
    rows = {row["programme"]: row for row in json.loads(lotse("programme", "list", "--json").stdout)}
    assert (rows["muster"]["version"], rows["muster"]["ships"]) == (2, False)
    assert (rows["gecko"]["version"], rows["gecko"]["ships"]) == (None, True)
