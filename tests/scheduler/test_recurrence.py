# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Rules of RFC 5545: what is understood, what is refused with a remedy, and the jump over years gone by."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import islice, takewhile

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.recurrence import LAST_DAY, RuleFault, check_rule, rule_days


@pytest.mark.parametrize(
    ("rule", "what", "remedy"),
    [
        ("FREQ=SECONDLY", "all day long", "FREQ=DAILY"),
        ("FREQ=MINUTELY;INTERVAL=5", "all day long", "FREQ=DAILY"),
        ("FREQ=HOURLY", "all day long", "'at'"),
        ("FREQ=DAILY;BYHOUR=9,15", "BYHOUR does not belong", "at: 10:00"),
        ("FREQ=DAILY;COUNT=3", "COUNT does not belong", "end: 12 times"),
        ("FREQ=DAILY;UNTIL=20270101T000000Z", "UNTIL does not belong", "end: 2027-03-31"),
        ("FREQ=DAILY;DTSTART=20270101", "DTSTART does not belong", "start:"),
        ("FREQ=YEARLY;BYEASTER=0", "'BYEASTER' is not possible", "BYDAY"),
        ("FREQ=FORTNIGHTLY", "cannot be read", "WEEKLY"),
        ("BYDAY=MO", "how often", "FREQ=WEEKLY"),
        ("", "no value", "FREQ=WEEKLY"),
        ("FREQ", "no value", "FREQ=WEEKLY"),
        ("FREQ=DAILY;INTERVAL=0", "cannot be read", "1 to 99"),
        ("FREQ=DAILY;INTERVAL=999999999999", "cannot be read", "1 to 99"),
        ("FREQ=WEEKLY;BYDAY=MON", "cannot be read", "BYDAY=MO"),
        ("FREQ=WEEKLY;BYDAY=1MO", "numbered weekdays", "FREQ=MONTHLY"),
        ("FREQ=DAILY;INTERVAL=14;BYDAY=MO", "one weekday", "FREQ=WEEKLY"),
        ("FREQ=WEEKLY;BYMONTHDAY=1", "no days of the month", "FREQ=MONTHLY"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "cannot be read", "-1"),
        ("FREQ=YEARLY;BYMONTH=13", "cannot be read", "1 to 12"),
        ("FREQ=DAILY;FREQ=WEEKLY", "stands twice", "Leave one"),
        ("FREQ=MONTHLY;BYSETPOS=1", "nothing to choose from", "BYDAY"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "never comes true", "30 February"),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "never comes true", "30 February"),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6", "never comes true", "days"),
        ("FREQ=DAILY;" + "WKST=MO;" * 100, "too long", "200"),
        ("freq=daily", "'freq' is not possible", "FREQ"),
        ("FREQ=DAILY\nRDATE:20260101", "cannot be read", "FREQ"),
    ],
)
def test_rules_that_are_refused(rule: str, what: str, remedy: str) -> None:
    with pytest.raises(RuleFault) as caught:
        check_rule(rule)
    assert what in caught.value.what
    assert remedy in caught.value.remedy


@pytest.mark.parametrize(
    ("rule", "start", "expected"),
    [
        ("FREQ=MONTHLY;BYMONTHDAY=31", date(2026, 12, 1), ["2026-12-31", "2027-01-31", "2027-03-31"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", date(2027, 1, 15), ["2027-01-31", "2027-02-28", "2027-03-31"]),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", date(2026, 1, 1), ["2028-02-29", "2032-02-29", "2036-02-29"]),
        ("FREQ=YEARLY", date(2028, 2, 29), ["2028-02-29", "2032-02-29", "2036-02-29"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", date(2026, 12, 3), ["2026-12-14", "2026-12-28", "2027-01-11"]),
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU;WKST=SU",
            date(2026, 12, 3),
            ["2026-12-13", "2026-12-27", "2027-01-10"],
        ),
        ("FREQ=MONTHLY;BYDAY=1MO", date(2026, 12, 8), ["2027-01-04", "2027-02-01", "2027-03-01"]),
        ("FREQ=DAILY;INTERVAL=10", date(2026, 12, 24), ["2026-12-24", "2027-01-03", "2027-01-13"]),
    ],
)
def test_days_of_rules(rule: str, start: date, expected: list[str]) -> None:
    check_rule(rule)
    assert [day.isoformat() for day in islice(rule_days(rule, start, start), 3)] == expected


def test_the_calendar_ends() -> None:
    assert list(rule_days("FREQ=DAILY", date(2026, 1, 1), LAST_DAY)) == [LAST_DAY]
    assert list(rule_days("FREQ=DAILY", date(2026, 1, 1), LAST_DAY + timedelta(days=1))) == []
    # only in the first, third ... year after 2027, which are never leap years
    assert (
        list(rule_days("FREQ=YEARLY;INTERVAL=2;BYMONTH=2;BYMONTHDAY=29", date(2027, 1, 1), date(2027, 1, 1)))
        == []
    )


def test_a_week_that_new_year_cuts_in_two_stays_one_week() -> None:
    days = rule_days("FREQ=WEEKLY;BYDAY=MO,FR;BYSETPOS=1", date(2024, 1, 1), date(2027, 1, 1))
    assert next(days) == date(2027, 1, 4)  # of the week before it is Monday, not Friday, 1 January


_weekday = st.sampled_from(("MO", "TU", "WE", "TH", "FR", "SA", "SU"))


@st.composite
def _rules(draw: st.DrawFn) -> str:
    """Rules that come true again and again: looking for a day that never comes takes dateutil ten seconds."""
    freq = draw(st.sampled_from(("DAILY", "WEEKLY", "MONTHLY", "YEARLY")))
    numbered = st.integers(-4, 4).map(lambda n: str(n) if n and freq in {"MONTHLY", "YEARLY"} else "")
    choices = {"BYDAY": st.lists(st.builds("{}{}".format, numbered, _weekday), min_size=1, max_size=3)}
    if freq != "WEEKLY":
        choices["BYMONTHDAY"] = st.lists(st.integers(-28, 28).filter(bool).map(str), min_size=1, max_size=3)
    by = draw(st.sampled_from(("", *choices)))
    optional = {"INTERVAL": st.integers(1, 5).map(str), "WKST": _weekday}
    if freq != "MONTHLY":
        optional["BYMONTH"] = st.lists(st.integers(1, 12).map(str), min_size=1, max_size=4).map(",".join)
    if by:
        optional["BYSETPOS"] = st.sampled_from(("1", "-1"))
    parts = [f"FREQ={freq}", *([f"{by}={','.join(draw(choices[by]))}"] if by else [])]
    parts += [f"{name}={draw(values)}" for name, values in optional.items() if draw(st.booleans())]
    return ";".join(parts)


@settings(max_examples=80)
@given(
    rule=_rules(),
    start=st.dates(date(2018, 1, 1), date(2027, 12, 31)),
    later=st.integers(0, 6 * 366),
)
def test_the_same_days_as_dateutil_walking_from_the_start(rule: str, start: date, later: int) -> None:
    first, last = start + timedelta(days=later), date(2035, 12, 31)
    walked = rrulestr(f"{rule};UNTIL=20361231", dtstart=datetime.combine(start, time()))
    expected = walked.between(datetime.combine(first, time()), datetime.combine(last, time()), inc=True)
    found = takewhile(lambda day: day <= last, rule_days(rule, start, first))
    assert list(found) == [at.date() for at in expected]
