# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Recurrence rules of RFC 5545, as far as they say on which days something happens.

Days only, so that nothing can happen twice on one day: the time of day, the begin and the end are said once,
in the plan. What is left of the standard: FREQ (daily to yearly), INTERVAL, BYDAY, BYMONTHDAY, BYMONTH,
BYSETPOS and WKST. python-dateutil computes the days.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from dateutil.rrule import rrule, rrulestr

from scheduler.public_holidays import FIRST_YEAR, LAST_YEAR

FIRST_DAY, LAST_DAY = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
"""Nothing is planned before or after: the public holidays are not known there."""

MAX_LENGTH = 200
_CYCLE = 19 * 400
_NUMBER = r"[+-]?0*{}"
_WEEKDAY = r"(MO|TU|WE|TH|FR|SA|SU)"
_UP_TO_53 = r"([1-9]|[1-4]\d|5[0-3])"
_UP_TO_31 = r"([1-9]|[12]\d|3[01])"
_UP_TO_366 = r"([1-9]|[1-9]\d|[12]\d\d|3[0-5]\d|36[0-6])"
_PARTS = {
    "FREQ": (re.compile("DAILY|WEEKLY|MONTHLY|YEARLY"), "Write FREQ=DAILY, WEEKLY, MONTHLY or YEARLY."),
    "INTERVAL": (re.compile(r"0*([1-9]|[1-9]\d)"), "Write a number from 1 to 99."),
    "BYDAY": (re.compile(rf"([+-]?{_UP_TO_53})?{_WEEKDAY}"), "Write weekdays: BYDAY=MO,TH or BYDAY=1MO."),
    "BYMONTHDAY": (re.compile(_NUMBER.format(_UP_TO_31)), "Write 1 to 31, or -1 for the last day."),
    "BYMONTH": (re.compile(r"0*([1-9]|1[0-2])"), "Write months from 1 to 12."),
    "BYSETPOS": (re.compile(_NUMBER.format(_UP_TO_366)), "Write 1 for the first, -1 for the last."),
    "WKST": (re.compile(_WEEKDAY), "Write a weekday: WKST=MO."),
}
_LISTS = frozenset({"BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS"})
_ELSEWHERE = {
    "COUNT": "Say the end in the plan: 'end: 12 times'.",
    "UNTIL": "Say the end in the plan: 'end: 2027-03-31'.",
    "DTSTART": "Say the begin in the plan: 'start: 2026-12-01'.",
    "BYHOUR": "Say the time in the plan: 'at: 10:00'.",
    "BYMINUTE": "Say the time in the plan: 'at: 10:00'.",
    "BYSECOND": "Say the time in the plan: 'at: 10:00'.",
}


