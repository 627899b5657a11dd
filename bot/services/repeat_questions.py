# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What a plan began: whether it still fits, and when its open question is repeated.

Whoever has answered gets no reminder.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from bot.ports import Conversation
from bot.services.person_dates import person_time, time_for
from bot.services.plan_conditions import still_fits
from bot.services.read_plans import CheckIn
from bot.services.visit import Visit
from dialogs.effects import StoreAnswer
from scheduler.catching_up import reminder_times
from scheduler.local_time import local
from scheduler.occurrences import Occurrence
from scheduler.plans import Plan, Reminders

TIMER_KIND = "plan_reminder"
#: What a conversation that a plan began is about: `plan:<plan>:<day>`.
SUBJECT = "plan"


def timer_key(conversation_id: int) -> str:
    """The one timer for the next reminder in a conversation."""
    return f"remind:{conversation_id}"


def check_in_of(visit: Visit, subject: str) -> CheckIn | None:
    """The plan that began a conversation, as it is in force now; None if it is gone."""
    kind, _, rest = subject.partition(":")
    if kind != SUBJECT:
        return None
    plans = visit.rules.plans.in_force(visit.uow, visit.agency.id)
    return plans.check_ins.get(rest.partition(":")[0])


def needs(visit: Visit, conversation: Conversation) -> tuple[str, ...]:
    """What the person must go on agreeing to for what the plan asks."""
    check_in = check_in_of(visit, conversation.subject)
    return (check_in.consent,) if check_in is not None and check_in.consent else ()


def fits(visit: Visit, conversation: Conversation) -> bool:
    """Whether what has waited for the floor may still begin: much can change in a plan's grace."""
    check_in = check_in_of(visit, conversation.subject)
    return check_in is not None and still_fits(visit, check_in)


def begun(visit: Visit, conversation: Conversation) -> None:
    """The dialog has begun: set the first reminder."""
    check_in = check_in_of(visit, conversation.subject)
    if check_in is not None:
        set_next(visit, conversation.id, check_in, check_in.plan.reminders.number)


def answered(visit: Visit, conversation: Conversation, answer: StoreAnswer) -> None:
    """Somebody is there: no reminder follows."""
    del answer
    visit.uow.timers.cancel(timer_key(conversation.id))


def ended(visit: Visit, conversation: Conversation, outcome: str) -> None:
    """There is no open question any more."""
    del outcome
    visit.uow.timers.cancel(timer_key(conversation.id))


def set_next(visit: Visit, conversation_id: int, check_in: CheckIn, left: int) -> None:
    """Set the next of so many reminders that are left, if there is a moment for it."""
    if left < 1:
        return
    time = time_for(check_in, person_time(visit.uow, visit.rules, visit.participant, visit.now))
    plan = msgspec.structs.replace(check_in.plan, reminders=Reminders(1, check_in.plan.reminders.distance))
    for at in reminder_times(plan, time, _now_asked(plan, visit.now, time.zone), visit.now):
        set_at(visit, conversation_id, at, left)


def set_at(visit: Visit, conversation_id: int, at: datetime, left: int) -> None:
    """Set the timer of a reminder; `left` counts it and those after it."""
    key = timer_key(conversation_id)
    visit.uow.timers.set(visit.agency.id, TIMER_KIND, conversation_id, at, key, str(left))


def _now_asked(plan: Plan, now: datetime, zone: ZoneInfo) -> Occurrence:
    # Reminders count from when the question was asked; of the occurrence only its moment matters.
    day = local(now, zone).date()
    return Occurrence(plan.id, day, day, now, now + plan.grace)
