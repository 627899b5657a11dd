# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Make the one-time codes that bring participants and staff in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.ledger_chain import COMMAND
from bot.domain.people import TEAM, Invitation, Role
from bot.errors import NotFound
from bot.ports import UnitOfWork
from bot.services.rulebook import Rulebook
from dialogs.problems import did_you_mean

INVITATION_LIVES = timedelta(days=30)
STAFF_CODE_LIVES = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Hired:
    """A new staff member with a code for the staff messenger and one for the console."""

    id: int
    messenger_code: str
    console_code: str


@dataclass(frozen=True, slots=True)
class NewStaff:
    """What is known of somebody before they start. `deputy_of` makes them the deputy of a colleague."""

    agency_id: int
    name: str
    role: Role
    mail: str = ""
    language: str = "de"
    deputy_of: int | None = None


def hire(uow: UnitOfWork, rules: Rulebook, person: NewStaff, now: datetime, actor: str = COMMAND) -> Hired:
    """Add a staff member. Raises `NotFound` if the colleague to stand in for does not exist."""
    staff_id = uow.people.add_staff(person.agency_id, person.name, person.role, person.mail, person.language)
    if person.deputy_of is not None:
        colleague = uow.people.staff(person.deputy_of)
        if person.role not in TEAM or colleague is None or colleague.agency_id != person.agency_id:
            raise NotFound(f"there is no staff member {person.deputy_of}")
        uow.people.change_staff(person.deputy_of, deputy_id=staff_id)
    uow.ledger.note(person.agency_id, now, actor, "staff_added", f"{staff_id}:{person.role.value}")
    return _codes(uow, rules, (person.agency_id, staff_id, person.language), now)


def link_anew(uow: UnitOfWork, rules: Rulebook, staff_id: int, now: datetime, actor: str = COMMAND) -> Hired:
    """Fresh codes for a colleague who is there already, for a new telephone or browser.

    What they use goes on working. Raises `NotFound` for somebody who is not in the team.
    """
    staff = uow.people.staff(staff_id)
    if staff is None or staff.left_at is not None:
        raise NotFound(f"there is no staff member {staff_id}")
    uow.ledger.note(staff.agency_id, now, actor, "staff_linked_anew", f"staff:{staff_id}")
    return _codes(uow, rules, (staff.agency_id, staff_id, staff.language), now)


def _codes(uow: UnitOfWork, rules: Rulebook, whose: tuple[int, int, str], now: datetime) -> Hired:
    agency_id, staff_id, language = whose
    codes = [rules.new_code(), rules.new_code()]
    for code in codes:
        new = Invitation(0, agency_id, language, "", staff_id=staff_id, expires_at=now + STAFF_CODE_LIVES)
        uow.people.add_invitation(code, new)
    return Hired(staff_id, *codes)


def invite(
    uow: UnitOfWork, rules: Rulebook, coach_id: int, programme: str, language: str, now: datetime
) -> str:
    """A one-time invitation to the programme, for a participant of this coach.

    Raises `NotFound` if there is no such staff member, or no such programme where any are installed.
    """
    coach = uow.people.staff(coach_id)
    if coach is None or coach.role not in TEAM:
        raise NotFound(f"there is no staff member {coach_id}")
    there = uow.programmes.versions_in_force(coach.agency_id)
    if programme and there and programme not in there:
        raise NotFound(f"there is no programme '{programme}' here. {did_you_mean(programme, there)}")
    code = rules.new_code()
    until = now + INVITATION_LIVES
    new = Invitation(0, coach.agency_id, language, programme, coach_id=coach_id, expires_at=until)
    uow.people.add_invitation(code, new)
    uow.ledger.note(coach.agency_id, now, "command", "invited", str(coach_id))
    return code
