# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Who looks after whom, and when an enrolment ends: both are decided by humans, some of it by leads alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from bot.domain.access import Action
from bot.domain.enrolments import Enrolment, TaskKind, current
from bot.domain.people import TEAM, Participant, Role, Staff
from bot.errors import NotFound
from bot.ports import UnitOfWork
from bot.services import enrolments, leaving, new_coach
from bot.services.access import Guard
from bot.services.caseload import people_of
from bot.services.follow_plans import follow
from bot.services.retention import end_participation
from bot.services.rulebook import Rulebook


class Assigned(StrEnum):
    """What came of giving somebody a coach. Everything but DONE has changed nothing."""

    DONE = "done"
    NOT_ALLOWED = "not_allowed"
    NEEDS_LEAD = "needs_lead"  # the coach would have more people than the key: a lead confirms it


def assign(
    uow: UnitOfWork,
    rules: Rulebook,
    whom: tuple[int, int],
    staff: Staff,
    now: datetime,
    *,
    is_confirmed: bool = False,
) -> Assigned:
    """Make a staff member the coach of a person: `whom` is the person's number and the coach's.

    Above the strictest key of the person's programmes only a lead can, and must say so with `is_confirmed`;
    that stays visible in the enrolment. A person who is looked after by somebody else from now on is told,
    see `new_coach`. Raises `NotFound`.
    """
    person, coach = uow.plans.lock(whom[0]), uow.people.staff(whom[1])
    is_there = coach is not None and coach.role in TEAM and coach.left_at is None
    if person is None or coach is None or not is_there or coach.agency_id != person.agency_id:
        raise NotFound(f"there is no participant {whom[0]}, or no staff member {whom[1]}")
    if not Guard(uow, rules, staff, now).person(person, Action.CHANGE_PLAN).is_allowed:
        return Assigned.NOT_ALLOWED
    going_on = [one for one in uow.programmes.of_participant(person.id) if one.is_open]
    key = _key(uow, rules, going_on)
    load = people_of(uow, person.agency_id, coach.id) + (0 if person.coach_id == coach.id else 1)
    is_over = bool(key) and load > key
    if is_over and not (is_confirmed and staff.role is Role.LEAD):
        return Assigned.NEEDS_LEAD
    uow.people.change_participant(person.id, coach_id=coach.id)
    actor = f"staff:{staff.id}"
    for one in going_on:
        confirmed_by = staff.id if is_over else None
        uow.programmes.save(replace(one, is_over_key=is_over, confirmed_by=confirmed_by))
        enrolments.settle_all(uow, one, (TaskKind.OVER_KEY,), actor, now)
    uow.ledger.note(person.agency_id, now, actor, "coach_assigned", f"{coach.id}:{person.case_code}")
    if person.coach_id != coach.id:
        new_coach.tell(uow, rules, person.id, coach, now)
    return Assigned.DONE


def confirm(uow: UnitOfWork, enrolment_id: int, lead: Staff, now: datetime) -> bool:
    """A lead agrees that the coach has more people than the key. False for whoever is none, or was not asked.

    Raises `NotFound`.
    """
    one = _enrolment(uow, enrolment_id)
    if lead.role is not Role.LEAD or lead.agency_id != one.agency_id or not one.awaits_lead:
        return False
    actor = f"staff:{lead.id}"
    uow.programmes.save(replace(one, confirmed_by=lead.id))
    enrolments.settle_all(uow, one, (TaskKind.OVER_KEY,), actor, now)
    enrolments.note(uow, one, "key_confirmed", actor, now)
    return True


def end(
    uow: UnitOfWork, rules: Rulebook, which: tuple[int, str], staff: Staff, now: datetime
) -> enrolments.Outcome:
    """Staff end an enrolment, by number and with a reason. With a person's last one the participation ends.

    Whatever the phases ask at their end is asked first, see `leaving`. Open concerns go on, and so does the
    person's other programme, whose ladders count from now on. Raises `NotFound`.
    """
    one = _enrolment(uow, which[0])
    person = uow.plans.lock(one.participant_id)
    if person is None or not Guard(uow, rules, staff, now).person(person, Action.CHANGE_PLAN).is_allowed:
        return enrolments.Outcome.NOT_ALLOWED
    if not one.is_open:
        return enrolments.Outcome.IS_OVER
    if not which[1].strip():
        return enrolments.Outcome.NO_REASON
    says_goodbye = leaving.has_words(uow, rules, person, one, now)
    inside = current(uow.programmes.history([one.id]).get(one.id, []))
    enrolments.close(uow, one, which[1], f"staff:{staff.id}", now)
    leaving.ask(uow, rules, one, inside, now)
    others = [each for each in uow.programmes.of_participant(person.id) if each.is_open]
    if not others and says_goodbye:
        leaving.end_later(uow, one, now)
        follow(uow, rules, person, now)
        return enrolments.Outcome.DONE
    if not others:
        end_participation(uow, person, f"staff:{staff.id}", now)
        return enrolments.Outcome.DONE
    uow.people.change_participant(person.id, programme=others[0].programme)
    follow(uow, rules, replace(person, programme=others[0].programme), now)
    return enrolments.Outcome.DONE


def settle(uow: UnitOfWork, rules: Rulebook, task_id: int, staff: Staff, now: datetime) -> bool:
    """Staff have decided what a task asked. False if it is not theirs to decide, or decided already."""
    found = [task for task in uow.programmes.tasks(staff.agency_id) if task.id == task_id]
    person = uow.plans.lock(found[0].participant_id) if found else None
    if person is None or found[0].kind is TaskKind.OVER_KEY:
        return False
    if not Guard(uow, rules, staff, now).person(person, Action.CHANGE_PLAN).is_allowed:
        return False
    return bool(uow.programmes.settle([task_id], f"staff:{staff.id}", now))


def enrol(
    uow: UnitOfWork, rules: Rulebook, person: Participant, programme: str, staff: Staff, now: datetime
) -> Enrolment | None:
    """Staff take a person into a programme, who has agreed to it.

    None as `enrolments.begin`, or if the person is not theirs.
    """
    if not Guard(uow, rules, staff, now).person(person, Action.CHANGE_PLAN).is_allowed:
        return None
    begun = enrolments.begin(uow, rules, person, programme, f"staff:{staff.id}", now)
    if begun is not None:
        follow(uow, rules, person, now)
    return begun


def _key(uow: UnitOfWork, rules: Rulebook, going_on: list[Enrolment]) -> int:
    found = [rules.programmes.of(uow, one) for one in going_on]
    return min((one.caseload for one in found if one is not None and one.caseload), default=0)


def _enrolment(uow: UnitOfWork, enrolment_id: int) -> Enrolment:
    found = uow.programmes.enrolment(enrolment_id)
    if found is None:
        raise NotFound(f"there is no enrolment {enrolment_id}")
    return found
