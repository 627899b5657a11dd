# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Which concerns wait for whom, in the order in which a human should look at them."""

from __future__ import annotations

from datetime import datetime

from bot.domain.concerns import Concern, QueueRow, State, urgency
from bot.domain.duty import Team
from bot.domain.people import Role, Staff
from bot.domain.queue_views import Wanted, Whose
from bot.ports import UnitOfWork
from bot.services import duty
from scheduler.local_time import ReadingHours


def queue(
    uow: UnitOfWork,
    agency_id: int,
    staff_id: int | None,
    now: datetime,
    hours: ReadingHours | None = None,
    *,
    with_called: bool = False,
) -> list[QueueRow]:
    """Open concerns of the agency, the first to look at first; of one staff member, if given.

    A staff member's are those they hold, own, or stand in for; those of nobody, for coaches and leads; and
    those that nobody on duty could be called for or that a whole ladder was climbed for in vain, for the
    leads; `with_called`, also those they were called for, until somebody has them. With `hours` (the
    agency's) own working hours count for who stands in.
    """
    found = sorted(uow.concerns.queue(agency_id), key=lambda concern: urgency(concern, now))
    reader = uow.people.staff(staff_id) if staff_id is not None else None
    if staff_id is None:
        return found
    if reader is None or reader.agency_id != agency_id:
        return []
    team = duty.team(uow, agency_id, now, hours)
    covered = {reader.id} | {
        owner
        for owner in {concern.owner_id for concern in found if concern.owner_id}
        if not team.is_present(owner) and team.standing_in(owner) == reader
    }
    called = uow.access.called(agency_id, reader.id) if with_called else frozenset[int]()
    return [concern for concern in found if _is_theirs(concern, reader, covered, called)]


def whose(concern: QueueRow, reader: Staff, team: Team) -> frozenset[Whose]:
    """Whose the concern is, seen from `reader`; always `ALL` among it."""
    found = {Whose.ALL}
    holder = concern.owner_id if concern.state in (State.OPEN, State.CLOSED) else concern.taken_by
    if holder == reader.id:
        found.add(Whose.MINE)
    if holder is None:
        found.add(Whose.NOBODYS)
    owner = holder or 0
    if owner and owner != reader.id and not team.is_present(owner) and team.standing_in(owner) == reader:
        found.add(Whose.STOOD_IN)
    return frozenset(found)


def is_wanted(concern: QueueRow, wanted: Wanted) -> bool:
    """Whether the concern has the level, the state and the person's language that are wanted."""
    return (
        wanted.level in (None, concern.level)
        and wanted.state in (None, concern.state)
        and wanted.language in ("", tongue(concern))
    )


def tongue(concern: QueueRow) -> str:
    """The person's language without region or register."""
    return concern.language.partition("-")[0]


def others(uow: UnitOfWork, concern: Concern) -> list[Concern]:
    """The other open concerns of the same person, the most urgent first. They are never merged."""
    beside = [one for one in uow.concerns.of_participant(concern.participant_id) if one.id != concern.id]
    return sorted(beside, key=lambda one: (-int(one.level.value[1]), one.id))


def _is_theirs(concern: QueueRow, reader: Staff, covered: set[int], called: frozenset[int]) -> bool:
    if concern.state is not State.OPEN:
        return concern.taken_by == reader.id
    if concern.id in called:
        return True
    if reader.role is Role.LEAD and (concern.uncovered or concern.round > 0):
        return True
    if concern.owner_id is None:
        return reader.role in (Role.COACH, Role.LEAD)
    return concern.owner_id in covered
