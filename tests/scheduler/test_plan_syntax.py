# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Plan files: what an editor writes, what it means, and what they are told when it means nothing."""

from __future__ import annotations

from datetime import date, time, timedelta
from pathlib import Path

import msgspec
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.plan_syntax import PlanFile, PlanProblem, read_plans
from scheduler.plans import (
    Anchor,
    Between,
    Counted,
    DaysOff,
    EveryDays,
    OnDates,
    Outage,
    Plan,
    Reminders,
    Rule,
    Span,
    Weekly,
)

ALL_FIELDS = (
    *("weekdays", "every", "dates", "after", "rule", "at", "between", "start", "end", "pause", "condition"),
    *("weekends", "holidays", "grace", "reminders", "outage"),
)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def read(text: str) -> PlanFile:
    """With all values as texts, as the dialogs' reader gives them."""
    return read_plans(yaml.load(text, yaml.BaseLoader), "plans.yaml", {})


def read_one(fields: str) -> PlanFile:
    return read(f"format: 1\nplans: {{checkin: {{{fields}}}}}")


def test_a_whole_plan() -> None:
    found = read("""
        format: 1
        plans:
          checkin:
            weekdays: [thu, mon]
            between: 9:00 to 17:00
            start: 1 day after enrolment
            end: [24 times, 2027-06-30]
            pause: [2026-12-24 to 2027-01-03, 2027-02-01, from 2027-05-01]
            condition: 'not contact = "no"'
            weekends: skip
            holidays: next working day
            grace: 2 days
            reminders: {number: 2, distance: 36 hours}
            outage: {send: 90 minutes, merge: 2 days}
    """)
    expected = Plan(
        id="checkin",
        rhythm=Weekly((0, 3)),
        at=Between(time(9), time(17)),
        start=Anchor("enrolment", 1),
        until=date(2027, 6, 30),
        times=24,
        pauses=(
            Span(date(2026, 12, 24), date(2027, 1, 3)),
            Span(date(2027, 2, 1), date(2027, 2, 1)),
            Span(date(2027, 5, 1)),
        ),
        condition='not contact = "no"',
        weekends=DaysOff.SKIP,
        holidays=DaysOff.NEXT_WORKING_DAY,
        grace=2 * DAY,
        reminders=Reminders(2, 36 * HOUR),
        outage=Outage(timedelta(minutes=90), 2 * DAY),
    )
    assert found == PlanFile((expected,), ())


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("weekdays: mon, at: 9:30", {"rhythm": Weekly((0,)), "at": time(9, 30)}),
        ("every: 3 days, start: 2026-09-01", {"rhythm": EveryDays(3), "start": date(2026, 9, 1)}),
        ("every: 2 weeks, start: discharge", {"rhythm": EveryDays(14), "start": Anchor("discharge")}),
        (
            "every: 1 day, start: 3 days before discharge",
            {"rhythm": EveryDays(1), "start": Anchor("discharge", -3)},
        ),
        ("dates: [2028-02-29, 2026-12-01]", {"rhythm": OnDates((date(2026, 12, 1), date(2028, 2, 29)))}),
        (
            "after: {date: discharge, days: [14, 1, 3, 7, 30]}",
            {"rhythm": Counted("discharge", (1, 3, 7, 14, 30))},
        ),
        (
            "after: {date: enrolment, months: [18, 21, 23]}",
            {"rhythm": Counted("enrolment", (), (18, 21, 23))},
        ),
        ("after: {date: last_answer, days: 7}", {"rhythm": Counted("last_answer", (7,))}),
        (
            "rule: FREQ=MONTHLY;BYDAY=1MO, start: enrolment",
            {"rhythm": Rule("FREQ=MONTHLY;BYDAY=1MO"), "start": Anchor("enrolment")},
        ),
        ("weekdays: mon, end: 90 days after enrolment", {"until": Anchor("enrolment", 90)}),
        ("weekdays: mon, outage: skip", {"outage": Outage()}),
        ("weekdays: mon, outage: send, grace: 3 hours", {"grace": 3 * HOUR, "outage": Outage(3 * HOUR)}),
        # merged as long as it may begin, if nothing is said
        ("weekdays: mon, grace: 3 hours", {"grace": 3 * HOUR, "outage": Outage(merge_within=3 * HOUR)}),
        ("weekdays: mon, outage: {send: 1 hour}", {"outage": Outage(HOUR)}),
        ("weekdays: mon, reminders: {number: 1}", {"reminders": Reminders(1, DAY)}),
    ],
)
def test_every_way_to_write_it(fields: str, expected: dict[str, object]) -> None:
    found = read_one(fields if "at:" in fields else f"{fields}, at: 10:00")
    assert found.problems == ()
    (plan,) = found.plans
    wanted = {"id": "checkin", "rhythm": Weekly((0,)), "at": time(10), **expected}
    assert plan == Plan(**wanted)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fields", "what", "remedy"),
    [
        ("weekdays: [mon], at: 10:00, grase: 1 day", "unknown field 'grase'", "'grace'"),
        ("at: 10:00", "one of the fields weekdays, every, dates, after, rule is missing", "weekdays: [mon]"),
        ("weekdays: [mon]", "one of the fields at, between is missing", "10:00"),
        ("weekdays: [mon], every: 3 days, at: 10:00", "'weekdays' and 'every' contradict", "Keep one"),
        ("weekdays: [mon], at: 10:00, between: 9:00 to 10:00", "'at' and 'between' contradict", "Keep one"),
        ("weekdays: [monday], at: 10:00", "'monday' is no weekday", "'mon'"),
        ("weekdays: [], at: 10:00", "no weekday is named", "mon, thu"),
        ("weekdays: [mon], at: 24:00", "'24:00' is not a time of day", "0:00 to 23:59"),
        ("weekdays: [mon], at: noon", "'noon' is not a time of day", "in quotes"),
        ("weekdays: [mon], at: ''", "a single value is missing", "delete the line"),
        ("weekdays: [mon], between: 17:00 to 9:00", "does not end after it begins", "9:00 to 17:00"),
        ("weekdays: [mon], between: 9-17", "this is not a window", "9:00 to 17:00"),
        ("every: 36 hours, start: enrolment, at: 10:00", "not whole days", "3 days"),
        ("every: 3 days, at: 10:00", "needs a day to count from", "start: enrolment"),
        ("every: 0 days, start: enrolment, at: 10:00", "not a length of time", "2 hours"),
        ("dates: [2027-02-29], at: 10:00", "2027-02-29 does not exist", "leap years"),
        ("dates: [29.2.2028], at: 10:00", "'29.2.2028' is not a date", "2026-12-24"),
        ("dates: [2206-01-01], at: 10:00", "not within the years 1991 to 2100", "Check the year"),
        ("dates: [2026-12-01], at: 10:00, end: 2026-11-01", "after its end", "move the start or the end"),
        ("after: discharge, at: 10:00", "fields of their own are missing", "date, days, months"),
        ("after: {date: dischrge, days: 1}, at: 10:00", "'dischrge' is no date of a person", "'discharge'"),
        ("after: {date: discharge}, at: 10:00", "no day is named", "[1, 3, 7, 14, 30]"),
        ("after: {date: discharge, days: soon}, at: 10:00", "'soon' is not a number of days", "digits"),
        ("after: {date: discharge, day: 1}, at: 10:00", "unknown field 'day'", "'days'"),
        ("rule: FREQ=SECONDLY, at: 10:00", "FREQ=SECONDLY would write", "FREQ=DAILY"),
        ("rule: FREQ=DAILY, at: 10:00", "needs a day to count from", "start: enrolment"),
        ("weekdays: mon, at: 10:00, start: enrollment", "'enrollment' is no date of a person", "'enrolment'"),
        ("weekdays: mon, at: 10:00, end: 12 times", "needs a day to count from", "start: enrolment"),
        ("weekdays: mon, at: 10:00, end: [2027-01-01, enrolment]", "two ends of one sort", "Keep one"),
        ("weekdays: mon, at: 10:00, pause: 2027-01-03 to 2026-12-24", "ends before it begins", "Swap"),
        ("weekdays: mon, at: 10:00, weekends: no", "'no' is not possible", "as is, skip, next working day"),
        ("weekdays: mon, at: 10:00, grace: 3 weeks", "not within 14 days", "12 hours"),
        ("weekdays: mon, at: 10:00, outage: {merge: 2 days}", "older than the grace", "Lengthen 'grace'"),
        ("weekdays: mon, at: 10:00, outage: ask", "'ask' is not possible", "send, merge, skip"),
        ("weekdays: mon, at: 10:00, reminders: {number: 9}", "more than 5 reminders", "0 to 5"),
        ("weekdays: mon, at: 10:00, reminders: {distance: 1 day}", "single value is missing", "Write one"),
    ],
)
def test_what_an_editor_is_told(fields: str, what: str, remedy: str) -> None:
    found = read_one(fields)
    assert found.plans == ()
    (problem,) = found.problems
    assert what in problem.what
    assert remedy in problem.remedy


