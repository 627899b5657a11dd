# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Local time and quiet hours: the hard hours by table, the promises by property."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from scheduler.local_time import QuietHours, at_wall, local, zone
from tests.scheduler.moments import BERLIN, berlin, hard_moments, utc, walls, zones


@pytest.mark.parametrize(
    ("day", "wall", "expected"),
    [
        (date(2026, 7, 1), time(9), utc(2026, 7, 1, 7)),
        (date(2026, 12, 1), time(9), utc(2026, 12, 1, 8)),
        # 25.10.2026: 02:00 to 03:00 comes twice, the first one counts
        (date(2026, 10, 25), time(1, 59), utc(2026, 10, 24, 23, 59)),
        (date(2026, 10, 25), time(2, 30), utc(2026, 10, 25, 0, 30)),
        (date(2026, 10, 25), time(3), utc(2026, 10, 25, 2)),
        # 28.3.2027: 02:00 to 03:00 does not exist, 03:00 is the first moment after
        (date(2027, 3, 28), time(1, 59), utc(2027, 3, 28, 0, 59)),
        (date(2027, 3, 28), time(2), utc(2027, 3, 28, 1)),
        (date(2027, 3, 28), time(2, 30), utc(2027, 3, 28, 1)),
        (date(2027, 3, 28), time(2, 59, 59, 999999), utc(2027, 3, 28, 1)),
        (date(2027, 3, 28), time(3), utc(2027, 3, 28, 1)),
        (date(2028, 2, 29), time(12), utc(2028, 2, 29, 11)),
    ],
)
def test_wall_clock_times_in_berlin(day: date, wall: time, expected: datetime) -> None:
    assert at_wall(day, wall, BERLIN) == expected


def test_a_day_that_never_was_becomes_the_next() -> None:
    assert at_wall(date(2011, 12, 30), time(12), ZoneInfo("Pacific/Apia")) == utc(2011, 12, 30, 10)
    assert local(utc(2011, 12, 30, 10), ZoneInfo("Pacific/Apia")).date() == date(2011, 12, 31)


@given(at=hard_moments, tz=zones)
def test_a_moment_is_found_again_by_what_the_wall_shows(at: datetime, tz: ZoneInfo) -> None:
    shown = local(at, tz)
    found = at_wall(shown.date(), shown.time(), tz)
    assert found == at or (shown.fold == 1 and found < at)


@given(day=st.dates(date(2005, 1, 1), date(2045, 1, 1)), a=walls, b=walls, tz=zones)
def test_later_on_the_wall_is_never_earlier_in_fact(day: date, a: time, b: time, tz: ZoneInfo) -> None:
    early, late = sorted((a, b))
    assert at_wall(day, early, tz) <= at_wall(day, late, tz)


def test_naive_moments_and_unknown_zones_are_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        local(utc(2026, 1, 1).replace(tzinfo=None), BERLIN)
    for name in ("Europe/Berlun", "", "Europe", "../etc/passwd"):
        with pytest.raises(ValueError, match="unknown time zone"):
            zone(name)
    assert zone("Europe/Berlin") == BERLIN


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (berlin(2026, 7, 1, 20, 59), berlin(2026, 7, 1, 20, 59)),
        (berlin(2026, 7, 1, 21), berlin(2026, 7, 2, 8)),
        (berlin(2026, 7, 2, 7, 59), berlin(2026, 7, 2, 8)),
        (berlin(2026, 7, 2, 8), berlin(2026, 7, 2, 8)),
        # over the nights on which clocks change, 08:00 is 08:00
        (berlin(2026, 10, 24, 22), utc(2026, 10, 25, 7)),
        (berlin(2026, 10, 25, 2, 30), utc(2026, 10, 25, 7)),
        (berlin(2026, 10, 25, 2, 30, fold=1), utc(2026, 10, 25, 7)),
        (berlin(2027, 3, 27, 22), utc(2027, 3, 28, 6)),
        (berlin(2028, 2, 28, 23), berlin(2028, 2, 29, 8)),
    ],
)
def test_quiet_nights(at: datetime, expected: datetime) -> None:
    assert QuietHours(time(21), time(8)).next_allowed(at, BERLIN) == expected


@pytest.mark.parametrize(
    ("start", "end", "at", "expected"),
    [
        # the end does not exist: quiet until the clocks have changed
        (time(22), time(2, 30), berlin(2027, 3, 28, 1, 30), utc(2027, 3, 28, 1)),
        # the end comes twice: quiet again when the clock shows 02:00 a second time
        (time(22), time(2, 30), utc(2026, 10, 25, 0, 29), utc(2026, 10, 25, 0, 30)),
        (time(22), time(2, 30), utc(2026, 10, 25, 1, 10), utc(2026, 10, 25, 1, 30)),
        # a rest at noon
        (time(12), time(14), berlin(2026, 7, 1, 13), berlin(2026, 7, 1, 14)),
        (time(12), time(14), berlin(2026, 7, 1, 14), berlin(2026, 7, 1, 14)),
    ],
)
def test_odd_quiet_hours(start: time, end: time, at: datetime, expected: datetime) -> None:
    assert QuietHours(start, end).next_allowed(at, BERLIN) == expected


def test_quiet_hours_without_length_are_refused() -> None:
    with pytest.raises(ValueError, match="two different times"):
        QuietHours(time(8), time(8))


@given(at=hard_moments, start=walls, end=walls, tz=zones)
def test_nothing_allowed_is_quiet_or_past(at: datetime, start: time, end: time, tz: ZoneInfo) -> None:
    assume(start != end)
    quiet = QuietHours(start, end)
    allowed = quiet.next_allowed(at, tz)
    assert allowed >= at
    assert not quiet.contains(allowed, tz)
    assert allowed - at < timedelta(days=3)
    if not quiet.contains(at, tz):
        assert allowed == at


@given(at=hard_moments, start=walls, end=walls, tz=zones, share=st.floats(0, 0.9999))
def test_the_allowed_moment_is_the_first(
    at: datetime, start: time, end: time, tz: ZoneInfo, share: float
) -> None:
    assume(start != end)
    quiet = QuietHours(start, end)
    between = at + (quiet.next_allowed(at, tz) - at) * share
    assert between == at or quiet.contains(between, tz)
