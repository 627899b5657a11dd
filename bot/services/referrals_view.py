# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Open referrals of the people whom a staff member looks after, also in a colleague's place.

They follow the people: whoever is given somebody's cases has their referrals with them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from bot.domain.people import Participant, Staff
from bot.domain.referrals import Referral
from bot.ports import UnitOfWork
from bot.services import people_view
from bot.services.people_view import Whose
from bot.services.rulebook import Rulebook

#: Whose referrals a staff member is asked about.
OWN = (Whose.MINE, Whose.STANDING_IN)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One open referral with its person."""

    referral: Referral
    person: Participant


def waiting(
    uow: UnitOfWork, rules: Rulebook, staff: Staff, now: datetime, whose: Collection[Whose] = OWN
) -> list[Waiting]:
    """What is open, what has waited longest for a human first. How many statements that takes is fixed."""
    people = people_view.circle_of(uow, rules, staff, whose, now)
    found = uow.casework.referrals.open_of(staff.agency_id)
    return [Waiting(one, people[one.participant_id]) for one in found if one.participant_id in people]
