# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The first administrator of a new installation: from the link to every page that there is, all of them empty."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.people import Role
from bot.web.console.pages import ALL
from bot.web.console.seat import Page
from tests.web.building import Building
from tests.web.test_sign_in import choose, link_for, sign_in


async def test_from_the_first_link_to_every_empty_page(building: Building) -> None:
    desk = building.browser()
    admin = building.hire("Anna Anfang", Role.ADMIN)
    key, _ = await choose(building, desk, link_for(building, admin.id))
    building.clock.advance(timedelta(minutes=1))
    await sign_in(building, desk, key, name="anna")
    assert desk.at == "/console/"
    assert "Gerade braucht Sie niemand" in desk.words
    answers = {}
    for page in ALL:
        if isinstance(page, Page) and "{" not in page.path:
            await desk.open(page.path)
            answers[page.path] = int(desk.status)
    assert set(answers.values()) == {200}, answers
    await desk.close()
