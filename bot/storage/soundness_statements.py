# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What the auditor asks the database: one statement for each way in which a promise may be broken.

Each reads what is open through an index; what is only ever added to is looked at in parts, cycle after cycle.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, and_, bindparam, cast, exists, func, literal_column, or_, select

from bot.domain.audit import Fault
from bot.domain.concerns import Level, State
from bot.domain.messages import URGENT, Kind
from bot.storage.concerns import LADDER
from bot.storage.owners import RAW
from bot.storage.soundness_consents import IS_UNWANTED
from bot.storage.tables import (
    CLOSED,
    ENDED,
    QUEUED,
    SENDING,
    WAITING,
    address,
    concern,
    concern_event,
    conversation,
    incoming,
    outgoing,
    participant,
    score,
    timer,
)
from bot.storage.timers import PARKED

#: So many rows of one fault are found at once.
MOST = 500
#: How much of a table that only grows is looked at in one cycle.
PART = 20_000
#: Sessions are sealed: opening one costs more than all other checks of a row.
SESSIONS = 500
#: How far around the oldest waiting message is looked for one that went out.
NEAR_BEFORE, NEAR_AFTER = 2_000, 20_000

_MOMENT = timer.c.due_at.type
_now = bindparam("now", type_=_MOMENT)
_late = bindparam("late", type_=_MOMENT)
_beyond = bindparam("beyond", type_=_MOMENT)
_after = bindparam("after", type_=concern.c.id.type)
_is_open = concern.c.state != CLOSED
_is_readable = and_(concern.c.level.in_(list(Level)), concern.c.state.in_(list(State)))


# Sources that begin so belong to a dialog, which has said by itself who reads when.
_answers = concern.c.source.like("answer:%")


def _rows(table: Any, *conditions: Any) -> Select[Any]:
    return select(table.c.agency_id, table.c.id).where(*conditions).limit(MOST)


def _about(*conditions: Any) -> Any:
    return exists().where(outgoing.c.concern_id == concern.c.id, *conditions)


def _happened(*conditions: Any) -> Any:
    return exists().where(concern_event.c.concern_id == concern.c.id, *conditions)


# A timer that was tried and failed waits longer than the next action says, but no hour.
_has_timer = exists().where(
    timer.c.subject == concern.c.id,
    timer.c.kind == LADDER,
    timer.c.state == WAITING,
    or_(
        and_(timer.c.attempts > 0, timer.c.due_at <= _beyond),
        timer.c.due_at <= concern.c.next_action_at,
        timer.c.due_at <= _now,
    ),
)
_again = concern_event.alias("again")
# What a human closed and opened again was not closed by a human since.
_by_human = and_(
    concern_event.c.event == "close",
    concern_event.c.actor.like("staff:%"),
    ~exists().where(
        _again.c.concern_id == concern_event.c.concern_id,
        _again.c.event == "reopen",
        _again.c.id > concern_event.c.id,
    ),
)
_is_alert = outgoing.c.kind == Kind.STAFF_ALERT.value
#: The person was told by somebody else, or the line about the alert was switched off on purpose.
_SETTLED = ("take_over", "pass_on", "raise", "lower")
_told_by_staff = _happened(concern_event.c.event.in_(_SETTLED))

_closed_part = (
    select(concern.c.id)
    .where(concern.c.state == CLOSED, concern.c.id > _after)
    .order_by(concern.c.id)
    .limit(PART)
    .subquery()
)
_score_part = select(score.c.id).where(score.c.id > _after).order_by(score.c.id).limit(PART).subquery()
_session_part = (
    select(conversation.c.id)
    .where(conversation.c.state != ENDED, conversation.c.id > _after)
    .order_by(conversation.c.id)
    .limit(SESSIONS)
    .subquery()
)
_twin = incoming.alias("twin")
_newest = select(func.max(incoming.c.id)).scalar_subquery()

