# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Rules that count days or weeks are not walked through from their begin, and give the same days as if."""

from __future__ import annotations

from datetime import date, datetime, time
from itertools import islice

from dateutil.rrule import rrule, rrulestr
from hypothesis import example, given
from hypothesis import strategies as st

from scheduler.recurrence import RuleFault, check_rule, rule_days

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_days = st.dates(date(2019, 1, 1), date(2031, 12, 31))


@st.composite
def rules(draw: st.DrawFn) -> str:
    parts = [f"FREQ={draw(st.sampled_from(['DAILY', 'WEEKLY']))}", f"INTERVAL={draw(st.integers(1, 60))}"]
    if weekdays := draw(st.lists(st.sampled_from(_WEEKDAYS), unique=True, max_size=4)):
        parts.append(f"BYDAY={','.join(weekdays)}")
    if months := draw(st.lists(st.integers(1, 12), unique=True, max_size=3)):
        parts.append(f"BYMONTH={','.join(map(str, months))}")
    if (weekdays or months) and draw(st.booleans()):
        parts.append(f"BYSETPOS={draw(st.sampled_from([1, -1, 2]))}")
    if draw(st.booleans()):
        parts.append(f"WKST={draw(st.sampled_from(_WEEKDAYS))}")
    return ";".join(parts)


def walked(text: str, start: date, first: date, count: int) -> list[date]:
    """What dateutil says, from the begin on."""
    rule = rrulestr(text, dtstart=datetime.combine(start, time()))
    assert isinstance(rule, rrule)
    found = rule.xafter(datetime.combine(max(start, first), time()), inc=True)
    return [moment.date() for moment in islice(found, count) if moment.year < 2060]


@given(text=rules(), start=_days, first=_days)
@example("FREQ=WEEKLY;INTERVAL=2;BYDAY=TH", date(2024, 12, 31), date(2026, 10, 29))
@example("FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=SU", date(2025, 1, 1), date(2026, 1, 4))
@example("FREQ=WEEKLY;INTERVAL=3;BYDAY=MO,WE,FR;BYSETPOS=2", date(2025, 1, 2), date(2025, 2, 14))
@example("FREQ=DAILY;INTERVAL=3", date(2019, 1, 1), date(2031, 12, 31))
def test_the_days_are_those_of_the_whole_walk(text: str, start: date, first: date) -> None:
    try:
        check_rule(text)
    except RuleFault:
        return
    expected = walked(text, start, first, 8)
    assert list(islice(rule_days(text, start, first), len(expected))) == expected
