# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The conversation that a measuring point began: whether it still fits, and what must be agreed to."""

from __future__ import annotations

from bot.domain.consent import Purpose
from bot.domain.measuring import MeasuringPoint
from bot.ports import Conversation
from bot.services.measuring import evaluated
from bot.services.restrict import is_restricted
from bot.services.visit import Visit
from dialogs.programme_model import Evaluation

#: What such conversations are about: `measuring:<point>`.
SUBJECT = "measuring"


def subject_of(row: MeasuringPoint) -> str:
    """The subject of the conversation of a point."""
    return f"{SUBJECT}:{row.id}"


def may_be_asked(visit: Visit, evaluation: Evaluation) -> bool:
    """Whether we may ask by ourselves: for the evaluation, and about how somebody is (promise P4)."""
    if is_restricted(visit.uow, visit.participant.id):
        return False
    wanted = (Purpose.CONTACT, Purpose.HEALTH_CHECKINS, evaluation.consent)
    return all(visit.consents.get(one, False) for one in wanted)


def needs(visit: Visit, conversation: Conversation) -> tuple[str, ...]:
    """What the person must go on agreeing to for each line of it."""
    found = _found(visit, conversation)
    return (Purpose.HEALTH_CHECKINS, found[1].consent) if found is not None else ()


def fits(visit: Visit, conversation: Conversation) -> bool:
    """Whether what has waited for the floor may still begin: nothing has answered it meanwhile."""
    found = _found(visit, conversation)
    return found is not None and found[0].is_open(visit.now) and may_be_asked(visit, found[1])


def _found(visit: Visit, conversation: Conversation) -> tuple[MeasuringPoint, Evaluation] | None:
    number = conversation.subject.partition(":")[2]
    row = visit.uow.casework.measuring.get(int(number)) if number.isdecimal() else None
    enrolment = visit.uow.programmes.enrolment(row.enrolment_id) if row is not None else None
    found = evaluated(visit.uow, visit.rules, enrolment) if enrolment is not None else None
    if row is None or enrolment is None or found is None or not enrolment.is_open:
        return None
    return row, found[1]
