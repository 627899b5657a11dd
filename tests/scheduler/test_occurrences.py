# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The moments of a plan: the hard hours by table."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from scheduler.local_time import local
from scheduler.occurrences import (
    Obstacle,
    earliest_start,
    next_occurrence,
    occurrences_between,
    why_none,
)
from scheduler.person_time import PersonTime
from scheduler.plans import (
    Anchor,
    Between,
    Counted,
    DaysOff,
    EveryDays,
    OnDates,
    Plan,
    Rhythm,
    Rule,
    Span,
    Weekly,
)
from tests.scheduler.moments import BERLIN, berlin, utc
from tests.scheduler.plan_cases import EVERY_DAY, MIA, WEEKDAYS, coming, days

SUNDAYS = Weekly((6,))
START = date(2026, 9, 1)


def plan_of(rhythm: Rhythm, at: time | Between = time(10), **more: object) -> Plan:
    return Plan(id="checkin", rhythm=rhythm, at=at, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rhythm", "at", "after", "expected"),
    [
        # the time on the wall stays when the clocks change
        (Weekly((0,)), time(9), berlin(2026, 10, 23), utc(2026, 10, 26, 8)),
        (Weekly((0,)), time(9), berlin(2026, 10, 16), utc(2026, 10, 19, 7)),
        # 25.10.2026 02:30 comes twice: the first one, and never again
        (SUNDAYS, time(2, 30), berlin(2026, 10, 24), utc(2026, 10, 25, 0, 30)),
        (SUNDAYS, time(2, 30), utc(2026, 10, 25, 0, 30), berlin(2026, 11, 1, 2, 30)),
        (SUNDAYS, time(2, 30), utc(2026, 10, 25, 1, 29), berlin(2026, 11, 1, 2, 30)),
        # 28.3.2027 02:30 does not exist: the first moment after
        (SUNDAYS, time(2, 30), berlin(2027, 3, 27), utc(2027, 3, 28, 1)),
        # the day itself: before, at and after its moment
        (Weekly((1,)), time(10), berlin(2026, 12, 1, 9, 59), berlin(2026, 12, 1, 10)),
        (Weekly((1,)), time(10), berlin(2026, 12, 1, 10), berlin(2026, 12, 8, 10)),
        # leap day
        (OnDates((date(2028, 2, 29),)), time(12), berlin(2026, 12, 1), berlin(2028, 2, 29, 12)),
        (Weekly((1,)), time(12), berlin(2028, 2, 28), berlin(2028, 2, 29, 12)),
        (OnDates((date(2026, 3, 1),)), time(12), berlin(2026, 12, 1), None),  # in the past
        # the last days that the calendar knows
        (Weekly((4,)), time(12), berlin(2100, 12, 30), berlin(2100, 12, 31, 12)),
        (Weekly((4,)), time(12), berlin(2100, 12, 31, 13), None),
    ],
)
def test_the_next_moment(rhythm: Rhythm, at: time, after: datetime, expected: datetime | None) -> None:
    found = next_occurrence(plan_of(rhythm, at), MIA, after)
    assert (found and found.at) == expected


@pytest.mark.parametrize(
    ("rhythm", "since", "expected"),
    [
        (
            Counted("discharge", (1, 3, 7, 14, 30)),
            date(2027, 3, 25),
            ["03-26", "03-28", "04-01", "04-08", "04-24"],
        ),
        (Counted("discharge", (-1, 0)), date(2027, 3, 25), ["03-24", "03-25"]),
        (Counted("discharge", (), (6, 12)), date(2026, 8, 31), ["02-28", "08-31"]),
        (Counted("discharge", (), (1,)), date(2027, 1, 31), ["02-28"]),
        (Counted("discharge", (), (12, 48)), date(2028, 2, 29), ["02-28", "02-29"]),
    ],
)
def test_days_and_months_after_a_personal_date(rhythm: Counted, since: date, expected: list[str]) -> None:
    person = replace(MIA, dates={"discharge": since})
    found = coming(plan_of(rhythm), person, berlin(2026, 1, 1), 9)
    assert [one.day.strftime("%m-%d") for one in found] == expected
    assert {local(one.at, BERLIN).time() for one in found} == {time(10)}


