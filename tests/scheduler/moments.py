# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Moments and zones that are hard, for tables and for hypothesis."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = [
    ZoneInfo(name)
    for name in (
        "Europe/Berlin",
        "UTC",
        "America/St_Johns",
        "Australia/Lord_Howe",  # clocks change by half an hour
        "Africa/Cairo",  # clocks change at midnight
        "America/Havana",
        "Asia/Kathmandu",
        "Pacific/Apia",  # 30.12.2011 did not exist
    )
]

moments = st.integers(0, 40 * 365 * 24 * 3600).map(
    lambda s: datetime(2005, 1, 1, tzinfo=UTC) + timedelta(seconds=s)
)
changes = st.sampled_from(
    [
        datetime(2026, 10, 25, 1, tzinfo=UTC),
        datetime(2027, 3, 28, 1, tzinfo=UTC),
        datetime(2011, 12, 30, 10, tzinfo=UTC),
    ]
)
near_changes = st.builds(
    lambda at, minutes: at + timedelta(minutes=minutes), changes, st.integers(-3 * 24 * 60, 3 * 24 * 60)
)
hard_moments = moments | near_changes
zones = st.sampled_from(ZONES)
walls = st.times().map(lambda wall: wall.replace(second=0, microsecond=0))


def utc(*numbers: int) -> datetime:
    return datetime(*numbers, tzinfo=UTC)  # type: ignore[arg-type, misc]


def berlin(*numbers: int, fold: int = 0) -> datetime:
    return datetime(*numbers, tzinfo=BERLIN, fold=fold).astimezone(UTC)  # type: ignore[arg-type, misc]
