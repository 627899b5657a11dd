# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Who has duty when: patterns, changes, takeovers, nights on which clocks change, and gaps."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import cast
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.duty import Absence, Shift, ShiftChange, ShiftPattern, Span, Takeover
from bot.domain.people import Role
from bot.ports import UnitOfWork
from bot.services import duty, rota
from bot.services.rota import openings, shift_span
from bot.storage.unit_of_work import SqlUnitOfWork
from scheduler.local_time import ReadingHours
from scheduler.recurrence import RuleFault
from tests.services.stage import MONDAY, Actor, Stage

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
TODAY = date(2026, 11, 23)
WEEKDAYS = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"


def wall(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


@pytest.fixture
def karl(stage: Stage) -> Actor:
    return stage.staff("Karl Klein")


@pytest.fixture
def lea(stage: Stage) -> Actor:
    return stage.staff("Lea Leitung", Role.LEAD)


def add(stage: Stage, who: Actor, begins: int, ends: int, rule: str = WEEKDAYS) -> int:
    pattern = ShiftPattern(0, 1, who.id, rule, TODAY, time(begins), time(ends), "Europe/Berlin")
    return stage.run(lambda uow: rota.add_shifts(uow, pattern))


def away(stage: Stage, who: Actor, since: datetime, until: datetime | None) -> None:
    stage.run(lambda uow: uow.duty.put_absence(Absence(0, 1, who.id, since, until)))


def on_shift(stage: Stage, at: datetime) -> list[int]:
    return [person.id for person in stage.run(lambda uow: duty.on_shift(uow, 1, at))]


def shifts(stage: Stage, since: datetime, until: datetime) -> list[Shift]:
    return stage.run(lambda uow: rota.shifts(uow, 1, Span(since, until)))


def gaps(stage: Stage, since: datetime, until: datetime) -> list[Span]:
    return stage.run(lambda uow: rota.gaps(uow, stage.rules, 1, since, until))


def test_duty_from_the_first_minute_until_just_before_the_last(stage: Stage, karl: Actor) -> None:
    add(stage, karl, 8, 16)
    assert on_shift(stage, wall(23, 8)) == [karl.id]
    assert on_shift(stage, wall(23, 8) - timedelta(microseconds=1)) == []
    assert on_shift(stage, wall(23, 16)) == []
    assert on_shift(stage, wall(28, 10)) == [], "a Saturday"


def test_a_night_belongs_to_the_day_on_which_it_begins(stage: Stage, karl: Actor, berta: Actor) -> None:
    number = add(stage, karl, 20, 8)
    stage.run(lambda uow: uow.duty.set_change(1, ShiftChange(number, date(2026, 11, 24), berta.id)))
    stage.run(lambda uow: uow.duty.set_change(1, ShiftChange(number, date(2026, 11, 25), None)))
    assert on_shift(stage, wall(24, 7)) == [karl.id]
    assert on_shift(stage, wall(25, 7)) == [berta.id]
    assert on_shift(stage, wall(26, 7)) == [], "this shift does not take place"
    assert on_shift(stage, wall(28, 7)) == [karl.id], "from Friday evening"


@pytest.mark.parametrize(("month", "day", "hours"), [(3, 28, 9), (10, 25, 11), (10, 24, 10)])
def test_nights_on_which_clocks_change(month: int, day: int, hours: int) -> None:
    year = 2027 if month == 3 else 2026
    night = ShiftPattern(1, 1, 1, "FREQ=DAILY", TODAY, time(20), time(6), "Europe/Berlin")
    span = shift_span(night, date(year, month, day) - DAY)
    assert span is not None
    assert span.until - span.since == hours * HOUR
    until_the_gap = ShiftPattern(1, 1, 1, "FREQ=DAILY", TODAY, time(20), time(2, 30), "Europe/Berlin")
    after_it = ShiftPattern(2, 1, 1, "FREQ=DAILY", TODAY, time(2, 30), time(6), "Europe/Berlin")
    first, second = (
        shift_span(until_the_gap, date(year, month, day) - DAY),
        shift_span(after_it, date(year, month, day)),
    )
    assert first is not None
    assert second is not None
    assert first.until == second.since, "no hole and no overlap at an hour that is missing or comes twice"


def test_a_shift_in_an_hour_that_does_not_exist_is_none() -> None:
    pattern = ShiftPattern(1, 1, 1, "FREQ=DAILY", TODAY, time(2, 10), time(2, 50), "Europe/Berlin")
    assert shift_span(pattern, date(2027, 3, 28)) is None
    assert shift_span(pattern, date(2027, 3, 29)) is not None


def test_a_shift_on_february_29(stage: Stage, karl: Actor) -> None:
    rule = "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"
    add(stage, karl, 8, 16, rule)
    assert on_shift(stage, datetime(2027, 2, 28, 10, tzinfo=BERLIN)) == []
    assert on_shift(stage, datetime(2027, 3, 1, 10, tzinfo=BERLIN)) == []
    assert on_shift(stage, datetime(2028, 2, 29, 10, tzinfo=BERLIN)) == [karl.id]


@pytest.mark.parametrize("rule", ["FREQ=HOURLY", "every day", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"])
def test_a_rule_that_says_no_days_is_refused(stage: Stage, karl: Actor, rule: str) -> None:
    with pytest.raises(RuleFault):
        add(stage, karl, 8, 16, rule)
    assert on_shift(stage, wall(23, 10)) == []


def test_whoever_is_absent_or_has_left_has_no_duty(stage: Stage, karl: Actor, berta: Actor) -> None:
    add(stage, karl, 8, 16)
    add(stage, berta, 8, 16)
    away(stage, karl, wall(23, 10), wall(24, 0))
    assert on_shift(stage, wall(23, 9)) == [karl.id, berta.id]
    assert on_shift(stage, wall(23, 11)) == [berta.id]
    stage.run(lambda uow: uow.people.change_staff(berta.id, left_at=stage.now))
    assert on_shift(stage, wall(23, 11)) == []


def test_own_hours_do_not_take_a_shift_away(stage: Stage, karl: Actor) -> None:
    add(stage, karl, 8, 16)
    stage.run(lambda uow: uow.duty.set_week(1, karl.id, {1: (time(8), time(10))}))
    assert on_shift(stage, wall(23, 11)) == [karl.id], "who agreed to a shift is there for it"


def test_a_takeover_is_in_place_of_what_it_covers(
    stage: Stage, karl: Actor, berta: Actor, lea: Actor
) -> None:
    add(stage, karl, 8, 16)
    for who, first, last in ((berta, 10, 14), (lea, 12, 13)):
        span = Span(wall(23, first), wall(23, last))
        stage.run(lambda uow, w=who, s=span: uow.duty.add_takeover(1, Takeover(w.id, s)))
    found = [(s.staff_id, s.span.since, s.span.until) for s in shifts(stage, wall(23, 0), wall(24, 0))]
    assert found == [
        (karl.id, wall(23, 8), wall(23, 10)),
        (berta.id, wall(23, 10), wall(23, 12)),
        (lea.id, wall(23, 12), wall(23, 13)),
        (berta.id, wall(23, 13), wall(23, 14)),
        (karl.id, wall(23, 14), wall(23, 16)),
    ]
    assert on_shift(stage, wall(23, 12, 30)) == [lea.id]


def test_taken_over_until_the_shift_ends_or_the_agency_closes(
    stage: Stage, karl: Actor, berta: Actor
) -> None:
    def until(now: datetime) -> tuple[datetime, list[int]]:
        person = stage.run(lambda uow: uow.people.staff(berta.id))
        assert person is not None
        span, before = stage.run(lambda uow: rota.takeover_span(uow, stage.rules, person, now))
        return span.until, before

    assert until(wall(23, 10)) == (wall(23, 16), []), "in hours: until closing"
    assert until(wall(23, 20)) == (wall(24, 8), []), "by night: until opening"
    add(stage, karl, 8, 20)
    assert until(wall(23, 10)) == (wall(23, 20), [karl.id])


def test_gaps_are_working_hours_without_anybody(stage: Stage, berta: Actor, karl: Actor) -> None:
    week = (wall(23, 0), wall(30, 0))
    assert gaps(stage, *week) == []
    away(stage, berta, wall(24, 0), wall(26, 12))
    assert gaps(stage, *week) == [], "Karl is there"
    away(stage, karl, wall(24, 12), wall(25, 0))
    assert gaps(stage, *week) == [Span(wall(24, 12), wall(24, 16))], "not by night, not at the weekend"
    stage.run(lambda uow: uow.duty.set_week(1, karl.id, {n: (time(8), time(12)) for n in (0, 2, 4)}))
    assert gaps(stage, *week) == [
        Span(wall(24, 8), wall(24, 16)),
        Span(wall(25, 12), wall(25, 16)),
        Span(wall(26, 8), wall(26, 12)),
    ]
    add(stage, karl, 10, 16, "FREQ=WEEKLY;BYDAY=WE,TH")
    assert gaps(stage, *week) == [Span(wall(24, 8), wall(24, 16)), Span(wall(26, 8), wall(26, 10))]


def test_an_admin_or_somebody_who_left_closes_no_gap(stage: Stage) -> None:
    stage.staff("Ada Admin", Role.ADMIN)
    gone = stage.staff("Gert Gegangen")
    add(stage, gone, 8, 16)
    stage.run(lambda uow: uow.people.change_staff(gone.id, left_at=stage.now))
    assert gaps(stage, wall(23, 0), wall(24, 0)) == [Span(wall(23, 8), wall(23, 16))]


def test_a_public_holiday_is_no_gap(stage: Stage, berta: Actor) -> None:
    away(stage, berta, wall(23, 0), None)
    found = gaps(stage, wall(24, 0, month=12), wall(29, 0, month=12))
    assert [span.since for span in found] == [wall(24, 8, month=12), wall(28, 8, month=12)]


hours_of_day = st.lists(st.integers(0, 23), min_size=2, max_size=2, unique=True).map(sorted)


@settings(max_examples=60)
@given(
    weekly=st.dictionaries(st.integers(0, 6), hours_of_day, min_size=1),
    first=st.integers(0, 13 * 24),
    length=st.integers(1, 200),
)
def test_openings_are_what_is_open(weekly: dict[int, list[int]], first: int, length: int) -> None:
    hours = ReadingHours(BERLIN, {day: (time(a), time(b)) for day, (a, b) in weekly.items()})
    since = datetime(2026, 10, 20, tzinfo=UTC) + first * HOUR
    found = openings(hours, Span(since, since + length * HOUR))
    for number in range(length):
        at = since + number * HOUR
        assert any(span.contains(at) for span in found) == hours.is_open(at)


def test_many_shifts_are_asked_in_few_statements(stage: Stage, berta: Actor, karl: Actor) -> None:
    for _ in range(20):
        add(stage, karl, 8, 16)
    stage.run(lambda uow: uow.people.change_staff(berta.id, deputy_id=karl.id))
    person = stage.run(lambda uow: uow.people.staff(berta.id))
    assert person is not None
    seen: list[str] = []

    def count(use_case: Callable[[UnitOfWork], object]) -> int:
        def traced(uow: UnitOfWork) -> object:
            assert isinstance(uow, SqlUnitOfWork)
            driver = cast("sqlite3.Connection", uow.connection.connection.dbapi_connection)
            seen.clear()
            driver.set_trace_callback(seen.append)
            try:
                return use_case(uow)
            finally:
                driver.set_trace_callback(None)

        assert stage.run(traced)
        return len(seen)

    hours = stage.rules.hours[1]
    assert count(lambda uow: duty.is_present(uow, person, MONDAY)) == 1
    assert count(lambda uow: duty.is_present(uow, person, MONDAY, hours)) == 2
    assert count(lambda uow: duty.standing_in(uow, berta.id, MONDAY)) == 3
    assert count(lambda uow: duty.pool(uow, 1, MONDAY)) == 2
    assert count(lambda uow: duty.on_shift(uow, 1, MONDAY)) == 5
    assert on_shift(stage, MONDAY) == [karl.id], "each person once"


def test_presence_by_own_hours(stage: Stage, karl: Actor) -> None:
    stage.run(lambda uow: uow.duty.set_week(1, karl.id, {0: (time(9), time(12)), 2: (time(8), time(16))}))
    person = stage.run(lambda uow: uow.people.staff(karl.id))
    assert person is not None

    def is_there(at: datetime, **more: ReadingHours) -> bool:
        return stage.run(partial(duty.is_present, person=person, now=at, **more))

    hours = stage.rules.hours[1]
    expected = {
        wall(23, 8, 30): False,
        wall(23, 9): True,
        wall(23, 12): False,
        wall(24, 10): False,
        wall(25, 15): True,
        wall(23, 22): False,  # the agency opens next on a Tuesday, which is off
        wall(24, 22): True,  # and on Wednesday he is there
        wall(29, 22): True,  # Sunday: Monday is his day, though he begins an hour later
    }
    assert {at: is_there(at, hours=hours) for at in expected} == expected
    assert all(is_there(at) for at in expected), "without the agency's hours only absences count"


def test_a_coach_on_leave_has_a_deputy_at_once(stage: Stage, berta: Actor, karl: Actor, lea: Actor) -> None:
    stage.run(lambda uow: uow.people.change_staff(berta.id, deputy_id=karl.id))
    stage.run(lambda uow: uow.people.change_staff(karl.id, deputy_id=berta.id))

    def deputy(at: datetime) -> int | None:
        found = stage.run(lambda uow: duty.standing_in(uow, berta.id, at))
        return found.id if found else None

    away(stage, berta, wall(23, 0), wall(28, 0))
    assert deputy(wall(24, 10)) == karl.id
    away(stage, karl, wall(25, 0), wall(26, 0))
    assert deputy(wall(25, 10)) is None, "both are away, and the chain is a ring"
    stage.run(lambda uow: uow.duty.put_absence(Absence(0, 1, berta.id, wall(25, 0), wall(26, 0), lea.id)))
    assert deputy(wall(25, 10)) == lea.id
    assert stage.run(lambda uow: duty.standing_in(uow, 99, MONDAY)) is None


def test_the_pool_and_the_leads(stage: Stage, berta: Actor, karl: Actor, lea: Actor) -> None:
    def names(which: object) -> list[int]:
        return [p.id for p in stage.run(lambda uow: which(uow, 1, MONDAY))]  # type: ignore[operator]

    assert names(duty.pool) == [berta.id, karl.id]
    away(stage, karl, wall(23, 0), None)
    away(stage, lea, wall(23, 0), None)
    assert names(duty.pool) == [berta.id]
    assert names(duty.leads) == [lea.id], "rather a lead on leave than nobody"
    stage.run(lambda uow: uow.people.change_staff(lea.id, left_at=stage.now))
    assert names(duty.leads) == []


@pytest.mark.parametrize(
    ("since", "until", "is_found"),
    [
        (wall(24, 0), wall(25, 0), True),  # it ends after this time
        (wall(25, 0), wall(26, 0), True),  # it has begun before
        (wall(23, 0), wall(28, 0), True),
        (wall(24, 12), wall(24, 13), False),
        (wall(24, 17), wall(24, 18), False),
        (wall(24, 22), wall(24, 23), True),
    ],
)
def test_duty_that_nobody_has_is_the_same_whenever_one_looks(
    stage: Stage, berta: Actor, lea: Actor, since: datetime, until: datetime, is_found: bool
) -> None:
    add(stage, lea, 9, 9, "FREQ=WEEKLY;BYDAY=TU")
    away(stage, lea, wall(23, 0), None)
    taken = Takeover(berta.id, Span(wall(24, 16), wall(24, 20)))
    stage.run(lambda uow: uow.duty.add_takeover(1, taken))
    found = stage.run(lambda uow: rota.unmanned(uow, stage.rules, 1, Span(since, until)))
    night = Span(wall(24, 20), wall(25, 8))
    assert [one.span for one in found] == ([night] if is_found else [])
