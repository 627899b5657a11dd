# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Conditions about days, times, weekdays and languages, and what is said about those that are wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.book import DialogBook
from dialogs.condition_syntax import ConditionError, read_condition
from dialogs.effects import End, Value
from dialogs.engine import Facts, begin
from tests.dialogs.probe import dialog

KNOWN: dict[str, Value] = {
    "today": "2026-11-23",
    "time": "09:05",
    "weekday": "mon",
    "language": "de",
    "discharged_on": "2026-11-20",
    "starts_at": "2026-12-01T08:00:00+01:00",
    "no_day": "2026-02-30",
    "number": 7,
    "days": 3,
}


@pytest.mark.parametrize(
    ("source", "holds"),
    [
        ("days since discharged_on = 3", True), ("days since discharged_on < 3", False),
        ("days until discharged_on = -3", True), ("days until starts_at = 8", True),
        ("days since starts_at < 0", True), ("days since discharged_on in (1, 3, 7)", True),
        ("days since no_day >= 0", False), ("not days since no_day >= 0", True),
        ("days since number > 0", False),
        ("days since unknown > 0", False), ("days until unknown < 999", False),
        ("days = 3", True), ("days >= 3 and days since discharged_on >= 3", True),
        ("time < 12:00", True), ("time >= 9:05", True), ("time > 9:05", False), ("time < 09:05", False),
        ("time = 9:05", True), ("time in (9:05, 10:00)", True), ("time < 23:59 and time > 0:00", True),
        ("language = 'de'", True), ("weekday in ('sat', 'sun')", False), ("weekday = 'mon'", True),
        ("today = '2026-11-23'", True), ("today > '2026-11-22'", True),
        ("days since today = 0", True),
    ],
)  # fmt: skip
def test_conditions(source: str, holds: bool) -> None:
    assert read_condition(source).holds(KNOWN.get) is holds


@pytest.mark.parametrize(
    ("source", "column", "remedy"),
    [
        ("time < 25:00", 8, "write for example 9:30"),
        ("time < 9:60", 8, "write for example 9:30"),
        ("time < 9:5", 9, "use names"),
        ("days since 3 > 1", 12, "days since name >= 14"),
        ("days since", 11, "days since name >= 14"),
        ("days until (a)", 12, "days until name < 3"),
        ("days before a > 1", 6, "join conditions"),
        ("days since a", 13, ""),
        ("weekday in mon", 12, "in parentheses"),
        ("a = 9:30:15", 6, "use names"),
    ],
)
def test_faults_name_the_column_and_the_remedy(source: str, column: int, remedy: str) -> None:
    if not remedy:
        # The number of days alone is yes or no like any number: never mind how many, but known.
        assert read_condition(source).holds({"a": "2026-11-20", "today": "2026-11-23"}.get) is True
        return
    with pytest.raises(ConditionError) as caught:
        read_condition(source)
    assert (caught.value.column, remedy in caught.value.remedy) == (column, True)


def test_names_of_days_are_names_too() -> None:
    assert read_condition("days since a > 1 or days until b.c < 2").names() == {"a", "b.c"}


@given(st.dates(), st.integers(-4000, 4000))
def test_days_are_calendar_days(day: object, ahead: int) -> None:
    today = datetime(2026, 3, 29, tzinfo=UTC).date()
    there = today + timedelta(days=ahead)
    known = {"today": today.isoformat(), "then": there.isoformat()}
    assert read_condition(f"days until then = {ahead}").holds(known.get)
    assert read_condition(f"days since then = {-ahead}").holds(known.get)


ASKED = dialog(
    """
  look:
    branch:
      - {when: weekday = "sun" and time < 1:00, next: night}
      - {when: today = "2026-03-29" and language = "en", next: english}
      - {when: days since met_on = 1, next: yesterday}
  other: {end: other}
  night: {end: night}
  english: {end: english}
  yesterday: {end: yesterday}
""",
    head="facts: {met_on: {kind: date, unknown: {de: neulich, en: recently}}}\n",
)


@pytest.mark.parametrize(
    ("at", "facts", "outcome"),
    [
        ("2026-03-28T23:30+00:00", Facts("de", {}), "night"),  # half past midnight in Germany
        ("2026-03-28T22:30+00:00", Facts("de", {}), "other"),
        ("2026-03-28T22:30+00:00", Facts("de", {"zone": "Europe/Kyiv"}), "night"),
        ("2026-03-29T00:59+00:00", Facts("en", {}), "english"),  # a minute before the clocks go forward
        ("2026-03-29T10:00+00:00", Facts("de", {"met_on": "2026-03-28"}), "yesterday"),
        ("2026-03-29T22:00+00:00", Facts("de", {"met_on": "2026-03-28"}), "other"),  # Monday already
        ("2026-03-29T10:00+00:00", Facts("de", {"met_on": "gestern"}), "other"),
        ("2026-03-29T10:00+00:00", Facts("de", {"zone": "Mars/Crater"}), "other"),
    ],
)
def test_the_clock_is_the_persons_own(at: str, facts: Facts, outcome: str) -> None:
    step = begin(DialogBook([ASKED]), "probe", facts, datetime.fromisoformat(at))
    assert step.effects == (End(outcome),)
