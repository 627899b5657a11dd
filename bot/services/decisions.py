# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What waits until a human decides it: what programmes ask, and help plans that are to be looked at again.

The same for every place; nothing here decides by itself. `EntryFault` says why something could not be done.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.domain.access import Action
from bot.domain.enrolments import Enrolment, ProgrammeTask, TaskKind, current, entered_ever
from bot.domain.help_plans import HelpPlan
from bot.domain.people import Participant, Role, Staff
from bot.ports import Receipt, UnitOfWork
from bot.services import assignments, enrolments, help_plans
from bot.services.access import Guard
from bot.services.appointment_dates import EntryFault
from bot.services.desk import Desk
from bot.services.enrolments import Outcome, Step
from bot.services.programme_tasks import Question, ask
from bot.services.rulebook import Rulebook
from bot.texts import mark
from scheduler.local_time import at_wall, local
from scheduler.timers import Timer

TIMER_KIND = "programme_task"
#: In so many weeks the same can be asked again.
WEEKS = (2, 4, 8, 12)
_AGAIN = "again:"
_ALREADY = mark("Das ist schon entschieden, oder der Fall liegt bei jemand anderem.")
_BY_ORDER = mark(
    "Vor dieser Phase sieht das Programm eine andere vor. Bitte wechseln Sie sie bei der Person selbst."
)


@dataclass(frozen=True, slots=True)
class Decision:
    """One thing to decide about a person: a `task` with its enrolment, or a help `plan` to look at."""

    person: Participant
    since: datetime
    task: ProgrammeTask | None = None
    enrolment: Enrolment | None = None
    plan: HelpPlan | None = None


def asked(one: ProgrammeTask) -> str:
    """The mark of a task as it was asked the first time."""
    return one.mark.split(":", 2)[2] if one.mark.startswith(_AGAIN) else one.mark


def phase_of(one: ProgrammeTask) -> str:
    """The phase that a task is about; empty if it is about none."""
    is_about = one.kind in (TaskKind.PHASE_LONG, TaskKind.PHASE_PROPOSED)
    return asked(one).split(":")[1] if is_about else ""


def month_of(one: ProgrammeTask) -> int:
    """The month of the programme that a task is about; 0 if it is about none."""
    is_about = one.kind in (TaskKind.LIMIT_NEAR, TaskKind.LIMIT_REACHED)
    return int(asked(one).rpartition(":")[2]) if is_about else 0


def waiting(uow: UnitOfWork, guard: Guard, staff: Staff, now: datetime) -> list[Decision]:
    """What this staff member may decide now, what only a lead can first, then what waits longest.

    A fixed number of statements, however many people there are.
    """
    tasks = uow.programmes.tasks(staff.agency_id)
    plans = uow.casework.help_plans.to_review(staff.agency_id, now)
    if not tasks and not plans:
        return []
    ids = {one.participant_id for one in tasks} | {one.participant_id for one in plans}
    known = uow.people.participants_by(ids)
    theirs = {one.id: one for one in guard.people(known.values(), Action.CHANGE_PLAN)}
    going_on = {one.id: one for one in uow.programmes.open_in(staff.agency_id)} if tasks else {}
    found = [
        Decision(theirs[one.participant_id], one.raised_at, one, going_on[one.enrolment_id])
        for one in tasks
        if one.participant_id in theirs and one.enrolment_id in going_on
        if one.kind is not TaskKind.OVER_KEY or staff.role is Role.LEAD
    ]
    found += [
        Decision(theirs[one.participant_id], one.review_at or now, plan=one)
        for one in plans
        if one.participant_id in theirs
    ]
    return sorted(found, key=lambda one: (not _is_for_lead(one), one.since, one.person.id))


def done(desk: Desk, about: str) -> None:
    """It is decided. `about` is `task:17` or `plan:17`."""
    plan, person = _plan(desk, about)
    if plan is not None and person is not None:
        help_plans.look_again(desk, person, None)
        return
    task = _task(desk, about)
    if not assignments.settle(desk.uow, desk.rules, task.id, desk.staff, desk.now):
        raise EntryFault(_ALREADY)
    desk.changed.add(task.participant_id)