FAULTS: dict[Fault, Select[Any]] = {
    Fault.UNREADABLE: _rows(concern, _is_open, ~_is_readable),
    Fault.NO_TIMER: _rows(concern, _is_open, or_(concern.c.next_action_at.is_(None), ~_has_timer)),
    # Its timer may be tried again and again meanwhile: that alone would not be late.
    Fault.OVERDUE: _rows(concern, _is_open, concern.c.next_action_at < _late),
    # Whom nobody who is there could be called for: then at least the leads, there or not.
    Fault.LEAD_NOT_TOLD: _rows(concern, _is_open, concern.c.uncovered, ~_about(_is_alert)),
    Fault.PERSON_NOT_TOLD: _rows(
        concern,
        concern.c.state == State.OPEN.value,
        concern.c.level == Level.R3.value,
        concern.c.uncovered,
        ~concern.c.receipt_given,
        or_(concern.c.source == "message", _answers),
        exists().where(address.c.participant_id == concern.c.participant_id, address.c.state == "open"),
    ),
    Fault.CLOSED_BY_NOBODY: _rows(
        concern,
        concern.c.id.in_(select(_closed_part.c.id)),
        or_(concern.c.outcome.is_(None), concern.c.outcome == "", ~_happened(_by_human)),
    ),
    # By its unique key this cannot be; whoever lost the key in a repair of the database finds out here.
    Fault.DELIVERY_TWICE: _rows(
        incoming,
        incoming.c.id > _newest - NEAR_BEFORE,
        exists().where(
            _twin.c.channel == incoming.c.channel,
            _twin.c.delivery == incoming.c.delivery,
            _twin.c.id < incoming.c.id,
        ),
    ),
    Fault.CALL_LOST: select(concern.c.agency_id, concern.c.id)
    .join_from(concern, outgoing, outgoing.c.concern_id == concern.c.id)
    .where(
        concern.c.state == State.OPEN.value,
        _is_open,
        _is_alert,
        outgoing.c.state == "failed",
        outgoing.c.edit == "",
        ~_happened(concern_event.c.at >= outgoing.c.settled_at),
    )
    .distinct()
    .limit(MOST),
    Fault.TIMER_LATE: _rows(timer, timer.c.state == WAITING, timer.c.due_at < _late),
    Fault.TIMER_PARKED: _rows(timer, timer.c.state == PARKED),
    Fault.UNWANTED: select(outgoing.c.agency_id, outgoing.c.id)
    .join_from(outgoing, participant, participant.c.id == outgoing.c.participant_id)
    .where(outgoing.c.state == QUEUED, IS_UNWANTED)
    .limit(MOST),
    Fault.SCORE_WITHOUT_RULE: _rows(
        score,
        score.c.id.in_(select(_score_part.c.id)),
        or_(score.c.rule == "", score.c.version < 1, and_(score.c.value.is_(None), score.c.reason == "")),
    ),
    Fault.UNTRUE_RECEIPT: _rows(
        concern,
        _is_open,
        concern.c.level == Level.R3.value,
        concern.c.receipt_given,
        ~_answers,
        ~_about(outgoing.c.kind == Kind.CRISIS.value),
        ~_about(_is_alert, outgoing.c.state == "sent"),
        ~_told_by_staff,
    ),
}

#: How far the part reaches that is looked at, and whether it is a whole one.
PARTS: dict[Fault, tuple[Select[Any, int], int]] = {
    Fault.CLOSED_BY_NOBODY: (select(func.max(_closed_part.c.id), func.count()), PART),
    Fault.SCORE_WITHOUT_RULE: (select(func.max(_score_part.c.id), func.count()), PART),
    Fault.VERSION_GONE: (select(func.max(_session_part.c.id), func.count()), SESSIONS),
}

