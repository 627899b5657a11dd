# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""After an outage, and while a question is open: what is asked, when, and how often."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.catching_up import CatchUp, missed, reminder_times
from scheduler.occurrences import next_occurrence, occurrences_between
from scheduler.person_time import PersonTime
from scheduler.plans import DaysOff, EveryDays, Outage, Plan, Reminders, Weekly
from tests.scheduler.moments import berlin, utc
from tests.scheduler.plan_cases import ENROLLED, MIA, WEEKDAYS, persons, plans

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def daily(outage: Outage, grace: timedelta = 7 * DAY, every: int = 1) -> Plan:
    rhythm = EveryDays(every)
    return Plan(id="checkin", rhythm=rhythm, at=time(10), start=ENROLLED, grace=grace, outage=outage)


def told(found: CatchUp) -> tuple[list[tuple[int, list[int]]], list[int], int | None]:
    """By day of the month: what is asked with what merged into it, what is skipped, what comes next."""
    asked = [(ask.occurrence.day.day, [one.day.day for one in ask.merged]) for ask in found.asks]
    return asked, [one.day.day for one in found.skipped], found.next.day.day if found.next else None


@pytest.mark.parametrize(
    ("outage", "expected"),
    [
        # down from the 10th to the 14th at 12:00: the 10th to the 14th were missed
        (Outage(), ([], [10, 11, 12, 13, 14], 15)),
        (Outage(merge_within=7 * DAY), ([(14, [10, 11, 12, 13])], [], 15)),
        (Outage(merge_within=2 * DAY), ([(14, [13])], [10, 11, 12], 15)),
        (Outage(merge_within=2 * DAY + 2 * HOUR), ([(14, [12, 13])], [10, 11], 15)),  # to the hour
        (Outage(merge_within=HOUR), ([], [10, 11, 12, 13, 14], 15)),
        (Outage(send_within=2 * HOUR), ([(14, [])], [10, 11, 12, 13], 15)),
        (Outage(send_within=7 * DAY), ([(day, []) for day in range(10, 15)], [], 15)),
        # the newest by itself, what is older along with it
        (Outage(send_within=3 * HOUR, merge_within=3 * DAY), ([(14, [12, 13])], [10, 11], 15)),
        (Outage(send_within=26 * HOUR, merge_within=3 * DAY), ([(13, []), (14, [12])], [10, 11], 15)),
    ],
)
def test_by_rule_and_by_age(outage: Outage, expected: object) -> None:
    found = missed(daily(outage), MIA, berlin(2026, 9, 9, 12), berlin(2026, 9, 14, 12))
    assert told(found) == expected
    assert all(ask.at == berlin(2026, 9, 14, 12) for ask in found.asks)


@pytest.mark.parametrize(("minutes", "asked"), [(0, [(14, [])]), (15, [(14, [])]), (16, [])])
def test_what_is_only_minutes_late_was_not_missed(minutes: int, asked: object) -> None:
    now = berlin(2026, 9, 14, 10) + timedelta(minutes=minutes)
    found = missed(daily(Outage()), MIA, berlin(2026, 9, 13, 12), now)
    assert told(found)[0] == asked


def test_two_weeks_down_is_one_question() -> None:
    plan = daily(Outage(merge_within=14 * DAY), grace=14 * DAY)
    found = missed(plan, MIA, berlin(2026, 9, 7, 12), berlin(2026, 9, 21, 9))
    assert [(ask.occurrence.day.day, len(ask.merged)) for ask in found.asks] == [(20, 12)]
    assert found.skipped == ()


def test_what_is_a_second_late_is_asked() -> None:
    plan = daily(Outage(merge_within=DAY), grace=DAY)
    found = missed(plan, MIA, berlin(2026, 9, 13, 10), berlin(2026, 9, 14, 10) + timedelta(seconds=1))
    assert told(found) == ([(14, [])], [], 15)


def test_it_begins_when_the_person_can_be_reached() -> None:
    plan = daily(Outage(merge_within=DAY), grace=DAY, every=7)
    person = replace(MIA, window=WEEKDAYS)
    tuesday, night = berlin(2026, 9, 8, 9), berlin(2026, 9, 8, 23)
    assert [ask.at for ask in missed(plan, person, tuesday, night).asks] == [berlin(2026, 9, 9, 9)]
    # by then the grace is over
    assert told(missed(replace_grace(plan, 22 * HOUR), person, tuesday, night)) == ([], [8], 15)


