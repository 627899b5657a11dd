# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A folder of dialogs that are broken on purpose, one a rule: each fault is found on its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from dialogs.check import RULES, check
from dialogs.parse import parse_file
from dialogs.problems import UNREADABLE, DialogError, Problem
from dialogs.shipped import shipped_dialogs

FOLDER = Path(__file__).parent / "broken"
BROKEN = sorted(FOLDER.glob("*.yaml"))
MARK = "# expected: "


def problems_of(path: Path) -> list[Problem]:
    try:
        dialog = parse_file(path)
    except DialogError as error:
        return list(error.problems)
    return check(dialog, shipped_dialogs().with_dialog(dialog))


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_a_broken_dialog_is_told_to_its_editor(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    expected = [line.removeprefix(MARK) for line in lines if line.startswith(MARK)]
    found = problems_of(path)
    assert [f"{each.line}:{each.column}: {each.what}. {each.remedy}" for each in found] == expected
    assert {each.rule for each in found} == {path.stem}


def test_every_rule_has_a_broken_dialog() -> None:
    rules = {rule.__name__ for rule in RULES} | {"format", UNREADABLE}
    assert {path.stem for path in BROKEN} == rules
