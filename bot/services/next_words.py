# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""For whom the next words of a staff member are: words about one person never reach another one.

Whoever has only one person's cases in hand and has chosen nothing writes to that person. So where something
is over, or another case lies before them, it must not be somebody else who gets what is typed then.
"""

from __future__ import annotations

from bot.domain.concerns import Concern
from bot.ports import UnitOfWork
from bot.services.desk import Desk

#: The next words are for nobody.
NOBODY = "nobody"


def when_over(uow: UnitOfWork, staff_id: int, participant_id: int) -> str:
    """What the next words are for once something with this person is over: never for another one."""
    held = uow.concerns.taken_by(staff_id)
    return NOBODY if any(one.participant_id != participant_id for one in held) else ""


def turn_to(desk: Desk, concern: Concern) -> None:
    """The staff member looks at this case now: whoever they wrote to before is no longer meant."""
    number = desk.staff.focus.partition(":")[2]
    if desk.staff.focus and not number.isdecimal():
        return
    before = desk.uow.concerns.get(int(number)) if number else None
    if before is not None and before.participant_id != concern.participant_id:
        desk.focus(NOBODY)
    elif before is None:
        desk.focus(when_over(desk.uow, desk.staff.id, concern.participant_id))
