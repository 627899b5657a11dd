# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What waits for a timer that is not there. Part of `soundness_statements`.

A timer that was parked is not lost: that is a fault of its own, and another one would end beside it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, exists, select

from bot.domain.concerns import ANSWERED_IN_TIME, TOLD_NOBODY_YET, Event, Level, State
from bot.storage.tables import CLOSED, WAITING, address, concern, concern_event, timer
from bot.storage.timers import PARKED

#: So many rows of one fault are found at once.
MOST = 500


def _has_timer(kind: str, subject: Any) -> Any:
    return exists().where(
        timer.c.subject == subject, timer.c.kind == kind, timer.c.state.in_([WAITING, PARKED])
    )


# Whoever had it in hand may have called the person: then nobody says that nobody has been in touch.
_SETTLED = (
    TOLD_NOBODY_YET,
    ANSWERED_IN_TIME,
    *(one.value for one in (Event.TAKE_OVER, Event.REOPEN, Event.RAISE, Event.LOWER)),
)
_raised, _later = concern_event.alias("raised"), concern_event.alias("later")
#: Danger of which nobody has told the person that nobody has answered, and nothing will.
LEFT_WAITING = (
    select(concern.c.agency_id, concern.c.id)
    .where(
        concern.c.state != CLOSED,
        concern.c.state == State.OPEN.value,
        concern.c.level == Level.R3.value,
        concern.c.agency_id == bindparam("agency"),
        exists().where(
            _raised.c.concern_id == concern.c.id,
            _raised.c.event.in_(["raised", f"raised_to_{Level.R3.value}"]),
            # Of what staff have raised nothing was promised to the person.
            _raised.c.actor == "system",
            _raised.c.at >= bindparam("since", type_=concern_event.c.at.type),
            ~exists().where(
                _later.c.concern_id == _raised.c.concern_id,
                _later.c.id > _raised.c.id,
                _later.c.event.in_(_SETTLED),
            ),
        ),
        exists().where(address.c.participant_id == concern.c.participant_id, address.c.state == "open"),
        ~_has_timer("concern_unanswered", concern.c.id),
    )
    .limit(MOST)
)
