# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Who is there for grave answers: a questionnaire about them is asked only when somebody is (domain rule)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, time, timedelta

from bot.domain.people import Role
from bot.ports import UnitOfWork
from bot.services.duty import standing_in
from bot.services.reachability import is_reachable
from dialogs.instruments import Duty, Pack
from scheduler.local_time import ReadingHours, at_wall, local

_DAY = timedelta(days=1)


def duty_at(uow: UnitOfWork, hours: ReadingHours, coach_id: int | None, at: datetime) -> Duty:
    """Who is there on the local day of `at`, for a person whose coach is `coach_id`.

    A deputy is on call who stands in for this very coach, is not away at `at`, and can be reached: a way to
    them has not missed its test. `opening` and `closing` are on the agency's own clock.
    """
    today = local(at, hours.zone).date()
    begin, end = (at_wall(day, time.min, hours.zone) for day in (today, today + _DAY))
    opening = hours.next_open(begin)
    is_open = opening < end
    return Duty(
        opening=local(opening, hours.zone) if is_open else None,
        closing=local(opening + hours.working_time(opening, end), hours.zone) if is_open else None,
        next_workday=local(hours.next_open(end), hours.zone).date(),
        has_on_call=_has_deputy(uow, coach_id, at),
    )


def without_deputy(uow: UnitOfWork, agency_id: int, packs: Iterable[Pack]) -> list[str]:
    """The packs that may only be asked with a deputy on call, if no coach of the agency has one named."""
    needing = [pack.id for pack in packs if pack.offer is not None and pack.offer.on_call_deputy]
    if not needing:
        return []
    team = uow.people.all_staff(agency_id)
    coaches = (person for person in team if person.role is Role.COACH and person.left_at is None)
    return [] if any(coach.deputy_id is not None for coach in coaches) else needing


def without_any_deputy(uow: UnitOfWork, agencies: Iterable[int], packs: Collection[Pack]) -> list[str]:
    """The same for several agencies, the first in any case: another one without coaches asks nobody."""
    found = set[str]()
    for number, agency_id in enumerate(agencies):
        team = uow.people.all_staff(agency_id) if packs else []
        if number == 0 or any(person.role is Role.COACH and person.left_at is None for person in team):
            found |= set(without_deputy(uow, agency_id, packs))
    return sorted(found)


def _has_deputy(uow: UnitOfWork, coach_id: int | None, at: datetime) -> bool:
    deputy = standing_in(uow, coach_id, at) if coach_id is not None else None
    return deputy is not None and is_reachable(uow, deputy)
