# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The words and numbers of a plan file: reading one value, or saying what is wrong with it and what to write.

Every function raises `PlanFault` (with an empty field: whoever asks knows it) for what it cannot read.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date, time, timedelta
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeVar

from scheduler.plans import Anchor, Between, PlanFault, Span

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MAX_ITEMS = 400
MAX_TEXT = 500

_E = TypeVar("_E", bound=StrEnum)
_UNITS = {"minute": 1, "hour": 60, "day": 1440, "week": 10080}
_DURATION = re.compile(r"(\d{1,5}) *(minute|hour|day|week)s?", re.ASCII)
_WALL = re.compile(r"(\d{1,2}):(\d\d)", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_RELATIVE = re.compile(r"(\d{1,4}) *days? (after|before) (\S+)", re.ASCII)
_TIMES = re.compile(r"(\d{1,6}) *times?", re.ASCII)


def text(value: object) -> str:
    """A single value as a text. Numbers and dates that a YAML reader made of it are written out again."""
    if isinstance(value, str) and value.strip():
        if len(value) > MAX_TEXT:
            raise PlanFault("", "this is too long", f"Use at most {MAX_TEXT} characters.")
        return value.strip()
    if isinstance(value, (int, date)) and not isinstance(value, bool):
        return str(value)
    raise PlanFault("", "a single value is missing here", "Write one, or delete the line.")


def texts(value: object) -> list[str]:
    """A list of single values; one alone counts as a list of one."""
    items = value if isinstance(value, (list, tuple)) else [value]
    if len(items) > MAX_ITEMS:
        raise PlanFault("", f"the list has more than {MAX_ITEMS} items", "Use 'every' or 'rule' instead.")
    return [text(item) for item in items]


def mapping(value: object, known: Collection[str]) -> Mapping[str, object]:
    """Fields of their own, all of them known."""
    if not isinstance(value, Mapping):
        raise PlanFault("", "fields of their own are missing here", f"Possible here: {', '.join(known)}.")
    for key in value:
        if key not in known:
            raise PlanFault("", f"unknown field '{str(key)[:40]}'", nearest(str(key), known))
    return value


def nearest(word: str, known: Collection[str]) -> str:
    """A remedy that names the nearest known word, else all of them."""
    near = get_close_matches(word[:80], list(known), n=1, cutoff=0.6)
    return f"Did you mean '{near[0]}'?" if near else f"Possible here: {', '.join(known)}."


def whole(value: object, what: str) -> int:
    """A whole number."""
    found = text(value)
    if not re.fullmatch(r"-?\d{1,6}", found, re.ASCII):
        raise PlanFault("", f"'{found[:40]}' is not {what}", "Write digits only, for example 3.")
    return int(found)


def member(value: object, kind: type[_E]) -> _E:
    """One word out of a few."""
    found = text(value)
    known = [one.value for one in kind]
    if found not in known:
        raise PlanFault("", f"'{found[:40]}' is not possible here", f"Possible here: {', '.join(known)}.")
    return kind(found)


def duration(value: object) -> timedelta:
    """A length of time such as "90 minutes" or "2 days"."""
    found = text(value)
    match = _DURATION.fullmatch(found)
    if match is None or not int(match[1]):
        remedy = "Write for example: 15 minutes, 2 hours, 3 days, 1 week."
        raise PlanFault("", f"'{found[:40]}' is not a length of time", remedy)
    return timedelta(minutes=int(match[1]) * _UNITS[match[2]])


def wall(value: object) -> time:
    """A time of day such as 9:30."""
    found = text(value)
    match = _WALL.fullmatch(found)
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        # YAML reads 10:00 without quotes as the number 600.
        remedy = 'Write hours and minutes in quotes: "10:00", from 0:00 to 23:59.'
        raise PlanFault("", f"'{found[:40]}' is not a time of day", remedy)
    return time(int(match[1]), int(match[2]))


def between(value: object) -> Between:
    """A window such as "9:00 to 17:00"."""
    start, word, end = text(value).partition(" to ")
    if not word:
        raise PlanFault("", "this is not a window", "Write for example: 9:00 to 17:00.")
    return Between(wall(start), wall(end))


def day(value: object) -> date:
    """A date such as 2026-12-24."""
    found = text(value)
    if not _DATE.fullmatch(found):
        raise PlanFault("", f"'{found[:40]}' is not a date", "Write year-month-day, for example 2026-12-24.")
    try:
        return date.fromisoformat(found)
    except ValueError:
        remedy = "Check the day: February has 29 days only in leap years."
        raise PlanFault("", f"the day {found} does not exist", remedy) from None


def span(value: object) -> Span:
    """Days such as "2026-12-24 to 2027-01-03", a single one, or "from 2026-12-24" without an end."""
    first, word, last = text(value).partition(" to ")
    if first.startswith("from "):
        return Span(day(first.removeprefix("from ")))
    return Span(day(first), day(last if word else first))


def personal(name: str, known: Collection[str]) -> str:
    """The name of a personal date."""
    if name not in known:
        raise PlanFault("", f"'{name[:40]}' is no date of a person", nearest(name, sorted(known)))
    return name


def when(value: object, known: Collection[str]) -> date | Anchor:
    """A date, a personal date, or "3 days after enrolment"."""
    found = text(value)
    if found[:1].isdigit() and "day" not in found:
        return day(found)
    match = _RELATIVE.fullmatch(found)
    if match is None:
        return Anchor(personal(found, known))
    return Anchor(personal(match[3], known), int(match[1]) * (1 if match[2] == "after" else -1))


def ends(value: object, known: Collection[str]) -> tuple[date | Anchor | None, int | None]:
    """An end: a day as in `when`, "12 times", or a list of both."""
    until: list[date | Anchor] = []
    times: list[int] = []
    for found in texts(value):
        match = _TIMES.fullmatch(found)
        if match is None:
            until.append(when(found, known))
        else:
            times.append(int(match[1]))
    if len(until) > 1 or len(times) > 1:
        raise PlanFault("", "there are two ends of one sort", "Keep one day and one number of times.")
    return (until[0] if until else None), (times[0] if times else None)
