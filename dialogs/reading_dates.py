# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Days as people type them: 4.5.2027, "4. Mai", "May 4", 2027-05-04, morgen, Montag."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache

from dialogs.own_words import ReadWords, all_words
from dialogs.plain import plain, plain_word

_NUMBERS = re.compile(r"(\d{1,2})[./-](\d{1,2})(?:[./-](\d{4}|\d{2}))?")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?")
_YEARS = range(1900, 2201)
_MOST_WORDS = 6


def read_date(typed: str, today: date, earliest: int, latest: int) -> date | None:
    """The day that is meant, or None. Without a year: the next such day, or the last one if none may follow.

    The caller checks the range; `earliest` and `latest` (days from today) only settle the year.
    """
    if len(typed) > 80:
        return None
    words = [word for word in plain(re.sub(r"(?<=\d)\.\s+", ".", typed)).split() if word not in _fillers()]
    if not words or len(words) > _MOST_WORDS:
        return None
    if len(words) > 1 and words[0] in _weekdays():
        words = words[1:]
    return _relative(words, today, latest) or _absolute(words, today, earliest, latest)


def _relative(words: list[str], today: date, latest: int) -> date | None:
    if len(words) != 1:
        return None
    if words[0] in _days():
        return today + timedelta(days=_days()[words[0]])
    if words[0] in _weekdays():
        ahead = (_weekdays()[words[0]] - today.weekday()) % 7 or 7
        return today + timedelta(days=ahead if ahead <= latest else ahead - 7)
    return None


def _absolute(words: list[str], today: date, earliest: int, latest: int) -> date | None:
    parts = _parts(words)
    if parts is None:
        return None
    day, month, year = parts
    if year is not None:
        return _day(year, month, day)
    years = [_day(today.year + step, month, day) for step in (0, 1, -1, 2, 3, 4)]
    found = [item for item in years if item is not None]
    fitting = [item for item in found if earliest <= (item - today).days <= latest]
    ahead = [item for item in fitting if item >= today]
    return next(iter([*ahead, *fitting, *found]), None)


def _parts(words: list[str]) -> tuple[int, int, int | None] | None:
    """(day, month, year or None) from one of the ways to write a day."""
    text = " ".join(words)
    if match := _ISO.fullmatch(text):
        return int(match[3]), int(match[2]), int(match[1])
    if match := _NUMBERS.fullmatch(text):
        return int(match[1]), int(match[2]), _full_year(match[3]) if match[3] else None
    words = re.sub(r"(?<=\d)\.(?=[a-z])", " ", text).replace(".", " ").replace(",", " ").split()
    months = [word for word in words if word in _months()]
    numbers = [match[1] for word in words if (match := _ORDINAL.fullmatch(word))]
    years = [int(word) for word in words if re.fullmatch(r"\d{4}", word)]
    if len(months) != 1 or len(numbers) != 1 or len(years) > 1:
        return None
    if len(words) != 2 + len(years):
        return None
    return int(numbers[0]), _months()[months[0]], years[0] if years else None


def _full_year(text: str) -> int:
    """27 is 2027, 85 is 1985."""
    year = int(text)
    if len(text) == 4:
        return year
    return 2000 + year if year < 70 else 1900 + year


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year in _YEARS else None
    except ValueError:
        return None


def _index(pick: Callable[[ReadWords], list[list[str]]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for words in all_words().values():
        for number, names in enumerate(pick(words.read)):
            found.update({plain_word(name): number for name in names})
    return found


@cache
def _months() -> dict[str, int]:
    return {name: number + 1 for name, number in _index(lambda read: read.months).items()}


@cache
def _weekdays() -> dict[str, int]:
    return _index(lambda read: read.weekdays)


@cache
def _days() -> dict[str, int]:
    found: dict[str, int] = {}
    for words in all_words().values():
        found.update({plain_word(name): shift for name, shift in words.read.days.items()})
    return found


@cache
def _fillers() -> frozenset[str]:
    return frozenset(plain_word(w) for words in all_words().values() for w in words.read.around_dates)
