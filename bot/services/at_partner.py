# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What a partner's contact sees: what was handed to them, while the person agrees, and who gave it."""

from __future__ import annotations

from bot.domain.sharing import SharingAsk
from bot.services.desk import Desk
from bot.services.looks import note_look
from bot.services.share import shared_with


def shared_here(desk: Desk, *, again: bool = False) -> list[tuple[SharingAsk, str]]:
    """The newest first, each with who asked the person. Each look is noted; `again` as in `note_look`."""
    found = sorted(shared_with(desk), key=lambda one: (one.handed_at or one.asked_at, one.id), reverse=True)
    names = {one.id: one.name for one in desk.uow.people.all_staff(desk.agency.id)} if found else {}
    for one in found:
        note_look(desk.uow, desk.staff, ("sharing_shown", str(one.id)), desk.now, again=again)
    return [(one, names.get(one.asked_by, "")) for one in found]
