# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What a plan began: whether it still fits, and when its open question is repeated.

Whoever has answered gets no reminder.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from bot.ports import Conversation
from bot.services.follow_plans import spread_out
from bot.services.person_dates import person_time, time_for
from bot.services.plan_conditions import still_fits
from bot.services.read_plans import CheckIn
from bot.services.visit import Visit
from dialogs.effects import StoreAnswer
from scheduler.catching_up import reminder_times
from scheduler.local_time import at_wall, local
from scheduler.occurrences import MAX_MOVE_DAYS, Occurrence, earliest_start
from scheduler.person_time import PersonTime
from scheduler.plans import Between, Plan, Reminders

TIMER_KIND = "plan_reminder"
#: What a conversation that a plan began is about: `plan:<plan>:<day>`.
SUBJECT = "plan"
#: A plan's pause can be longer than what is looked through at once; so many times that far.
_LOOKS = 4


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


def rests_until(visit: Visit, subject: str) -> datetime | None:
    """When the plan that began a conversation writes next; None if it writes now, or if no plan began it.

    Its days, holidays and pauses and the person's hours count as they do for its first question. Its end does
    not: what it has begun is brought to an end. If there is no such moment for months, nothing is held up.
    """
    check_in = check_in_of(visit, subject)
    if check_in is None:
        return None
    time = time_for(check_in, person_time(visit.uow, visit.rules, visit.participant, visit.now))
    plan = msgspec.structs.replace(check_in.plan, until=None)
    quiet = visit.rules.quiet_of(visit.agency.id)
    # What is said in the evening is only sent in the morning, and that may be another day.
    sent = quiet.next_allowed(visit.now, time.zone) if quiet is not None else visit.now
    looks = (sent + number * timedelta(days=MAX_MOVE_DAYS) for number in range(_LOOKS))
    at = next((found for look in looks if (found := earliest_start(plan, time, look)) is not None), None)
    if at is None or at <= sent:
        return None
    day = local(at, time.zone).date()
    if day == local(sent, time.zone).date():
        return at
    return spread_out(quiet, time, _anew(plan, time, day, at))


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


def _anew(plan: Plan, time: PersonTime, day: date, at: datetime) -> Occurrence:
    """On another day it is the plan's own hour, if the person's hours allow it; else from `at`."""
    wanted = plan.at.start if isinstance(plan.at, Between) else plan.at
    begins = earliest_start(plan, time, max(at, at_wall(day, wanted, time.zone)))
    if begins is None or local(begins, time.zone).date() != day:
        begins = at
    return Occurrence(plan.id, day, day, begins, begins + plan.grace)


def _now_asked(plan: Plan, now: datetime, zone: ZoneInfo) -> Occurrence:
    # Reminders count from when the question was asked; of the occurrence only its moment matters.
    day = local(now, zone).date()
    return Occurrence(plan.id, day, day, now, now + plan.grace)
