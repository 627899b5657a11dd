# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A building with a coach and a participant, each at a browser."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.web.building import Browser, Building


@pytest.fixture
def building() -> Iterator[Building]:
    """Office hours on a Monday, nobody there yet."""
    built = Building()
    yield built
    built.close()


@pytest.fixture
async def berta(building: Building) -> AsyncIterator[Browser]:
    """The coach, signed in."""
    browser = building.browser()
    hired = building.hire()
    await browser.open(f"/console/enter/{hired.console_code}")
    await browser.press("Weiter")
    assert browser.status == 200
    building.coach = hired
    yield browser
    await browser.close()


@pytest.fixture
async def mia(building: Building, berta: Browser) -> AsyncIterator[Browser]:
    """A participant who has opened her invitation: the first question is there."""
    browser = building.browser()
    await browser.open(f"/p/{building.invite(building.coach)}")
    await browser.press("Weiter")
    assert browser.status == 200
    yield browser
    await browser.close()
