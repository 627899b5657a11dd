# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The edges of safety rules: unreadable answers, days that touch a holiday, packs that guard too little."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec
import pytest

from dialogs.conditions import Value
from dialogs.instruments import Duty, Pack, Refusal, may_offer, safety_of, shipped_packs
from dialogs.instruments.model import Options, SafetyRule
from dialogs.instruments.safety import too_weak
from dialogs.model import ConcernRule
from dialogs.scales import Level

PHQ9 = shipped_packs()["phq9"]
BERLIN = ZoneInfo("Europe/Berlin")
# 2026: the 24th of December is a Thursday. Christmas takes the Friday, and then the weekend comes.
CHRISTMAS_EVE, TUESDAY = datetime(2026, 12, 24, 9, tzinfo=BERLIN), datetime(2026, 11, 3, 10, tzinfo=BERLIN)


def duty(at: datetime, next_workday: date, opening: int | None = 8, closing: int | None = 16) -> Duty:
    return Duty(
        opening=None if opening is None else at.replace(hour=opening),
        closing=None if closing is None else at.replace(hour=closing),
        next_workday=next_workday,
        has_on_call=True,
    )


@pytest.mark.parametrize("answer", [4, -1, "3", True, 2.0])
def test_an_answer_that_nobody_can_judge_is_a_concern_that_says_so(answer: Value) -> None:
    assert safety_of(PHQ9, "phq_9", answer) == SafetyRule(
        "phq_9", ConcernRule(Level.R2, "unreadable_answer"), True
    )


def test_a_single_free_friday_is_a_holiday() -> None:
    assert may_offer(PHQ9, CHRISTMAS_EVE, duty(CHRISTMAS_EVE, date(2026, 12, 28))) == (
        Refusal.HOLIDAY_FOLLOWS,
    )


@pytest.mark.parametrize(("opening", "closing"), [(8, None), (None, 16)])
def test_reading_hours_with_one_end_are_none(opening: int | None, closing: int | None) -> None:
    half = duty(TUESDAY, date(2026, 11, 4), opening, closing)
    assert may_offer(PHQ9, TUESDAY, half) == (Refusal.NOBODY_READS_TODAY,)


def test_a_callers_mistake_is_named() -> None:
    with pytest.raises(ValueError, match=r"^the moment must be aware$"):
        may_offer(PHQ9, TUESDAY.replace(tzinfo=None), duty(TUESDAY, date(2026, 11, 4)))
    with pytest.raises(ValueError, match=r"^the next working day must come after the moment$"):
        may_offer(PHQ9, TUESDAY, duty(TUESDAY, date(2026, 11, 3)))


GUARD = (
    "'phq_9' asks about thoughts of death: each answer above the lowest needs the crisis card "
    "and R2, the highest R3"
)
OFFER = "a pack that asks about thoughts of death is offered too freely"


def with_options(pack: Pack) -> Pack:
    item = msgspec.structs.replace(pack.items["phq_9"], answers=Options(("never", "often")))
    return msgspec.structs.replace(pack, items=pack.items | {"phq_9": item})


@pytest.mark.parametrize(
    ("pack", "missing"),
    [
        (PHQ9, []),
        (msgspec.structs.replace(PHQ9, safety=()), [GUARD]),
        (msgspec.structs.replace(PHQ9, offer=None), [OFFER]),
        (with_options(PHQ9), [GUARD]),
    ],
    ids=["as it ships", "no rules", "no limits", "no numbers"],
)
def test_what_is_missing_is_said_in_words(pack: Pack, missing: list[str]) -> None:
    assert too_weak(pack) == missing
