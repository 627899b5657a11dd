# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Two people who open one case see each other. Nobody is kept from anything by it."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.concerns import Concern
from bot.domain.people import Staff
from bot.domain.queue_views import OPEN_FOR, Looking
from bot.ports import UnitOfWork

#: So often a page that is looked at says so; in between it only reads.
_AGAIN = timedelta(seconds=30)


def look(uow: UnitOfWork, concern: Concern, staff: Staff, now: datetime) -> list[int]:
    """The staff member has the case open now. Returns who else has, by number."""
    over = now - OPEN_FOR
    there = uow.console.looking(concern.id, over)
    own = next((one for one in there if one.staff_id == staff.id), None)
    if own is None or now - own.seen_at >= _AGAIN:
        uow.console.look(Looking(concern.agency_id, concern.id, staff.id, now), over)
    return [one.staff_id for one in there if one.staff_id != staff.id]