def replace_grace(plan: Plan, grace: timedelta) -> Plan:
    return Plan(
        id=plan.id,
        rhythm=plan.rhythm,
        at=plan.at,
        start=plan.start,
        grace=grace,
        outage=Outage(merge_within=grace),
    )


def test_nothing_is_asked_just_before_the_next() -> None:
    """What could only begin when the next one is due would be two questions on one morning."""
    plan = daily(Outage(merge_within=3 * DAY))
    person = replace(MIA, window={weekday: (time(10), time(17)) for weekday in range(7)})
    assert told(missed(plan, person, berlin(2026, 9, 9), berlin(2026, 9, 10, 18))) == ([], [9, 10], 11)


def test_a_clock_that_was_set_back_asks_nothing_twice() -> None:
    plan = daily(Outage(merge_within=DAY))
    since, now = berlin(2026, 9, 14, 10), berlin(2026, 9, 13, 9)
    assert told(missed(plan, MIA, since, now)) == ([], [], 15)


@settings(max_examples=150)
@given(
    plan=plans,
    person=persons,
    since=st.datetimes(datetime(2026, 8, 1), datetime(2027, 6, 1)),  # noqa: DTZ001
    down=st.timedeltas(-2 * DAY, 40 * DAY),
    ages=st.tuples(st.timedeltas(timedelta(), 14 * DAY), st.timedeltas(timedelta(), 14 * DAY)),
)
def test_every_missed_one_is_in_one_place(
    plan: Plan, person: PersonTime, since: datetime, down: timedelta, ages: tuple[timedelta, timedelta]
) -> None:
    begin = utc(since.year, since.month, since.day, since.hour)
    now = begin + down
    changed = Plan(
        id=plan.id,
        rhythm=plan.rhythm,
        at=plan.at,
        start=plan.start,
        weekends=plan.weekends,
        holidays=plan.holidays,
        pauses=plan.pauses,
        grace=14 * DAY,
        outage=Outage(*ages),
    )
    found = missed(changed, person, begin, now)
    places = [one for ask in found.asks for one in (ask.occurrence, *ask.merged)] + [*found.skipped]
    assert sorted(places, key=lambda one: one.at) == list(occurrences_between(changed, person, begin, now))
    assert found.next == next_occurrence(changed, person, max(begin, now))
    assert sum(1 for ask in found.asks if now - ask.occurrence.at > ages[0]) <= 1  # merged: one message
    assert sum(1 for ask in found.asks if ask.merged) <= 1
    for ask in found.asks:
        assert now <= ask.at <= ask.occurrence.closes
        assert found.next is None or ask.at < found.next.at


def reminding(number: int, distance: timedelta, **more: object) -> Plan:
    rhythm, reminders = Weekly((0,)), Reminders(number, distance)
    return Plan(id="checkin", rhythm=rhythm, at=time(10), reminders=reminders, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        (reminding(0, DAY), []),
        (reminding(2, 2 * DAY), [berlin(2026, 10, 21, 10), berlin(2026, 10, 23, 10)]),
        # at 10:00 on the wall, before and after the change of clocks, but not when the next one is due
        (reminding(3, 3 * DAY), [berlin(2026, 10, 22, 10), utc(2026, 10, 25, 9)]),
        (reminding(5, 7 * DAY), []),
        (reminding(2, 6 * HOUR), [berlin(2026, 10, 19, 16), berlin(2026, 10, 19, 22)]),
        (
            reminding(2, 3 * DAY, weekends=DaysOff.SKIP, until=date(2026, 10, 25)),
            [berlin(2026, 10, 22, 10)],
        ),
    ],
)
def test_reminders_of_an_open_question(plan: Plan, expected: list[datetime]) -> None:
    asked = next_occurrence(plan, MIA, berlin(2026, 10, 18))
    assert asked is not None
    assert list(reminder_times(plan, MIA, asked, asked.at)) == expected


def test_reminders_come_when_the_person_can_be_reached() -> None:
    person = replace(MIA, window={**WEEKDAYS, 2: (time(14), time(15))})
    plan = reminding(3, DAY)
    asked = next_occurrence(plan, person, berlin(2026, 10, 18))
    assert asked is not None
    expected = [berlin(2026, 10, 20, 10), berlin(2026, 10, 21, 14), berlin(2026, 10, 22, 14)]
    assert list(reminder_times(plan, person, asked, asked.at)) == expected
