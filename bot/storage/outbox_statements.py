# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The statements of the outbox, built once."""

from __future__ import annotations

from sqlalchemy import (
    Integer,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
    tuple_,
    update,
)

from bot.domain.messages import URGENT
from bot.storage.link import by_dialect
from bot.storage.outbox_sent import IS_CALL
from bot.storage.tables import QUEUED, SENDING, address, concern, outgoing, participant

_MOMENT = outgoing.c.wait_until.type
_PRIORITY = outgoing.c.priority.type
# Written out like the states, for the sake of a partial index.
_URGENT = literal_column(str(URGENT), _PRIORITY)
#: How many holds that are over one claim ends.
WOKEN_AT_ONCE = 500

POST = by_dialect(
    outgoing,
    lambda new: new.on_conflict_do_nothing(
        index_elements=["dedup"], index_where=outgoing.c.dedup.is_not(None)
    ),
)

_about = select(concern.c.participant_id).where(concern.c.id == bindparam("concern")).scalar_subquery()
_at = select(address.c.participant_id).where(address.c.id == bindparam("address")).scalar_subquery()
#: Whose content a message without a person is: that of the concern it is about, or of the address.
OWNER = select(func.coalesce(_about, _at))

# Holds that are over and leases that have run out: ready again, unless revoked in the meantime. Never all at
# once: after an outage there may be a million, and somebody in need must not wait while they are woken.
_sleeping = outgoing.alias("sleeping")
_again = case((outgoing.c.revoked, "cancelled"), else_="queued")
_woken = (
    select(_sleeping.c.id)
    .where(
        _sleeping.c.channel == bindparam("name"),
        _sleeping.c.wait_until.is_not(None),
        _sleeping.c.wait_until <= bindparam("at", type_=_MOMENT),
    )
    .with_for_update(skip_locked=True)
)
WAKE = (
    update(outgoing)
    .where(outgoing.c.id.in_(_woken.order_by(_sleeping.c.wait_until).limit(WOKEN_AT_ONCE)))
    .values(state=_again, wait_until=None)
)
WAKE_URGENT = (
    update(outgoing)
    .where(outgoing.c.id.in_(_woken.where(_sleeping.c.priority <= _URGENT)))
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
    _ready.c.priority <= bindparam("least", type_=_PRIORITY),
    or_(_ready.c.expires_at.is_(None), _ready.c.expires_at > bindparam("at", type_=_MOMENT)),
    _ready.c.id == _first_of_address,
    ~exists().where(_busy.c.address_id == _ready.c.address_id, _busy.c.state == SENDING),
)
# The agencies that have anything ready, by as many steps in the index: their rows are never walked over.
_step = outgoing.alias("step")
_any_ready = and_(_step.c.channel == bindparam("name"), _step.c.state == QUEUED, _step.c.wait_until.is_(None))
# Not min(): without statistics PostgreSQL walks over everything for it.
_next_agency = select(_step.c.agency_id).where(_any_ready).order_by(_step.c.agency_id).limit(1)
_waiting = select(_next_agency.scalar_subquery().label("id")).cte("waiting", recursive=True)
_following = _next_agency.where(_step.c.agency_id > _waiting.c.id).correlate(_waiting).scalar_subquery()
_waiting = _waiting.union_all(select(_following).where(_waiting.c.id.is_not(None)))
_most_urgent = (
    select(_ready.c.priority)
    .where(_is_claimable, _ready.c.agency_id == _waiting.c.id)
    .order_by(_ready.c.priority, _ready.c.id)
    .limit(1)
    .correlate(_waiting)
    .scalar_subquery()
)
#: For each agency that has something ready, the priority of the most urgent; None if nothing may be claimed.
HEADS = select(_waiting.c.id, _most_urgent).where(_waiting.c.id.is_not(None))
#: What whoever sends it has to know of a message.
CLAIMED = (
    outgoing.c.priority,
    outgoing.c.id,
    outgoing.c.address_id,
    select(address.c.value).where(address.c.id == outgoing.c.address_id).scalar_subquery(),
    outgoing.c.kind,
    outgoing.c.body,
    *outgoing.c["attempts", "edit", "cause", "agency_id"],
    select(participant.c.zone).where(participant.c.id == outgoing.c.participant_id).scalar_subquery(),
    outgoing.c.participant_id,
    outgoing.c.needs,
    outgoing.c.subject,
)
CLAIM = (
    update(outgoing)
    .where(
        outgoing.c.id.in_(
            select(_ready.c.id)
            .where(_is_claimable, _ready.c.agency_id == bindparam("agency"))
            .order_by(_ready.c.priority, _ready.c.id)
            .limit(bindparam("rows"))
            .with_for_update(skip_locked=True, of=_ready)
        )
    )
    .values(state=SENDING, wait_until=bindparam("lease"))
    .returning(*CLAIMED)
)
_ending = outgoing.alias("ending")
_can_end = and_(
    _ending.c.channel == bindparam("name"), _ending.c.state == QUEUED, _ending.c.expires_at.is_not(None)
)
_first_end = select(func.min(_ending.c.expires_at)).where(_can_end).scalar_subquery()
#: When the first hold or lease is over, and when the first message ends.
NEXT_WAKE = select(func.min(outgoing.c.wait_until), _first_end).where(
    outgoing.c.channel == bindparam("name"), outgoing.c.wait_until.is_not(None)
)
EXPIRE = (
    update(outgoing)
    .where(
        outgoing.c.id.in_(
            select(_ending.c.id)
            .where(_can_end, _ending.c.expires_at <= bindparam("at", type_=_MOMENT))
            .order_by(_ending.c.expires_at)
            .limit(bindparam("rows"))
            .with_for_update(skip_locked=True)
        )
    )
    .values(state="cancelled", wait_until=None, reason=bindparam("why"), settled_at=bindparam("at"))
    .returning(outgoing.c.id)
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
        # The messenger's "later" is no failure, however often it comes; but who was tried keeps their place.
        attempts=case(
            (outgoing.c.attempts == 0, 1), else_=outgoing.c.attempts + bindparam("counted", type_=Integer)
        ),
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
_needing = and_(outgoing.c.participant_id == bindparam("who"), outgoing.c.needs.like(bindparam("need")))
CANCEL_NEEDING = (
    update(outgoing)
    .where(_needing, outgoing.c.state == QUEUED)
    .values(state="cancelled", wait_until=None, reason=bindparam("why"))
)
REVOKE_NEEDING = update(outgoing).where(_needing, outgoing.c.state == SENDING).values(revoked=True)

CANCEL_CALLS = (
    update(outgoing)
    .where(IS_CALL, outgoing.c.state == QUEUED)
    .values(state="cancelled", wait_until=None, reason=bindparam("why"))
)
REVOKE_CALLS = update(outgoing).where(IS_CALL, outgoing.c.state == SENDING).values(revoked=True)

_to = outgoing.c.address_id == bindparam("where")
CANCEL_TO = update(outgoing).where(_to, outgoing.c.state == QUEUED).values(state="cancelled", wait_until=None)
REVOKE_TO = update(outgoing).where(_to, outgoing.c.state == SENDING).values(revoked=True)
_of_address = and_(_to, outgoing.c.state == QUEUED)
WAITING_FOR = select(outgoing.c.id).where(_of_address).order_by(outgoing.c.priority, outgoing.c.id)
FAIL_ALL = (
    update(outgoing)
    .where(_of_address)
    .values(state="failed", wait_until=None, reason=bindparam("why"), settled_at=bindparam("at"))
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
    outgoing.c.expires_at,
    outgoing.c.subject,
    outgoing.c.needs,
).where(outgoing.c.id == bindparam("id"))
DEPTH = (
    select(outgoing.c.channel, func.count())
    .where(or_(outgoing.c.state == QUEUED, outgoing.c.state == SENDING))
    .group_by(outgoing.c.channel)
)
