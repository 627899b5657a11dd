# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Where an internship stands on each day, its weeks, and hours as somebody types them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.domain.placements import EarlyEnd, Placement, PlacementStage, PlacementTerms
from bot.services.appointment_dates import EntryFault
from bot.services.placement_words import read_hours, typed_hours

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TERMS = PlacementTerms(
    employer="Tischlerei Muster",
    shown_as="Mia",
    first_day=date(2026, 12, 2),
    last_day=date(2026, 12, 15),
    minutes=1200,
)
PLANNED = Placement(1, 1, 1, 1, TERMS, 1, NOW, NOW)
ON_THE_NINTH = replace(PLANNED, ending=EarlyEnd(day=date(2026, 12, 9)))
NEVER_BEGUN = replace(PLANNED, ending=EarlyEnd(day=date(2026, 11, 30)))


@pytest.mark.parametrize(
    ("placement", "day", "stage"),
    [
        (PLANNED, date(2026, 12, 1), PlacementStage.PLANNED),
        (PLANNED, date(2026, 12, 2), PlacementStage.BEGUN),
        (PLANNED, date(2026, 12, 15), PlacementStage.BEGUN),
        (PLANNED, date(2026, 12, 16), PlacementStage.ENDED),
        (ON_THE_NINTH, date(2026, 12, 8), PlacementStage.BEGUN),
        (ON_THE_NINTH, date(2026, 12, 9), PlacementStage.ENDED_EARLY),
        (ON_THE_NINTH, date(2027, 12, 9), PlacementStage.ENDED_EARLY),
        (NEVER_BEGUN, date(2026, 11, 29), PlacementStage.PLANNED),
        (NEVER_BEGUN, date(2026, 12, 2), PlacementStage.ENDED_EARLY),
    ],
)
def test_its_days_say_where_it_stands(placement: Placement, day: date, stage: PlacementStage) -> None:
    assert placement.stage(day) is stage
    assert placement.goes_on(day) is (stage in (PlacementStage.PLANNED, PlacementStage.BEGUN))


@pytest.mark.parametrize(
    ("placement", "today", "weeks"),
    [
        (PLANNED, date(2026, 12, 1), []),
        (PLANNED, date(2026, 12, 2), [date(2026, 11, 30)]),
        (PLANNED, date(2026, 12, 7), [date(2026, 12, 7), date(2026, 11, 30)]),
        (PLANNED, date(2027, 1, 20), [date(2026, 12, 14), date(2026, 12, 7), date(2026, 11, 30)]),
        (ON_THE_NINTH, date(2027, 1, 20), [date(2026, 12, 7), date(2026, 11, 30)]),
        (NEVER_BEGUN, date(2027, 1, 20), []),
    ],
)
def test_hours_are_entered_for_weeks_that_it_had(
    placement: Placement, today: date, weeks: list[date]
) -> None:
    assert placement.weeks(today) == weeks


@pytest.mark.parametrize(
    ("typed", "minutes"), [("20", 1200), (" 7,5 ", 450), ("7.25", 435), ("7:30", 450), ("0", 0), ("60", 3600)]
)
def test_hours_as_one_types_them(typed: str, minutes: int) -> None:
    assert read_hours(typed) == minutes


@pytest.mark.parametrize("typed", ["", "viel", "60,5", "61", "-3", "7:75", "1e1", "١٢:٧٧", "7,555"])
def test_what_are_no_hours_is_said(typed: str) -> None:
    with pytest.raises(EntryFault):
        read_hours(typed)


def test_hours_are_written_as_they_are_typed() -> None:
    assert [typed_hours(one, "de") for one in (1200, 450, 0)] == ["20", "7,5", "0"]
    assert typed_hours(450, "en") == "7.5"
