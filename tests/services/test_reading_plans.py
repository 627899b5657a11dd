# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import house
from bot.services.availability import read_window, write_window
from bot.services.read_plans import Reading, read_plans
from dialogs.shipped import shipped_files
from scheduler.plans import DaysOff

DIALOGS = frozenset(path.stem for path in shipped_files())


def read(plans: str) -> Reading:
    lines = [f"  {line}" for line in plans.strip("\n").split("\n")]
    return read_plans("\n".join(["format: 1", "plans:", *lines]), "p.yaml", DIALOGS)


def test_the_plans_that_ship_are_sound() -> None:
    reading = read_plans(house.plans_source(), "standard_plans.yaml", DIALOGS)
    assert (reading.problems, reading.warnings) == ((), ())
    check_ins = reading.plans.check_ins
    assert list(check_ins) == [
        "weekly_checkin",
        "wellbeing_fortnightly",
        "monthly_check",
        "discharge_followup",
        "internship_check",
        "new_start",
        "sick_notes",
        "conversation_profile",
        "long_silence",
        "after_crisis",
        "pause_over",
        "no_emergency_service",
    ]
    assert [name for name, one in check_ins.items() if one.follows_pause] == ["pause_over"]
    health = {name for name, one in check_ins.items() if one.consent == "health_checkins"}
    after = {"discharge_followup", "new_start", "sick_notes", "conversation_profile"}
    assert health == {"weekly_checkin", "wellbeing_fortnightly", "monthly_check"} | after
    at_weekends = {name for name, one in check_ins.items() if one.plan.weekends is DaysOff.AS_IS}
    # What has its own day, on purpose; the last one asks nothing.
    assert at_weekends == {"discharge_followup", "after_crisis", "pause_over", "no_emergency_service"}


@pytest.mark.parametrize(
    ("plan", "line", "what", "remedy"),
    [
        ('weekly_checkn:\n  weekdays: [mon]\n  at: "9:00"', 3, "there is no dialog", "'weekly_checkin'"),
        (
            'a:\n  dialog: pausee\n  weekdays: [mon]\n  at: "9:00"',
            4,
            "there is no dialog 'pausee'",
            "'pause'",
        ),
        ('pause:\n  weekdays: [mon]\n  at: "9:00"\n  consent: health', 6, "no consent", "health_checkins"),
        ('pause:\n  weekdays: [mon]\n  at: "9:00"\n  consent: [contact]', 6, "'' is no consent", "contact"),
        ('pause:\n  weekdays: [mon]\n  at: "9:00"\n  condition: mood <', 6, "in 'condition'", "."),
        ("pause:\n  weekdays: [mon]\n  at: 600", 5, "is not a time of day", "quotes"),
        ('pause:\n  weekdays: [monday]\n  at: "9:00"', 4, "'monday' is no weekday", "mon"),
        ('pause:\n  dates: [2026-02-29]\n  at: "9:00"', 4, "does not exist", "leap"),
        (
            "pause:\n  dates: [2027-03-01]\n  at: '9:00'\n  pause: 2027-02-01 to 2027-04-01",
            3,
            "never reaches a day",
            "pauses",
        ),
        ("pause:\n  wekdays: [mon]\n  at: '9:00'", 4, "unknown field 'wekdays'", "weekdays"),
        ("pause:\n  rule: FREQ=HOURLY\n  at: '9:00'\n  start: enrolment", 4, "in 'rule'", ""),
        ("pause:\n  every: 3 days\n  at: '9:00'\n  start: birthday", 6, "no date of a person", "enrolment"),
        ("pause: 7", 3, "fields are missing here", ""),
    ],
)
def test_a_fault_has_its_line_and_a_remedy(plan: str, line: int, what: str, remedy: str) -> None:
    reading = read(plan)
    found = [one for one in reading.problems if what in one.what]
    assert [one.line for one in found] == [line], reading.problems
    assert remedy in found[0].remedy


@pytest.mark.parametrize("fault", ["weekdays: [monday]", "wekdays: [mon]", "weekdays: 7"])
def test_what_is_wrong_beside_its_timing_is_said_as_well(fault: str) -> None:
    found = [
        one.what for one in read(f"a:\n  dialog: pausee\n  consent: all\n  at: '9:00'\n  {fault}").problems
    ]
    assert "there is no dialog 'pausee'" in found
    assert "'all' is no consent" in found


@pytest.mark.parametrize("source", ["", "format: 1", "plans:", "- a\n- b", "\t", "format: 1\nplans: {}", "{"])
def test_what_is_no_file_of_plans_has_a_problem(source: str) -> None:
    reading = read_plans(source, "p.yaml", DIALOGS)
    assert reading.problems
    assert all(one.file == "p.yaml" and one.line >= 1 for one in reading.problems)


@given(st.text(alphabet="abp:-[]{}\"' \n019,#&*!", max_size=80))
def test_no_file_breaks_the_reader(text: str) -> None:
    read_plans(text, "p.yaml", DIALOGS)
    read_plans(f"format: 1\nplans:\n  pause:\n    weekdays: [mon]\n    at: {text}", "p.yaml", DIALOGS)


def test_two_plans_that_meet_are_mentioned_and_may_be_meant() -> None:
    reading = read(
        "pause:\n  weekdays: [tue]\n  at: '9:00'\n"
        "language:\n  rule: FREQ=MONTHLY;BYDAY=1TU\n  at: '15:00'\n  start: enrolment\n"
        "goodbye:\n  weekdays: [wed]\n  at: '9:00'"
    )
    assert reading.problems == ()
    [warning] = reading.warnings
    assert warning.line == 6
    assert "'pause' and 'language' ask on the same day" in warning.what


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("mo-fr 9-17", "mon 9:00-17:00; tue 9:00-17:00; wed 9:00-17:00; thu 9:00-17:00; fri 9:00-17:00"),
        ("Mo,Mi 10:30–12", "mon 10:30-12:00; wed 10:30-12:00"),
        ("sat 8-24", "sat 8:00-23:59"),
        ("so 9-10; mo 10-11", "mon 10:00-11:00; sun 9:00-10:00"),
        ("immer", ""),
        ("", ""),
    ],
)
def test_hours_of_a_person(typed: str, kept: str) -> None:
    window = read_window(typed)
    assert write_window(window) == kept
    assert read_window(kept) == window


@pytest.mark.parametrize(
    "typed",
    [
        "9-17",
        "mo",
        "mo 17-9",
        "mo 9-9",
        "mo 9-25",
        "mo 9:70-10",
        "fr-mo 9-17",
        "mo 9-10; mo 11-12",
        "x 9-10",
        "mo 9-10;",
    ],
)
def test_hours_that_cannot_be(typed: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_window(typed)


@given(
    st.dictionaries(
        st.integers(0, 6),
        st.tuples(st.times(time(0), time(11, 59)), st.times(time(12), time(23, 59))).map(
            lambda pair: (pair[0].replace(second=0, microsecond=0), pair[1].replace(second=0, microsecond=0))
        ),
    )
)
def test_hours_are_kept_as_they_were(window: dict[int, tuple[time, time]]) -> None:
    assert read_window(write_window(window)) == window
