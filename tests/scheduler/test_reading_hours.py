# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The working calendar: the hard hours by table, the promises by property."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.local_time import ReadingHours
from scheduler.public_holidays import german_holidays
from tests.scheduler.moments import BERLIN, berlin, changes, hard_moments, utc, walls, zones

OFFICE = {day: (time(8), time(16)) for day in range(5)}


def state_calendar(state: str) -> ReadingHours:
    return ReadingHours(BERLIN, OFFICE | {5: (time(9), time(12))}, german_holidays(state, (2026, 2027)))


@pytest.mark.parametrize(
    ("at", "states"),
    [
        (berlin(2026, 10, 31, 10), {"NW", "HE"}),  # Reformationstag, a Saturday
        (berlin(2026, 11, 18, 10), {"BB", "NW", "HE"}),  # Buß- und Bettag
        (berlin(2027, 5, 27, 10), {"BB", "SN"}),  # Fronleichnam
        (berlin(2026, 10, 3, 10), set()),  # a holiday everywhere
        (berlin(2026, 11, 17, 10), {"BB", "SN", "NW", "HE"}),
    ],
)
def test_holidays_are_the_states_own(at: datetime, states: set[str]) -> None:
    assert {state for state in ("BB", "SN", "NW", "HE") if state_calendar(state).is_open(at)} == states


@pytest.mark.parametrize(
    ("at", "is_open", "opens"),
    [
        (berlin(2026, 7, 1, 7, 59), False, berlin(2026, 7, 1, 8)),
        (berlin(2026, 7, 1, 8), True, berlin(2026, 7, 1, 8)),
        (berlin(2026, 7, 1, 15, 59), True, berlin(2026, 7, 1, 15, 59)),
        (berlin(2026, 7, 1, 16), False, berlin(2026, 7, 2, 8)),
        (berlin(2026, 7, 1, 16, 1), False, berlin(2026, 7, 2, 8)),
        (berlin(2026, 7, 3, 16, 1), False, berlin(2026, 7, 6, 8)),  # Friday to Monday
        (berlin(2026, 12, 24, 16), False, berlin(2026, 12, 28, 8)),  # over Christmas
        (berlin(2026, 10, 25, 2, 30), False, utc(2026, 10, 26, 7)),
        (berlin(2027, 3, 25, 17), False, utc(2027, 3, 30, 6)),  # over Easter and the change of clocks
        (berlin(2028, 2, 29, 10), True, berlin(2028, 2, 29, 10)),
        (berlin(2028, 2, 28, 17), False, berlin(2028, 2, 29, 8)),
    ],
)
def test_opening_and_closing(at: datetime, is_open: bool, opens: datetime) -> None:
    hours = ReadingHours(BERLIN, OFFICE, german_holidays("SN", (2026, 2027, 2028)))
    assert hours.is_open(at) is is_open
    assert hours.next_open(at) == opens


@pytest.mark.parametrize(
    ("at", "working", "expected"),
    [
        (berlin(2026, 7, 1, 12), timedelta(hours=4), berlin(2026, 7, 1, 16)),  # to the minute: today
        (berlin(2026, 7, 1, 12, 1), timedelta(hours=4), berlin(2026, 7, 2, 8, 1)),
        (berlin(2026, 7, 1, 15, 59), timedelta(minutes=15), berlin(2026, 7, 2, 8, 14)),
        (berlin(2026, 7, 1, 16, 1), timedelta(minutes=15), berlin(2026, 7, 2, 8, 15)),
        (berlin(2026, 7, 1, 16, 1), timedelta(), berlin(2026, 7, 2, 8)),
        (berlin(2026, 7, 1, 10), timedelta(), berlin(2026, 7, 1, 10)),
        (berlin(2026, 7, 3, 15), timedelta(hours=4), berlin(2026, 7, 6, 11)),
        (berlin(2026, 11, 17, 15), timedelta(hours=2), berlin(2026, 11, 19, 9)),  # Buß- und Bettag between
        (berlin(2026, 10, 23, 15), timedelta(hours=2), utc(2026, 10, 26, 8)),  # the change of clocks between
        (berlin(2026, 7, 1, 8), timedelta(hours=40), berlin(2026, 7, 7, 16)),
    ],
)
def test_working_time_in_saxony(at: datetime, working: timedelta, expected: datetime) -> None:
    hours = ReadingHours(BERLIN, OFFICE, german_holidays("SN", (2026, 2027)))
    assert hours.after_working(at, working) == expected
    assert hours.working_time(at, expected) == working


