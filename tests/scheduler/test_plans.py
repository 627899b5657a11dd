# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A plan that exists can be followed: nonsense is refused, and what is stored is what was meant."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, time, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.plans import (
    Anchor,
    Between,
    Counted,
    EveryDays,
    OnDates,
    Outage,
    Plan,
    PlanFault,
    Reminders,
    Rule,
    Span,
    Weekly,
)
from tests.scheduler.plan_cases import plans

DAY = timedelta(days=1)


def plan(**more: object) -> Plan:
    return Plan(**{"id": "checkin", "rhythm": Weekly((0,)), "at": time(10), **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: Weekly(()), "weekdays"),
        (lambda: Weekly((7,)), "weekdays"),
        (lambda: EveryDays(0), "every"),
        (lambda: EveryDays(367), "every"),
        (lambda: OnDates(()), "dates"),
        (lambda: OnDates((date(2206, 1, 1),)), "dates"),
        (lambda: OnDates((date(26, 1, 1),)), "dates"),
        (lambda: Counted("discharge"), "after"),
        (lambda: Counted("Discharge", (1,)), "after"),
        (lambda: Counted("discharge", (3661,)), "after"),
        (lambda: Counted("discharge", (), (121,)), "after"),
        (lambda: Counted("discharge", tuple(range(201))), "after"),
        (lambda: Rule("FREQ=SECONDLY"), "rule"),
        (lambda: Between(time(9), time(9)), "between"),
        (lambda: Between(time(9), time(9, 0, 30)), "between"),
        (lambda: Anchor("", 1), "start"),
        (lambda: Anchor("enrolment", 3661), "start"),
        (lambda: Span(date(2026, 9, 2), date(2026, 9, 1)), "pause"),
        (lambda: Reminders(6), "reminders"),
        (lambda: Reminders(1, timedelta(minutes=59)), "reminders"),
        (lambda: Outage(-DAY), "outage"),
        (lambda: plan(id="Check-in"), "id"),
        (lambda: plan(at=time(10, 0, 30)), "at"),
        (lambda: plan(at=time(10, tzinfo=UTC)), "at"),
        (lambda: plan(grace=timedelta()), "grace"),
        (lambda: plan(grace=15 * DAY), "grace"),
        (lambda: plan(outage=Outage(merge_within=2 * DAY)), "outage"),  # older than the grace
        (lambda: plan(rhythm=EveryDays(3)), "start"),
        (lambda: plan(rhythm=Rule("FREQ=DAILY")), "start"),
        (lambda: plan(times=3), "start"),
        (lambda: plan(start=date(2026, 9, 1), times=0), "end"),
        (lambda: plan(start=date(2026, 9, 1), times=1001), "end"),
        (lambda: plan(start=date(2026, 9, 2), until=date(2026, 9, 1)), "end"),
        (lambda: plan(until=date(2101, 1, 1)), "end"),
        (lambda: plan(start=date(1990, 1, 1)), "start"),
        (lambda: plan(rhythm=OnDates((date(2026, 9, 1),)), until=date(2026, 8, 31)), "dates"),
        (lambda: plan(rhythm=OnDates((date(2026, 9, 1),)), start=date(2026, 9, 2)), "dates"),
    ],
)
def test_nonsense_is_refused_with_a_remedy(make: Callable[[], object], field: str) -> None:
    with pytest.raises(PlanFault) as caught:
        make()
    assert caught.value.field == field
    assert caught.value.remedy.endswith(".")


@given(plan=plans)
def test_stored_and_read_again_it_is_the_same(plan: Plan) -> None:
    assert msgspec.json.decode(msgspec.json.encode(plan), type=Plan) == plan


@given(change=st.sampled_from([{"grace": "P15D"}, {"at": "10:00:30"}, {"id": "A B"}, {"times": 0}]))
def test_what_was_stored_is_checked_again(change: dict[str, object]) -> None:
    stored = {**msgspec.to_builtins(plan()), **change}
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(stored, Plan)
