# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""How many people each coach looks after, against the programme's key."""

from __future__ import annotations

from datetime import datetime

from bot.domain.duty import Caseload
from bot.ports import UnitOfWork

#: One coach for so many people, at most.
KEY = 25


def caseload(uow: UnitOfWork, agency_id: int) -> list[Caseload]:
    """People and open concerns for each coach who has anybody to look after."""
    return uow.duty.caseload(agency_id)


def newly_above(uow: UnitOfWork, agency_id: int, now: datetime, key: int = KEY) -> list[Caseload]:
    """Coaches who have come to look after more than the key; each comes once, until it is no longer so."""
    found = []
    for one in caseload(uow, agency_id):
        subject = f"caseload:{one.coach_id}"
        if one.people <= key:
            uow.duty.forget_told(agency_id, subject)
        elif uow.duty.first_time(agency_id, subject, now):
            found.append(one)
    return found
