# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Being away and coming back, standing deputies, own working hours, and leaving the team."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.duty import Absence, Week, without_coach
from bot.domain.ledger_chain import COMMAND
from bot.domain.people import Staff
from bot.errors import NotFound
from bot.ports import UnitOfWork
from bot.services.accompaniment_moves import companion_changed

#: For so long after its end an absence is kept: long enough to see who was called and why.
KEPT_FOR = timedelta(days=30)


def set_absence(uow: UnitOfWork, new: Absence, now: datetime, actor: str = "") -> Absence:
    """The staff member will be away; absences that it overlaps or touches become one with it.

    `actor` is who enters it, if that is not the person; so it is everywhere here.

    Raises `ValueError` for one that is over, ends before it begins, or names the person as their own deputy.
    """
    if new.until is not None and (new.until <= now or new.until <= new.since):
        raise ValueError("the absence is over, or ends before it begins")
    if new.deputy_id == new.staff_id:
        raise ValueError("nobody stands in for themselves")
    known = of_person(uow, new.agency_id, new.staff_id, now)
    joined, met = new, list[Absence]()
    # Joined with one, it may touch the next: they come in the order of their beginnings.
    for other in sorted(known, key=lambda one: one.since):
        if joined.touches(other):
            joined = joined.joined([other])
            met.append(other)
    kept = replace(joined, id=uow.duty.put_absence(joined, [other.id for other in met]))
    uow.ledger.note(new.agency_id, now, actor or f"staff:{new.staff_id}", "absence_set", str(kept.id))
    companion_changed(uow, new.staff_id, now)
    return kept


def of_person(uow: UnitOfWork, agency_id: int, staff_id: int, now: datetime) -> list[Absence]:
    """What is not over yet, the soonest first."""
    return [absence for absence in uow.duty.absences(agency_id, now) if absence.staff_id == staff_id]


def come_back(uow: UnitOfWork, person: Staff, now: datetime, actor: str = "") -> bool:
    """The staff member is here again. False if they were not away; later absences stay."""
    here = True
    for absence in of_person(uow, person.agency_id, person.id, now):
        if absence.covers(now):
            if absence.since < now:
                uow.duty.end_absence(absence.id, now)
            else:
                uow.duty.drop_absence(absence.id)
            here = False
    if not here:
        uow.ledger.note(person.agency_id, now, actor or f"staff:{person.id}", "absence_ended", "")
    return not here


def take_back(uow: UnitOfWork, person: Staff, absence_id: int, now: datetime, actor: str = "") -> bool:
    """Drop an absence as if it had never been set. False if it is over, or not this person's."""
    mine = of_person(uow, person.agency_id, person.id, now)
    if absence_id not in {absence.id for absence in mine}:
        return False
    uow.duty.drop_absence(absence_id)
    uow.ledger.note(person.agency_id, now, actor or f"staff:{person.id}", "absence_dropped", str(absence_id))
    return True


def name_deputy(
    uow: UnitOfWork, person: Staff, deputy_id: int | None, now: datetime, actor: str = ""
) -> None:
    """Who stands in whenever the person is not there. Raises `ValueError` for themselves, `NotFound`.

    `actor` is who does it, if that is not the person.

    A chain of deputies may lead back to where it began: whoever follows it ends there.
    """
    if deputy_id == person.id:
        raise ValueError("nobody stands in for themselves")
    deputy = uow.people.staff(deputy_id) if deputy_id is not None else None
    if deputy_id is not None and (deputy is None or deputy.agency_id != person.agency_id):
        raise NotFound(f"there is no staff member {deputy_id}")
    uow.people.change_staff(person.id, deputy_id=deputy_id)
    uow.ledger.note(
        person.agency_id, now, actor or f"staff:{person.id}", "deputy_named", str(deputy_id or "")
    )


def set_working_hours(
    uow: UnitOfWork, person: Staff, week: Week, now: datetime, actor: str = COMMAND
) -> None:
    """Own working hours; an empty week makes the agency's hours theirs.

    Raises `ValueError` for a weekday that is none, or hours that end before they begin.
    """
    if not all(0 <= weekday <= 6 and begins < ends for weekday, (begins, ends) in week.items()):
        raise ValueError("working hours need a weekday from 0 (Monday) to 6, and must end after they begin")
    uow.duty.set_week(person.agency_id, person.id, week)
    uow.ledger.note(person.agency_id, now, actor, "working_hours_set", str(person.id))


def leave_team(uow: UnitOfWork, staff_id: int, now: datetime, actor: str = COMMAND) -> int:
    """The staff member is not in the team any more and is never called again. Returns how many people lose
    their coach; leads hear of them from `bot.services.duty_watch`.

    Raises `NotFound` for somebody unknown. What they did stays in the histories under their number.
    """
    person = uow.people.staff(staff_id)
    if person is None:
        raise NotFound(f"there is no staff member {staff_id}")
    if person.left_at is not None:
        return 0
    for address in uow.people.staff_addresses([staff_id]):
        uow.people.close_address(address.id)
        # What a slow messenger or the night holds back is nothing for somebody who is not in the team.
        uow.outbox.cancel_to(address.id)
    theirs = [one for one in uow.people.participants(person.agency_id) if one.coach_id == staff_id]
    for participant in theirs:
        uow.people.change_participant(participant.id, coach_id=None)
        # Leads may have heard it of an earlier coach.
        uow.duty.forget_told(person.agency_id, without_coach(participant.case_code))
    for pattern in uow.duty.patterns(person.agency_id):
        if pattern.staff_id == staff_id:
            uow.duty.end_pattern(pattern.id, now.date())
    uow.people.change_staff(staff_id, left_at=now, focus="")
    companion_changed(uow, staff_id, now)
    uow.ledger.note(person.agency_id, now, actor, "staff_left", str(staff_id))
    return len(theirs)
