# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The town on SQLite and PostgreSQL, with bots that poll and bots that are called."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.house import prepare_database
from bot.settings import without_environment
from scheduler.clock import AdvanceableClock
from tests.doubles.bot_api import BotApiDouble
from tests.e2e.stories import MONDAY, Mode, Team, Town, settings_for
from tests.services.stage import furnish
from tests.storage.stores import opened

SQLITE_POLLING: tuple[str, Mode] = ("sqlite", "polling")
POSTGRES_WEBHOOK: tuple[str, Mode] = ("postgres", "webhook")
EVERYWHERE = [
    pytest.param(SQLITE_POLLING, id="sqlite-polling"),
    pytest.param(("sqlite", "webhook"), id="sqlite-webhook"),
    pytest.param(("postgres", "polling"), id="postgres-polling", marks=pytest.mark.postgres),
    pytest.param(POSTGRES_WEBHOOK, id="postgres-webhook", marks=pytest.mark.postgres),
]


@dataclass(frozen=True)
class FirstStart:
    """What a first start leaves: keys in a folder, and in a database all tables, dialogs and plans."""

    folder: Path

    def __call__(self, url: str) -> None:
        """Fill an empty database; its content is sealed with the keys of the folder."""
        keyring = prepare_database(without_environment(data_dir=self.folder, database_url=url))
        with opened(url, keyring) as storage:
            furnish(storage.run_sync, MONDAY)


@pytest.fixture(scope="session")
def first_start(tmp_path_factory: pytest.TempPathFactory) -> FirstStart:
    """Made once, for it takes seconds; `test_outages` and `test_mail` begin with nothing at all."""
    made = FirstStart(tmp_path_factory.mktemp("first_start"))
    made(f"sqlite:///{made.folder}/lotse.db")
    return made


@dataclass(frozen=True)
class Ground:
    """What a town stands on: a folder with keys, a database after a first start, and how the bots hear."""

    folder: Path
    url: str
    mode: Mode


def laid(
    request: pytest.FixtureRequest, where: tuple[str, Mode], folder: Path, first_start: FirstStart
) -> Ground:
    """A ground on one of `EVERYWHERE`."""
    database, mode = where
    shutil.copytree(first_start.folder, folder, dirs_exist_ok=True)
    url = f"sqlite:///{folder}/lotse.db"
    if database == "postgres":
        url = request.getfixturevalue("make_database")(first_start)
    return Ground(folder, url, mode)


@pytest.fixture
def ground(request: pytest.FixtureRequest, tmp_path: Path, first_start: FirstStart) -> Ground:
    """SQLite and polling, unless a test is given another of `EVERYWHERE`."""
    return laid(request, getattr(request, "param", SQLITE_POLLING), tmp_path, first_start)


@pytest.fixture(params=[EVERYWHERE[0], EVERYWHERE[3]])
async def town(
    request: pytest.FixtureRequest, tmp_path: Path, first_start: FirstStart
) -> AsyncIterator[Town]:
    """A town in which Lotse runs, for the second time.

    In the end nobody may have heard too much, and no call may be wrong.
    """
    ground = laid(request, request.param, tmp_path, first_start)
    clock = AdvanceableClock(MONDAY)
    async with BotApiDouble(clock=lambda: clock.now().timestamp(), backoff=lambda _: 0.01) as api:
        participants, staff = api.add_bot("1:AAA", "lotse_bot"), api.add_bot("2:BBB", "lotse_team_bot")
        town = Town(api, settings_for(api, tmp_path, ground.url, ground.mode), clock, participants, staff)
        await town.start()
        # The day begins with a look at duty, before anybody comes in.
        await town.settled()
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
