# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What waits for a timer that is not there. Part of `soundness_statements`.

A timer that was parked is not lost: that is a fault of its own, and another one would end beside it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Select,
    and_,
    bindparam,
    cast,
    exists,
    func,
    literal_column,
    or_,
    select,
    type_coerce,
)

from bot.domain.appointments import AppointmentKind, AppointmentState
from bot.domain.audit import Fault
from bot.domain.concerns import ANSWERED_IN_TIME, TOLD_NOBODY_YET, Event, Level, State
from bot.domain.conferences import ConferenceKind, ConferenceState
from bot.domain.conversations import ConversationState
from bot.domain.people import Standing
from bot.domain.referrals import ReferralEvent
from bot.storage import conference_tables, joint_tables, referral_tables, time_tables
from bot.storage.tables import (
    CLOSED,
    ENDED,
    WAITING,
    address,
    concern,
    concern_event,
    conversation,
    participant,
    timer,
)
from bot.storage.timers import PARKED

#: So many rows of one fault are found at once.
MOST = 500
#: So many people are looked at in one cycle.
PART = 20_000
#: And of so many people the plans: whether one of them has a coming moment has to be worked out.
FOLLOWERS = 20


_MOMENT = timer.c.due_at.type


def _has_timer(kind: Any, subject: Any, *by: Any) -> Any:
    """One that is due by one of these: what a clock has set that ran ahead is as good as lost."""
    return exists().where(
        timer.c.subject == subject,
        timer.c.kind == kind,
        or_(
            timer.c.state == PARKED,
            and_(timer.c.state == WAITING, or_(*(timer.c.due_at <= at for at in by))),
        ),
    )


def _moment(name: str) -> Any:
    return bindparam(name, type_=_MOMENT)


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
        ~_has_timer("concern_unanswered", concern.c.id, _moment("until")),
    )
    .limit(MOST)
)

# The last that was noted of talks with a person: somebody writes with them, or does not any more.
_talk = concern_event.alias("talk")
_last_word = (
    select(_talk.c.event)
    .join_from(_talk, concern, concern.c.id == _talk.c.concern_id)
    .where(
        concern.c.participant_id == participant.c.id,
        or_(
            and_(_talk.c.event == "replied", _talk.c.actor.like("staff:%")),
            _talk.c.event.in_(["talk_ended", "contact_ended"]),
        ),
    )
    .order_by(_talk.c.id.desc())
    .limit(1)
    .correlate(participant)
    .scalar_subquery()
)
_appointment, _visit = time_tables.appointment, joint_tables.home_visit
_ends_at = type_coerce(
    type_coerce(_appointment.c.starts_at, BigInteger)
    + cast(_appointment.c.minutes, BigInteger) * literal_column("60000000", BigInteger),
    _MOMENT,
)
_after = bindparam("after", type_=participant.c.id.type)
_people = (
    select(participant.c.id)
    .where(participant.c.id > _after)
    .order_by(participant.c.id)
    .limit(PART)
    .subquery()
)

HAS_TIMER = select(
    _has_timer(
        bindparam("kind", type_=timer.c.kind.type),
        bindparam("subject", type_=timer.c.subject.type),
        _moment("by"),
    )
)
_followed = time_tables.followed
_whose = _followed.c.participant_id
_followers = (
    select(_whose.label("id")).distinct().where(_whose > _after).order_by(_whose).limit(FOLLOWERS).subquery()
)
WITHOUT_PLAN_TIMER = (
    select(_followed.c.agency_id, _whose)
    .join_from(_followed, participant, participant.c.id == _whose)
    .where(
        _whose.in_(select(_followers.c.id)),
        _followed.c.is_on.is_(True),
        participant.c.standing == Standing.ACTIVE.value,
        ~exists().where(
            timer.c.subject == _whose,
            timer.c.kind == literal_column("'plan'"),
            timer.c.payload == _followed.c.plan,
        ),
    )
    .distinct()
)
_referral, _happened = referral_tables.referral, referral_tables.referral_event
_conference, _task = conference_tables.conference, conference_tables.conference_decision
_is_held_or_closed = _conference.c.state.in_([ConferenceState.HELD.value, ConferenceState.CLOSED.value])

