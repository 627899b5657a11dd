# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""`lotse rehearse`: one clear line for what cannot be rehearsed, and files for what can."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dialogs.shipped import shipped_programmes
from tests.commands.conftest import Lotse


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nosuch",), "there is no programme and no file 'nosuch'"),
        (("gecko", "--participants", "0"), "--participants"),
        (("gecko", "--months", "61"), "--months"),
        (("gecko", "--staff", "0"), "--staff"),
        (("gecko", "--language", "fr"), "--language"),
        (("gecko", "--against", "nosuch"), "nosuch"),
    ],
)
def test_bad_input_is_one_clear_line(lotse: Lotse, arguments: tuple[str, ...], words: str) -> None:
    done = lotse("rehearse", *arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert done.stdout == ""


def test_a_programme_with_faults_is_refused_with_its_line(lotse: Lotse, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("format: 1\nprogramme: mine\n", encoding="utf-8")
    done = lotse("rehearse", str(file))
    assert done.returncode == 2
    assert "mine.yaml" in done.stderr


def test_the_report_lies_in_the_folder_and_its_figures_are_printed(lotse: Lotse, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    # A score that lies in an installation, and may be licensed there: nothing of it is needed here.
    file.write_text("score_pack: a_licensed_score\n" + shipped_programmes()["kopra"], encoding="utf-8")
    size = ("--participants", "3", "--months", "1", "--staff", "1", "--from", "2027-01-04")
    done = lotse("rehearse", str(file), *size, "--json", "--out", str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    (found,) = json.loads(done.stdout)["rehearsals"]
    assert (found["programme"], found["begins"], found["quiet"]) == ("kopra", "2027-01-04", 0)
    assert found["left_out"] == ["a_licensed_score"]
    assert (tmp_path / "out" / "report.json").read_text(encoding="utf-8") == done.stdout
    assert "KoPrA" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
