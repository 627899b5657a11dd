# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Whole conversations, as a coach would read them, in tests/conversations/*.yaml.

What their lines mean stands in dialogs/simulate.py; `lotse dialogs play --save` writes such files. Without
`at` they begin on a Monday morning.
"""

from __future__ import annotations

import difflib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from dialogs.engine import Facts
from dialogs.shipped import shipped_dialogs
from dialogs.simulate import PERSON, Line, Play

FOLDER = Path(__file__).parent.parent / "conversations"
CONVERSATIONS = sorted(FOLDER.glob("*.yaml"))
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def play(script: dict[str, Any]) -> list[Line]:
    """What really happens when the person's side of a script is played."""
    facts = Facts(script["language"], script.get("facts", {}))
    begin = datetime.fromisoformat(script["at"]) if "at" in script else NOW
    played = Play(shipped_dialogs(), script["flow"], facts, begin)
    for line in script["conversation"]:
        if next(iter(line)) in PERSON:
            played.take(line)
    return played.lines


def difference(script: dict[str, Any]) -> str:
    """What differs between what is written and what happens, as a diff; "" if nothing does."""
    written = printed(
        [{who: str(text).strip()} for line in script["conversation"] for who, text in line.items()]
    )
    return "\n".join(
        difflib.unified_diff(written, printed(play(script)), "written", "played", lineterm="", n=1)
    )


def printed(lines: list[Line]) -> list[str]:
    return [f"{who}: {text}" for line in lines for who, text in line.items()]


@pytest.mark.parametrize("path", CONVERSATIONS, ids=lambda path: path.stem)
def test_conversation(path: Path) -> None:
    script = yaml.safe_load(path.read_text(encoding="utf-8"))
    found = difference(script)
    assert not found, f"\n{found}"


def test_every_shipped_dialog_has_conversations_in_german_and_english() -> None:
    scripts = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in CONVERSATIONS]
    played = {(script["flow"], script["language"]) for script in scripts}
    wanted = {(dialog.id, language) for dialog in shipped_dialogs() for language in ("de", "en")}
    assert wanted <= played
