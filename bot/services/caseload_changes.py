# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Whose people somebody is: a colleague stands in for a time, or looks after them from now on.

Why is one of a few words that say nothing about anybody's health: a reason in own words soon would.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from bot.domain.access import Action
from bot.domain.concerns import Concern, State
from bot.domain.duty import Absence, Team
from bot.domain.people import Participant, Staff
from bot.errors import NotFound
from bot.ports import UnitOfWork
from bot.services import duty, plan_duty
from bot.services.assignments import Assigned, assign
from bot.services.desk import Desk
from bot.services.hand_over import RECEIVERS, give
from bot.services.staff_notices import notices
from bot.services.whom import ways_to
from bot.texts import Voice, mark


class Reason(StrEnum):
    """Why somebody gets another coach. The values stand in the audit log."""

    CASELOAD = "caseload"
    LEAVING = "leaving"
    LANGUAGE = "language"
    PLACE = "place"
    WISH = "wish"
    OTHER = "other"


REASONS = {
    Reason.CASELOAD: mark("gleichmäßiger verteilen"),
    Reason.LEAVING: mark("Wechsel im Team"),
    Reason.LANGUAGE: mark("gemeinsame Sprache"),
    Reason.PLACE: mark("näher am Wohnort"),
    Reason.WISH: mark("Wunsch der Person"),
    Reason.OTHER: mark("anderer Grund, im Team besprochen"),
}
_GIVEN = mark("{name} hat Ihnen Fälle gegeben, um die Sie sich ab jetzt kümmern: {cases}. Grund: {reason}.")
_TAKEN = mark("{name} kümmert sich ab jetzt um diese Fälle von Ihnen: {cases}. Grund: {reason}.")


@dataclass(frozen=True, slots=True)
class Transfer:
    """Who gets whom as their coach for good. `is_confirmed`: a lead agrees to more people than the key."""

    people: Sequence[int]
    to_id: int
    reason: Reason
    is_confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Transferred:
    """What came of it, as case codes.

    `over_key` had to stay: a lead has to confirm it. `waiting` are those of `moved` with a concern that
    stayed where it was, because the colleague is not there or cannot be called now. `gone` counts people who
    were not the staff member's to give away any more, or had this coach already.
    """

    moved: Sequence[str] = ()
    over_key: Sequence[str] = ()
    waiting: Sequence[str] = ()
    gone: int = 0


def receivers(uow: UnitOfWork, agency_id: int) -> list[Staff]:
    """Colleagues who may have people to look after, by name."""
    found = [one for one in uow.people.all_staff(agency_id) if one.role in RECEIVERS and one.left_at is None]
    return sorted(found, key=lambda one: (one.name.casefold(), one.id))


def hand_to(desk: Desk, wish: Transfer) -> Transferred:
    """Give people another coach for good. Everybody of the team whom it concerns is told.

    Their open concerns go with them, and the new coach is called for each. What a third colleague has in
    hand stays with them, and what nobody could be called for stays where it is (promise P1). Raises
    `NotFound` if the colleague cannot have people to look after.
    """
    uow, found = desk.uow, desk.uow.people.participants_by(wish.people)
    to = next((one for one in receivers(uow, desk.agency.id) if one.id == wish.to_id), None)
    if to is None:
        raise NotFound(f"there is no coach {wish.to_id}")
    theirs = [one for one in found.values() if one.agency_id == desk.agency.id and one.coach_id != to.id]
    done = {one.id: _assign(desk, one, wish) for one in theirs}
    moved = [one for one in theirs if done[one.id] is Assigned.DONE]
    over = [one.case_code for one in theirs if done[one.id] is Assigned.NEEDS_LEAD]
    team = duty.team(uow, desk.agency.id, desk.now, desk.rules.hours[desk.agency.id])
    waiting = [one.case_code for one in moved if not _concerns_follow(desk, team, one, to)]
    _tell(desk, team, moved, (to, wish.reason))
    desk.changed |= {one.id for one in moved}
    gone = len(wish.people) - len(moved) - len(over)
    return Transferred([one.case_code for one in moved], over, waiting, gone)


def lend(desk: Desk, new: Absence) -> tuple[Absence, Staff | None] | None:
    """Somebody is away for a time and a colleague stands in: `new`, and who does so when it begins.

    Their people are not told: see `new_coach`.
    Nobody does if the second is None; concerns go to the leads then. None for a colleague of whom the staff
    member may not say so. Raises `ValueError` as `absences.set_absence`.
    """
    at = max(new.since, desk.now)
    everybody = duty.team(desk.uow, desk.agency.id, at, desk.rules.hours[desk.agency.id])
    coach = everybody.members.get(new.staff_id)
    is_own = new.staff_id == desk.staff.id
    if coach is None or coach.left_at is not None or not (is_own or _may_plan(desk)):
        return None
    kept = plan_duty.keep_absence(desk, coach, new)
    return kept, plan_duty.deputy_of(desk, coach, kept)


def _may_plan(desk: Desk) -> bool:
    return desk.guard.here(Action.MANAGE_ROTA).is_allowed


def _assign(desk: Desk, person: Participant, wish: Transfer) -> Assigned:
    whom = (person.id, wish.to_id)
    done = assign(desk.uow, desk.rules, whom, desk.staff, desk.now, is_confirmed=wish.is_confirmed)
    if done is Assigned.DONE:
        why = f"{wish.reason.value}:{person.case_code}"
        desk.uow.ledger.note(desk.agency.id, desk.now, desk.actor, "coach_changed", why)
    return done


def _concerns_follow(desk: Desk, team: Team, person: Participant, to: Staff) -> bool:
    """Give the coach what is open. False if something had to stay where it was."""
    found = [desk.uow.concerns.get(one.id) for one in desk.uow.concerns.of_participant(person.id)]
    going = [one for one in found if one is not None and _goes_along(one, team, person.coach_id, to)]
    if going and not (team.is_present(to.id) and ways_to(desk.uow, [to.id])):
        return False
    for concern in going:
        give(desk, concern, to)
    return True


def _goes_along(concern: Concern, team: Team, old: int | None, to: Staff) -> bool:
    holder = concern.owner_id if concern.state is State.OPEN else concern.taken_by
    if holder == to.id:
        return False
    return holder is None or holder == old or not team.is_in_team(holder)


def _tell(desk: Desk, team: Team, moved: Sequence[Participant], what: tuple[Staff, Reason]) -> None:
    to, reason = what

    def say(text: str, name: str, people: Sequence[Participant], voice: Voice) -> str:
        cases = ", ".join(one.case_code for one in people)
        return voice.say(text, name=name, cases=cases, reason=voice.say(REASONS[reason]))

    if moved and to.id != desk.staff.id:
        text = partial(say, _GIVEN, desk.staff.name, moved)
        desk.drafts += notices(desk.uow, desk.rules, [to], text, desk.now)
    for old in sorted({one.coach_id for one in moved if one.coach_id}):
        if old != desk.staff.id and team.is_in_team(old):
            theirs = [one for one in moved if one.coach_id == old]
            text = partial(say, _TAKEN, to.name, theirs)
            desk.drafts += notices(desk.uow, desk.rules, [team.members[old]], text, desk.now)
