# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What people type for a time of quiet: "Pause 2 Wochen", "Pause bis Montag", "Pause beenden"."""

from __future__ import annotations

import re
from datetime import date

from bot.domain.commands import plain
from dialogs.reading_dates import read_date

#: Longer than this is no pause any more but an end, and for that there is STOPP.
LONGEST_DAYS = 366
_LONGEST_TEXT = 60
_PAUSE = re.compile(
    r"/?(?:eine?\s+)?paus(?:e|ieren|iere)\b[\s:,]*(?:(?:von|für|for|of)\s)?\s*(.+)", re.IGNORECASE
)
_SPAN = re.compile(r"(\d{1,3}|[a-zäöüß]+)\s+([a-zäöüß]+)")
_UNTIL = re.compile(r"(?:bis|until|till|to)\s+(?:zum|zur|nächsten|kommenden|the|next)?\s*(.+)")
_OVER = frozenset(
    (
        *("pause beenden", "pause ende", "pause vorbei", "pause aus", "ende der pause", "pause aufheben"),
        *("keine pause mehr", "pause ist vorbei", "end pause", "end the pause", "pause over", "stop pause"),
        *("no more pause", "unpause"),
    )
)
_ONES = ("ein", "eine", "einen", "einer", "one", "a")
_NUMBERS = {
    **dict.fromkeys(_ONES, 1),
    **dict.fromkeys(("zwei", "two"), 2),
    **dict.fromkeys(("drei", "three"), 3),
    **dict.fromkeys(("vier", "four"), 4),
    **dict.fromkeys(("fünf", "five"), 5),
    **dict.fromkeys(("sechs", "six"), 6),
}
_UNITS = {
    **dict.fromkeys(("tag", "tage", "tagen", "day", "days"), 1),
    **dict.fromkeys(("woche", "wochen", "week", "weeks"), 7),
    **dict.fromkeys(("monat", "monate", "monaten", "month", "months"), 30),
}


def wanted_pause(text: str, today: date) -> date | int | None:
    """What "Pause 2 Wochen" or "Pause bis Montag" asks for: days, or the day on which it ends.

    None for anything else, also for what would end today or later than in a year.
    """
    found = _PAUSE.fullmatch(text.strip().rstrip(".!")) if len(text) <= _LONGEST_TEXT else None
    if found is None:
        return None
    said = found[1].strip().casefold()
    until = _UNTIL.fullmatch(said)
    if until is not None:
        day = read_date(until[1], today, 1, LONGEST_DAYS)
        return day if day is not None and 1 <= (day - today).days <= LONGEST_DAYS else None
    span = _SPAN.fullmatch(said)
    if span is None or span[2] not in _UNITS:
        return None
    number = int(span[1]) if span[1].isdecimal() else _NUMBERS.get(span[1], 0)
    days = number * _UNITS[span[2]]
    return days if 1 <= days <= LONGEST_DAYS else None


def ends_pause(text: str) -> bool:
    """Whether the whole message says that a pause shall be over."""
    return len(text) <= _LONGEST_TEXT and plain(text) in _OVER
