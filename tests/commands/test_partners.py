# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""`lotse partners import` and `list`: a file whole or not at all, and one line for bad input."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands.conftest import Lotse
from tests.services.test_partners import FILE

pytestmark = pytest.mark.usefixtures("migrated")


def test_a_file_is_taken_over_and_found_again(lotse: Lotse, tmp_path: Path) -> None:
    (tmp_path / "partners.csv").write_text(FILE, encoding="utf-8")
    (tmp_path / "bad.csv").write_text(FILE + "Zoo;Tierpark;;;;;;\n", encoding="utf-8")
    refused = lotse("partners", "import", "bad.csv")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "line 7: 'Zoo' is no kind" in refused.stderr
    taken = json.loads(lotse("partners", "import", "partners.csv", "--json").stdout)
    assert taken == {"added": 4, "changed": 0, "same": 0}
    found = json.loads(lotse("partners", "list", "--district", "nord", "--language", "de", "--json").stdout)
    assert [(row["name"].split()[0], row["weeks"]) for row in found] == [
        ("Sportverein", 0),
        ("Beratungsstelle", 2),
        ("Klinik", 12),
    ]
