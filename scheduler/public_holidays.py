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


def german_holidays(state: str, years: Iterable[int]) -> frozenset[date]:
    """The days that are public holidays by law in the whole `state`, in these years (1991 to 2100).

    Raises `ValueError` for an unknown state, naming the known ones, and for a year without known holidays:
    an empty calendar would quietly promise somebody who reads on New Year's Day.
    """
    if state not in STATES:
        raise ValueError(f"unknown state; known are {', '.join(STATES)}")
    return frozenset().union(*(_holidays(state, year) for year in years))


@lru_cache(maxsize=512)
def _holidays(state: str, year: int) -> frozenset[date]:
    if not Germany.start_year <= year <= Germany.end_year:
        raise ValueError(f"holidays are known for the years {Germany.start_year} to {Germany.end_year}")
    return frozenset(Germany(subdiv=state, years=year))
