# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What admins and leads change about the team from the console, and that it cannot be done in secret.

Whoever gives somebody a new way in could use it themselves: so the person hears of it, and every lead does.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from bot.domain.access import TABLE, Action, Party, Relation
from bot.domain.people import TEAM, Role, Staff
from bot.ports import Receipt, UnitOfWork
from bot.services import digest
from bot.services.caseload import people_of
from bot.services.duty_watch import leave_and_tell, tell_holes
from bot.services.hand_over import RECEIVERS
from bot.services.rulebook import Rulebook
from bot.services.staff_notices import notices
from bot.texts import Voice, mark


class Fault(StrEnum):
    """Why nothing was changed."""

    ONESELF = "oneself"  # nobody changes their own role, or puts themselves out of the team
    LAST = "last"  # nobody would be left who can manage the team
    HAS_PEOPLE = "has_people"  # looks after people, which this role does not


class News(StrEnum):
    """What somebody hears that was done about them."""

    WAY_IN = "way_in"
    ROLE = "role"
    LOGIN = "login"


_NEWS = {
    News.WAY_IN: mark("{by} hat gerade für {name} einen neuen Zugang zu Lotse gemacht."),
    News.ROLE: mark("{by} hat gerade die Rolle von {name} in Lotse geändert."),
    News.LOGIN: mark(
        "{by} hat gerade für {name} einen Link gemacht, mit dem die Anmeldung neu gesetzt wird."
    ),
}


def manages(role: Role) -> bool:
    """Whether somebody with this role can manage the team."""
    return Action.MANAGE_STAFF in TABLE.get((Party(role.value), Relation.AGENCY), frozenset())


def in_team(uow: UnitOfWork, agency_id: int, staff_id: int) -> Staff | None:
    """A staff member of this agency who has not left; None for everybody else."""
    person = uow.people.staff(staff_id)
    is_there = person is not None and person.agency_id == agency_id and person.left_at is None
    return person if is_there else None


def change_role(
    uow: UnitOfWork, rules: Rulebook, person: Staff, role: Role, by: Staff, now: datetime
) -> Fault | Receipt:
    """Give somebody another role. They and the leads hear of it."""
    if person.id == by.id:
        return Fault.ONESELF
    if person.role is role:
        return Receipt()
    if not manages(role) and _is_last(uow, person):
        return Fault.LAST
    if role not in TEAM and people_of(uow, person.agency_id, person.id):
        return Fault.HAS_PEOPLE
    uow.people.change_staff(person.id, role=role)
    uow.ledger.note(
        person.agency_id, now, f"staff:{by.id}", "staff_role_changed", f"{person.id}:{role.value}"
    )
    if person.role not in RECEIVERS:
        # Who came as something else has none yet; who came as one of these may have switched it off.
        digest.switch_on(uow, rules, replace(person, role=role), now)
    holes = tell_holes(uow, rules, person.agency_id, now)
    uow.outbox.post(holes, now)
    told = tell(uow, rules, person, News.ROLE, by, now)
    return Receipt("", told.wake | {draft.channel for draft in holes})


def let_go(uow: UnitOfWork, rules: Rulebook, person: Staff, by: Staff, now: datetime) -> Fault | int:
    """Somebody has left the team. Returns how many people lose their coach; leads hear of them."""
    if person.id == by.id:
        return Fault.ONESELF
    if _is_last(uow, person):
        return Fault.LAST
    return leave_and_tell(uow, rules, person.id, now, f"staff:{by.id}")


def tell(uow: UnitOfWork, rules: Rulebook, person: Staff, news: News, by: Staff, now: datetime) -> Receipt:
    """The person and all leads hear what was done, but not whoever did it."""
    team = [one for one in uow.people.all_staff(person.agency_id) if one.left_at is None]
    leads = [one for one in team if one.role is Role.LEAD]
    people = [one for one in {each.id: each for each in (person, *leads)}.values() if one.id != by.id]

    def say(voice: Voice) -> str:
        what = voice.say(_NEWS[news], by=by.name, name=person.name)
        ask = voice.say("Wenn Sie davon nichts wissen, sprechen Sie bitte gleich mit Ihrer Leitung.")
        return f"{what} {ask}"

    drafts = notices(uow, rules, people, say, now)
    uow.outbox.post(drafts, now)
    return Receipt("", frozenset(draft.channel for draft in drafts))


def _is_last(uow: UnitOfWork, person: Staff) -> bool:
    team = uow.people.all_staff(person.agency_id)
    return not any(one.id != person.id and one.left_at is None and manages(one.role) for one in team)
