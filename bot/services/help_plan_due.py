# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A help plan's timer: the person is reminded of a step if they want it, and staff of looking at the plan."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.help_plans import HelpPlan, PlanEvent, PlanParty
from bot.domain.messages import Body, Kind
from bot.domain.people import Participant
from bot.ports import Receipt, UnitOfWork
from bot.services import floor
from bot.services.help_plan_moves import happen, is_current, to_remind, wait
from bot.services.help_plan_talks import STEP_DIALOG, step_subject
from bot.services.person_dates import zone_of
from bot.services.programme_tasks import buttons, who_is_asked
from bot.services.rulebook import Rulebook
from bot.services.staff_notices import notices
from bot.services.visit import Visit
from scheduler.timers import Timer

#: So long a reminder waits for its opportunity; once the day is over it does not fit any more.
_KEEP_FOR = timedelta(days=2)
_SYSTEM = "system"


def help_plan_due(uow: UnitOfWork, rules: Rulebook, timer: Timer, now: datetime) -> Receipt:
    """Let the timer of a help plan take effect, and set it for what comes next."""
    plan = uow.casework.help_plans.get(timer.subject)
    person = uow.plans.lock(plan.participant_id) if plan is not None else None
    if plan is None or person is None or not plan.is_open:
        return Receipt()
    woken = _review(uow, rules, plan, person, now)
    contact = uow.people.contact_of(person.id)
    if contact is not None:
        visit = Visit(uow, rules, contact, now)
        plan = _remind(visit, plan)
        visit.finish()
        woken |= visit.woken
    wait(uow, rules, plan, person, now)
    return Receipt("", woken, frozenset({person.id}))


def _remind(visit: Visit, plan: HelpPlan) -> HelpPlan:
    where = zone_of(visit.participant, visit.agency)
    for at, step in list(to_remind(visit.uow, plan, where)):
        if at <= visit.now and is_current(step, visit.now, where):
            event = (PlanEvent.REMIND, PlanParty.TIME)
            plan = happen(visit.uow, plan, event, _SYSTEM, visit.now, step.number)
            floor.want(visit, STEP_DIALOG, Kind.REMINDER, _KEEP_FOR, step_subject(plan, step))
    return plan


def _review(
    uow: UnitOfWork, rules: Rulebook, plan: HelpPlan, person: Participant, now: datetime
) -> frozenset[str]:
    """Staff are asked once for each day that was set; afterwards it stays among those to review."""
    if plan.review_at is None or plan.review_at > now:
        return frozenset()
    history = uow.casework.help_plans.history(plan.id)
    if any(entry.event is PlanEvent.REVIEW and entry.at >= plan.review_at for entry in history):
        return frozenset()
    happen(uow, plan, (PlanEvent.REVIEW, PlanParty.TIME), _SYSTEM, now)
    drafts = notices(
        uow,
        rules,
        who_is_asked(uow, rules, person, now),
        lambda voice: Body(
            voice.say(
                "Fall {case}: Heute wollten Sie gemeinsam auf den Hilfeplan schauen. "
                "Mehr zeigt /hilfeplan {case}.",
                case=person.case_code,
            ),
            buttons(voice, f"plan:{plan.id}"),
        ),
        now,
    )
    uow.outbox.post(drafts, now)
    return frozenset(draft.channel for draft in drafts)
