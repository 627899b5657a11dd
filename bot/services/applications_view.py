# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Open applications of the people whom a staff member looks after, also in a colleague's place.

They follow the people: whoever is given somebody's cases has their applications with them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from bot.domain.applications import Application
from bot.domain.people import Participant, Staff
from bot.ports import UnitOfWork
from bot.services import people_view
from bot.services.people_view import Whose
from bot.services.referrals_view import OWN
from bot.services.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Due:
    """One open application with its person."""

    application: Application
    person: Participant


def due_list(
    uow: UnitOfWork, rules: Rulebook, staff: Staff, now: datetime, whose: Collection[Whose] = OWN
) -> list[Due]:
    """What is open, what is due first at the top. How many statements that takes is fixed."""
    people = people_view.circle_of(uow, rules, staff, whose, now)
    found = uow.casework.applications.open_of(staff.agency_id)
    return [Due(one, people[one.participant_id]) for one in found if one.participant_id in people]