#: Those that need no more than the moments of a cycle.
FAULTS: dict[Fault, Select[Any]] = {
    Fault.TALK_WITHOUT_END: select(participant.c.agency_id, participant.c.id)
    .where(
        participant.c.id.in_(select(_people.c.id)),
        participant.c.human_until.is_not(None),
        ~_has_timer("relay_silent", participant.c.id, _moment("talk")),
        or_(
            _last_word == literal_column("'replied'"),
            # A dialog that has called a human keeps quiet without a timer, until they have surely read it.
            participant.c.human_until > bindparam("never", type_=participant.c.human_until.type),
        ),
    )
    .limit(MOST),
    # At its beginning at the latest something is to be done about each.
    Fault.APPOINTMENT_LOST: select(_appointment.c.agency_id, _appointment.c.id)
    .join_from(_appointment, participant, participant.c.id == _appointment.c.participant_id)
    .where(
        _appointment.c.starts_at > _moment("now"),
        _appointment.c.state.not_in([AppointmentState.CANCELLED.value, AppointmentState.OVER.value]),
        participant.c.standing != Standing.LEFT.value,
        ~_has_timer("appointment", _appointment.c.id, _appointment.c.starts_at, _moment("beyond")),
    )
    .limit(MOST),
    Fault.VISIT_LOST: select(_appointment.c.agency_id, _appointment.c.id)
    .join_from(_visit, _appointment, _appointment.c.id == _visit.c.appointment_id)
    .where(
        _visit.c.back_at.is_(None),
        _appointment.c.kind == AppointmentKind.HOME.value,
        or_(_visit.c.asked_at.is_not(None), _appointment.c.state == AppointmentState.AGREED.value),
        _ends_at > _moment("visited"),
        # Due at its end, and every half hour after it.
        ~_has_timer("home_visit", _appointment.c.id, _ends_at, _moment("beyond")),
    )
    .limit(MOST),
    Fault.NEVER_WAKES: select(conversation.c.agency_id, conversation.c.id)
    .join_from(conversation, participant, participant.c.id == conversation.c.participant_id)
    .where(
        conversation.c.state != ENDED,
        conversation.c.state == ConversationState.ASLEEP.value,
        participant.c.standing != Standing.LEFT.value,
        ~_has_timer("question_timeout", conversation.c.id, _moment("sleep")),
    )
    .limit(MOST),
    Fault.REFERRAL_LOST: select(_referral.c.agency_id, _referral.c.id)
    .where(
        _referral.c.state != CLOSED,
        # The coach is asked to look once for each state of things.
        ~exists().where(
            _happened.c.referral_id == _referral.c.id,
            _happened.c.event == ReferralEvent.REMIND.value,
            _happened.c.at >= _referral.c.changed_at,
        ),
        ~_has_timer("referral", _referral.c.id, _moment("years")),
    )
    .limit(MOST),
    Fault.CONFERENCE_LOST: select(_conference.c.agency_id, _conference.c.id)
    .where(
        _conference.c.state.in_([ConferenceState.PLANNED.value, ConferenceState.HELD.value]),
        ~_has_timer("conference", _conference.c.id, _moment("years")),
    )
    .limit(MOST),
    Fault.TASK_LOST: select(_task.c.agency_id, _task.c.id)
    .join_from(_task, _conference, _conference.c.id == _task.c.conference_id)
    .where(
        _task.c.done_at.is_(None),
        _is_held_or_closed,
        # What was about somebody who was erased has no words any more.
        or_(_task.c.participant_id.is_not(None), _conference.c.kind == ConferenceKind.TOPIC.value),
        ~_has_timer("conference_task", _task.c.id, _moment("years")),
    )
    .limit(MOST),
}
#: As in `soundness_statements`.
PARTS: dict[Fault, tuple[Select[Any, int], int]] = {
    Fault.TALK_WITHOUT_END: (select(func.max(_people.c.id), func.count()), PART),
    Fault.PLAN_LOST: (select(func.max(_followers.c.id), func.count()), FOLLOWERS),
}
