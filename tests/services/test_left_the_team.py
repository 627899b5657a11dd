# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Whoever has left the team hears nothing more, not even by a change of what they were told before."""

from __future__ import annotations

from bot.services.absences import leave_team
from bot.services.handle_concern import take_over
from tests.services.at_desk import at_desk
from tests.services.stage import Actor, Stage


def test_who_takes_over_is_not_told_to_somebody_who_has_left(stage: Stage, berta: Actor, mia: Actor) -> None:
    karl = stage.staff("Karl Kollege", deputy_of=berta.id)
    mia.writes("Ich will nicht mehr leben")
    number = stage.concerns()[0].id
    stage.pass_time(minutes=20)
    berta.forgets()
    karl.forgets()
    stage.run(lambda uow: leave_team(uow, berta.id, stage.now))

    at_desk(stage, karl, number, lambda desk, found: take_over(desk, found, None))

    assert stage.concerns()[0].taken_by == karl.id
    berta.hears_nothing()
