# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Staff never read a machine's word: every reason and every event of a concern has words of its own."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import pytest

import bot.services
from bot.domain.concerns import Concern, Event, Level, State
from bot.texts import Texts
from bot.web.console import wording
from dialogs.findings import options_of
from dialogs.instruments import shipped_packs
from dialogs.model import AskStep, Dialog
from dialogs.model import Concern as ConcernStep
from dialogs.shipped import shipped_dialogs

SERVICES = Path(*bot.services.__path__)
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
VOICE = Texts({}).voice("de")


def reasons_of(dialog: Dialog) -> Iterator[str]:
    for step in dialog.steps.values():
        if isinstance(step, ConcernStep):
            yield step.reason
        if isinstance(step, AskStep):
            yield from (rule.reason for rule in step.concerns)
            yield from (option.concern.reason for option in options_of(step) if option.concern)


REASONS = {
    "asked_for_help",
    "dialog_fault",
    *(reason for dialog in shipped_dialogs() for reason in reasons_of(dialog)),
    *(
        f"{pack.id}_{trend}"
        for pack in shipped_packs().values()
        for trend in pack.trends
        if pack.can_be_asked
    ),
    *(rule.concern.reason for pack in shipped_packs().values() for rule in pack.safety),
}


@pytest.mark.parametrize("reason", sorted(REASONS))
def test_a_reason_has_words(reason: str) -> None:
    concern = Concern(
        id=1,
        agency_id=1,
        participant_id=1,
        case_code="ABCDE",
        level=Level.R1,
        source="dialog",
        reason=reason,
        state=State.OPEN,
        raised_at=AT,
        owner_id=None,
        next_action_at=None,
    )
    said = wording.reason(concern, VOICE)
    assert said != "Worte über Belastung"
    assert "_" not in said


def logged() -> Iterator[str]:
    """The names that the use cases write into the history of a concern, as far as the source tells them."""
    for path in sorted(SERVICES.glob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and ast.unparse(call.func).endswith("concerns.log"):
                named = call.args[2]
                if isinstance(named, ast.Constant):
                    yield str(named.value)
                if isinstance(named, ast.Name) and named.id.isupper():
                    yield getattr(import_module(f"bot.services.{path.stem}"), named.id)


EVENTS = {*logged(), *Event, *(f"raised_to_{level}" for level in Level if level > Level.R0)}


def test_an_event_has_words() -> None:
    assert {"raised", "again", "note"} < EVENTS
    assert [name for name in sorted(EVENTS) if wording.event(name, VOICE) == name] == []
