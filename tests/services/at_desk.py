# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What staff do with a case, whichever button or form it comes from; and who is away or has duty."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import TypeVar

from bot.domain.concerns import Concern
from bot.domain.duty import Absence, ShiftPattern
from bot.house import DEFAULT_AGENCY
from bot.ports import UnitOfWork
from bot.services.desk import Desk
from tests.services.stage import Actor, Stage

T = TypeVar("T")


def at_desk(stage: Stage, actor: Actor, concern_id: int, act: Callable[[Desk, Concern], T]) -> T:
    """Let a staff member do something with a concern, and deliver what follows."""

    def use_case(uow: UnitOfWork) -> T:
        found = uow.people.find_staff(actor.channel, actor.address)
        concern = uow.concerns.get(concern_id)
        assert found is not None
        assert concern is not None
        desk = Desk(uow, stage.rules, found, stage.now)
        result = act(desk, concern)
        desk.finish()
        return result

    result = stage.run(use_case)
    stage.deliver()
    return result


def is_away(stage: Stage, actor: Actor, until: datetime | None = None) -> None:
    """A staff member is away from now on."""
    absence = Absence(0, DEFAULT_AGENCY, actor.id, stage.now, until)
    stage.run(lambda uow: uow.duty.put_absence(absence))


def has_duty(stage: Stage, actor: Actor, begins: time, ends: time) -> None:
    """A staff member has duty every day between these times."""
    pattern = ShiftPattern(
        0, DEFAULT_AGENCY, actor.id, "FREQ=DAILY", date(2026, 11, 1), begins, ends, "Europe/Berlin"
    )
    stage.run(lambda uow: uow.duty.add_pattern(pattern))
