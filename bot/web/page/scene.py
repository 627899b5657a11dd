# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What the participant's page shows: read in one unit of work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.messages import Key, Line
from bot.ports import Contact, UnitOfWork
from bot.services.buttons import read_press
from bot.services.page_lock import who
from bot.services.rulebook import Rulebook
from dialogs.session import load

MOST_LINES = 120


#: The engine's own buttons (back, skip, later) begin so.
_CONTROL = "_"
_SHORT = 3


class RowStyle(StrEnum):
    """How a row of buttons is laid out."""

    NUMBERS = "numbers"  # short labels, all of the same width
    ANSWERS = "answers"
    CONTROLS = "controls"  # no answers: back, skip, later


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One row of buttons."""

    style: RowStyle
    keys: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Scene:
    """A participant with what was said and the buttons of the open question, if it has any."""

    contact: Contact
    lines: tuple[Line, ...]
    rows: tuple[KeyRow, ...]


def whose_browser(uow: UnitOfWork, rules: Rulebook, account: str, now: datetime) -> Contact | None:
    """The participant whose browser this is; None if nobody's: see `bot.services.page_lock.who`."""
    guest = who(uow, rules, account, now)
    return guest.contact if guest else None


def look(uow: UnitOfWork, rules: Rulebook, account: str, now: datetime) -> Scene | None:
    """The page of the participant whose browser this is."""
    contact = whose_browser(uow, rules, account, now)
    if contact is None:
        return None
    uow.serve(contact.participant.agency_id)
    lines = tuple(uow.talks.timeline(contact.participant.id, MOST_LINES))
    return Scene(contact, lines, tuple(KeyRow(_style(row), row) for row in open_keys(contact, lines)))


def open_keys(contact: Contact, lines: tuple[Line, ...]) -> tuple[tuple[Key, ...], ...]:
    """The buttons that still count: those of the open conversation's open question."""
    if contact.conversation is None:
        return ()
    turn = load(contact.conversation.session).turn
    for line in reversed(lines):
        press = read_press(line.keys[0][0].token) if line.keys and line.keys[0] else None
        if press is not None and press[:2] == (contact.conversation.id, turn):
            return line.keys
    return ()


def _style(row: tuple[Key, ...]) -> RowStyle:
    press = read_press(row[0].token)
    if press is not None and press[2].startswith(_CONTROL):
        return RowStyle.CONTROLS
    return RowStyle.NUMBERS if all(len(key.label) <= _SHORT for key in row) else RowStyle.ANSWERS
