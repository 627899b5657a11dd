# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The moments of a plan: what holds for every plan and person."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scheduler.local_time import at_wall, local
from scheduler.occurrences import (
    MAX_MOVE_DAYS,
    Obstacle,
    Occurrence,
    earliest_start,
    next_occurrence,
    occurrences_between,
    why_none,
)
from scheduler.person_time import PersonTime
from scheduler.planned_days import planned_days
from scheduler.plans import Between, DaysOff, OnDates, Plan, Rule
from tests.scheduler.moments import BERLIN, utc, walls, zones
from tests.scheduler.plan_cases import RULES, coming, days, persons, plans

AFTER, UNTIL = utc(2026, 8, 1), utc(2027, 6, 15)
moments = st.integers(0, 318 * 24 * 60).map(lambda minutes: AFTER + timedelta(minutes=minutes))


def all_of(plan: Plan, person: PersonTime) -> list[Occurrence]:
    return list(occurrences_between(plan, person, AFTER, UNTIL))


@settings(max_examples=150)
@given(plan=plans, person=persons)
def test_moments_increase_and_no_day_has_two(plan: Plan, person: PersonTime) -> None:
    found = all_of(plan, person)
    assert all(one.at < other.at for one, other in pairwise(found))
    assert len(set(days(found))) == len(found)
    assert all(local(one.at, person.zone).date() == one.day for one in found)


@settings(max_examples=150)
@given(plan=plans, person=persons)
def test_moments_lie_where_they_may(plan: Plan, person: PersonTime) -> None:
    for one in all_of(plan, person):
        shown = local(one.at, person.zone)
        hours = person.hours(one.day)
        assert hours is not None
        assert hours[0] <= shown.time()
        assert hours[1] is None or shown.time() < hours[1]
        assert shown.fold == 0 or at_wall(one.day, shown.time(), person.zone) == one.at
        assert one.planned <= one.day <= one.planned + timedelta(days=MAX_MOVE_DAYS)
        assert plan.weekends is DaysOff.AS_IS or one.day.weekday() < 5
        assert plan.holidays is DaysOff.AS_IS or not person.is_holiday(one.day)
        assert not any(one.day in pause for pause in plan.pauses)


@settings(max_examples=150)
@given(plan=plans, person=persons)
def test_a_moment_keeps_its_hour_unless_something_is_in_the_way(plan: Plan, person: PersonTime) -> None:
    for one in all_of(plan, person):
        shown = local(one.at, person.zone)
        wanted = plan.at if isinstance(plan.at, time) else plan.at.start
        if shown.time() == wanted or not person.window:
            assert shown.time() >= wanted
        if isinstance(plan.at, time) and one.day == one.planned:
            assert one.at >= at_wall(one.day, plan.at, person.zone)
        if isinstance(plan.at, Between) and not person.window:
            assert shown.time() < plan.at.end


@settings(max_examples=150)
@given(plan=plans, person=persons, cuts=st.lists(moments, min_size=3, max_size=3))
def test_planning_from_anywhere_gives_the_same_moments(
    plan: Plan, person: PersonTime, cuts: list[datetime]
) -> None:
    pieces = [AFTER, *sorted(cuts), UNTIL]
    found = [one for a, b in pairwise(pieces) for one in occurrences_between(plan, person, a, b)]
    assert found == all_of(plan, person)


@settings(max_examples=150)
@given(plan=plans, person=persons, after=moments)
def test_the_next_is_the_first_of_all_that_are_later(plan: Plan, person: PersonTime, after: datetime) -> None:
    found = next_occurrence(plan, person, after)
    assert found is None or found.at > after
    expected = next((one for one in all_of(plan, person) if one.at > after), None)
    assert expected is None or found == expected
    obstacle = why_none(plan, person, after)
    assert (obstacle is None) == (found is not None)
    assert obstacle is not Obstacle.WAITS_FOR_DATE


@settings(max_examples=100)
@given(plan=plans, person=persons, near=st.dates(date(2026, 8, 5), date(2027, 5, 1)))
def test_no_planned_day_is_lost_without_a_reason(plan: Plan, person: PersonTime, near: date) -> None:
    """Walks through the days by hand, for plans that never skip."""
    assume(DaysOff.SKIP not in {plan.weekends, plan.holidays} and isinstance(plan.at, time))
    got = set(days(list(occurrences_between(plan, person, AFTER, utc(2028, 12, 31)))))
    for planned in islice(planned_days(plan, person, near), 3):
        day = _first_day_by_hand(plan, person, planned)
        paused = day is not None and any(day in pause for pause in plan.pauses)
        assert day is None or paused or day in got or day > date(2028, 12, 1)