_ahead = outgoing.alias("ahead")
# What a clock wrote that ran ahead lies in the future for as long: it waits no less for that.
_is_from_before = or_(outgoing.c.posted_at < _late, outgoing.c.posted_at > _beyond)
_should_be_out = and_(
    outgoing.c.state == QUEUED,
    _is_from_before,
    # Earlier ones of the same address that wait for another attempt keep their place.
    ~exists().where(
        _ahead.c.address_id == outgoing.c.address_id,
        _ahead.c.state == QUEUED,
        _ahead.c.attempts > 0,
        _ahead.c.wait_until > _now,
    ),
)
_is_ready = or_(outgoing.c.wait_until.is_(None), outgoing.c.wait_until < _late)
# Nothing urgent is ever held back; a direct answer waits for the messenger at the most, however much moves.
URGENT_WAITS = _rows(
    outgoing,
    outgoing.c.state == QUEUED,
    or_(
        and_(outgoing.c.priority <= literal_column(str(URGENT)), _is_from_before),
        and_(
            outgoing.c.priority <= literal_column(str(Kind.REPLY.priority)),
            or_(outgoing.c.posted_at < bindparam("long_ago", type_=_MOMENT), outgoing.c.posted_at > _beyond),
        ),
    ),
)
#: The oldest ordinary message of each way that should be out.
HEADS = (
    select(outgoing.c.channel, func.min(outgoing.c.id))
    .where(_should_be_out, _is_ready)
    .group_by(outgoing.c.channel)
)
READY = _rows(outgoing, _should_be_out, _is_ready, outgoing.c.channel == bindparam("channel"))
#: Whether anything went out or is being sent on a way, looked for near its oldest waiting message.
MOVES = select(
    or_(
        exists().where(
            outgoing.c.channel == bindparam("channel"),
            outgoing.c.state == SENDING,
            outgoing.c.wait_until > _now,
        ),
        exists().where(
            outgoing.c.id > bindparam("head", type_=concern.c.id.type) - NEAR_BEFORE,
            outgoing.c.id < bindparam("head", type_=concern.c.id.type) + NEAR_AFTER,
            outgoing.c.channel == bindparam("channel"),
            outgoing.c.settled_at >= _late,
        ),
    )
)

_holder = func.coalesce(concern.c.taken_by, concern.c.owner_id)
_is_taken = concern.c.state != State.OPEN.value
_is_held = and_(_is_open, or_(~concern.c.uncovered, _is_taken))
HOLDINGS = (
    select(concern.c.agency_id, _holder, _is_taken)
    .where(_is_held)
    .group_by(concern.c.agency_id, _holder, _is_taken)
)
HELD = (
    select(concern.c.id, concern.c.level, concern.c.state, concern.c.next_action_at)
    .where(
        _is_held,
        _is_readable,
        concern.c.agency_id == bindparam("agency"),
        func.coalesce(_holder, 0) == bindparam("holder", type_=concern.c.id.type),
        _is_taken == bindparam("taken"),
    )
    .order_by(concern.c.id)
)
UNCALLED = HELD.where(
    ~_about(
        _is_alert,
        outgoing.c.state.in_(["queued", "sending", "sent"]),
        outgoing.c.staff_id.in_(bindparam("staff", expanding=True)),
    )
).limit(MOST)
RESTING = _rows(
    concern,
    _is_open,
    concern.c.agency_id == bindparam("agency"),
    concern.c.next_action_at > bindparam("until", type_=_MOMENT),
)
RESTING_IN = RESTING.where(concern.c.state == bindparam("state"), concern.c.level == bindparam("level"))
LADDERS = select(concern.c.agency_id, concern.c.policy).where(_is_open).distinct()
WITH_LADDER = (
    select(concern.c.id)
    .where(_is_open, concern.c.agency_id == bindparam("agency"), concern.c.policy == bindparam("policy"))
    .order_by(concern.c.id)
    .limit(MOST)
)
# As it lies: one that cannot be opened must hide no other.
SESSIONS_OF = (
    select(
        conversation.c.agency_id,
        conversation.c.id,
        conversation.c.participant_id,
        cast(conversation.c.session, RAW),
    )
    .where(conversation.c.id.in_(select(_session_part.c.id)))
    .order_by(conversation.c.id)
)
