# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""An answer can be a concern before the form ends; and such a form needs somebody who is there."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from dialogs.conditions import Value
from dialogs.instruments import (
    Duty,
    Refusal,
    Score,
    compute,
    concerns_of,
    may_offer,
    safety_of,
    shipped_packs,
)
from dialogs.scales import Level

PACKS = shipped_packs()
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("value", "level"),
    [(0, None), (1, Level.R2), (2, Level.R2), (3, Level.R3), (None, None), (4, Level.R2), ("3", Level.R2)],
)
def test_item_9(value: Value | None, level: Level | None) -> None:
    assert concerns_of(PACKS["phq9"], "phq_9", value) == level
    rule = safety_of(PACKS["phq9"], "phq_9", value)
    assert (rule is not None and rule.crisis_card) == (level is not None)


def test_item_9_raises_a_concern_while_the_total_is_1_and_minimal() -> None:
    answers = dict.fromkeys(PACKS["phq9"].items, 0) | {"phq_9": 1}
    total = compute(PACKS["phq9"], "total", answers)
    assert isinstance(total, Score)
    assert (total.value, total.band) == (1, "minimal")
    assert concerns_of(PACKS["phq9"], "phq_9", 1) is Level.R2


@pytest.mark.parametrize(
    ("item", "value", "level"),
    [
        ("mood", 2, Level.R1),
        ("mood", 3, None),
        ("mood", 0, Level.R1),
        ("sleep", 0, None),
        ("contact", "today", Level.R2),
        ("contact", "this_week", Level.R1),
        ("contact", "no", None),
        ("mood", 11, Level.R2),
        ("nowhere", 3, None),
    ],
)
def test_own_items(item: str, value: Value, level: Level | None) -> None:
    assert concerns_of(PACKS["own_items"], item, value) == level
    rule = safety_of(PACKS["own_items"], item, value)
    assert rule is None or not rule.crisis_card


def test_only_phq9_asks_about_death_and_it_is_off_by_default() -> None:
    assert [pack.id for pack in PACKS.values() if pack.offer] == ["phq9"]
    assert not PACKS["phq9"].is_on_by_default


def wall(day: str, hour: int, minute: int = 0) -> datetime:
    return datetime.fromisoformat(f"{day}T{hour:02}:{minute:02}:00").replace(tzinfo=BERLIN)


def duty(day: str, next_workday: str, has_on_call: bool = True) -> Duty:
    return Duty(
        opening=wall(day, 8),
        closing=wall(day, 16),
        next_workday=date.fromisoformat(next_workday),
        has_on_call=has_on_call,
    )


TUESDAY, WEDNESDAY, FRIDAY, MONDAY = "2026-11-03", "2026-11-04", "2026-11-06", "2026-11-09"


@pytest.mark.parametrize(
    ("at", "who", "refused"),
    [
        (wall(TUESDAY, 10), duty(TUESDAY, WEDNESDAY), ()),
        (wall(TUESDAY, 8), duty(TUESDAY, WEDNESDAY), ()),
        (wall(TUESDAY, 7, 59), duty(TUESDAY, WEDNESDAY), (Refusal.NOT_YET_OPEN,)),
        (wall(TUESDAY, 14), duty(TUESDAY, WEDNESDAY), ()),
        (wall(TUESDAY, 14, 1), duty(TUESDAY, WEDNESDAY), (Refusal.CLOSING_SOON,)),
        (wall(TUESDAY, 22), duty(TUESDAY, WEDNESDAY), (Refusal.CLOSING_SOON,)),
        (wall(FRIDAY, 11, 59), duty(FRIDAY, MONDAY), ()),
        (wall(FRIDAY, 12), duty(FRIDAY, MONDAY), (Refusal.FRIDAY_AFTERNOON,)),
        (wall(FRIDAY, 15), duty(FRIDAY, MONDAY), (Refusal.CLOSING_SOON, Refusal.FRIDAY_AFTERNOON)),
        (wall(TUESDAY, 10), duty(TUESDAY, WEDNESDAY, has_on_call=False), (Refusal.NO_DEPUTY_ON_CALL,)),
        # Buß- und Bettag 2026 is a Wednesday; the day before it is no day for this in Saxony.
        (wall("2026-11-17", 10), duty("2026-11-17", "2026-11-19"), (Refusal.HOLIDAY_FOLLOWS,)),
        (wall("2026-11-17", 10), duty("2026-11-17", "2026-11-18"), ()),
        # Friday before Whit Monday, and Maundy Thursday.
        (wall("2027-05-14", 10), duty("2027-05-14", "2027-05-18"), (Refusal.HOLIDAY_FOLLOWS,)),
        (wall("2027-03-25", 10), duty("2027-03-25", "2027-03-30"), (Refusal.HOLIDAY_FOLLOWS,)),
    ],
)
def test_when_it_may_be_offered(at: datetime, who: Duty, refused: tuple[Refusal, ...]) -> None:
    assert may_offer(PACKS["phq9"], at, who) == refused
    assert may_offer(PACKS["who5"], at, who) == ()


def test_nobody_reads_on_a_saturday() -> None:
    off = Duty(opening=None, closing=None, next_workday=date.fromisoformat(MONDAY), has_on_call=True)
    assert may_offer(PACKS["phq9"], wall("2026-11-07", 10), off) == (Refusal.NOBODY_READS_TODAY,)


def test_hours_before_closing_are_real_ones_in_the_night_of_the_clock_change() -> None:
    """On 25.10.2026, 3:00 happens after 2:00 has happened twice: 1:30 to 3:00 are two and a half hours."""
    night = Duty(
        opening=wall("2026-10-25", 0),
        closing=wall("2026-10-25", 3),
        next_workday=date(2026, 10, 26),
        has_on_call=True,
    )
    assert may_offer(PACKS["phq9"], wall("2026-10-25", 1, 30), night) == ()


def test_a_moment_without_a_zone_and_a_workday_in_the_past_are_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        may_offer(PACKS["phq9"], wall(TUESDAY, 10).replace(tzinfo=None), duty(TUESDAY, WEDNESDAY))
    with pytest.raises(ValueError, match="working day"):
        may_offer(PACKS["phq9"], wall(TUESDAY, 10), duty(TUESDAY, TUESDAY))


def test_utc_is_taken_as_it_is() -> None:
    at = datetime(2026, 11, 3, 10, tzinfo=UTC)
    assert may_offer(PACKS["phq9"], at, duty(TUESDAY, WEDNESDAY)) == ()
