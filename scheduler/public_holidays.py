# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Public holidays of the German states, on which nobody reads messages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from holidays.countries.germany import Germany

STATES: tuple[str, ...] = tuple(Germany.subdivisions)
"""ISO 3166-2 codes without "DE-" (BB, HE, NW, SN ...), and Augsburg, which has a holiday of its own."""


FIRST_YEAR, LAST_YEAR = Germany.start_year, Germany.end_year
"""The years whose holidays are known."""


def german_holidays(state: str, years: Iterable[int]) -> frozenset[date]:
    """The days that are public holidays by law in the whole `state`, in these years (1991 to 2100).

    Raises `ValueError` for an unknown state, naming the known ones, and for a year without known holidays:
    an empty calendar would quietly promise somebody who reads on New Year's Day.
    """
    if state not in STATES:
        raise ValueError(f"unknown state; known are {', '.join(STATES)}")
    return frozenset().union(*(_holidays(state, year) for year in years))


def is_public_holiday(day: date, state: str) -> bool:
    """True if `day` is a public holiday by law in the whole `state`. Raises as `german_holidays` does."""
    if state not in STATES:
        raise ValueError(f"unknown state; known are {', '.join(STATES)}")
    return day in _holidays(state, day.year)


@lru_cache(maxsize=2048)
def _holidays(state: str, year: int) -> frozenset[date]:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"holidays are known for the years {FIRST_YEAR} to {LAST_YEAR}")
    return frozenset(Germany(subdiv=state, years=year))
