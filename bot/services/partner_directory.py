# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What staff change in the directory of partners. Nothing about any participant is ever in it."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.partners import Partner
from bot.services.appointment_dates import EntryFault
from bot.services.desk import Desk
from bot.texts import mark


def keep(desk: Desk, one: Partner) -> None:
    """Add a place (its `id` is 0) or change one. Raises `EntryFault` if it stands there already."""
    known = desk.uow.casework.partners.of_agency(desk.agency.id)
    if any(other.mark == one.mark and other.id != one.id for other in known):
        raise EntryFault(mark("Diese Stelle steht in diesem Bezirk schon im Verzeichnis."))
    _keep(desk, one, "partner_changed" if one.id else "partner_added")


def retire(desk: Desk, one: Partner, *, is_retired: bool) -> None:
    """Nobody is sent there any more, or again. What was said and shared before stays as it was."""
    if one.is_retired is not is_retired:
        _keep(desk, replace(one, is_retired=is_retired), "partner_retired" if is_retired else "partner_back")


def _keep(desk: Desk, one: Partner, action: str) -> None:
    desk.uow.casework.partners.keep(desk.agency.id, [one], desk.now)
    desk.uow.ledger.note(desk.agency.id, desk.now, desk.actor, action, str(one.id or one.kind.value))
