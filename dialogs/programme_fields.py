# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Fields that only files of programmes have: lengths in weeks and months, hours of the week, own names."""

from __future__ import annotations

import re
from collections.abc import Mapping

from dialogs.fields import NAME, Fields
from dialogs.programme_model import MOST_MONTHS, Length
from dialogs.yaml_source import Listing, Scalar

LENGTH = re.compile(r"([1-9]\d{0,3}) (day|week|month)s?", re.ASCII)
HOURS = re.compile(r"([01]?\d|2[0-3]):([0-5]\d) to ([01]?\d|2[0-4]):([0-5]\d)", re.ASCII)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
#: What a reader that only wants to know the format calls any name.
_ANY = "*"
_DAYS = {"day": 1, "week": 7}


def months(fields: Fields, key: str) -> tuple[int, ...]:
    """A list of months of the programme, as [18, 21, 23]."""
    tree = fields.tree(key)
    items = tree.items if isinstance(tree, Listing) else []
    found = [int(item.text) for item in items if isinstance(item, Scalar) and _is_month(item.text)]
    if tree is not None and (not found or len(found) < len(items)):
        fields.notes.problem(tree, f"'{key}' is not a list of months", f"Write: {key}: [18, 21, 23].")
    return tuple(found)


def _is_month(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 3 and 1 <= int(text) <= MOST_MONTHS


def days(fields: Fields, key: str) -> int:
    """A length of time in whole days; 0 if it is not there."""
    seconds = fields.seconds(key)
    found = fields.tree(key)
    if found is not None and seconds and seconds % 86400:
        fields.notes.problem(found, f"'{key}' is not in whole days", "Write for example: 14 days.")
    return seconds // 86400


def read_length(text: str) -> Length:
    """A length such as "6 weeks" or "15 months"; empty if it is none."""
    match = LENGTH.fullmatch(text.strip())
    if match is None:
        return Length()
    number = int(match[1])
    is_months = match[2] == "month"
    found = Length(months=number) if is_months else Length(days=number * _DAYS[match[2]])
    return found if found.about_days <= MOST_MONTHS * 31 else Length()


def length(fields: Fields, key: str, required: str = "") -> Length:
    """A length of time, as "15 months"; empty if it is not there."""
    found = fields.scalar(key, required)
    read = read_length(found.text) if found else Length()
    if found is not None and not read:
        what = f"'{found.text[:80]}' is not a length of time"
        fields.notes.problem(found, what, "Write for example: 10 days, 6 weeks, 15 months.")
    return read


def hours(fields: Fields | None) -> Mapping[int, tuple[str, str]]:
    """Hours by weekday, as mon: "8:00 to 16:00"; 0 is Monday."""
    if fields is None:
        return {}
    found: dict[int, tuple[str, str]] = {}
    for number, day in enumerate(WEEKDAYS):
        said = fields.scalar(day)
        match = HOURS.fullmatch(said.text) if said else None
        if match:
            begin, end = f"{int(match[1]):02}:{match[2]}", f"{int(match[3]):02}:{match[4]}"
            if begin < end <= "24:00":
                found[number] = begin, end
                continue
        if said is not None:
            what = f"'{said.text[:40]}' are no hours"
            fields.notes.problem(said, what, f'Write for example: {day}: "8:00 to 16:00".')
    fields.finish()
    return found


def named(fields: Fields, name: str, what: str) -> Fields | None:
    """The fields below a name that the file has chosen itself."""
    entry = fields.mapping.entries[name]
    inner = fields.nested(name)
    if not NAME.fullmatch(name) and name != _ANY:
        remedy = "Use small letters a-z, digits and _, at most 40, a letter first."
        fields.notes.problem(entry.key, f"'{name[:80]}' is not the name of a {what}", remedy)
    return inner
