# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Spreading: never before the moment, never over the end of a window or into the night, on any day."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scheduler.local_time import QuietHours
from scheduler.spreading import SPAN, spread

BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = QuietHours(time(20, 0), time(8, 0))
MINUTE = timedelta(minutes=1)
NINE = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)

zones = st.sampled_from([BERLIN, ZoneInfo("Europe/Lisbon"), ZoneInfo("America/St_Johns"), ZoneInfo("UTC")])
moments = st.integers(0, 2 * 365 * 86_400).map(
    lambda s: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=s)
)
walls = st.times().map(lambda wall: wall.replace(second=0, microsecond=0))


@given(
    at=moments,
    length=st.timedeltas(-MINUTE, timedelta(minutes=30)),
    who=st.integers(1, 10**7),
    zone=zones,
    walls=st.tuples(walls, walls).filter(lambda pair: pair[0] != pair[1]),
)
# The clock goes back into a quiet time; it jumps forward over the beginning of one.
@example(datetime(2026, 10, 25, 0, 55, tzinfo=UTC), timedelta(hours=1), 8, BERLIN, (time(22, 0), time(2, 30)))
@example(datetime(2027, 3, 28, 0, 55, tzinfo=UTC), timedelta(hours=1), 8, BERLIN, (time(2, 30), time(8, 0)))
def test_it_stays_in_the_window_and_out_of_quiet_times(
    at: datetime, length: timedelta, who: int, zone: ZoneInfo, walls: tuple[time, time]
) -> None:
    at = at.replace(microsecond=0)
    quiet = QuietHours(*walls)
    found = spread(at, at + length, who, quiet, zone)
    assert found == spread(at, at + length, who, quiet, zone)
    assert at <= found <= max(at, at + min(length, SPAN))
    if not quiet.contains(at, zone):
        assert not quiet.contains(found, zone)
        # What is held until the end of a quiet time would come hours later.
        assert quiet.next_allowed(found, zone) == found


def test_a_crowd_is_spread_evenly_over_ten_minutes() -> None:
    found = [spread(NINE, NINE + timedelta(hours=4), who, NIGHT, BERLIN) for who in range(1, 10_001)]
    minutes = Counter((moment - NINE) // MINUTE for moment in found)
    assert sorted(minutes) == list(range(10))
    assert all(990 <= count <= 1010 for count in minutes.values())
    # No second has more than the messenger takes.
    assert max(Counter(found).values()) <= 30


@pytest.mark.parametrize(
    ("closes", "latest"),
    [
        (timedelta(0), timedelta(0)),
        (timedelta(minutes=-5), timedelta(0)),
        (timedelta(seconds=90), timedelta(seconds=90)),
        (timedelta(hours=5), SPAN),
    ],
)
def test_nobody_is_asked_after_their_window_has_closed(closes: timedelta, latest: timedelta) -> None:
    found = [spread(NINE, NINE + closes, who, None, BERLIN) for who in range(1, 500)]
    assert NINE <= min(found) <= NINE + timedelta(seconds=2)
    assert latest * 0.95 <= max(found) - NINE <= latest


@pytest.mark.parametrize(
    "at",
    [
        datetime(2026, 11, 23, 18, 55, tzinfo=UTC),  # 19:55 in Berlin, in winter
        datetime(2026, 7, 6, 17, 55, tzinfo=UTC),  # 19:55 in summer
        datetime(2026, 10, 25, 18, 55, tzinfo=UTC),  # on the day the clock was set back
        datetime(2027, 3, 28, 17, 55, tzinfo=UTC),  # on the day it was set forward
    ],
)
def test_shortly_before_the_night_there_is_little_room(at: datetime) -> None:
    found = [spread(at, at + timedelta(hours=2), who, NIGHT, BERLIN) for who in range(1, 500)]
    assert max(found) < at + 5 * MINUTE
    assert max(found) >= at + 3 * MINUTE


def test_what_is_in_the_night_already_is_left_alone() -> None:
    at = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)
    assert {spread(at, at + timedelta(hours=2), who, NIGHT, BERLIN) for who in range(1, 50)} == {at}
