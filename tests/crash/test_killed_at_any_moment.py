# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Kill the process at any moment: nothing is lost, nothing takes effect twice (promises P1, P2, P3).

`make test` does a few rounds, `make crash` hundreds; LOTSE_TEST_CRASHES says how many kills in all.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.domain.concerns import Outcome, State
from bot.domain.people import Role
from bot.house import DEFAULT_AGENCY, build_rulebook, prepare_database
from bot.ports import UnitOfWork
from bot.services.invite import NewStaff, hire, invite
from bot.settings import Settings, without_environment
from bot.storage.database import SqlStorage, open_storage
from dialogs.book import DialogBook
from scheduler.clock import SystemClock
from tests.conftest import MakeDatabase
from tests.crash.killing import Nursery, Victim
from tests.crash.story import COACH, PARTICIPANT, PATIENCE_S, Reader, doubled, live_through
from tests.doubles.bot_api import BotApiDouble

pytestmark = pytest.mark.crash

KILLS = int(os.environ.get("LOTSE_TEST_CRASHES", "16"))
KILLS_A_STORY = 3
#: About how long the story takes undisturbed, start included: kills are spread over all of it.
STORY_S = 2.5
SECRET = "Geheim-1_x"


class Office:
    """The database from outside, for what commands do and for looking at the end."""

    def __init__(self, settings: Settings) -> None:
        self.storage: SqlStorage = open_storage(settings.database, prepare_database(settings))
        self.rules = build_rulebook(settings, DialogBook())
        self.now = SystemClock().now
        self.storage.run_sync(lambda uow: uow.ledger.ensure_agency(DEFAULT_AGENCY, "Lotse", self.now()))

    def hire(self) -> tuple[int, str]:
        person = NewStaff(DEFAULT_AGENCY, "Berta Beispiel", Role.COACH)
        hired = self.storage.run_sync(lambda uow: hire(uow, self.rules, person, self.now()))
        return hired.id, hired.messenger_code

    def invite(self, coach: int) -> str:
        return self.storage.run_sync(lambda uow: invite(uow, self.rules, coach, "", "de", self.now()))

    async def is_quiet(self) -> None:
        """Wait until the process has nothing more to send; only its database can tell."""
        async with asyncio.timeout(PATIENCE_S):
            while await self.storage.run(lambda uow: sum(uow.outbox.depth().values())):
                await asyncio.sleep(0.02)

    def effects(self, address: str) -> dict[str, object]:
        """Everything that one story has left, as it must be however often Lotse died."""
        return self.storage.run_sync(lambda uow: _effects(uow, address))


def _effects(uow: UnitOfWork, address: str) -> dict[str, object]:
    contact = uow.people.find_contact("telegram", address)
    assert contact is not None
    person = contact.participant
    [concern] = uow.concerns.of_participant(person.id, open_only=False)
    return {
        "standing": person.standing.value,
        "open conversation": contact.conversation,
        "answers": [(answer.key, answer.value) for answer in uow.talks.answers(person.id)],
        "consents": {one.purpose: one.granted for one in uow.talks.given(person.id)},
        "state": (concern.state, concern.outcome, concern.level.value),
        "history": [event for _, event, _, _ in uow.concerns.history(concern.id)],
    }


AS_IT_SHOULD_BE = {
    "standing": "active",
    "open conversation": None,
    "answers": [
        ("mood", "2"),
        ("sleep", "5"),
        ("achieved", '"Ich war zweimal spazieren."'),
        ("contact", '"today"'),
    ],
    "consents": {"contact": True, "health_checkins": True, "health_in_messenger": True},
    "state": (State.CLOSED, Outcome.REACHED, "R2"),
    "history": [
        "raised",
        "called",
        "raised_to_R2",
        "called",
        "take_over",
        "plan",
        "replied",
        "message",
        "close",
        "talk_ended",
    ],
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def a_town(
    nursery: Nursery, database: str, folder: Path, mode: str, seed: int
) -> AsyncIterator[tuple[BotApiDouble, Victim, Office]]:
    async with BotApiDouble(backoff=lambda failures: 0.02) as api:
        port = free_port()
        values = {
            "DATABASE_URL": database,
            "DATA_DIR": str(folder),
            "PUBLIC_URL": f"http://127.0.0.1:{port}",
            "HTTP__PORT": str(port),
        }
        for bot, token in (("TELEGRAM", "1:AAA"), ("TELEGRAM_STAFF", "2:BBB")):
            values |= {
                f"{bot}__TOKEN": token,
                f"{bot}__API_URL": api.url,
                f"{bot}__MODE": mode,
                f"{bot}__SECRET": SECRET,
                f"{bot}__MESSAGES_PER_SECOND": "1000",
                f"{bot}__MESSAGES_PER_CHAT": "1000",
            }
        settings = without_environment(
            database_url=database, data_dir=folder, public_url=values["PUBLIC_URL"]
        )
        office = Office(settings)
        environment = {f"LOTSE_{name}": value for name, value in values.items()}
        try:
            async with Victim(nursery, environment, seed) as victim:
                yield api, victim, office
        finally:
            office.storage.close()


async def tell_stories(
    nursery: Nursery, database: str, folder: Path, mode: str, kills: int
) -> tuple[int, int]:
    """Stories until there were so many kills. Returns kills and doubled messages; raises if one is lost."""
    async with a_town(nursery, database, folder, mode, seed=kills) as (api, victim, office):
        participants, staff = api.add_bot("1:AAA", "lotse_bot"), api.add_bot("2:BBB", "lotse_staff_bot")
        coach, code = office.hire()
        berta = staff.person(9000, "Berta")
        await berta.starts(code)
        assert "Willkommen" in (await berta.hears(1, 30))[0].text
        twice = 0
        number = 0
        while victim.kills < kills:
            number += 1
            mia, ears = Reader(participants.person(number, "Mia")), Reader(berta)
            before = victim.kills
            killer = asyncio.create_task(_kill(victim, min(KILLS_A_STORY, kills - victim.kills)))
            await live_through(office.invite(coach), mia, ears)
            await killer
            await office.is_quiet()
            for reader in (mia, ears):
                reader.overhears()
            doubles = (doubled(mia.read, PARTICIPANT), doubled(ears.read, COACH))
            # One message in flight for each chat is the most that a kill may double.
            assert max(doubles) <= victim.kills - before, doubles
            twice += sum(doubles)
            assert office.effects(str(number)) == AS_IT_SHOULD_BE
        assert api.violations == []
        return victim.kills, twice


async def _kill(victim: Victim, times: int) -> None:
    for _ in range(times):
        await victim.kill_within(STORY_S)


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_on_sqlite(nursery: Nursery, mode: str, tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'lotse.db'}"
    kills, twice = await tell_stories(nursery, database, tmp_path, mode, KILLS // 4)
    print(f"sqlite, {mode}: {kills} kills, 0 lost, 0 doubled effects, {twice} doubled messages")


@pytest.mark.timeout(3600)
@pytest.mark.postgres
@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_on_postgres(nursery: Nursery, mode: str, tmp_path: Path, make_database: MakeDatabase) -> None:
    kills, twice = await tell_stories(nursery, make_database(), tmp_path, mode, KILLS // 4)
    print(f"postgres, {mode}: {kills} kills, 0 lost, 0 doubled effects, {twice} doubled messages")
