# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""That somebody looked is written down once: a page that renews itself is the same look."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.people import Staff
from bot.ports import UnitOfWork

#: For so long what a page shows again by itself is the same look.
ONE_LOOK = timedelta(minutes=15)


def note_look(
    uow: UnitOfWork, staff: Staff, entry: tuple[str, str], now: datetime, *, again: bool = False
) -> bool:
    """Write `entry` (event, subject) to the audit log; False if it is the same look as a moment ago.

    `again`: the page looks by itself, for news.
    """
    actor = f"staff:{staff.id}"
    if again and uow.stories.was_noted(staff.agency_id, actor, entry, now - ONE_LOOK):
        return False
    uow.ledger.note(staff.agency_id, now, actor, *entry)
    return True
