# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What a plan began obeys the plan's days also later: repeated, put by, or begun in its turn.

In 2026 both Christmas days are a Friday and a Saturday, so Monday 28 December is the next working day.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.concerns import Level
from bot.domain.conversations import ConversationState
from tests.services.floor_dialogs import add_dialogs, states, want
from tests.services.stage import Actor, Stage
from tests.services.test_plans_are_followed import days, heard, plans, put_in_force

EVE, CHRISTMAS, MONDAY_AFTER = date(2026, 12, 24), date(2026, 12, 25), date(2026, 12, 28)
MOOD, AGAIN, LETTER = "Wie geht es Ihnen heute?", "Darf ich noch einmal fragen?", "Ist der Brief da?"
WELCOME = "Wie möchten Sie weitermachen?"
RESTS = {"weekends": "next working day", "holidays": "next working day", "grace": "5 days"}


@pytest.fixture
def advent(stage: Stage, berta: Actor) -> Actor:
    """It is ten on the Wednesday before Christmas, and no plan is due."""
    add_dialogs(stage)
    stage.now = datetime(2026, 12, 23, 9, tzinfo=UTC)
    mia = stage.participant(berta)
    put_in_force(stage, plans(weekdays="", dates="[2027-12-01]"))
    return mia


@pytest.mark.parametrize(
    ("says", "expected"), [(RESTS, MONDAY_AFTER), ({}, CHRISTMAS)], ids=["rests", "as is"]
)
def test_an_open_question_is_repeated_on_a_day_of_the_plan(
    stage: Stage, advent: Actor, says: dict[str, str], expected: date
) -> None:
    put_in_force(stage, plans(dialog="weekly_checkin", weekdays="[thu]", **says))
    assert days(heard(stage, advent, MOOD, hours=26)) == [EVE]
    repeated = heard(stage, advent, AGAIN, days=5)
    assert days(repeated) == [expected]


def test_what_would_only_go_out_in_the_morning_of_a_holiday_waits_too(stage: Stage, advent: Actor) -> None:
    """The dialog asks again after a day, late on Christmas Eve; in quiet hours nothing is sent."""
    put_in_force(stage, plans(dialog="weekly_checkin", weekdays="[wed]", at='"20:45"', **RESTS))
    assert days(heard(stage, advent, MOOD, hours=13)) == [EVE - timedelta(days=1)]
    stage.now = datetime(2026, 12, 24, 21, tzinfo=UTC)
    assert days(heard(stage, advent, AGAIN, days=4)) == [MONDAY_AFTER]


def test_what_waited_for_its_turn_begins_on_a_day_of_the_plan(stage: Stage, advent: Actor) -> None:
    stage.pass_time(hours=23)
    want(stage, "letter")
    advent.hears(LETTER)
    put_in_force(stage, plans(dialog="weekly_checkin", weekdays="[thu]", **RESTS))
    # The letter's question is over on Christmas Day, and the floor is free.
    assert days(heard(stage, advent, MOOD, days=5)) == [MONDAY_AFTER]
    assert states(stage) == {"weekly_checkin": ConversationState.OPEN}


def test_what_was_put_by_comes_back_on_a_day_of_the_plan(stage: Stage, advent: Actor) -> None:
    put_in_force(stage, plans(dialog="weekly_checkin", weekdays="[thu]", **RESTS))
    heard(stage, advent, MOOD, hours=26)
    want(stage, "appointment")
    assert days(heard(stage, advent, MOOD, days=4, hours=4)) == [MONDAY_AFTER]


def test_by_the_shipped_plans_what_was_begun_on_a_friday_is_not_followed_up_at_the_weekend(
    stage: Stage, mia: Actor
) -> None:
    stage.now = datetime(2026, 12, 3, 15, tzinfo=UTC)  # a Thursday, after the fortnightly question
    stage.pass_time(hours=24)
    mia.writes("6")
    mia.hears("1 von 5", "Darf ich noch einmal fragen?", "2 von 5")
    assert days(heard(stage, mia, "2 von 5", days=4)) == [date(2026, 12, 7)]


def test_whoever_goes_on_by_themselves_waits_for_no_day(stage: Stage, advent: Actor) -> None:
    put_in_force(stage, plans(dialog="weekly_checkin", weekdays="[thu]", **RESTS))
    heard(stage, advent, MOOD, hours=26)
    want(stage, "appointment")
    stage.now = datetime(2026, 12, 25, 9, tzinfo=UTC)
    advent.forgets()
    advent.writes("checkin")
    assert MOOD in advent.hears(MOOD[:4])[-1].text


def test_a_human_is_called_on_whatever_day_it_is(stage: Stage, advent: Actor) -> None:
    put_in_force(stage, plans(dialog="long_silence", weekdays="[tue]", **RESTS))
    stage.now = datetime(2026, 12, 29, 9, 30, tzinfo=UTC)
    stage.pass_time(hours=1)
    assert not [one for one in stage.concerns() if one.reason == "silence"]
    # Three days later it is a Friday, and New Year's Day.
    stage.pass_time(days=3)
    assert [one.level for one in stage.concerns() if one.reason == "silence"] == [Level.R1]


def test_a_reminder_that_came_late_waits_for_the_next_day_of_the_plan(stage: Stage, advent: Actor) -> None:
    says = {"reminders": "{number: 1, distance: 2 hours}", "holidays": "skip"}
    stage.now = datetime(2026, 12, 30, 9, tzinfo=UTC)
    put_in_force(stage, plans(weekdays="[thu]", **says))
    assert days(heard(stage, advent, WELCOME, hours=24, minutes=40)) == [date(2026, 12, 31)]
    # The program was then down until the morning of New Year's Day.
    stage.now = datetime(2027, 1, 1, 9, tzinfo=UTC)
    assert days(heard(stage, advent, WELCOME, days=2)) == [date(2027, 1, 2)]
