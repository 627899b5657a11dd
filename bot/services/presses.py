# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A button that a person presses: of the open question, of one that was put off, or of an old one."""

from __future__ import annotations

from bot.services import floor
from bot.services.buttons import read_press
from bot.services.visit import Visit
from dialogs.inputs import Pressed, Repeat
from dialogs.session import load


def take_press(visit: Visit, token: str) -> str:
    """Let a press take effect. What to show over the button; mostly nothing."""
    press = read_press(token)
    if press is None:
        return _old_button(visit)
    number, pressed = press[0], Pressed(press[1], press[2])
    if visit.conversation is not None and visit.conversation.id == number:
        floor.go_on(visit, pressed)
        return ""
    row = floor.find_put_off(visit, number)
    if row is None:
        return _old_button(visit)
    if visit.conversation is not None:
        floor.go_on(visit, Repeat())
        return visit.voice.say("Darauf kommen wir noch zurück.")
    if load(row.session).last_press != pressed.token:  # no double tap on "later"
        floor.take_up(visit, row, pressed)
    return ""


def _old_button(visit: Visit) -> str:
    floor.go_on(visit, Repeat())
    return visit.voice.say("Dieser Knopf gehört zu einem früheren Gespräch.")
