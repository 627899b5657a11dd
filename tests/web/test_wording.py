# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Staff never read a machine's word: every reason that a shipped dialog can give has words of its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bot.domain.concerns import Concern, Level, State
from bot.texts import Texts
from bot.web.console import wording
from dialogs.findings import options_of
from dialogs.instruments import shipped_packs
from dialogs.model import AskStep, Dialog
from dialogs.model import Concern as ConcernStep
from dialogs.shipped import shipped_dialogs

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
