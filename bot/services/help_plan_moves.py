# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What moves a help plan, whoever does it: its row, its history, the audit log and its one timer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.appointments import HOUR_BEFORE
from bot.domain.help_plans import (
    HelpPlan,
    PlanContent,
    PlanEntry,
    PlanEvent,
    PlanParty,
    PlanState,
    Step,
    done_steps,
    reminded_steps,
)
from bot.domain.people import Participant
from bot.ports import UnitOfWork
from bot.services.person_dates import zone_of
from bot.services.rulebook import Rulebook
from scheduler.local_time import at_wall

TIMER_KIND = "help_plan"
_A_DAY = timedelta(days=1)
#: Who does a step themselves, so that a reminder of it is for them.
_OWN = ("person", "both")


def timer_key(plan_id: int) -> str:
    """The one timer of a help plan."""
    return f"help_plan:{plan_id}"


def happen(
    uow: UnitOfWork,
    plan: HelpPlan,
    event: tuple[PlanEvent, PlanParty],
    actor: str,
    now: datetime,
    step: int = 0,
) -> HelpPlan:
    """Let something happen to a plan. Raises `UnknownTransition` for what cannot."""
    changed = plan.after(*event, now)
    uow.casework.help_plans.save(changed)
    uow.casework.help_plans.log(changed, PlanEntry(now, event[0], actor, changed.version, step))
    person = uow.people.participants_by([plan.participant_id])[plan.participant_id]
    uow.ledger.note(
        plan.agency_id, now, actor, f"help_plan_{event[0].value}", f"{plan.id}:{person.case_code}"
    )
    return changed


def shown_content(uow: UnitOfWork, plan: HelpPlan) -> PlanContent:
    """What the person sees; nothing before the first version was proposed."""
    return uow.casework.help_plans.content(plan, plan.shown) if plan.shown else PlanContent()


def review_moment(day: date, where: ZoneInfo) -> datetime:
    """When staff are asked to look at a plan again on that day."""
    return at_wall(day, HOUR_BEFORE, where)


def to_remind(uow: UnitOfWork, plan: HelpPlan, where: ZoneInfo) -> Iterator[tuple[datetime, Step]]:
    """The person's own open steps of which they want to be reminded and were not yet, with the moment."""
    if not plan.reminds:
        return
    history = uow.casework.help_plans.history(plan.id)
    past = done_steps(history).keys() | reminded_steps(history)
    for step in shown_content(uow, plan).steps:
        if step.due is not None and step.who in _OWN and step.number not in past:
            yield at_wall(step.due - _A_DAY, HOUR_BEFORE, where), step


def is_current(step: Step, now: datetime, where: ZoneInfo) -> bool:
    """Whether the day of a step is not over: afterwards nobody is reminded of it."""
    return step.due is not None and now < at_wall(step.due + _A_DAY, time.min, where)


def wait(uow: UnitOfWork, rules: Rulebook, plan: HelpPlan, person: Participant, now: datetime) -> None:
    """Set the timer for what comes next after this moment; there is none when nothing does."""
    where = zone_of(person, rules.agencies[plan.agency_id])
    moments = [at for at, _ in to_remind(uow, plan, where)]
    if plan.review_at is not None:
        moments.append(plan.review_at)
    coming = [at for at in moments if at > now]
    if coming and plan.state not in (PlanState.DRAFT, PlanState.CLOSED):
        uow.timers.set(plan.agency_id, TIMER_KIND, plan.id, min(coming), timer_key(plan.id))
    else:
        uow.timers.cancel(timer_key(plan.id))
