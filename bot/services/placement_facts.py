# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Which internship a concern is about: whoever helps needs to know where and with whom."""

from __future__ import annotations

from datetime import date, datetime

from bot.domain.concerns import Concern
from bot.domain.placements import Placement
from bot.ports import UnitOfWork
from bot.services import restrict
from bot.services.person_dates import zone_of
from bot.services.rulebook import Rulebook
from scheduler.local_time import local

#: What somebody asks for whose internship is meant.
REASONS = frozenset({"internship_help", "internship_talk"})


def placement_of(
    uow: UnitOfWork, rules: Rulebook, concern: Concern, now: datetime
) -> tuple[Placement, date] | None:
    """The newest internship of the person, with their day; None for a concern that is about none.

    Where content is not shown there is none either.
    """
    if concern.reason not in REASONS or not restrict.shows_content(uow, concern):
        return None
    found = uow.casework.placements.of_participant(concern.participant_id)
    if not found:
        return None
    person = uow.people.participants_by([concern.participant_id])[concern.participant_id]
    return found[-1], local(now, zone_of(person, rules.agencies[concern.agency_id])).date()