def test_a_personal_date_that_changes_takes_its_moments_with_it() -> None:
    plan = plan_of(Counted("last_answer", (7,)))
    assert next_occurrence(plan, MIA, berlin(2026, 9, 1)) is None
    assert why_none(plan, MIA, berlin(2026, 9, 1)) is Obstacle.WAITS_FOR_DATE
    for answered in (date(2026, 9, 1), date(2026, 9, 5)):
        person = replace(MIA, dates={"last_answer": answered})
        assert days(coming(plan, person, berlin(2026, 9, 1), 5)) == [answered + timedelta(7)]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"start": START, "until": date(2026, 9, 7)}, ["01", "04", "07"]),
        ({"start": START, "until": date(2026, 9, 6)}, ["01", "04"]),
        ({"start": START, "times": 2}, ["01", "04"]),
        ({"start": START, "times": 2, "until": date(2026, 9, 1)}, ["01"]),
        ({"start": Anchor("enrolment", 2), "times": 2}, ["03", "06"]),
        ({"start": START, "until": Anchor("enrolment", 3)}, ["01", "04"]),
        # skipped ones count: three times in all, whatever falls out
        ({"start": START, "times": 3, "pauses": (Span(date(2026, 9, 4), date(2026, 9, 5)),)}, ["01", "07"]),
        ({"start": START, "pauses": (Span(date(2026, 9, 5)),)}, ["01", "04"]),
    ],
)
def test_begin_end_and_pause(more: dict[str, object], expected: list[str]) -> None:
    found = coming(plan_of(EveryDays(3), time(10), **more), MIA, berlin(2026, 8, 1), 5)
    assert [one.day.strftime("%d") for one in found] == expected


def test_an_end_at_an_unknown_date_is_none() -> None:
    plan = plan_of(EVERY_DAY, start=START, until=Anchor("internship_end"))
    assert len(coming(plan, MIA, berlin(2027, 9, 1), 3)) == 3


@pytest.mark.parametrize(
    ("state", "day", "rule", "expected"),
    [
        # Reformationstag 2025, a Friday: Saxony and Brandenburg, not NRW and Hesse
        ("SN", date(2025, 10, 31), DaysOff.SKIP, None),
        ("BB", date(2025, 10, 31), DaysOff.SKIP, None),
        ("NW", date(2025, 10, 31), DaysOff.SKIP, date(2025, 10, 31)),
        ("HE", date(2025, 10, 31), DaysOff.SKIP, date(2025, 10, 31)),
        ("SN", date(2025, 10, 31), DaysOff.NEXT_WORKING_DAY, date(2025, 11, 3)),
        ("NW", date(2025, 10, 31), DaysOff.NEXT_WORKING_DAY, date(2025, 10, 31)),
        ("SN", date(2026, 10, 31), DaysOff.SKIP, None),  # a Saturday
        ("NW", date(2026, 10, 31), DaysOff.SKIP, date(2026, 10, 31)),
        # Buß- und Bettag: Saxony only
        ("SN", date(2026, 11, 18), DaysOff.NEXT_WORKING_DAY, date(2026, 11, 19)),
        ("BB", date(2026, 11, 18), DaysOff.NEXT_WORKING_DAY, date(2026, 11, 18)),
        ("SN", date(2026, 11, 18), DaysOff.AS_IS, date(2026, 11, 18)),
        ("", date(2026, 12, 25), DaysOff.SKIP, date(2026, 12, 25)),
        # Christmas and a weekend in a row
        ("SN", date(2026, 12, 25), DaysOff.NEXT_WORKING_DAY, date(2026, 12, 28)),
        # Good Friday to Tuesday, over the change of clocks
        ("SN", date(2027, 3, 26), DaysOff.NEXT_WORKING_DAY, date(2027, 3, 30)),
    ],
)
def test_public_holidays(state: str, day: date, rule: DaysOff, expected: date | None) -> None:
    plan = plan_of(OnDates((day,)), holidays=rule)
    found = next_occurrence(plan, replace(MIA, state=state), berlin(2025, 1, 1))
    assert (found and found.day) == expected
    assert found is None or found.planned == day


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (DaysOff.AS_IS, ["18", "19", "20", "21"]),
        (DaysOff.SKIP, ["18", "21", "22", "23"]),
        (DaysOff.NEXT_WORKING_DAY, ["18", "21", "22", "23"]),  # three on Monday are one
    ],
)
def test_weekends(rule: DaysOff, expected: list[str]) -> None:
    plan = plan_of(EVERY_DAY, start=START, weekends=rule)
    found = coming(plan, MIA, berlin(2026, 9, 18), 4)
    assert [one.day.strftime("%d") for one in found] == expected
    assert found[1].planned == found[1].day


def test_one_that_is_moved_can_be_overtaken() -> None:
    plan = plan_of(OnDates((date(2027, 3, 26), date(2027, 3, 27))), holidays=DaysOff.NEXT_WORKING_DAY)
    found = coming(plan, MIA, berlin(2027, 3, 1), 3)
    assert [(one.planned.day, one.day.day) for one in found] == [(27, 27), (26, 30)]


