# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Conditions at their edges: each operator on both sides of its limit, days, odd values."""

from __future__ import annotations

import pytest

from dialogs.condition_syntax import read_condition
from dialogs.effects import Value

VALUES: dict[str, Value] = {
    "two": 2,
    "three": 3,
    "half": 2.5,
    "agreed": True,
    "refused": False,
    "word": "b",
    "digits": "7",
    "arabic": "٧",
    "signed": "-7",
    "comma": "7,5",
    "huge": 10**400,
    "limit": 1e300,
    "minus_limit": -1e300,
    "beyond": 1.1e300,
    "today": "2026-11-24",
    "yesterday": "2026-11-23",
    "discharged": "2026-11-10",
    "start": "2026-11-27",
    "moment": "2026-11-20T23:59:59+01:00",
    "no_such_day": "2026-02-31",
    "long_year": "2026-11-100",
    "time": "09:30",
}


def holds(source: str, **more: Value) -> bool:
    return read_condition(source).holds((VALUES | more).get)


@pytest.mark.parametrize(
    ("operator", "below", "same", "above"),
    [
        ("=", False, True, False), ("==", False, True, False), ("!=", True, False, True),
        ("<", True, False, False), ("<=", True, True, False), (">", False, False, True),
        (">=", False, True, True),
    ],
)  # fmt: skip
@pytest.mark.parametrize("values", [("1", "2", "3"), ("'a'", "'b'", "'c'"), ("two", "half", "three")])
def test_each_operator(
    values: tuple[str, str, str], operator: str, below: bool, same: bool, above: bool
) -> None:
    low, middle, high = values
    assert [holds(f"{left} {operator} {middle}") for left in (low, middle, high)] == [below, same, above]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("agreed = yes", True), ("agreed = no", False), ("agreed != yes", False), ("agreed != no", True),
        ("refused = no", True), ("refused != no", False), ("agreed >= refused", False),
        ("agreed <= agreed", False), ("agreed = 1", False), ("agreed != 1", True), ("agreed >= 1", False),
        ("two in (3, 4)", False), ("three in (2, 4)", False), ("two in (nothing, three)", False),
        ("two in (three, two)", True), ("nothing in (two, nothing)", False), ("word in ('a', 'b')", True),
        ("two not in (three, two)", False), ("agreed in (yes, 1)", True), ("two in ((2), (3))", True),
        ("two not in ((2), (3))", False), ("two not in ((3), (4))", True),
    ],
)  # fmt: skip
def test_yes_and_no_and_lists(source: str, expected: bool) -> None:
    assert holds(source) is expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("digits = 7", True), ("signed = -7", True), ("arabic = 7", False), ("comma > 7", False),
        ("word != 7", True), ("huge > 1", False), ("huge = huge", False), ("huge != 1", True),
        ("limit = limit", True), ("limit > 1", True), ("minus_limit < 1", True), ("beyond > 1", False),
    ],
)  # fmt: skip
def test_what_is_a_number(source: str, expected: bool) -> None:
    assert holds(source) is expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("days since discharged = 14", True), ("days since discharged > 14", False),
        ("days until start = 3", True), ("days since start = -3", True),
        ("days until discharged = -14", True),
        ("days since yesterday = 1", True), ("days since today = 0", True), ("days until today = 0", True),
        ("days since moment = 4", True), ("days until moment < 0", True),
        ("days since nothing >= 0", False), ("days until nothing < 3", False),
        ("days since no_such_day >= 0", False), ("days since long_year >= 0", False),
        ("days since two >= 0", False), ("days since word >= 0", False), ("days since agreed >= 0", False),
        ("14 = days since discharged", True), ("days since discharged in (14, 28)", True),
        ("days since discharged >= days until start", True),
    ],
)  # fmt: skip
def test_days_between_two_calendar_days(source: str, expected: bool) -> None:
    assert holds(source) is expected


def test_without_a_day_of_today_no_days_can_be_counted() -> None:
    assert not holds("days since discharged >= 0", today="soon")
    assert not holds("days since discharged < 0", today="soon")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("time >= 9:30", True), ("time > 9:30", False), ("time < 10:00", True), ("time < 9:29", False),
        ("time = 09:30", True), ("time in (9:30, 10:30)", True),
    ],
)  # fmt: skip
def test_times_of_the_day(source: str, expected: bool) -> None:
    assert holds(source) is expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("two", True), ("refused", False), ("nothing", False), ("yes", True), ("no", False), ("0", False),
        ("''", False), ("(two = 2) = yes", True), ("(two = 3) = yes", False), ("(two = 3) = no", True),
        ("(not agreed) = no", True), ("days since today", False), ("days since yesterday", True),
    ],
)  # fmt: skip
def test_a_value_on_its_own_and_a_condition_as_a_value(source: str, expected: bool) -> None:
    assert holds(source) is expected


def test_every_name_is_found_also_those_of_days() -> None:
    tree = read_condition("days since a > days until b or not c in (d, 'x', 3) and e is not missing")
    assert tree.names() == {"a", "b", "c", "d", "e"}
