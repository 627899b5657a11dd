# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Staff's clocks: an agency's hours, its state's holidays and its closing days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scheduler.local_time import ReadingHours, local
from scheduler.plans import Span
from scheduler.public_holidays import STATES, german_holidays, is_public_holiday
from scheduler.working_calendar import (
    Closures,
    next_working_moment,
    working_calendar,
    working_minutes_between,
)
from tests.scheduler.moments import BERLIN, berlin, changes, utc, walls, zones

OFFICE = {day: (time(8), time(16)) for day in range(5)}
YEARS = range(2026, 2029)
NONE = Closures()


def office(state: str, closures: Closures = NONE) -> ReadingHours:
    return working_calendar(BERLIN, OFFICE | {5: (time(9), time(12))}, state, YEARS, closures)


@pytest.mark.parametrize(
    ("a", "b", "state", "minutes"),
    [
        # Reformationstag 2026, a Saturday with three hours
        (berlin(2026, 10, 31), berlin(2026, 11, 1), "BB", 0),
        (berlin(2026, 10, 31), berlin(2026, 11, 1), "SN", 0),
        (berlin(2026, 10, 31), berlin(2026, 11, 1), "NW", 180),
        (berlin(2026, 10, 31), berlin(2026, 11, 1), "HE", 180),
        # Buß- und Bettag
        (berlin(2026, 11, 17, 15), berlin(2026, 11, 19, 9), "SN", 120),
        (berlin(2026, 11, 17, 15), berlin(2026, 11, 19, 9), "BB", 120 + 480),
        # around closing time
        (berlin(2026, 9, 7, 15, 59), berlin(2026, 9, 8, 8), "SN", 1),
        (berlin(2026, 9, 7, 16), berlin(2026, 9, 8, 8), "SN", 0),
        (berlin(2026, 9, 7, 16, 1), berlin(2026, 9, 8, 8, 1), "SN", 1),
        # over both changes of clocks, from Friday to Monday
        (berlin(2026, 10, 23, 15), berlin(2026, 10, 26, 9), "NW", 60 + 180 + 60),
        (utc(2026, 10, 25, 0, 30), utc(2026, 10, 25, 1, 30), "NW", 0),
        (berlin(2027, 3, 27, 11), berlin(2027, 3, 30, 9), "NW", 60 + 60),
        # leap day
        (berlin(2028, 2, 28, 15), berlin(2028, 3, 1, 9), "SN", 60 + 480 + 60),
        # backwards
        (berlin(2026, 9, 8, 12), berlin(2026, 9, 7, 12), "SN", 0),
    ],
)
def test_working_minutes(a: datetime, b: datetime, state: str, minutes: int) -> None:
    assert working_minutes_between(a, b, office(state)) == minutes


@pytest.mark.parametrize(
    ("at", "state", "expected"),
    [
        (berlin(2026, 9, 7, 15, 59), "SN", berlin(2026, 9, 7, 15, 59)),
        (berlin(2026, 9, 7, 16, 1), "SN", berlin(2026, 9, 8, 8)),
        (berlin(2026, 10, 30, 16, 1), "NW", berlin(2026, 10, 31, 9)),
        (berlin(2026, 10, 30, 16, 1), "BB", berlin(2026, 11, 2, 8)),
        (berlin(2026, 11, 17, 16, 1), "SN", berlin(2026, 11, 19, 8)),
        (berlin(2026, 11, 17, 16, 1), "HE", berlin(2026, 11, 18, 8)),
        (berlin(2026, 10, 25, 2, 30), "NW", utc(2026, 10, 26, 7)),
        (berlin(2027, 3, 28, 2, 30), "NW", utc(2027, 3, 30, 6)),  # Easter
        (berlin(2028, 2, 28, 16), "NW", berlin(2028, 2, 29, 8)),
    ],
)
def test_the_next_working_moment(at: datetime, state: str, expected: datetime) -> None:
    assert next_working_moment(at, office(state)) == expected