@pytest.mark.parametrize(
    "after", [berlin(2026, 12, 25, 12), berlin(2026, 12, 27, 23), berlin(2026, 12, 28, 9)]
)
def test_one_that_is_moved_is_found_after_its_planned_day(after: datetime) -> None:
    plan = plan_of(OnDates((date(2026, 12, 25),)), holidays=DaysOff.NEXT_WORKING_DAY)
    expected = berlin(2026, 12, 28, 10)
    found = next_occurrence(plan, MIA, after)
    assert found is not None
    assert found.at == expected
    assert list(occurrences_between(plan, MIA, after, expected)) == [found]


def test_closed_days_count_as_holidays() -> None:
    plan = plan_of(OnDates((date(2026, 9, 10),)), holidays=DaysOff.NEXT_WORKING_DAY)
    person = replace(MIA, closed=frozenset({date(2026, 9, 10), date(2026, 9, 11)}))
    assert days(coming(plan, person, berlin(2026, 9, 1), 2)) == [date(2026, 9, 14)]


def test_nothing_moves_over_the_end_of_its_plan() -> None:
    plan = plan_of(EVERY_DAY, start=START, until=date(2026, 9, 19), weekends=DaysOff.NEXT_WORKING_DAY)
    assert days(coming(plan, MIA, berlin(2026, 9, 16, 11), 5)) == [date(2026, 9, 17), date(2026, 9, 18)]


@pytest.mark.parametrize(
    ("at", "window", "expected"),
    [
        (time(10), {}, berlin(2026, 9, 7, 10)),
        (time(8), WEEKDAYS, berlin(2026, 9, 7, 9)),  # too early: when the window opens
        (time(16, 59), WEEKDAYS, berlin(2026, 9, 7, 16, 59)),
        (time(17), WEEKDAYS, berlin(2026, 9, 8, 9)),  # too late: the next chance
        (time(10), {2: (time(12), time(13))}, berlin(2026, 9, 9, 12)),
        (time(12, 30), {2: (time(12), time(13))}, berlin(2026, 9, 9, 12, 30)),
        (Between(time(6), time(8)), WEEKDAYS, berlin(2026, 9, 7, 9)),
        (Between(time(8), time(9, 1)), WEEKDAYS, berlin(2026, 9, 7, 9)),
        (Between(time(16, 59), time(20)), WEEKDAYS, berlin(2026, 9, 7, 16, 59)),
    ],
)
def test_the_window_of_a_person(
    at: time | Between, window: dict[int, tuple[time, time]], expected: datetime
) -> None:
    found = next_occurrence(plan_of(Weekly((0,)), at), replace(MIA, window=window), berlin(2026, 9, 6))
    assert found is not None
    assert found.at == expected


def test_a_drawn_moment_after_the_window_is_drawn_from_the_next() -> None:
    person = replace(MIA, window=WEEKDAYS)
    found = next_occurrence(plan_of(Weekly((0,)), Between(time(18), time(20))), person, berlin(2026, 9, 6))
    assert found is not None
    assert berlin(2026, 9, 8, 9) <= found.at < berlin(2026, 9, 8, 17)


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        # the window lies in the hour that does not exist: no window on that day
        ((time(2, 10), time(2, 40)), date(2027, 4, 4)),
        ((time(2), time(3)), date(2027, 4, 4)),
        # it reaches out of that hour
        ((time(2, 10), time(3, 1)), date(2027, 3, 28)),
        ((time(1, 59), time(2, 40)), date(2027, 3, 28)),
    ],
)
def test_a_window_shorter_than_the_change_of_clocks(window: tuple[time, time], expected: date) -> None:
    person = replace(MIA, window={6: window})
    for at in (time(0), Between(time(0), time(23, 59))):
        found = next_occurrence(plan_of(SUNDAYS, at), person, berlin(2027, 3, 22))
        assert found is not None
        assert found.day == expected
        assert window[0] <= local(found.at, BERLIN).time() < window[1]


def test_a_day_that_never_was_is_not_doubled() -> None:
    person = PersonTime(ZoneInfo("Pacific/Apia"), 1)
    plan = plan_of(EVERY_DAY, start=date(2011, 12, 28))
    found = coming(plan, person, utc(2011, 12, 28), 3)
    assert days(found) == [date(2011, 12, 28), date(2011, 12, 29), date(2011, 12, 31)]


def test_drawn_moments_are_the_same_for_ever() -> None:
    plan = plan_of(EVERY_DAY, Between(time(9), time(17)), start=START)
    drawn = [local(one.at, BERLIN).strftime("%H:%M") for one in coming(plan, MIA, berlin(2026, 9, 1), 5)]
    assert drawn == ["13:12", "12:31", "10:31", "15:36", "10:20"]
    others = [
        coming(changed, person, berlin(2026, 9, 1), 5)
        for changed, person in (
            (plan, replace(MIA, seed=2)),
            (Plan(id="other", rhythm=EVERY_DAY, at=plan.at, start=START), MIA),
        )
    ]
    assert all([local(one.at, BERLIN).strftime("%H:%M") for one in other] != drawn for other in others)


