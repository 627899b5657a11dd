# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A page's way to the staff desk: the console does what the staff's messenger does, by the same use cases."""

from __future__ import annotations

from bot.services.desk import Desk
from bot.services.staff_sessions import CHANNEL
from bot.web.console.seat import Did, Seat


def desk_of(seat: Seat) -> Desk | None:
    """The desk of whoever sits there; None if their browser is nobody's any more."""
    found = seat.uow.people.find_staff(CHANNEL, seat.whence.account)
    return None if found is None else Desk(seat.uow, seat.rules, found, seat.now)


def settled(desk: Desk, *said: str, to: str = "") -> Did:
    """What was done, with everything that the desk would have answered as lines for the next page."""
    answers = (answer.body.text for answer in desk.answers)
    lines = tuple(line for line in (*said, *answers) if line)
    desk.answers.clear()
    return Did(lines, to, receipt=desk.finish())
