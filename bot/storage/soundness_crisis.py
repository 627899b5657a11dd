# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Who is in danger and was given no numbers: never said, or never delivered. Part of `soundness_statements`.

Both look back for `lately` at the most: what is older need not be kept any more.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, and_, bindparam, exists, func, or_, select

from bot.domain.audit import Fault
from bot.domain.concerns import Event, Level, State
from bot.domain.messages import Kind
from bot.storage.tables import CLOSED, address, concern, concern_event, outgoing

#: So many rows of one fault are found at once.
MOST = 500
#: So many messages are looked at in one cycle.
PART = 20_000

_MOMENT = concern.c.raised_at.type
_kept = bindparam("kept", type_=_MOMENT)
_beyond = bindparam("beyond", type_=_MOMENT)
_after = bindparam("after", type_=outgoing.c.id.type)
_part = select(outgoing.c.id).where(outgoing.c.id > _after).order_by(outgoing.c.id).limit(PART).subquery()
#: From then on a human knows the case, or it was a human who called it danger.
_HAD_BY_A_HUMAN = tuple(event.value for event in (Event.TAKE_OVER, Event.REOPEN, Event.RAISE))


def _follows(at: Any, moment: Any) -> Any:
    """At that moment or later; what a clock wrote that ran ahead is followed by whatever came lately."""
    return or_(at >= moment, and_(moment > _beyond, at > _kept))


_told = concern.alias("told")
# A human was called because of it; or one of the team has written to the person since, or has closed a case
# of theirs, with how it ended: then somebody has been in touch, whatever became of the text.
_somebody_was_told = exists().where(
    _told.c.participant_id == outgoing.c.participant_id,
    concern_event.c.concern_id == _told.c.id,
    or_(
        _told.c.source == "delivery",
        and_(
            concern_event.c.event.in_(["replied", Event.CLOSE.value]), concern_event.c.actor.like("staff:%")
        ),
    ),
    _follows(concern_event.c.at, outgoing.c.settled_at),
)

#: As in `soundness_statements`.
FAULTS: dict[Fault, Select[Any]] = {
    Fault.NO_FIRST_WORDS: select(concern.c.agency_id, concern.c.id)
    .where(
        concern.c.state != CLOSED,
        concern.c.state == State.OPEN.value,
        concern.c.level == Level.R3.value,
        concern.c.raised_at > _kept,
        # Of what others noticed the person has said nothing that could be answered.
        or_(concern.c.source == "message", concern.c.source.like("answer:%")),
        ~exists().where(
            concern_event.c.concern_id == concern.c.id, concern_event.c.event.in_(_HAD_BY_A_HUMAN)
        ),
        exists().where(address.c.participant_id == concern.c.participant_id, address.c.state == "open"),
        # A dialog gives the numbers by itself, and these name no concern.
        ~exists().where(
            outgoing.c.participant_id == concern.c.participant_id,
            outgoing.c.kind == Kind.CRISIS.value,
            _follows(outgoing.c.posted_at, concern.c.raised_at),
        ),
    )
    .limit(MOST),
    Fault.HELP_LOST: select(outgoing.c.agency_id, outgoing.c.id)
    .where(
        outgoing.c.id.in_(select(_part.c.id)),
        outgoing.c.kind == Kind.CRISIS.value,
        outgoing.c.state == "failed",
        outgoing.c.participant_id.is_not(None),
        outgoing.c.settled_at > _kept,
        ~_somebody_was_told,
    )
    .limit(MOST),
}
#: As in `soundness_statements`.
PARTS: dict[Fault, tuple[Select[Any, int], int]] = {
    Fault.HELP_LOST: (select(func.max(_part.c.id), func.count()), PART),
}
