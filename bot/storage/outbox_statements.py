# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The statements of the outbox, built once."""

from __future__ import annotations

from sqlalchemy import and_, bindparam, case, exists, func, or_, select, tuple_, update

from bot.domain.messages import Kind
from bot.storage.link import by_dialect
from bot.storage.tables import QUEUED, SENDING, address, outgoing

_MOMENT = outgoing.c.wait_until.type

POST = by_dialect(
    outgoing,
    lambda new: new.on_conflict_do_nothing(
        index_elements=["dedup"], index_where=outgoing.c.dedup.is_not(None)
    ),
)

# Holds that are over and leases that have run out: ready again, unless revoked in the meantime.
_sleeping = outgoing.alias("sleeping")
_again = case((outgoing.c.revoked, "cancelled"), else_="queued")
WAKE = (
    update(outgoing)
    .where(
        outgoing.c.id.in_(
            select(_sleeping.c.id)
            .where(
                _sleeping.c.channel == bindparam("name"),
                _sleeping.c.wait_until.is_not(None),
                _sleeping.c.wait_until <= bindparam("at", type_=_MOMENT),
            )
            .with_for_update(skip_locked=True)
        )
    )
    .values(state=_again, wait_until=None)
)
RELEASE = (
    update(outgoing)
    .where(outgoing.c.channel == bindparam("name"), outgoing.c.state == SENDING)
    .values(state=_again, wait_until=None)
)

_ready = outgoing.alias("ready")
_first = outgoing.alias("first")
_busy = outgoing.alias("busy")
# A scalar subquery, not an anti-join: it is evaluated for the few rows that are looked at, never for all.
_first_of_address = (
    select(_first.c.id)
    .where(
        _first.c.address_id == _ready.c.address_id,
        _first.c.state == QUEUED,
        tuple_(_first.c.priority, _first.c.id) <= tuple_(_ready.c.priority, _ready.c.id),
        or_(_first.c.wait_until.is_(None), _first.c.attempts > 0),
    )
    .order_by(_first.c.priority, _first.c.id)
    .limit(1)
    .scalar_subquery()
)
_is_claimable = and_(
    _ready.c.channel == bindparam("name"),
    _ready.c.state == QUEUED,
    _ready.c.wait_until.is_(None),
    _ready.c.id == _first_of_address,
    ~exists().where(_busy.c.address_id == _ready.c.address_id, _busy.c.state == SENDING),
)
CLAIM = (
    update(outgoing)
    .where(
        outgoing.c.id.in_(
            select(_ready.c.id)
            .where(_is_claimable)
            .order_by(_ready.c.priority, _ready.c.id)
            .limit(bindparam("rows"))
            .with_for_update(skip_locked=True, of=_ready)
        )
    )
    .values(state=SENDING, wait_until=bindparam("lease"))
    .returning(
        outgoing.c.priority,
        outgoing.c.id,
        outgoing.c.address_id,
        select(address.c.value).where(address.c.id == outgoing.c.address_id).scalar_subquery(),
        outgoing.c.kind,
        outgoing.c.body,
        outgoing.c.attempts,
        outgoing.c.edit,
        outgoing.c.cause,
    )
)
IS_READY = select(_ready.c.id).where(_is_claimable).order_by(_ready.c.priority, _ready.c.id).limit(1)
NEXT_WAKE = select(func.min(outgoing.c.wait_until)).where(
    outgoing.c.channel == bindparam("name"), outgoing.c.wait_until.is_not(None)
)

# A result that comes after the lease has run out still counts: better than sending twice.
SETTLE = (
    update(outgoing)
    .where(outgoing.c.id == bindparam("which"), outgoing.c.state.in_([QUEUED, SENDING]))
    .values(
        state=case(
            (and_(outgoing.c.revoked, bindparam("outcome") == "queued"), "cancelled"),
            else_=bindparam("outcome"),
        ),
        wait_until=bindparam("again"),
        attempts=outgoing.c.attempts + 1,
        message=bindparam("sent_as"),
        reason=bindparam("why"),
        settled_at=bindparam("at"),
    )
)

_of_person = and_(
    outgoing.c.participant_id == bindparam("who"),
    outgoing.c.kind.not_in(bindparam("spared", expanding=True)),
)
CANCEL = (
    update(outgoing).where(_of_person, outgoing.c.state == QUEUED).values(state="cancelled", wait_until=None)
)
REVOKE = update(outgoing).where(_of_person, outgoing.c.state == SENDING).values(revoked=True)

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
        outgoing.c.concern_id == bindparam("concern_id"),
        outgoing.c.kind == Kind.STAFF_ALERT,
        outgoing.c.state == "sent",
        outgoing.c.message != "",
        # An edit changes a message that is already in the list.
        outgoing.c.edit == "",
    )
    .order_by(outgoing.c.id)
)
CONCERN_OF = (
    select(outgoing.c.concern_id)
    .where(
        outgoing.c.address_id == bindparam("address_id"),
        outgoing.c.message == bindparam("message"),
        outgoing.c.concern_id.is_not(None),
    )
    .order_by(outgoing.c.id.desc())
    .limit(1)
)
DRAFT = select(
    outgoing.c.agency_id,
    outgoing.c.address_id,
    outgoing.c.channel,
    outgoing.c.kind,
    outgoing.c.body,
    outgoing.c.participant_id,
    outgoing.c.concern_id,
    outgoing.c.staff_id,
    outgoing.c.edit,
    outgoing.c.wait_until,
    outgoing.c.dedup,
    outgoing.c.state,
).where(outgoing.c.id == bindparam("id"))
DEPTH = (
    select(outgoing.c.channel, func.count())
    .where(or_(outgoing.c.state == QUEUED, outgoing.c.state == SENDING))
    .group_by(outgoing.c.channel)
)
