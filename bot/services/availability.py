# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The hours in which a person wants to hear of us, as they are typed and kept: `mon-fri 9-17; sat 10-12`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import time

#: Hours by weekday; 0 is Monday. Empty: at any time.
Window = Mapping[int, tuple[time, time]]

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NAMES = {
    **{name: number for number, name in enumerate(_DAYS)},
    **{name: number for number, name in enumerate(("mo", "di", "mi", "do", "fr", "sa", "so"))},
}
_ALWAYS = frozenset({"", "immer", "always"})
_PART = re.compile(
    r"(?P<days>[a-z]+(?:[-–,][a-z]+)*) +"
    r"(?P<h1>\d{1,2})(?::(?P<m1>\d\d))?[-–](?P<h2>\d{1,2})(?::(?P<m2>\d\d))?",
    re.ASCII,
)
_MAX_LENGTH = 200


def read_window(text: str) -> Window:
    """Understand hours. Parts are divided by `;`, days by `,` or `-`; `immer` is at any time.

    Raises `ValueError` for what cannot be read, for a day that is named twice, and for hours that end before
    they begin.
    """
    if len(text) > _MAX_LENGTH:
        raise ValueError("too long")
    plain = text.casefold().strip()
    found: dict[int, tuple[time, time]] = {}
    for part in () if plain in _ALWAYS else plain.split(";"):
        match = _PART.fullmatch(part.strip())
        if match is None:
            raise ValueError("not readable")
        hours = _wall(match["h1"], match["m1"]), _wall(match["h2"], match["m2"])
        if hours[0] >= hours[1]:
            raise ValueError("ends before it begins")
        for day in _days(match["days"].replace("–", "-")):
            if found.setdefault(day, hours) is not hours:
                raise ValueError("a day is named twice")
    return found


def write_window(window: Window) -> str:
    """The one way in which hours are kept; empty for any time. `read_window` reads it."""
    return "; ".join(
        f"{_DAYS[day]} {start.hour}:{start.minute:02}-{end.hour}:{end.minute:02}"
        for day, (start, end) in sorted(window.items())
    )


def _days(text: str) -> Iterator[int]:
    for span in text.split(","):
        first, _, last = span.partition("-")
        begin, end = _number(first), _number(last or first)
        if end < begin:
            raise ValueError("the days run backwards")
        yield from range(begin, end + 1)


def _number(name: str) -> int:
    if name not in _NAMES:
        raise ValueError("not a weekday")
    return _NAMES[name]


def _wall(hour: str, minute: str | None) -> time:
    if (int(hour), minute or "00") == (24, "00"):
        return time(23, 59)
    return time(int(hour), int(minute or 0))
