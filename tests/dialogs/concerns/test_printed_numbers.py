# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""No number for help stands anywhere in a text that is not listed, in service and verified."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dialogs.concerns.crisis import crisis_numbers

ROOT = Path(__file__).parents[3]
#: Written as people read them: 112, 116 123, 0800 1110111, 030 440308454.
NUMBER = re.compile(r"(?<![\d.,:/])(?:116 ?\d{3}|11[0-9](?! ?\d{3})|0\d{2,4}[ /]\d{5,})(?![\d.,:]*\d)")
TEXTS = sorted(
    [
        *ROOT.glob("dialogs/flows/*.yaml"),
        *ROOT.glob("dialogs/words/*.yaml"),
        *ROOT.glob("dialogs/concerns/crisis/[a-m]*.yaml"),
        *ROOT.glob("locales/*/LC_MESSAGES/*.po"),
        *ROOT.glob("bot/services/*.py"),
        *ROOT.glob("bot/web/templates/**/*.html"),
    ]
)
IN_SERVICE = {number.number for number in crisis_numbers() if number.status == "current"}


def numbers_in(text: str) -> set[str]:
    return set(NUMBER.findall(text))


def test_numbers_are_found() -> None:
    text = "Rufen Sie 112 an oder 116 123, 0800 1110111. Um 11:30, am 11.12., 1120 Zeichen, 030 440308454."
    assert numbers_in(text) == {"112", "116 123", "0800 1110111", "030 440308454"}


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_number_in_a_text_is_in_service_and_verified(path: Path) -> None:
    words = "\n".join(
        line for line in path.read_text(encoding="utf-8").splitlines() if not line.lstrip().startswith("#")
    )
    assert numbers_in(words) <= IN_SERVICE


def test_the_planned_number_is_nowhere() -> None:
    assert "113" not in IN_SERVICE
