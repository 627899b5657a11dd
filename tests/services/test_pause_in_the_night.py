# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A pause holds for what was put on its way before it (promise P4). Found by the simulation, seed 1287."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.messages import Kind
from bot.ports import UnitOfWork
from bot.services import floor
from bot.services.receive import open_visit
from tests.services.stage import Actor, Stage


def test_what_is_held_for_the_morning_does_not_come_in_a_pause(stage: Stage, mia: Actor) -> None:
    stage.pass_time(hours=13)
    mia.forgets()
    stage.run(lambda uow: _ask(uow, stage, stage.now))
    mia.hears_nothing()
    mia.writes("Pause")
    mia.presses("1 Woche")
    assert len(mia.hears("Wie lange", "Gern. Pause: 1 Woche")) == 2
    stage.pass_time(hours=18)
    mia.hears_nothing()


def _ask(uow: UnitOfWork, stage: Stage, now: datetime) -> None:
    visit = open_visit(uow, stage.rules, 1, now)
    assert visit is not None
    assert floor.want(visit, "long_silence", Kind.REMINDER, timedelta(days=1))
    visit.finish()
