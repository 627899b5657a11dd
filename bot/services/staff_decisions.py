# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The buttons under what a programme or a help plan asks staff: decided, or ask again."""

from __future__ import annotations

from bot.services import decisions, programme_tasks
from bot.services.appointment_dates import EntryFault
from bot.services.desk import Desk

MARK = programme_tasks.MARK
_WEEKS = 4


def press(desk: Desk, rest: str) -> str:
    """One of the buttons, like `task:17:done`. Returns what is shown over it."""
    about, _, answer = rest.rpartition(":")
    if answer not in ("done", "later"):
        return desk.voice.say("Dieser Knopf gilt nicht mehr.")
    try:
        if answer == "done":
            decisions.done(desk, about)
            return desk.voice.say("Notiert: Das ist entschieden.")
        decisions.later(desk, about, _WEEKS)
        return desk.voice.say("Ich frage in {count} Wochen noch einmal.", count=_WEEKS)
    except EntryFault as fault:
        return fault.say(desk.voice)
