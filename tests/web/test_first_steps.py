# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The first administrator of a new installation: from the link to a console in which there is nothing yet."""

from __future__ import annotations

import re
from datetime import timedelta

from bot.domain.people import Role
from tests.web.building import Building
from tests.web.test_sign_in import choose, link_for, sign_in


async def test_from_the_first_link_to_every_empty_place(building: Building) -> None:
    desk = building.browser()
    admin = building.hire("Anna Anfang", Role.ADMIN)
    key, _ = await choose(building, desk, link_for(building, admin.id))
    building.clock.advance(timedelta(minutes=1))
    await sign_in(building, desk, key)
    assert desk.at == "/console/"
    assert "Gerade braucht Sie niemand" in desk.words
    places = re.findall(r'<li><a href="(/console/\w*)"', desk.html)
    assert {"/console/people", "/console/invitations", "/console/admin"} < set(places)
    for place in places:
        await desk.open(place)
        assert desk.status == 200, place
    await desk.close()
