# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What was posted to staff: together with what it was, which calls have arrived, what was last about whom."""

from __future__ import annotations

from sqlalchemy import and_, bindparam, select

from bot.domain.delivery import CALL, SendState
from bot.domain.messages import Kind
from bot.storage.tables import address, outgoing

#: A call for the concern `about`, not what else staff are told of it.
IS_CALL = and_(
    outgoing.c.concern_id == bindparam("about"),
    outgoing.c.kind == Kind.STAFF_ALERT,
    outgoing.c.subject == CALL,
)
# What one unit of work posts has numbers close to each other: a step in the primary key, however long it is.
_twin = outgoing.alias("twin")
POSTED_WITH = (
    select(_twin.c.address_id, _twin.c.state)
    .join_from(
        outgoing,
        _twin,
        and_(
            _twin.c.id.between(outgoing.c.id - 100, outgoing.c.id + 100),
            _twin.c.posted_at == outgoing.c.posted_at,
            _twin.c.kind == outgoing.c.kind,
            _twin.c.staff_id == outgoing.c.staff_id,
            _twin.c.cause == outgoing.c.cause,
        ),
    )
    .where(outgoing.c.id == bindparam("id"))
)
CALLED_ELSEWHERE = (
    select(_twin.c.id)
    .join_from(
        outgoing,
        _twin,
        and_(
            _twin.c.id.between(outgoing.c.id - 100, outgoing.c.id + 100),
            _twin.c.posted_at == outgoing.c.posted_at,
            _twin.c.kind == outgoing.c.kind,
            _twin.c.concern_id == outgoing.c.concern_id,
            _twin.c.address_id != outgoing.c.address_id,
            _twin.c.state.in_([SendState.QUEUED, SendState.SENDING, SendState.SENT]),
        ),
    )
    .where(outgoing.c.id == bindparam("id"))
    .limit(1)
)
SENT_ALERTS = (
    select(
        address.c.id,
        address.c.channel,
        address.c.value,
        address.c.state,
        address.c.participant_id,
        address.c.staff_id,
        outgoing.c.message,
    )
    .join_from(outgoing, address, address.c.id == outgoing.c.address_id)
    .where(
        # What a person wrote stays in a colleague's chat: it is no call that is settled by now.
        IS_CALL,
        outgoing.c.state == "sent",
        outgoing.c.message != "",
        # An edit changes a message that is already in the list.
        outgoing.c.edit == "",
    )
    .order_by(outgoing.c.id)
)
_case = select(outgoing.c.concern_id).where(
    outgoing.c.address_id == bindparam("address_id"), outgoing.c.concern_id.is_not(None)
)
CONCERN_OF = _case.where(outgoing.c.message == bindparam("message")).order_by(outgoing.c.id.desc()).limit(1)
# What changes an older message comes where that stands; what was not sent yet nobody has seen.
NEWEST_CASE = (
    _case.where(outgoing.c.edit == "", outgoing.c.state.in_(("sending", "sent")))
    .order_by(outgoing.c.settled_at.desc().nulls_first(), outgoing.c.id.desc())
    .limit(1)
)
