# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What staff do with a help plan, the same from every place: write, propose, tick off, close."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from bot.domain.access import Action
from bot.domain.enrolments import months_later
from bot.domain.help_plans import (
    LONGEST_HELPER,
    LONGEST_WORDS,
    MOST_GOALS,
    MOST_STEPS,
    Goal,
    HelpPlan,
    PlanContent,
    PlanEvent,
    PlanParty,
    PlanState,
    Step,
    done_steps,
)
from bot.domain.people import Participant
from bot.services.appointment_dates import EntryFault
from bot.services.appointments import Telling, end_talks, tell_about
from bot.services.desk import Desk
from bot.services.help_plan_facts import day_of
from bot.services.help_plan_moves import happen, review_moment, shown_content, wait
from bot.services.help_plan_talks import DIALOG, subject_of
from bot.services.person_dates import zone_of
from bot.texts import mark
from dialogs.programme_model import HelpPlan as Template
from dialogs.programme_model import Length, Who
from scheduler.local_time import local

#: So long the question to the person waits for its opportunity.
_KEEP_FOR = timedelta(days=14)
_NO_PLAN = mark("Diese Person hat noch keinen Hilfeplan.")
_NOT_NOW = mark("Das geht beim jetzigen Stand des Hilfeplans nicht. Es wurde nichts geändert.")
_NOT_THEIRS = mark("Um diesen Fall kümmert sich jemand anderes im Team.")


def write(desk: Desk, person: Participant, content: PlanContent) -> HelpPlan:
    """Keep a plan's content: the first makes the plan, one after it was proposed makes a new version.

    The person sees nothing of it before it is proposed. Raises `EntryFault`.
    """
    _check_may(desk, person)
    desk.uow.plans.lock(person.id)
    plan = desk.uow.casework.help_plans.open_of(person.id)
    last_step = desk.uow.casework.help_plans.content(plan, plan.version).last_step if plan else 0
    content = content.numbered(last_step)
    _check(desk, person, content)
    if plan is None:
        new = HelpPlan(*(0, desk.agency.id, person.id, PlanState.DRAFT, 1, desk.staff.id, desk.now, desk.now))
        plan = replace(new, id=desk.uow.casework.help_plans.add(new) or 0)
    where = zone_of(person, desk.agency)
    review_at = review_moment(content.review_on, where) if content.review_on else None
    plan = _happen(desk, replace(plan, review_at=review_at), PlanEvent.WRITE)
    desk.uow.casework.help_plans.write(plan, content, desk.actor, desk.now)
    _leave(desk, plan, person)
    return plan


def propose(desk: Desk, person: Participant) -> Telling:
    """Staff stand behind the newest version, and the person is asked. Raises `EntryFault`."""
    plan = _plan(desk, person)
    content = desk.uow.casework.help_plans.content(plan, plan.version)
    # What was written long ago may be after the end by now.
    _check(desk, person, content)
    plan = _happen(desk, plan, PlanEvent.PROPOSE)
    _leave(desk, plan, person)
    return tell_about(desk, person.id, (DIALOG, subject_of(plan)), _KEEP_FOR, anew=True)


def tick(desk: Desk, person: Participant, number: int, *, is_done: bool) -> HelpPlan:
    """A step is done, or is not after all. Raises `EntryFault`."""
    plan = _plan(desk, person)
    if shown_content(desk.uow, plan).step(number) is None:
        raise EntryFault(mark("Einen Schritt {number} gibt es in diesem Hilfeplan nicht."), number=number)
    if (number in done_steps(desk.uow.casework.help_plans.history(plan.id))) is is_done:
        return plan
    plan = _happen(desk, plan, PlanEvent.TICK if is_done else PlanEvent.UNTICK, number)
    _leave(desk, plan, person)
    return plan


def close(desk: Desk, person: Participant) -> None:
    """The plan is over; it and its history are kept. Raises `EntryFault`."""
    plan = _happen(desk, _plan(desk, person), PlanEvent.CLOSE)
    end_talks(desk, person.id, subject_of(plan), DIALOG)
    _leave(desk, plan, person)


def look_again(desk: Desk, person: Participant, day: date | None) -> None:
    """Staff have looked at the plan with the person; the next time is on `day`, or when they say so.

    What the person sees stays as it is. Raises `EntryFault`.
    """
    plan = _plan(desk, person)
    end = last_day(desk, person)
    where = zone_of(person, desk.agency)
    if day is not None and end is not None:
        day = max(min(day, end), local(desk.now, where).date())
    plan = replace(plan, review_at=review_moment(day, where) if day is not None else None)
    desk.uow.casework.help_plans.save(plan)
    desk.uow.ledger.note(
        desk.agency.id, desk.now, desk.actor, "help_plan_looked_at", f"{plan.id}:{person.case_code}"
    )
    _leave(desk, plan, person)


