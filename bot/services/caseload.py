# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""How many people each coach looks after, against the programme's key."""

from __future__ import annotations

from datetime import datetime

from bot.domain.duty import Caseload
from bot.ports import UnitOfWork
from bot.services.rulebook import Rulebook

#: One coach for so many people, at most.
KEY = 25
_TOLD = "caseload:"


def caseload(uow: UnitOfWork, agency_id: int) -> list[Caseload]:
    """People and open concerns for each coach who has anybody to look after."""
    return uow.duty.caseload(agency_id)


def people_of(uow: UnitOfWork, agency_id: int, coach_id: int | None) -> int:
    """How many people a coach looks after now; 0 for no coach."""
    return sum(one.people for one in caseload(uow, agency_id) if one.coach_id == coach_id)


def key_of(uow: UnitOfWork, rules: Rulebook, agency_id: int) -> int:
    """The strictest key of the agency's programmes; the usual one where none of them has one."""
    keys = [one.caseload for one in rules.programmes.in_force(uow, agency_id).values()]
    return min(filter(None, keys), default=KEY)


def newly_above(uow: UnitOfWork, agency_id: int, now: datetime, key: int = KEY) -> list[Caseload]:
    """Coaches who have come to look after more than the key; each comes once, until it is no longer so."""
    above = {f"{_TOLD}{one.coach_id}": one for one in caseload(uow, agency_id) if one.people > key}
    # Whoever looks after nobody now is not among them either.
    uow.duty.forget_all_told_but(agency_id, _TOLD, above.keys())
    return [one for subject, one in above.items() if uow.duty.first_time(agency_id, subject, now)]