def test_drawn_moments_fill_the_window() -> None:
    plan = plan_of(EVERY_DAY, Between(time(9), time(9, 10)), start=START)
    found = coming(plan, MIA, berlin(2026, 9, 1), 300)
    counts = [sum(local(one.at, BERLIN).minute == minute for one in found) for minute in range(10)]
    assert min(counts) >= 15
    assert max(counts) <= 50


def test_the_same_key_for_the_same_day() -> None:
    early, late = (
        next_occurrence(plan_of(Weekly((0,)), at), MIA, berlin(2026, 9, 6)) for at in (time(9), time(18))
    )
    assert early is not None
    assert late is not None
    assert early.key == late.key == "checkin:2026-09-07"
    assert early.closes - early.at == timedelta(days=1)


def test_between_takes_the_end_and_not_the_begin() -> None:
    plan = plan_of(EVERY_DAY, start=START)
    found = occurrences_between(plan, MIA, berlin(2026, 9, 2, 10), berlin(2026, 9, 4, 10))
    assert days(list(found)) == [date(2026, 9, 3), date(2026, 9, 4)]
    assert list(occurrences_between(plan, MIA, berlin(2026, 9, 4), berlin(2026, 9, 2))) == []


@pytest.mark.parametrize(
    ("more", "person", "expected"),
    [
        ({}, MIA, None),
        ({"start": Anchor("discharge")}, MIA, Obstacle.WAITS_FOR_DATE),
        ({"until": date(2026, 8, 1)}, MIA, Obstacle.OVER),
        ({"start": START, "times": 3}, MIA, Obstacle.OVER),
        ({}, replace(MIA, pauses=(Span(date(2026, 1, 1)),)), Obstacle.PAUSED),
        ({"until": date(2026, 10, 1), "pauses": (Span(START, date(2026, 10, 2)),)}, MIA, Obstacle.PAUSED),
        ({"until": date(2026, 8, 1)}, replace(MIA, pauses=(Span(START),)), Obstacle.OVER),
        ({"weekends": DaysOff.SKIP}, replace(MIA, window={6: (time(9), time(10))}), Obstacle.NEVER_FITS),
    ],
)
def test_why_nothing_comes(more: dict[str, object], person: PersonTime, expected: Obstacle | None) -> None:
    plan = plan_of(Weekly(tuple(range(7))), time(10), **more)
    assert why_none(plan, person, berlin(2026, 9, 5)) is expected


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (berlin(2026, 9, 7, 8), berlin(2026, 9, 7, 9)),
        (berlin(2026, 9, 7, 16, 59), berlin(2026, 9, 7, 16, 59)),
        (berlin(2026, 9, 7, 17), berlin(2026, 9, 8, 9)),
        (berlin(2026, 11, 17, 17), berlin(2026, 11, 19, 9)),  # Buß- und Bettag between
        (berlin(2026, 12, 23, 18), berlin(2027, 1, 4, 9)),  # the plan's pause
        (berlin(2027, 2, 26, 18), None),  # the plan's end
    ],
)
def test_when_a_plan_may_write(at: datetime, expected: datetime | None) -> None:
    plan = plan_of(
        EVERY_DAY,
        start=START,
        until=date(2027, 2, 28),
        holidays=DaysOff.SKIP,
        pauses=(Span(date(2026, 12, 24), date(2027, 1, 3)),),
    )
    assert earliest_start(plan, replace(MIA, window=WEEKDAYS), at) == expected


def test_a_window_that_begins_again_on_the_night_of_the_change() -> None:
    person = replace(MIA, window={6: (time(2, 45), time(3, 15))})
    plan = plan_of(SUNDAYS)
    assert earliest_start(plan, person, utc(2026, 10, 25, 1, 10)) == utc(2026, 10, 25, 1, 45)
    assert earliest_start(plan, person, utc(2026, 10, 25, 2, 15)) == berlin(2026, 11, 1, 2, 45)


def test_a_rule_of_the_standard() -> None:
    plan = plan_of(Rule("FREQ=MONTHLY;BYDAY=1MO"), start=START, times=3)
    expected = [date(2026, 9, 7), date(2026, 10, 5), date(2026, 11, 2)]
    assert days(coming(plan, MIA, berlin(2026, 9, 1), 9)) == expected


def test_people_whose_time_makes_no_sense_are_refused() -> None:
    for wrong in (
        {"window": {7: (time(9), time(10))}},
        {"window": {0: (time(10), time(10))}},
        {"state": "XX"},
        {"dates": {"enrolment": date(1899, 1, 1)}},
    ):
        with pytest.raises(ValueError, match=r"weekdays|window|unknown state|1991"):
            replace(MIA, **wrong)
