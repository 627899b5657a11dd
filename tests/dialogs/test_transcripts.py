# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Whole conversations, as a coach would read them, in tests/conversations/*.yaml.

What their lines mean stands in dialogs/simulate.py; `lotse dialogs play --save` writes such files. Without
`at` they begin on a Monday morning.
"""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest

from dialogs.shipped import shipped_dialogs
from dialogs.simulate import PERSON, Line, Play
from dialogs.transcripts import Transcript, facts_of, read

FOLDER = Path(__file__).parent.parent / "conversations"
CONVERSATIONS = sorted(FOLDER.glob("*.yaml"))


def play(script: Transcript) -> list[Line]:
    """What really happens when the person's side of a script is played."""
    book = shipped_dialogs()
    played = Play(book, script.flow, facts_of(script, book.packs), script.at)
    for line in script.conversation:
        if next(iter(line)) in PERSON:
            played.take(line)
    return played.lines


def difference(script: Transcript) -> str:
    """What differs between what is written and what happens, as a diff; "" if nothing does."""
    written, played = printed(script.conversation), printed(play(script))
    return "\n".join(difflib.unified_diff(written, played, "written", "played", lineterm="", n=1))


def printed(lines: list[Line]) -> list[str]:
    return [f"{who}: {text}" for line in lines for who, text in line.items()]


@pytest.mark.parametrize("path", CONVERSATIONS, ids=lambda path: path.stem)
def test_conversation(path: Path) -> None:
    found = difference(read(path.read_text(encoding="utf-8")))
    assert not found, f"\n{found}"


def test_every_shipped_dialog_has_conversations_in_german_and_english() -> None:
    scripts = [read(path.read_text(encoding="utf-8")) for path in CONVERSATIONS]
    played = {(script.flow, script.language) for script in scripts}
    wanted = {(dialog.id, language) for dialog in shipped_dialogs() for language in ("de", "en")}
    assert wanted <= played