def later(desk: Desk, about: str, weeks: int) -> date:
    """Ask again in so many weeks, when the agency is open. Returns the day."""
    if weeks not in WEEKS:
        raise EntryFault(mark("Bitte wählen Sie, in wie vielen Wochen."))
    where = desk.rules.hours[desk.agency.id].zone
    day = local(desk.now, where).date() + timedelta(weeks=weeks)
    plan, person = _plan(desk, about)
    if plan is not None and person is not None:
        help_plans.look_again(desk, person, day)
        return day
    task = _task(desk, about)
    done(desk, about)
    at = desk.rules.hours[desk.agency.id].next_open(at_wall(day, time.min, where))
    desk.uow.timers.set(desk.agency.id, TIMER_KIND, task.id, at, f"programme_task:{task.id}")
    return local(at, where).date()


def enter(desk: Desk, about: str, reason: str) -> None:
    """The person enters the phase that was proposed."""
    task = _task(desk, about)
    if task.kind is not TaskKind.PHASE_PROPOSED:
        raise EntryFault(_ALREADY)
    step = Step(task.enrolment_id, phase_of(task), reason)
    outcome = enrolments.enter(desk.uow, desk.rules, step, desk.staff, desk.now)
    if outcome is not Outcome.DONE:
        raise EntryFault(_BY_ORDER if outcome is Outcome.OUT_OF_ORDER else _ALREADY)
    desk.changed.add(task.participant_id)


def confirm(desk: Desk, about: str) -> None:
    """A lead agrees that the coach has more people than the key."""
    task = _task(desk, about)
    if not assignments.confirm(desk.uow, task.enrolment_id, desk.staff, desk.now):
        raise EntryFault(_ALREADY)
    desk.changed.add(task.participant_id)


def decision_due(uow: UnitOfWork, rules: Rulebook, timer: Timer, now: datetime) -> Receipt:
    """Ask again what staff wanted to be asked again, if it is still a question."""
    tasks = uow.programmes.tasks(timer.agency_id, open_only=False)
    task = next((one for one in tasks if one.id == timer.subject), None)
    enrolment = uow.programmes.enrolment(task.enrolment_id) if task is not None else None
    if task is None or enrolment is None or not enrolment.is_open or not _is_question(uow, task):
        return Receipt()
    uow.plans.lock(enrolment.participant_id)
    again = Question(now, task.kind, f"{_AGAIN}{now.date().isoformat()}:{asked(task)}", month_of(task))
    drafts = ask(uow, rules, enrolment, again, now)
    uow.outbox.post(drafts, now)
    return Receipt("", frozenset(d.channel for d in drafts), frozenset({enrolment.participant_id}))


def _is_question(uow: UnitOfWork, task: ProgrammeTask) -> bool:
    """Whether nothing has answered it meanwhile."""
    history = uow.programmes.history([task.enrolment_id]).get(task.enrolment_id, [])
    if task.kind is TaskKind.PHASE_PROPOSED:
        return phase_of(task) not in entered_ever(history)
    return task.kind is not TaskKind.PHASE_LONG or phase_of(task) in current(history)


def _is_for_lead(one: Decision) -> bool:
    return one.task is not None and one.task.kind is TaskKind.OVER_KEY


def _task(desk: Desk, about: str) -> ProgrammeTask:
    known: Mapping[str, ProgrammeTask] = {
        f"task:{one.id}": one for one in desk.uow.programmes.tasks(desk.agency.id)
    }
    if about not in known:
        raise EntryFault(_ALREADY)
    return known[about]


def _plan(desk: Desk, about: str) -> tuple[HelpPlan | None, Participant | None]:
    """The help plan that is to be looked at; None for anything else."""
    to_review = desk.uow.casework.help_plans.to_review(desk.agency.id, desk.now)
    plan = next((one for one in to_review if about == f"plan:{one.id}"), None)
    if plan is None:
        return None, None
    return plan, desk.uow.people.participants_by([plan.participant_id]).get(plan.participant_id)
