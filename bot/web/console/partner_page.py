# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What people agreed to share with a partner's contact: their one page, and nothing else is on it."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.people import Role
from bot.services.at_partner import shared_here
from bot.web.console.at_desk import desk_of
from bot.web.console.navigation import SHARED
from bot.web.console.seat import Page, Seat


def _read(seat: Seat) -> Mapping[str, object] | None:
    desk = desk_of(seat)
    if desk is None or seat.staff.role is not Role.PARTNER:
        return None
    return {
        "shared": [
            {
                "words": one.handed,
                "what": one.what,
                "why": one.why,
                "by": name,
                "at": seat.moment(one.handed_at) if one.handed_at else "",
            }
            for one, name in shared_here(desk, again=seat.is_refresh)
        ]
    }


PAGES = (Page("/console/shared", "partner_page.html", SHARED, _read, needs=None),)
