# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What is grave and comes just before closing, or before a shift begins: nobody waits until Monday for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.domain.concerns import Level, State
from bot.house import DEFAULT_AGENCY
from bot.services.foresee_ladder import Foreseen, foresee
from bot.services.ladder import policy_of
from bot.services.policies import read_policies
from tests.services.at_desk import has_duty
from tests.services.stage import Actor, Stage
from tests.services.test_policies import SOUND

ACUTE = "Ich will nicht mehr leben"
#: Friday, three minutes before closing, on the clock in Berlin 15:57.
CLOSING = datetime(2026, 11, 27, 14, 57, tzinfo=UTC)
QUARTER = timedelta(minutes=15)


@pytest.fixture
def nora(stage: Stage, berta: Actor) -> Actor:
    """Somebody who can have duty."""
    return stage.staff("Nora Nacht")


def due(stage: Stage) -> datetime:
    at = stage.concerns()[0].next_action_at
    assert at is not None
    return at


def told_of_alert(stage: Stage, person: Actor) -> str:
    said = [body.text for body in stage.ears[person.channel, person.address]]
    return next(text for text in said if "Unser Ziel" in text)


def test_just_before_closing_whoever_has_duty_then_is_called(
    stage: Stage, nora: Actor, berta: Actor, mia: Actor
) -> None:
    has_duty(stage, nora, time(16, 0), time(8, 0))
    stage.now = CLOSING
    mia.writes(ACUTE)
    assert "Bis 16:12 Uhr" in told_of_alert(stage, mia)
    assert due(stage) == CLOSING + QUARTER
    stage.pass_time(minutes=15)
    nora.hears("Meldung R3")
    mia.forgets()
    assert due(stage) == stage.now + QUARTER  # and it goes on by the clock


def test_just_before_closing_the_day_is_named_where_nobody_has_duty(
    stage: Stage, berta: Actor, mia: Actor
) -> None:
    stage.now = CLOSING
    mia.writes(ACUTE)
    assert "Bis Montag, 30. November, 08:12 Uhr" in told_of_alert(stage, mia)


def test_a_shift_that_begins_takes_up_what_came_in_the_night(
    stage: Stage, nora: Actor, berta: Actor, mia: Actor
) -> None:
    has_duty(stage, nora, time(9, 0), time(18, 0))
    stage.now = datetime(2026, 11, 28, 2, 0, tzinfo=UTC)  # the night before Saturday
    mia.writes(ACUTE)
    nora.hears_nothing()
    assert due(stage) == datetime(2026, 11, 28, 8, 0, tzinfo=UTC)
    stage.pass_time(hours=6)
    nora.hears("Meldung R3")


def test_a_rota_that_the_ladder_does_not_call_is_no_promise(
    stage: Stage, nora: Actor, berta: Actor, mia: Actor
) -> None:
    has_duty(stage, nora, time(16, 0), time(8, 0))
    ladders = read_policies(SOUND, "test.yaml")  # without out_of_hours
    stage.rules = replace(stage.rules, policies=ladders, own_policies={})
    stage.now = CLOSING + timedelta(hours=6)
    mia.writes(ACUTE)
    nora.hears_nothing()
    [first] = stage.ears[mia.channel, mia.address]
    assert "Im Moment liest hier niemand mit." in first.text
    assert due(stage) == datetime(2026, 11, 30, 7, 30, tzinfo=UTC)


def test_the_preview_says_what_happens(stage: Stage, nora: Actor, berta: Actor, mia: Actor) -> None:
    has_duty(stage, nora, time(16, 0), time(15, 59))
    stage.now = CLOSING
    mia.writes(ACUTE)
    [concern] = stage.concerns()
    ahead = foresee(policy_of(concern), stage.rules.hours[DEFAULT_AGENCY], CLOSING, on_duty=True)
    calls = [one.at for one in ahead if one.what is Foreseen.CALL]
    assert [one.at for one in ahead if one.what is Foreseen.TELL] == [CLOSING + QUARTER]
    seen = [CLOSING]
    while len(seen) < len(calls):
        seen.append(due(stage))
        stage.now = due(stage)
        stage.pass_time()
    assert seen == calls
    assert (concern.level, concern.state) == (Level.R3, State.OPEN)


def test_whoever_has_duty_is_there_though_they_work_on_other_days(
    stage: Stage, nora: Actor, berta: Actor, mia: Actor
) -> None:
    has_duty(stage, nora, time(16, 0), time(8, 0))
    stage.run(lambda uow: uow.duty.set_week(DEFAULT_AGENCY, nora.id, {1: (time(8), time(12))}))
    stage.now = CLOSING + timedelta(hours=6)
    mia.writes(ACUTE)
    nora.hears("Meldung R3")
    assert not stage.concerns()[0].uncovered
    assert "Im Moment liest hier niemand mit." not in stage.ears[mia.channel, mia.address][0].text
    assert due(stage) == stage.now + QUARTER
    berta.forgets()
    stage.pass_time(minutes=15)
    nora.hears("Meldung R3")
    assert due(stage) == stage.now + QUARTER
