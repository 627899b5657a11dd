# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Every button of a case that is closed answers, and changes nothing."""

from __future__ import annotations

import pytest

from bot.domain.concerns import State
from bot.domain.messages import IncomingKind
from tests.services.stage import Actor, Stage


@pytest.mark.parametrize("action", ["take", "pass", "done", "close:reached"])
def test_a_button_of_a_closed_case_says_so(stage: Stage, mia: Actor, berta: Actor, action: str) -> None:
    mia.writes("Ich weiß nicht, wie es mit der Wohnung weitergeht")
    (concern,) = stage.concerns()[-1:]
    for done in ("take", "close:no_need"):
        berta.does(IncomingKind.PRESS, press=f"s:{concern.id}:{done}", message="1")
    assert stage.concerns()[-1].state is State.CLOSED
    berta.forgets()
    receipt = berta.does(IncomingKind.PRESS, press=f"s:{concern.id}:{action}", message="1")
    assert receipt.toast == "Dieser Fall ist schon abgeschlossen."
    assert stage.concerns()[-1].state is State.CLOSED
    [card] = berta.hears("Abgeschlossen: Kein Anlass")  # the message with the button, as it is now
    assert [key.label for row in card.keys for key in row] == ["Wieder öffnen", "Notiz"]