def _first_day_by_hand(plan: Plan, person: PersonTime, planned: date) -> date | None:
    assert isinstance(plan.at, time)
    moves = (planned.weekday() >= 5 and plan.weekends is DaysOff.NEXT_WORKING_DAY) or (
        person.is_holiday(planned) and plan.holidays is DaysOff.NEXT_WORKING_DAY
    )
    for number in range(MAX_MOVE_DAYS + 1):
        day = planned + timedelta(days=number)
        weekend, holiday = day.weekday() >= 5, person.is_holiday(day)
        if weekend and (moves or plan.weekends is DaysOff.NEXT_WORKING_DAY):
            continue
        if holiday and (moves or plan.holidays is DaysOff.NEXT_WORKING_DAY):
            continue
        if _shows_a_time_for(plan.at, person, day, is_own=number == 0):
            return day
    return None


def _shows_a_time_for(at: time, person: PersonTime, day: date, *, is_own: bool) -> bool:
    """Looks at every minute: is one in the window, and on the plan's own day not before its time?"""
    hours = person.hours(day)
    if hours is None:
        return False
    begin = at_wall(day, time(), person.zone)
    shown = (local(begin + timedelta(minutes=minute), person.zone) for minute in range(26 * 60))
    earliest = at if is_own else time()
    return any(
        one.date() == day
        and max(hours[0], earliest) <= one.time()
        and (hours[1] is None or one.time() < hours[1])
        for one in shown
    )


@settings(max_examples=150)
@given(
    rule=st.sampled_from((*RULES, "FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,FR")),
    start=st.dates(date(2019, 1, 1), date(2027, 1, 1)),
    at=walls,
    tz=zones,
    after=moments,
)
def test_rules_agree_with_dateutil(rule: str, start: date, at: time, tz: ZoneInfo, after: datetime) -> None:
    plan = Plan(id="test", rhythm=Rule(rule), at=at, start=start)
    found = coming(plan, PersonTime(tz, 1), after, 8)
    walls_of_rule = rrulestr(rule, dtstart=datetime.combine(start, at)).xafter(
        datetime.combine(date(2026, 7, 28), time())
    )
    # What dateutil knows of zones is a matter of its own; the two rules for odd nights are ours.
    expected = (at_wall(wall.date(), wall.time(), tz) for wall in walls_of_rule)
    assert [one.at for one in found] == [
        at for at, _ in zip((m for m in expected if m > after), found, strict=False)
    ]
    assert len(found) == 8


@settings(max_examples=150)
@given(plan=plans, person=persons, at=moments)
def test_the_earliest_start_is_the_first_allowed_minute(plan: Plan, person: PersonTime, at: datetime) -> None:
    found = earliest_start(plan, person, at)
    end = found or at + timedelta(days=3)
    assert end >= at
    minute = at
    while minute < min(end, at + timedelta(days=3)):
        assert not _may_write(plan, person, minute)
        minute += timedelta(minutes=7)
    assert found is None or _may_write(plan, person, found)


def _may_write(plan: Plan, person: PersonTime, at: datetime) -> bool:
    shown = local(at, person.zone)
    hours = person.hours(shown.date())
    rests = (shown.weekday() >= 5 and plan.weekends is not DaysOff.AS_IS) or (
        person.is_holiday(shown.date()) and plan.holidays is not DaysOff.AS_IS
    )
    return (
        hours is not None
        and not rests
        and not any(shown.date() in pause for pause in plan.pauses)
        and hours[0] <= shown.time()
        and (hours[1] is None or shown.time() < hours[1])
    )


def test_a_year_of_a_daily_rule_in_berlin_by_dateutils_own_zones() -> None:
    """Against dateutil with an aware begin, which keeps the wall's time by itself."""
    plan = Plan(id="test", rhythm=Rule("FREQ=DAILY"), at=time(9), start=date(2026, 9, 1))
    found = coming(plan, PersonTime(BERLIN, 1), utc(2026, 9, 1), 365)
    begin = datetime(2026, 9, 1, 9, tzinfo=BERLIN)
    assert [one.at for one in found] == [
        local(at, ZoneInfo("UTC")) for at in rrulestr("FREQ=DAILY;COUNT=365", dtstart=begin)
    ]


def test_dates_need_no_order() -> None:
    plan = Plan(id="test", rhythm=OnDates((date(2026, 12, 3), date(2026, 12, 1))), at=time(9))
    assert days(coming(plan, PersonTime(BERLIN, 1), AFTER, 3)) == [date(2026, 12, 1), date(2026, 12, 3)]
