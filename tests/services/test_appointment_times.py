# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""When one is reminded, in summer, in winter, and on the nights on which the clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.appointments import REMINDERS, AppointmentKind, ReminderRule
from bot.services.appointment_times import asking_moment, last_chance, reminder_moments
from scheduler.local_time import QuietHours, local

BERLIN = ZoneInfo("Europe/Berlin")
QUIET = QuietHours(time(21), time(8))
ALL = ReminderRule((7, 2))


def wall(text: str) -> datetime:
    return datetime.strptime(text, "%d.%m.%Y %H:%M").replace(tzinfo=BERLIN).astimezone(UTC)


def shown(moments: list[datetime]) -> list[str]:
    return [f"{local(at, BERLIN):%d.%m. %H:%M}" for at in moments]


@pytest.mark.parametrize(
    ("starts", "expected"),
    [
        # winter, summer
        ("04.12.2026 10:30", ["27.11. 10:00", "02.12. 10:00", "04.12. 08:00"]),
        ("04.06.2027 15:00", ["28.05. 10:00", "02.06. 10:00", "04.06. 08:00"]),
        # the week with the night on which an hour is missing, and the one on which an hour comes twice
        ("30.03.2027 15:00", ["23.03. 10:00", "28.03. 10:00", "30.03. 08:00"]),
        ("26.10.2026 15:00", ["19.10. 10:00", "24.10. 10:00", "26.10. 08:00"]),
        # on the very Sundays
        ("28.03.2027 11:00", ["21.03. 10:00", "26.03. 10:00", "28.03. 08:00"]),
        ("25.10.2026 11:00", ["18.10. 10:00", "23.10. 10:00", "25.10. 08:00"]),
        # 2 h before would be quiet: at the end of the quiet hours, or on the evening before
        ("04.12.2026 09:30", ["27.11. 10:00", "02.12. 10:00", "04.12. 08:00"]),
        ("04.12.2026 09:00", ["27.11. 10:00", "02.12. 10:00", "04.12. 08:00"]),
        ("04.12.2026 08:30", ["27.11. 10:00", "02.12. 10:00", "03.12. 18:00"]),
        ("04.12.2026 07:00", ["27.11. 10:00", "02.12. 10:00", "03.12. 18:00"]),
        # late in the evening
        ("04.12.2026 22:00", ["27.11. 10:00", "02.12. 10:00", "04.12. 08:00"]),
        # over the leap day and the turn of the year
        ("02.03.2028 10:00", ["24.02. 10:00", "29.02. 10:00", "02.03. 08:00"]),
        ("02.01.2027 10:00", ["26.12. 10:00", "31.12. 10:00", "02.01. 08:00"]),
    ],
)
def test_reminders_on_the_wall(starts: str, expected: list[str]) -> None:
    assert shown(reminder_moments(ALL, wall(starts), BERLIN, QUIET)) == expected


def test_two_on_a_day_are_one() -> None:
    rule = ReminderRule((1, 1, 0))
    assert shown(reminder_moments(rule, wall("04.12.2026 07:00"), BERLIN, QUIET)) == ["03.12. 18:00"]
    assert shown(reminder_moments(ReminderRule((0,)), wall("04.12.2026 15:00"), BERLIN, QUIET)) == [
        "04.12. 08:00"
    ]


@pytest.mark.parametrize("kind", AppointmentKind)
@given(
    day=st.dates(date(2026, 1, 1), date(2032, 12, 31)),
    minute=st.integers(0, 24 * 60 - 1),
    quiet=st.sampled_from([QUIET, QuietHours(time(12), time(13)), QuietHours(time(0), time(10)), None]),
)
def test_never_quiet_never_late_never_twice_a_day(
    kind: AppointmentKind, day: date, minute: int, quiet: QuietHours | None
) -> None:
    starts_at = datetime.combine(day, time(minute // 60, minute % 60), BERLIN).astimezone(UTC)
    moments = reminder_moments(REMINDERS[kind], starts_at, BERLIN, quiet)
    assert moments == sorted(moments)
    assert all(at < starts_at for at in moments)
    assert len({local(at, BERLIN).date() for at in moments}) == len(moments)
    assert quiet is None or not any(quiet.contains(at, BERLIN) for at in moments)
    assert moments, "at least one of them fits"
    assert starts_at - moments[-1] <= timedelta(hours=25)


@pytest.mark.parametrize(
    ("ends", "asked"),
    [
        ("04.12.2026 11:30", "04.12. 12:30"),
        ("04.12.2026 19:59", "04.12. 20:59"),
        ("04.12.2026 20:00", "05.12. 08:00"),
        ("05.12.2026 00:30", "05.12. 08:00"),
        ("28.03.2027 01:30", "28.03. 08:00"),
    ],
)
def test_one_is_asked_the_same_day_or_the_next_morning(ends: str, asked: str) -> None:
    assert shown([asking_moment(wall(ends), BERLIN, QUIET)]) == [asked]


@pytest.mark.parametrize(
    ("starts", "last"),
    [
        ("04.12.2026 10:00", "04.12. 10:00"),
        ("04.12.2026 08:00", "04.12. 08:00"),
        ("04.12.2026 07:30", "03.12. 21:00"),
        ("04.12.2026 23:00", "04.12. 21:00"),
    ],
)
def test_what_quiet_hours_would_hold_back_begins_before_them(starts: str, last: str) -> None:
    assert shown([last_chance(wall(starts), BERLIN, QUIET)]) == [last]
