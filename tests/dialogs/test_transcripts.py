# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Whole conversations, as a coach would read them, in tests/conversations/*.yaml.

The person's side: `person` (typed), `presses` (the newest button with that label), `presses first` (the
oldest one), `presses twice` (the press before, once more), `sends` (a sticker ...), `waits` (no answer
came), `asked again`. What comes of it: `lotse` or `crisis` (a message), `buttons`, `noted` (everything else).
"""

from __future__ import annotations

import difflib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from dialogs.effects import (
    Effect,
    End,
    HandToHuman,
    Pause,
    RaiseConcern,
    RecordConsent,
    Send,
    SetFact,
    SetTimeout,
    StoreAnswer,
)
from dialogs.engine import Facts, advance, begin
from dialogs.inputs import Attached, Input, Pressed, Repeat, TimedOut, Typed
from dialogs.shipped import shipped_dialogs

FOLDER = Path(__file__).parent.parent / "conversations"
CONVERSATIONS = sorted(FOLDER.glob("*.yaml"))
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PERSON = ("person", "presses", "presses first", "presses twice", "sends", "waits", "asked again")

Line = dict[str, str]


NOTED: dict[type[Effect], Callable[[Any], str]] = {
    StoreAnswer: lambda e: f"answer {e.key} = {'(none)' if e.value is None else e.value} ({e.data_class})",
    RaiseConcern: lambda e: f"concern {e.level} {e.reason}" + (f' "{e.quote}"' if e.quote else ""),
    RecordConsent: lambda e: f"consent {e.purpose}: {'yes' if e.granted else 'no'}",
    SetTimeout: lambda e: f"waits {e.seconds // 60} minutes",
    HandToHuman: lambda e: f"a person takes over: {e.reason}",
    Pause: lambda e: f"pause {e.days} days",
    SetFact: lambda e: f"remembers {e.name} = {e.value}",
    End: lambda e: f"end {e.outcome}",
}


def lines_of(effects: tuple[Effect, ...]) -> list[Line]:
    found: list[Line] = []
    for effect in effects:
        if not isinstance(effect, Send):
            found.append({"noted": NOTED[type(effect)](effect)})
            continue
        found.append({"crisis" if effect.crisis else "lotse": effect.text})
        if effect.buttons:
            rows = ["".join(f"[{button.label}]" for button in row) for row in effect.buttons]
            found.append({"buttons": " ".join(rows)})
    return found


def button(screen: list[Send], label: str, which: int) -> Pressed:
    found = [
        Pressed(send.turn, button.value)
        for send in screen
        if send.turn is not None
        for row in send.buttons
        for button in row
        if button.label == label
    ]
    return found[which]


def event_of(line: Line, turn: int, screen: list[Send], before: Input | None) -> Input:
    match line:
        case {"person": text}:
            return Typed(text)
        case {"presses": label}:
            return button(screen, label, -1)
        case {"presses first": label}:
            return button(screen, label, 0)
        case {"presses twice": _}:
            assert before is not None
            return before
        case {"sends": kind}:
            return Attached(kind)
        case {"waits": _}:
            return TimedOut(turn)
        case _:
            return Repeat()


def play(script: dict[str, Any]) -> list[Line]:
    """What really happens when the person's side of a script is played."""
    facts = Facts(script["language"], script.get("facts", {}))
    book = shipped_dialogs()
    step = begin(book, script["flow"], facts, NOW)
    lines = lines_of(step.effects)
    screen = [effect for effect in step.effects if isinstance(effect, Send)]
    event: Input | None = None
    for line in script["conversation"]:
        if next(iter(line)) not in PERSON:
            continue
        event = event_of(line, step.session.turn, screen, event)
        step = advance(book, step.session, event, NOW, facts)
        screen += [effect for effect in step.effects if isinstance(effect, Send)]
        lines += [line, *lines_of(step.effects)]
    return lines


def printed(lines: list[Line]) -> list[str]:
    return [f"{who}: {text}" for line in lines for who, text in line.items()]


@pytest.mark.parametrize("path", CONVERSATIONS, ids=lambda path: path.stem)
def test_conversation(path: Path) -> None:
    script = yaml.safe_load(path.read_text(encoding="utf-8"))
    written = printed(
        [{who: str(text).strip()} for line in script["conversation"] for who, text in line.items()]
    )
    played = printed(play(script))
    difference = "\n".join(difflib.unified_diff(written, played, "written", "played", lineterm="", n=1))
    assert not difference, f"\n{difference}"


def test_every_shipped_dialog_has_conversations_in_german_and_english() -> None:
    scripts = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in CONVERSATIONS]
    played = {(script["flow"], script["language"]) for script in scripts}
    wanted = {(dialog.id, language) for dialog in shipped_dialogs() for language in ("de", "en")}
    assert wanted <= played