def test_all_problems_at_once_with_their_lines() -> None:
    tree = {
        "format": "1",
        "plans": {
            "one": {"weekdays": "mon", "at": "25:00", "grace": "long"},
            "Two": {"weekdays": "mon", "at": "10:00"},
            "three": {"weekdays": "mon", "at": "10:00"},
            "four": "weekly",
        },
    }
    lines = {"plans.one": 3, "plans.one.at": 5, "plans.Two": 7, "plans.four": 13}
    found = read_plans(tree, "plans.yaml", lines)
    assert [plan.id for plan in found.plans] == ["three"]
    assert [problem.line for problem in found.problems] == [3, 5, 7, 13, 13, 13]
    expected = "plans.yaml:5: in 'at': '25:00' is not a time of day. "
    assert str(found.problems[1]).startswith(expected)
    assert isinstance(found.problems[0], PlanProblem)


def test_plain_yaml_is_understood_and_its_traps_are_named() -> None:
    text = """
        format: 1
        plans:
          good:
            dates: [2026-12-01]
            at: "10:00"
            after_all: 1
          bad:
            weekdays: [mon]
            at: 10:00
    """
    good = yaml.safe_load(text.replace("            after_all: 1\n", ""))
    found = read_plans(good, "plans.yaml", {})
    assert [plan.id for plan in found.plans] == ["good"]
    assert [problem.what for problem in found.problems] == ["in 'at': '600' is not a time of day"]


