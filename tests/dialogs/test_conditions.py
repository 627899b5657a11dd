# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The condition language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.condition_syntax import ConditionError, read_condition
from dialogs.effects import Value

VALUES: dict[str, Value] = {
    "mood": 2,
    "contact": "today",
    "agreed": True,
    "days": "7",
    "other.key": 5,
    "half": 2.5,
}


@pytest.mark.parametrize(
    ("source", "holds"),
    [
        ("mood <= 2", True), ("mood < 2", False), ("mood = 2", True), ("mood == 2.0", True),
        ("mood != 2", False),
        ("mood > 1 and mood < 3", True), ("mood > 5 or agreed", True), ("not agreed", False),
        ("agreed = yes", True),
        ("agreed = no", False), ('contact = "today"', True), ("contact = 'no'", False),
        ("contact != 'no'", True),
        ("mood in (1, 2)", True), ("mood not in [1, 2]", False), ("contact in ('a', 'today')", True),
        ("days = 7", True), ("days > 6", True), ("half > 2", True), ("other.key = 5", True),
        ("nothing > 1", False), ("nothing != 1", False), ("not nothing > 1", True),
        ("nothing is missing", True),
        ("mood is missing", False), ("mood is not missing", True), ("contact > 3", False),
        ("contact != 3", True),
        ("agreed = 1", False),
        ("agreed > no", False), ("(mood = 1 or mood = 2) and not (contact = 'no')", True),
        ("-3 < mood", True),
        ("mood = 1 or mood = 2 and contact = 'no'", False), ("contact < 'z'", True),
    ],
)  # fmt: skip
def test_conditions(source: str, holds: bool) -> None:
    assert read_condition(source).holds(VALUES.get) is holds


@pytest.mark.parametrize(
    ("source", "column", "remedy"),
    [
        ("", 1, "a name, a number"), ("mood <", 7, "a name, a number"), ("mood ~ 2", 6, "use names"),
        ("mood is 3", 9, "to compare, use ="), ("(mood = 1", 10, "close the parenthesis"),
        ("mood 2", 6, "join conditions"),
        ("mood = heute morgen", 14, "quotes"), ("mood in 3", 9, "in parentheses"),
        ("mood in (1 2)", 12, "close the list"),
        ("mood not 3", 10, "not in"), ("3 is missing", 6, "name is missing"),
        ("(" * 40 + "1", 32, "at most 30"),
        ("not " * 40 + "1", 125, "at most 30"), ("x" * 600, 1, "500"), ("mood = 'x", 8, "use names"),
        ("ä = 1", 1, "use names"),
    ],
)  # fmt: skip
def test_faults_name_the_column_and_the_remedy(source: str, column: int, remedy: str) -> None:
    with pytest.raises(ConditionError) as caught:
        read_condition(source)
    assert caught.value.column == column
    assert remedy in caught.value.remedy


def test_names_are_found_wherever_they_stand() -> None:
    tree = read_condition("a = 1 and not (b in (c, 2) or d is missing) and e.f")
    assert tree.names() == {"a", "b", "c", "d", "e.f"}


@given(st.text(max_size=60) | st.text("()=<>ab1 .notridsmg'\"", max_size=60))
def test_any_text_is_a_condition_or_a_clear_fault(source: str) -> None:
    try:
        condition = read_condition(source)
    except ConditionError as error:
        where = error.column
    else:
        where = 1
        assert condition.holds(VALUES.get) in (True, False)
        assert condition.holds(lambda name: None) in (True, False)
    assert 1 <= where <= len(source) + 1