class RuleFault(ValueError):
    """The text is no rule that we can follow. `remedy` says what to write instead."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what, self.remedy = what, remedy


def check_rule(text: str) -> None:
    """Raises `RuleFault` for a rule that cannot be read, is not about days, or never comes true.

    "Never" means: not once until the end of 2100, counted from a leap year's first day.
    """
    parts = _read_parts(text)
    for name, value in parts.items():
        _check_part(name, value)
    if "FREQ" not in parts:
        raise RuleFault("the rule does not say how often", "Begin it with FREQ=WEEKLY, for example.")
    if parts["FREQ"] in {"DAILY", "WEEKLY"} and re.search(r"\d", parts.get("BYDAY", "")):
        raise RuleFault(
            "numbered weekdays need months or years", "Write FREQ=MONTHLY;BYDAY=1MO for the first Monday."
        )
    if parts["FREQ"] == "WEEKLY" and "BYMONTHDAY" in parts:
        raise RuleFault("a weekly rule has no days of the month", "Write FREQ=MONTHLY;BYMONTHDAY=15.")
    if parts["FREQ"] == "DAILY" and int(parts.get("INTERVAL", "1")) % 7 == 0 and "BYDAY" in parts:
        raise RuleFault("whole weeks always fall on one weekday", "Write FREQ=WEEKLY;BYDAY=MO.")
    if "BYSETPOS" in parts and not parts.keys() & {"BYDAY", "BYMONTHDAY", "BYMONTH"}:
        raise RuleFault("BYSETPOS has nothing to choose from", "Add BYDAY, BYMONTHDAY or BYMONTH.")
    if next(rule_days(text, date(2028, 1, 1), FIRST_DAY), None) is None:
        raise RuleFault("the rule never comes true", "Check its days: a 30 February does not exist.")


def _read_parts(text: str) -> dict[str, str]:
    if len(text) > MAX_LENGTH:
        raise RuleFault("the rule is too long", f"Use at most {MAX_LENGTH} characters.")
    parts: dict[str, str] = {}
    for part in text.split(";"):
        name, equals, value = part.partition("=")
        if not equals or not value:
            raise RuleFault("a part of the rule has no value", "Write for example FREQ=WEEKLY;BYDAY=MO,TH.")
        if name in parts:
            raise RuleFault(f"'{name[:20]}' stands twice in the rule", "Leave one of them out.")
        parts[name] = value
    return parts


def _check_part(name: str, value: str) -> None:
    if name in _ELSEWHERE:
        raise RuleFault(f"{name} does not belong in a rule", _ELSEWHERE[name])
    if name == "FREQ" and value in {"SECONDLY", "MINUTELY", "HOURLY"}:
        remedy = "Write FREQ=DAILY, WEEKLY, MONTHLY or YEARLY; the time of day stands in 'at'."
        raise RuleFault(f"FREQ={value} would write to people all day long", remedy)
    if name not in _PARTS:
        raise RuleFault(f"'{name[:20]}' is not possible in a rule", f"Possible here: {', '.join(_PARTS)}.")
    pattern, remedy = _PARTS[name]
    if not all(pattern.fullmatch(one) for one in (value.split(",") if name in _LISTS else [value])):
        raise RuleFault(f"{name}={value[:40]} cannot be read", remedy)


def rule_days(text: str, start: date, first: date) -> Iterator[date]:
    """The days of a checked rule that begins on `start`, from `first` on, ascending, until the end of 2100.

    `start` itself is only one of them if the rule says so. Intervals count from its day, week, month or year.
    """
    first = max(first, start, FIRST_DAY)
    if first > LAST_DAY:
        return
    origin = start
    if step := _days_of_interval(text):
        # Nobody notices whole intervals that are left out. One is kept, as the first week can be cut in two.
        origin += timedelta(days=max(0, (first - start).days // step - 1) * step)
    elif _does_not_count(text):
        # Such a rule gives the same days wherever it begins, so years that are over need not be walked
        # through. The month before is walked, since a week that is cut in two can be read differently.
        origin = max(start, date(first.year - 1, 12, 1))
    for moment in _parsed(text, origin).xafter(_to_dateutil(first), inc=True):
        day = moment.replace(year=moment.year - _CYCLE).date()
        if day > LAST_DAY:
            return
        yield day


@lru_cache(maxsize=256)
def _days_of_interval(text: str) -> int:
    """How many days lie between two turns of the rule; 0 if that is not always the same number."""
    parts = _read_parts(text)
    return {"DAILY": 1, "WEEKLY": 7}.get(parts["FREQ"], 0) * int(parts.get("INTERVAL", "1"))


@lru_cache(maxsize=256)
def _does_not_count(text: str) -> bool:
    """True if the days do not depend on the day on which the rule begins."""
    parts = _read_parts(text)
    named = "BYDAY" in parts or "BYMONTHDAY" in parts or parts["FREQ"] == "DAILY"
    return named and int(parts.get("INTERVAL", "1")) == 1


@lru_cache(maxsize=1024)
def _parsed(text: str, start: date) -> rrule:
    rule = rrulestr(text, dtstart=_to_dateutil(start))
    assert isinstance(rule, rrule)
    return rule


def _to_dateutil(day: date) -> datetime:
    """The day as dateutil gets it: 7,600 years later.

    Whatever its bounds, dateutil looks for the next day until the year 9999, which takes ten seconds for a
    rule that has none. The calendar repeats itself every 400 years, to the weekday, and so near to its end
    dateutil gives up soon.
    """
    return datetime.combine(day.replace(year=day.year + _CYCLE), time())