def last_day(desk: Desk, person: Participant) -> date | None:
    """The last day of the person's programmes; None if one of them has no end, or they are in none."""
    ends = []
    for enrolment in desk.uow.programmes.of_participant(person.id):
        if not enrolment.is_open:
            continue
        programme = desk.rules.programmes.of(desk.uow, enrolment)
        if programme is None or programme.limit is None:
            return None
        began = local(enrolment.began_at, desk.rules.hours[desk.agency.id].zone).date()
        ends.append(months_later(began, programme.limit.months))
    return max(ends, default=None)


def templates(desk: Desk, person: Participant) -> dict[str, Template]:
    """The templates of the person's programmes, by name."""
    found: dict[str, Template] = {}
    for enrolment in desk.uow.programmes.of_participant(person.id):
        programme = desk.rules.programmes.of(desk.uow, enrolment) if enrolment.is_open else None
        found |= programme.help_plans if programme is not None else {}
    return found


def from_template(desk: Desk, person: Participant, template: Template) -> PlanContent:
    """A beginning for the conversation, in the person's language; nothing is after the programme's end."""
    today, end = local(desk.now, zone_of(person, desk.agency)).date(), last_day(desk, person)

    def said(texts: dict[str, str]) -> str:
        return texts.get(person.language) or texts["de"]

    def day(length: Length) -> date:
        wished = months_later(today, length.months) + timedelta(days=length.days)
        return min(wished, end) if end is not None else wished

    goals = tuple(
        Goal(
            words=said(goal.title),
            steps=tuple(
                Step(words=said(step.title), due=day(step.due), who=step.who.value) for step in goal.steps
            ),
        )
        for goal in template.goals
    )
    return PlanContent(goals=goals, review_on=day(template.review))


def _plan(desk: Desk, person: Participant) -> HelpPlan:
    _check_may(desk, person)
    desk.uow.plans.lock(person.id)
    plan = desk.uow.casework.help_plans.open_of(person.id)
    if plan is None:
        raise EntryFault(_NO_PLAN)
    return plan


def _happen(desk: Desk, plan: HelpPlan, event: PlanEvent, step: int = 0) -> HelpPlan:
    if not plan.can(event, PlanParty.STAFF):
        raise EntryFault(_NOT_NOW)
    return happen(desk.uow, plan, (event, PlanParty.STAFF), desk.actor, desk.now, step)


def _leave(desk: Desk, plan: HelpPlan, person: Participant) -> None:
    wait(desk.uow, desk.rules, plan, person, desk.now)
    desk.changed.add(person.id)


def _check_may(desk: Desk, person: Participant) -> None:
    if not desk.guard.person(person, Action.CHANGE_PLAN).is_allowed:
        raise EntryFault(_NOT_THEIRS)


def _check(desk: Desk, person: Participant, content: PlanContent) -> None:
    steps = list(content.steps)
    if not content.goals or len(content.goals) > MOST_GOALS or len(steps) > MOST_STEPS:
        raise EntryFault(
            mark("Ein Hilfeplan hat 1 bis {goals} Ziele und zusammen höchstens {steps} Schritte."),
            goals=MOST_GOALS,
            steps=MOST_STEPS,
        )
    for words in (*(goal.words for goal in content.goals), *(step.words for step in steps)):
        if not words.strip() or len(words) > LONGEST_WORDS or "\n" in words:
            raise EntryFault(
                mark("Jedes Ziel und jeder Schritt ist eine Zeile mit 1 bis {most} Zeichen."),
                most=LONGEST_WORDS,
            )
    known = {who.value for who in Who}
    if any(len(s.helper) > LONGEST_HELPER or "\n" in s.helper or s.who not in known for s in steps):
        raise EntryFault(mark("Wer hilft, steht in höchstens {most} Zeichen da."), most=LONGEST_HELPER)
    _check_days(desk, person, content)


def _check_days(desk: Desk, person: Participant, content: PlanContent) -> None:
    end = last_day(desk, person)
    if end is None:
        return
    for step in content.steps:
        if step.due is not None and step.due > end:
            raise EntryFault(
                mark("Das Programm endet am {end}. Schritt {number} wäre erst danach fällig."),
                end=day_of(desk.voice, end),
                number=step.number,
            )
    if content.review_on is not None and content.review_on > end:
        raise EntryFault(
            mark("Das Programm endet am {end}. Bitte schauen Sie vorher gemeinsam auf den Plan."),
            end=day_of(desk.voice, end),
        )
