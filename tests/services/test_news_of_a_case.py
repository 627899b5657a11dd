# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Somebody writes again while their case is in somebody's hand: whoever is named to them really hears it."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from bot.domain.concerns import State
from bot.domain.people import Role
from bot.services.hand_over import hand_over
from bot.services.handle_concern import plan, snooze, take_over
from tests.services.at_desk import at_desk, is_away
from tests.services.stage import Actor, Stage

WISH = "Können Sie mich bitte anrufen?"
NEWS = "Neues von der Person"


@pytest.fixture
def dirk(stage: Stage, berta: Actor) -> Actor:
    """Who stands in for Berta."""
    return stage.staff("Dirk Dreher", deputy_of=berta.id)


def rests(stage: Stage, holder: Actor, mia: Actor) -> None:
    """Mia has written, and the holder lets it rest for ten days."""
    mia.writes(WISH)
    at_desk(stage, holder, 1, partial(take_over, before=None))
    assert at_desk(stage, holder, 1, partial(snooze, until=stage.now + timedelta(days=10)))
    stage.ears.clear()


def test_whoever_stands_in_hears_what_comes_for_somebody_who_is_away(
    stage: Stage, berta: Actor, dirk: Actor
) -> None:
    mia = stage.participant(berta)
    rests(stage, berta, mia)
    is_away(stage, berta)
    mia.writes(WISH)
    mia.hears("Ich gebe sie an Dirk Dreher weiter.")
    dirk.hears(NEWS)
    assert stage.concerns()[0].state is State.IN_HAND


def test_where_nobody_stands_in_the_case_is_called_for_at_once(
    stage: Stage, berta: Actor, mia: Actor
) -> None:
    lea = stage.staff("Lea Lind", Role.LEAD)
    rests(stage, berta, mia)
    is_away(stage, berta)
    mia.writes(WISH)
    mia.hears("Ich gebe sie an Ihr Team weiter.")
    lea.hears("Meldung R1")
    assert stage.concerns()[0].state is State.OPEN


def test_the_name_that_is_said_is_of_whoever_has_the_case(stage: Stage, berta: Actor, mia: Actor) -> None:
    karl = stage.staff("Karl Kunze")
    mia.writes(WISH)
    colleague = stage.run(lambda uow: uow.people.staff(karl.id))
    assert colleague is not None
    assert at_desk(stage, berta, 1, partial(hand_over, to=colleague))
    stage.ears.clear()
    mia.writes(WISH)
    mia.hears("Ich gebe sie an Karl Kunze weiter.")
    at_desk(stage, karl, 1, partial(take_over, before=None))
    at_desk(stage, karl, 1, partial(plan, step="Anrufen", within=timedelta(hours=8)))
    stage.ears.clear()
    mia.writes(WISH)
    mia.hears("Ich gebe sie an Karl Kunze weiter.")
    karl.hears(NEWS)
    berta.hears_nothing()
