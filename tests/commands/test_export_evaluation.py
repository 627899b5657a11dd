# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""`lotse export evaluation` and `lotse export statistics` as somebody at a shell meets them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from tests.commands.conftest import Lotse
from tests.commands.test_export_and_erase import said

pytestmark = pytest.mark.usefixtures("migrated")
DAY = "2026-01-31"


@pytest.fixture
def installed(lotse: Lotse) -> None:
    for name in ("gecko", "kopra"):
        done = lotse("programme", "install", name)
        assert done.returncode == 0, done.stderr


def test_files_that_come_again_and_a_key_that_stays(lotse: Lotse, tmp_path: Path, installed: None) -> None:
    del installed
    command = ("export", "evaluation", "--programme", "gecko", "--until", DAY, "--json")
    formats = ("--format", "csv", "--format", "sav", "--format", "dta", "--format", "fhir")
    first = lotse(*command, *formats, "--out", "first")
    assert first.returncode == 0, first.stderr
    assert lotse(*command, *formats, "--out", "again").returncode == 0
    names = {one["file"] for one in json.loads(first.stdout)}
    assert {"people.csv", "points.sav", "points.dta", "responses.fhir.json", "codebook.html"} < names
    told = json.loads((tmp_path / "first" / "manifest.json").read_text(encoding="utf-8"))
    for name in names:
        content = (tmp_path / "first" / name).read_bytes()
        assert content == (tmp_path / "again" / name).read_bytes(), name
        assert name == "manifest.json" or told["sha256"][name] == hashlib.sha256(content).hexdigest()
    key = tmp_path / "lotse-data" / "evaluation-keys" / "gecko.key"
    assert key.stat().st_mode & 0o077 == 0
    assert key.read_text(encoding="ascii").strip() not in first.stdout + first.stderr
    key.write_text("nonsense", encoding="ascii")
    assert "is no key of an evaluation" in said(lotse(*command, "--out", "third"))
    rows = json.loads(lotse("export", "statistics", "--json").stdout)
    assert {"programme": "gecko", "what": "participations", "value": "below 5, or hidden with them"} in rows


WRONG = (
    ({"--programme": "moon"}, "there is no programme 'moon' installed"),
    ({"--programme": "kopra"}, "the programme 'kopra' has no evaluation"),
    ({"--until": "2999-01-01"}, "is not over yet"),
    ({"--until": "yesterday"}, "is no date"),
    ({"--out": "lotse-data"}, "is not empty"),
    ({"--key": "out/study.key"}, "lies in the folder that is handed on"),
    ({"--format": "xls"}, "xls"),
)


def test_one_line_for_what_cannot_be(lotse: Lotse, tmp_path: Path, installed: None) -> None:
    del installed
    for options, words in WRONG:
        given = {"--programme": "gecko", "--until": DAY, "--out": "out"} | options
        done = lotse("export", "evaluation", *(word for pair in given.items() for word in pair))
        assert words in said(done)
        assert not (tmp_path / "out").exists()
