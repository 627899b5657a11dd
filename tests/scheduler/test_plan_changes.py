# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What a change of a plan does to the coming moments, before it is applied."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.occurrences import occurrences_between
from scheduler.person_time import PersonTime
from scheduler.plan_changes import ChangeKind, ChangeLine, explain_change
from scheduler.plans import Plan, Weekly
from tests.scheduler.moments import berlin, utc
from tests.scheduler.plan_cases import MIA, persons, plans

NOW = berlin(2026, 9, 7, 12)  # a Monday, after its check-in
TEN_DAYS = timedelta(days=10)


def weekly(at: time, *weekdays: int) -> Plan:
    return Plan(id="checkin", rhythm=Weekly(weekdays), at=at)


def test_each_coming_day_has_a_line() -> None:
    found = explain_change(weekly(time(10), 0, 3), weekly(time(10), 0, 4), MIA, NOW, TEN_DAYS)
    goes, comes, stays = berlin(2026, 9, 10, 10), berlin(2026, 9, 11, 10), berlin(2026, 9, 14, 10)
    assert found == [
        ChangeLine(ChangeKind.GOES, date(2026, 9, 10), goes, None),
        ChangeLine(ChangeKind.COMES, date(2026, 9, 11), None, comes),
        ChangeLine(ChangeKind.STAYS, date(2026, 9, 14), stays, stays),
        ChangeLine(ChangeKind.GOES, date(2026, 9, 17), berlin(2026, 9, 17, 10), None),
    ]


def test_another_hour_moves_it_also_later_today() -> None:
    found = explain_change(weekly(time(10), 0), weekly(time(15), 0), MIA, NOW, TEN_DAYS)
    assert [(line.kind, line.day.day) for line in found] == [(ChangeKind.COMES, 7), (ChangeKind.MOVES, 14)]


def test_entering_and_leaving() -> None:
    plan = weekly(time(10), 0)
    assert {line.kind for line in explain_change(None, plan, MIA, NOW)} == {ChangeKind.COMES}
    assert {line.kind for line in explain_change(plan, None, MIA, NOW)} == {ChangeKind.GOES}
    assert explain_change(None, None, MIA, NOW) == []


def test_only_a_year_is_explained() -> None:
    with pytest.raises(ValueError, match="366 days"):
        explain_change(None, weekly(time(10), 0), MIA, NOW, timedelta(days=367))


@settings(max_examples=80)
@given(old=plans, new=plans, person=persons, days=st.integers(0, 300))
def test_the_lines_are_the_two_plans(old: Plan, new: Plan, person: PersonTime, days: int) -> None:
    now, ahead = utc(2026, 8, 1) + timedelta(days=days), timedelta(days=40)
    lines = explain_change(old, new, person, now, ahead)
    for plan, moments in ((old, [line.before for line in lines]), (new, [line.after for line in lines])):
        expected = [one.at for one in occurrences_between(plan, person, now, now + ahead)]
        assert [at for at in moments if at is not None] == expected
    assert [line.day for line in lines] == sorted({line.day for line in lines})
    assert {line.kind for line in explain_change(new, new, person, now, ahead)} <= {ChangeKind.STAYS}