def test_the_night_shift_counts_the_hours_that_were() -> None:
    nights = ReadingHours(BERLIN, {6: (time(1), time(4))})
    assert nights.working_minutes(utc(2026, 10, 24), utc(2026, 10, 26)) == 4 * 60
    assert nights.working_minutes(utc(2027, 3, 27), utc(2027, 3, 29)) == 2 * 60


def test_hours_inside_the_missing_hour_do_not_open() -> None:
    nights = ReadingHours(BERLIN, {6: (time(2, 10), time(2, 40))})
    assert nights.next_open(utc(2027, 3, 28)) == berlin(2027, 4, 4, 2, 10)


def test_minutes_are_rounded_down_and_never_negative() -> None:
    hours = ReadingHours(BERLIN, OFFICE)
    assert hours.working_minutes(berlin(2026, 7, 1, 10), berlin(2026, 7, 1, 10, 1, 59)) == 1
    assert hours.working_minutes(berlin(2026, 7, 1, 12), berlin(2026, 7, 1, 10)) == 0


@pytest.mark.parametrize(
    ("weekly", "closed", "match"),
    [
        ({}, frozenset(), "at least one weekday"),
        ({7: (time(8), time(16))}, frozenset(), "numbers from 0"),
        ({0: (time(16), time(8))}, frozenset(), "end after they begin"),
        ({0: (time(8), time(8))}, frozenset(), "end after they begin"),
        # closed every day, or every Monday, for more than a year
        (OFFICE, frozenset(date(2026, 1, 1) + timedelta(n) for n in range(400)), "one day a year"),
        (
            {0: (time(8), time(16))},
            frozenset(date(2026, 1, 5) + timedelta(7 * n) for n in range(57)),
            "one day a year",
        ),
    ],
)
def test_calendars_that_never_open_are_refused(
    weekly: dict[int, tuple[time, time]], closed: frozenset[date], match: str
) -> None:
    with pytest.raises(ValueError, match=match):
        ReadingHours(BERLIN, weekly, closed)


def test_a_long_closure_with_open_days_in_it_is_fine() -> None:
    nearly = frozenset(date(2026, 1, 1) + timedelta(n) for n in range(800) if n % 300 != 299)
    hours = ReadingHours(BERLIN, {day: (time(8), time(16)) for day in range(7)}, nearly)
    assert hours.next_open(utc(2026, 1, 1)) == berlin(2026, 10, 27, 8)


def test_working_time_has_a_range() -> None:
    hours = ReadingHours(BERLIN, OFFICE)
    for wrong in (timedelta(seconds=-1), timedelta(days=401)):
        with pytest.raises(ValueError, match="between none and 400 days"):
            hours.after_working(utc(2026, 7, 1), wrong)


calendars = st.builds(
    ReadingHours,
    zones,
    st.dictionaries(
        st.integers(0, 6),
        st.tuples(walls, walls).filter(lambda pair: pair[0] != pair[1]).map(lambda pair: tuple(sorted(pair))),
        min_size=1,
    ),
    st.frozensets(st.dates(date(2026, 10, 1), date(2027, 4, 30)), max_size=40),
)
working = st.timedeltas(timedelta(), timedelta(hours=30))


@given(hours=calendars, at=hard_moments, duration=working)
def test_working_time_takes_as_long_as_it_says(
    hours: ReadingHours, at: datetime, duration: timedelta
) -> None:
    end = hours.after_working(at, duration)
    assert hours.working_time(at, end) == duration
    assert end >= hours.next_open(at) >= at
    if duration:
        assert hours.working_time(at, end - timedelta(microseconds=1)) < duration


@given(hours=calendars, at=hard_moments)
def test_the_next_opening_is_open_and_nobody_reads_before(hours: ReadingHours, at: datetime) -> None:
    opens = hours.next_open(at)
    assert hours.is_open(opens)
    assert hours.working_time(at, opens) == timedelta()
    assert hours.is_open(at) == (opens == at)


@given(hours=calendars, change=changes, days=st.lists(st.floats(-30, 30), min_size=3, max_size=3))
def test_working_time_adds_up(hours: ReadingHours, change: datetime, days: list[float]) -> None:
    a, b, c = (change + timedelta(days=number) for number in sorted(days))
    assert hours.working_time(a, b) + hours.working_time(b, c) == hours.working_time(a, c)