def test_an_agency_closes_on_days_of_its_own() -> None:
    between_the_years = Span(date(2026, 12, 28), date(2026, 12, 30))
    hours = office("SN", Closures((between_the_years,), frozenset({(12, 24), (12, 31), (2, 29)})))
    assert next_working_moment(berlin(2026, 12, 23, 17), hours) == berlin(2027, 1, 2, 9)
    assert next_working_moment(berlin(2027, 12, 27, 17), hours) == berlin(2027, 12, 28, 8)
    assert next_working_moment(berlin(2027, 12, 30, 17), hours) == berlin(2028, 1, 3, 8)
    assert next_working_moment(berlin(2028, 2, 29, 9), hours) == berlin(2028, 3, 1, 8)


def test_closures_that_make_no_sense_are_refused() -> None:
    with pytest.raises(ValueError, match="last day"):
        Closures((Span(date(2026, 12, 28)),))
    with pytest.raises(ValueError, match="day"):
        Closures(yearly=frozenset({(2, 30)}))


@pytest.mark.parametrize("state", STATES)
def test_one_day_asked_alone_agrees_with_the_year(state: str) -> None:
    days = [date(2026, 1, 1) + timedelta(number) for number in range(365)]
    holidays = german_holidays(state, [2026])
    assert {day for day in days if is_public_holiday(day, state)} == holidays
    assert 9 <= len(holidays) <= 14


def test_one_day_of_nowhere_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown state"):
        is_public_holiday(date(2026, 1, 1), "XX")
    with pytest.raises(ValueError, match="1991 to 2100"):
        is_public_holiday(date(2101, 1, 1), "SN")


calendars = st.builds(
    ReadingHours,
    zones,
    st.dictionaries(
        st.integers(0, 6),
        st.tuples(walls, walls).filter(lambda pair: pair[0] != pair[1]).map(lambda pair: tuple(sorted(pair))),
        min_size=1,
    ),
    st.frozensets(st.dates(date(2026, 10, 20), date(2027, 4, 5)), max_size=40),
)


@example(ReadingHours(BERLIN, {6: (time(2, 1), time(3))}), utc(2026, 10, 25, 1), 0, 1)
@settings(max_examples=60)
@given(hours=calendars, change=changes, begin=st.integers(-3000, 3000), length=st.integers(0, 3000))
def test_as_many_as_a_walk_through_every_minute(
    hours: ReadingHours, change: datetime, begin: int, length: int
) -> None:
    a = change + timedelta(minutes=begin)
    b = a + timedelta(minutes=length)
    walked = sum(1 for minute in _open_minutes(hours, a - timedelta(days=2), b) if minute >= a)
    assert working_minutes_between(a, b, hours) == walked
    following = next(_open_minutes(hours, a - timedelta(days=2), a + timedelta(days=9), a), None)
    assert following is None or next_working_moment(a, hours) == following


def _open_minutes(
    hours: ReadingHours, begin: datetime, end: datetime, shown_from: datetime | None = None
) -> Iterator[datetime]:
    """Looks at the wall every minute. What has opened or closed stays so, also if an hour comes again."""
    begun, over = set[date](), set[date]()
    at = begin
    while at < end:
        shown = local(at, hours.zone)
        opening = hours.weekly.get(shown.weekday())
        if opening is not None and shown.date() not in hours.closed:
            if shown.time() >= opening[1]:
                over.add(shown.date())
            if shown.time() >= opening[0]:
                begun.add(shown.date())
            if shown.date() in begun - over and at >= (shown_from or begin):
                yield at
        at += timedelta(minutes=1)


def test_a_window_that_ends_in_the_hour_that_comes_twice_ends_once() -> None:
    nights = ReadingHours(BERLIN, {6: (time(1), time(2, 30))})
    assert working_minutes_between(utc(2026, 10, 24), utc(2026, 10, 26), nights) == 90


def test_a_window_that_begins_in_the_hour_that_comes_twice_begins_once() -> None:
    nights = ReadingHours(BERLIN, {6: (time(2, 1), time(3))})
    assert working_minutes_between(utc(2026, 10, 24), utc(2026, 10, 26), nights) == 119
