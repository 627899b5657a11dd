# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The town on SQLite and PostgreSQL, with bots that poll and bots that are called."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from scheduler.clock import AdvanceableClock
from tests.doubles.bot_api import BotApiDouble
from tests.e2e.stories import MONDAY, Team, Town, settings_for

SQLITE_POLLING = ("sqlite", "polling")
POSTGRES_WEBHOOK = ("postgres", "webhook")
EVERYWHERE = [
    pytest.param(SQLITE_POLLING, id="sqlite-polling"),
    pytest.param(("sqlite", "webhook"), id="sqlite-webhook"),
    pytest.param(("postgres", "polling"), id="postgres-polling", marks=pytest.mark.postgres),
    pytest.param(POSTGRES_WEBHOOK, id="postgres-webhook", marks=pytest.mark.postgres),
]


@pytest.fixture(params=[EVERYWHERE[0], EVERYWHERE[3]])
async def town(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Town]:
    """A town in which Lotse runs. In the end nobody may have heard too much, and no call may be wrong."""
    database, mode = request.param
    url = f"sqlite:///{tmp_path}/lotse.db"
    if database == "postgres":
        url = request.getfixturevalue("postgres_url")
    clock = AdvanceableClock(MONDAY)
    async with BotApiDouble(clock=lambda: clock.now().timestamp(), backoff=lambda _: 0.01) as api:
        participants, staff = api.add_bot("1:AAA", "lotse_bot"), api.add_bot("2:BBB", "lotse_team_bot")
        town = Town(api, settings_for(api, tmp_path, url, mode), clock, participants, staff)
        await town.start()
        try:
            yield town
            await town.then()
        finally:
            await town.stop()
        assert api.violations == []
        assert api.disobeyed == []


@pytest.fixture
async def team(town: Town) -> Team:
    """A coach with a deputy, a lead and another coach, all linked; and Mia, who has agreed to everything."""
    return await Team.gather(town)