def test_the_example_in_the_docs_is_a_plan() -> None:
    page = (Path(__file__).parents[2] / "docs" / "adr" / "0013-plan-format.md").read_text(encoding="utf-8")
    found = read(page.partition("```yaml")[2].partition("```")[0])
    assert found.problems == ()
    assert [plan.id for plan in found.plans] == ["weekly_checkin"]


@pytest.mark.parametrize("tree", [None, "", [], {"plans": {}}, {"format": "2", "plans": {}}, {"format": "1"}])
def test_files_that_are_none(tree: object) -> None:
    found = read_plans(tree, "plans.yaml", {})
    assert found.plans == ()
    assert found.problems


def test_a_file_has_a_size() -> None:
    one = {"weekdays": "mon", "at": "10:00"}
    found = read_plans({"format": "1", "plans": {f"p{n}": one for n in range(201)}}, "plans.yaml", {})
    assert found.plans == ()
    assert [problem.what for problem in found.problems] == ["there are more than 200 plans"]
    many = {"weekdays": ["mon"] * 401, "at": "10:00"}
    assert "more than 400" in read_plans({"format": "1", "plans": {"p": many}}, "p.yaml", {}).problems[0].what


_leaves = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=20)
    | st.dates()
    | st.sampled_from(
        [
            "mon",
            "10:00",
            "3 days",
            "enrolment",
            "12 times",
            "FREQ=DAILY",
            "2026-12-01",
            "skip",
            "send",
            "9:00 to 10:00",
        ]
    )
)
_values = st.recursive(
    _leaves,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["date", "days", "send", "number"]), inner)
    ),
    max_leaves=5,
)
_keys = st.sampled_from((*ALL_FIELDS, "other"))


@settings(max_examples=120)
@given(fields=st.dictionaries(_keys, _values, max_size=8))
def test_whatever_is_written_is_a_plan_or_a_problem(fields: dict[str, object]) -> None:
    found = read_plans({"format": 1, "plans": {"checkin": fields}}, "plans.yaml", {})
    assert bool(found.plans) != bool(found.problems)
    for plan in found.plans:
        assert msgspec.json.decode(msgspec.json.encode(plan), type=Plan) == plan
