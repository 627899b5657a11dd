# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The calendar of the German states."""

from __future__ import annotations

from datetime import date

import pytest

from scheduler.public_holidays import STATES, german_holidays


@pytest.mark.parametrize(
    ("day", "states"),
    [
        (date(2026, 10, 31), {"BB", "SN"}),
        (date(2026, 11, 18), {"SN"}),
        (date(2026, 6, 4), {"NW", "HE"}),
        (date(2026, 1, 6), set()),
        (date(2026, 5, 1), {"BB", "SN", "NW", "HE"}),
    ],
)
def test_each_state_has_its_own_days(day: date, states: set[str]) -> None:
    assert {state for state in ("BB", "SN", "NW", "HE") if day in german_holidays(state, [2026])} == states


def test_years_are_put_together() -> None:
    assert german_holidays("HE", [2026, 2027]) == german_holidays("HE", [2026]) | german_holidays(
        "HE", [2027]
    )
    assert german_holidays("HE", []) == frozenset()


def test_all_sixteen_states_are_known() -> None:
    assert len([state for state in STATES if len(state) == 2]) == 16


@pytest.mark.parametrize("state", ["XX", "", "bb", "DE-BB"])
def test_an_unknown_state_is_told_the_known_ones(state: str) -> None:
    with pytest.raises(ValueError, match=r"BB, BE, .*SN"):
        german_holidays(state, [2026])


@pytest.mark.parametrize("year", [1990, 2101])
def test_a_year_without_known_holidays_is_not_a_year_without_holidays(year: int) -> None:
    with pytest.raises(ValueError, match="1991 to 2100"):
        german_holidays("SN", [2026, year])
