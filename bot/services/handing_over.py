# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What a page needs on which people are handed over: one coach's, or those whom nobody looks after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.access import Action
from bot.domain.people import Participant, Staff
from bot.ports import UnitOfWork
from bot.services import caseload
from bot.services.access import Guard
from bot.services.caseload_changes import receivers
from bot.services.looks import note_look
from bot.services.people_view import load_of
from bot.services.rulebook import Rulebook

#: Instead of a coach's number: people without a coach.
NOBODY = 0


@dataclass(frozen=True, slots=True)
class Handing:
    """`people` with their names where those may be seen, and how many of their concerns are open.

    `coaches` are those whose people the staff member may give away, themselves among them; `without_coach`
    counts the people of nobody. `loads` says how many people each of `receivers` looks after, against `key`.
    """

    people: Sequence[tuple[Participant, str, int]]
    coach: Staff | None
    coaches: Sequence[Staff]
    without_coach: int
    receivers: Sequence[Staff]
    loads: Mapping[int, int]
    key: int


def handing(
    uow: UnitOfWork, rules: Rulebook, staff: Staff, coach_id: int, now: datetime, *, again: bool = False
) -> Handing | None:
    """The people of this coach, or of nobody, whom the staff member can give another coach.

    None if it is a colleague's list and not theirs to see. Noted in the audit log;
    `again` as in `note_look`.
    """
    guard = Guard(uow, rules, staff, now)
    leads = guard.here(Action.CHANGE_PLAN).is_allowed
    everybody = uow.people_view.looked_after(staff.agency_id)
    team, loads = receivers(uow, staff.agency_id), load_of(everybody)
    coaches = [one for one in team if one.id == staff.id or (leads and loads[one.id])]
    coach = next((one for one in coaches if one.id == coach_id), None)
    if coach is None and coach_id != NOBODY:
        return None
    mine = guard.people(everybody, Action.CHANGE_PLAN)
    theirs = [one for one in mine if (one.coach_id or NOBODY) == coach_id]
    named = [one.id for one in guard.people(theirs, Action.SEE_NAME)]
    names, concerns = uow.people_view.names(named), uow.people_view.open_concerns([one.id for one in theirs])
    note_look(uow, staff, ("people_listed", f"coach {coach_id}:{len(theirs)}"), now, again=again)
    people = [(one, names.get(one.id, ""), len(concerns.get(one.id, ()))) for one in theirs]
    return Handing(
        people=sorted(people, key=lambda one: (one[1] == "", one[1].casefold(), one[0].case_code)),
        coach=coach,
        coaches=coaches,
        without_coach=sum(one.coach_id is None for one in mine),
        receivers=team,
        loads=loads,
        key=caseload.key_of(uow, rules, staff.agency_id),
    )
