# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Messages that nobody will send, or not to whom they are for. Part of `soundness_statements`."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, and_, bindparam, func, literal_column, or_, select

from bot.domain.audit import Fault
from bot.domain.delivery import UNREADABLE, SendState
from bot.domain.messages import Kind
from bot.storage.tables import QUEUED, SENDING, address, outgoing

#: So many rows of one fault are found at once.
MOST = 500
#: So many of the newest messages are looked at in each cycle for what cannot be read: what is older than
#: these was sent long ago, or waits and is found by that.
_NEWEST = 20_000

_MOMENT = outgoing.c.wait_until.type
_now = bindparam("now", type_=_MOMENT)
_late = bindparam("late", type_=_MOMENT)
_beyond = bindparam("beyond", type_=_MOMENT)
_last = select(func.max(outgoing.c.id)).scalar_subquery()
_is_due = outgoing.c.state.in_([SENDING, QUEUED])


#: Counts as being sent by nobody who still is; or an answer, a call or help is held for longer than any
#: messenger asks.
IS_HELD_WRONGLY = or_(
    and_(
        outgoing.c.state == SENDING,
        or_(outgoing.c.wait_until.is_(None), outgoing.c.wait_until < _late, outgoing.c.wait_until > _beyond),
    ),
    and_(
        outgoing.c.state == QUEUED,
        outgoing.c.priority <= literal_column(str(Kind.REPLY.priority)),
        outgoing.c.wait_until > bindparam("hold", type_=_MOMENT),
    ),
)


def _rows(*conditions: Any) -> Select[Any]:
    return select(outgoing.c.agency_id, outgoing.c.id).where(*conditions).limit(MOST)


FAULTS: dict[Fault, Select[Any]] = {
    Fault.LEASE_OVER: _rows(IS_HELD_WRONGLY),
    Fault.MESSAGE_UNREADABLE: _rows(
        outgoing.c.id > _last - _NEWEST,
        or_(
            outgoing.c.state.not_in(list(SendState)),
            and_(_is_due, outgoing.c.kind.not_in(list(Kind))),
            and_(
                outgoing.c.reason == UNREADABLE,
                outgoing.c.settled_at.between(bindparam("lately", type_=_MOMENT), _beyond),
            ),
        ),
    ),
    Fault.WRONG_ADDRESS: select(outgoing.c.agency_id, outgoing.c.id)
    .join_from(outgoing, address, address.c.id == outgoing.c.address_id)
    .where(
        outgoing.c.state == QUEUED,
        or_(
            address.c.channel != outgoing.c.channel,
            and_(address.c.staff_id.is_not(None), address.c.staff_id != outgoing.c.staff_id),
            and_(
                address.c.participant_id.is_not(None), address.c.participant_id != outgoing.c.participant_id
            ),
        ),
    )
    .limit(MOST),
}
