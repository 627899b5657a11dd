# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Three processes on one PostgreSQL: they wake each other, and when one dies another takes over.

`make test` does a few rounds, `make crash` many; LOTSE_TEST_CRASHES says how many kills in all.
"""

from __future__ import annotations

import asyncio
import os
import random
import re
import signal
import statistics
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import msgspec
import pytest

from bot.domain.concerns import Concern, Level, State
from bot.domain.people import Role, Standing
from bot.house import DEFAULT_AGENCY, build_rulebook, prepare_database
from bot.ports import UnitOfWork
from bot.services import escalate
from bot.services.invite import Hired, NewStaff, hire
from bot.settings import Settings, without_environment
from bot.storage.database import SqlStorage, open_storage
from bot.storage.notices import Notices
from dialogs.book import DialogBook
from scheduler.clock import SystemClock
from tests.conftest import MakeDatabase
from tests.crash.crowd import Crowd, a_crowd
from tests.crash.killing import ROOT, Nursery
from tests.crash.test_killed_at_any_moment import free_port
from tests.doubles.bot_api import BotApiDouble, FaultKind, Person, Unexpected

pytestmark = pytest.mark.crash

KILLS = max(4, int(os.environ.get("LOTSE_TEST_CRASHES", "16")) // 4)
WAKES = 10
#: How many timers are due at once when somebody is killed.
AT_ONCE = 10
PATIENCE_S = 60.0
SPEAKER = "telegram,telegram-staff"


@dataclass
class Outside:
    """One more process on the database: it commits, as the web side does, and it looks at the end."""

    storage: SqlStorage
    rules: object
    concerns: list[int] = field(default_factory=list)

    def hire(self) -> Hired:
        now = SystemClock().now()
        self.storage.run_sync(lambda uow: uow.ledger.ensure_agency(DEFAULT_AGENCY, "Lotse", now))
        person = NewStaff(DEFAULT_AGENCY, "Berta Beispiel", Role.COACH)
        return self.storage.run_sync(lambda uow: hire(uow, self.rules, person, now))  # type: ignore[arg-type]

    async def raise_alarms(self, coach: int, count: int = 1) -> set[str]:
        """So many people in danger, each with a timer due now that calls the coach. Their case codes."""
        now = SystemClock().now()
        policy = msgspec.json.encode(self.rules.policies[Level.R3]).decode()  # type: ignore[attr-defined]

        def use_case(uow: UnitOfWork) -> tuple[list[int], set[str]]:
            numbers = []
            for _ in range(count):
                person = uow.people.add_participant(DEFAULT_AGENCY, Standing.ACTIVE, "de", coach)
                number = uow.concerns.add(
                    Concern(
                        id=0,
                        agency_id=DEFAULT_AGENCY,
                        participant_id=person,
                        level=Level.R3,
                        source="text",
                        reason="test",
                        state=State.OPEN,
                        raised_at=now,
                        owner_id=coach,
                        next_action_at=now,
                        policy=policy,
                    )
                )
                key = escalate.timer_key(number)
                uow.timers.set(DEFAULT_AGENCY, escalate.TIMER_KIND, number, now, key)
                numbers.append(number)
            cases = {one.case_code for one in map(uow.concerns.get, numbers) if one is not None}
            return numbers, cases

        numbers, cases = await self.storage.run(use_case)
        self.concerns += numbers
        return cases

    async def left(self) -> str:
        """What nobody has done yet."""
        outbox = await self.storage.run(lambda uow: uow.outbox.depth())
        due = await self.storage.run(lambda uow: uow.timers.next_due())
        return f"waiting to be sent {outbox}, next timer {due}, now {SystemClock().now()}"

    async def doubled_effects(self) -> int:
        """How often a ladder was climbed twice for one timer."""
        histories = [
            await self.storage.run(lambda uow, number=number: uow.concerns.history(number))  # type: ignore[misc]
            for number in self.concerns
        ]
        return sum(len([event for _, event, _, _ in rows if event == "called"]) - 1 for rows in histories)


@dataclass
class Ears:
    """Everything that the coach was called for, and when each case was heard of first."""

    person: Person
    heard: Counter[str] = field(default_factory=Counter)

    async def hear(self, cases: set[str]) -> None:
        """Wait until there was a call for each of these."""
        missing = set(cases) - set(self.heard)
        while missing:
            for seen in await self.person.hears(1, PATIENCE_S):
                self._note(seen.text)
            missing -= set(self.heard)

    def overhear(self) -> None:
        for seen in self.person.unheard():
            self._note(seen.text)

    @property
    def doubled(self) -> int:
        return sum(self.heard.values()) - len(self.heard)

    def _note(self, text: str) -> None:
        if found := re.search(r"Meldung R3 · Fall (\S+)", text):
            self.heard[found[1]] += 1


@dataclass
class Town:
    api: BotApiDouble
    crowd: Crowd
    outside: Outside
    settings: Settings
    coach: Hired

    async def link(self) -> Ears:
        """The coach opens the staff bot; whoever speaks by now has answered."""
        berta = self.api.bot("lotse_staff_bot").person(9000, "Berta")
        await berta.starts(self.coach.messenger_code)
        assert "Willkommen" in (await berta.hears(1, PATIENCE_S))[0].text
        return Ears(berta)


@asynccontextmanager
async def a_town(nursery: Nursery, database: str, folder: Path) -> AsyncIterator[Town]:
    async with BotApiDouble(backoff=lambda failures: 0.02) as api:
        api.add_bot("1:AAA", "lotse_bot")
        api.add_bot("2:BBB", "lotse_staff_bot")
        port = free_port()
        values = {
            "DATABASE_URL": database,
            "DATA_DIR": str(folder),
            "PUBLIC_URL": f"http://127.0.0.1:{port}",
            "HTTP__PORT": str(port),
        }
        for bot, token in (("TELEGRAM", "1:AAA"), ("TELEGRAM_STAFF", "2:BBB")):
            values |= {f"{bot}__TOKEN": token, f"{bot}__API_URL": api.url}
            values |= {f"{bot}__MESSAGES_PER_SECOND": "1000", f"{bot}__MESSAGES_PER_CHAT": "1000"}
        settings = without_environment(
            database_url=database, data_dir=folder, public_url=values["PUBLIC_URL"]
        )
        notices = Notices(SystemClock().now)
        storage = open_storage(settings.database, prepare_database(settings), notices=notices)
        outside = Outside(storage, build_rulebook(settings, DialogBook()))
        try:
            with a_crowd(nursery, {f"LOTSE_{name}": value for name, value in values.items()}) as crowd:
                yield Town(api, crowd, outside, settings, outside.hire())
        finally:
            storage.close()
        assert api.violations == []


@asynccontextmanager
async def console(town: Town) -> AsyncIterator[AsyncIterator[str]]:
    """The lines of an open console page's live stream."""
    patient = httpx.AsyncHTTPTransport(retries=10)
    async with httpx.AsyncClient(base_url=town.settings.address, transport=patient, timeout=30) as browser:
        page = f"/console/enter/{town.coach.console_code}"
        token = re.search(r'name="token" value="([^"]+)"', (await browser.get(page)).text)
        assert token is not None
        assert (await browser.post(page, data={"token": token[1]})).status_code == 303
        async with browser.stream("GET", "/console/stream") as stream:
            assert stream.status_code == 200
            yield stream.aiter_lines()


async def changed(lines: AsyncIterator[str]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        async for line in lines:
            if line == "event: changed":
                return


def told(seconds: list[float]) -> str:
    return f"median {statistics.median(seconds):.3f} s, longest {max(seconds):.3f} s"


@pytest.mark.postgres
@pytest.mark.timeout(300)
async def test_what_one_commits_wakes_the_others(
    nursery: Nursery, make_database: MakeDatabase, tmp_path: Path
) -> None:
    async with a_town(nursery, make_database(), tmp_path) as town:
        for name, only in (("web", "web"), ("worker", "worker"), ("speaker", SPEAKER)):
            await town.crowd.start(name, only)
        ears = await town.link()
        fired, shown = [], []
        async with console(town) as lines:
            for _ in range(WAKES):
                began = time.perf_counter()
                cases = await town.outside.raise_alarms(town.coach.id)
                await changed(lines)
                shown.append(time.perf_counter() - began)
                await ears.hear(cases)
                fired.append(time.perf_counter() - began)
        print(f"an open page in another process is told: {told(shown)}")
        print(f"timer set by one, fired by another, sent by a third: {told(fired)}")
        assert await town.outside.doubled_effects() == 0
        assert ears.doubled == 0


@pytest.mark.postgres
@pytest.mark.timeout(3600)
async def test_when_one_dies_another_takes_over(
    nursery: Nursery, make_database: MakeDatabase, tmp_path: Path
) -> None:
    dice = random.Random(KILLS)
    async with a_town(nursery, make_database(), tmp_path) as town:
        crowd = town.crowd
        await crowd.start("speaker", SPEAKER)
        ears = await town.link()
        await crowd.start("worker", "worker")
        await crowd.start("both", f"worker,{SPEAKER}")
        speaks, stands_by = "speaker", "both"
        await ears.hear(await town.outside.raise_alarms(town.coach.id))
        took: dict[str, list[float]] = {"worker": [], "speaker": []}
        for number in range(KILLS):
            kind = ("worker", "speaker")[number % 2]
            victim = "worker" if kind == "worker" else speaks
            cases = await town.outside.raise_alarms(town.coach.id, AT_ONCE)
            await asyncio.sleep(dice.uniform(0, 0.15))
            crowd.kill(victim)
            began = time.perf_counter()
            # All of it was due already: only when the survivors have done it is it taken over.
            cases |= await town.outside.raise_alarms(town.coach.id)
            try:
                await ears.hear(cases)
            except Unexpected as silence:
                raise AssertionError(f"{victim} killed, then: {await town.outside.left()}") from silence
            took[kind].append(time.perf_counter() - began)
            await crowd.start(victim)
            if kind == "speaker":
                speaks, stands_by = stands_by, speaks
        ears.overhear()
        for kind, seconds in took.items():
            print(f"{kind} killed {len(seconds)} times, taken over: {told(seconds)}")
        print(f"{KILLS} kills, lost 0, doubled effects 0, doubled messages {ears.doubled}")
        assert await town.outside.doubled_effects() == 0
        # One message to a chat is in flight at a time: the most that a kill of the speaker may double.
        assert ears.doubled <= len(took["speaker"])


@pytest.mark.postgres
@pytest.mark.timeout(300)
async def test_one_that_is_told_to_end_finishes_what_it_has_in_hand(
    nursery: Nursery, make_database: MakeDatabase, tmp_path: Path
) -> None:
    async with a_town(nursery, make_database(), tmp_path) as town:
        await town.crowd.start("one", f"worker,{SPEAKER}")
        ears = await town.link()
        await town.crowd.start("two", f"worker,{SPEAKER}")
        slow = town.api.fail_next(
            town.api.bot("lotse_staff_bot"), "sendMessage", 9000, kind=FaultKind.SLOW_ANSWER
        )
        cases = await town.outside.raise_alarms(town.coach.id, AT_ONCE)
        await asyncio.wait_for(slow.struck.wait(), PATIENCE_S)
        town.crowd.ask_to_end("one")
        slow.release.set()
        began = time.perf_counter()
        await ears.hear(cases)
        print(f"handed over in good order: {time.perf_counter() - began:.3f} s")
        async with asyncio.timeout(PATIENCE_S):
            while town.crowd.lives("one"):
                await asyncio.sleep(0.02)
        ears.overhear()
        assert ears.doubled == 0
        assert await town.outside.doubled_effects() == 0


@pytest.mark.postgres
@pytest.mark.timeout(300)
async def test_one_that_stands_still_loses_its_turn_and_knows_it_when_it_goes_on(
    nursery: Nursery, make_database: MakeDatabase, tmp_path: Path
) -> None:
    async with a_town(nursery, make_database(), tmp_path) as town:
        await town.crowd.start("still", SPEAKER)
        await town.crowd.start("worker", "worker")
        ears = await town.link()
        # It comes up while the server still waits, for twenty seconds, for the one that stands still.
        await town.crowd.start("other", SPEAKER)
        await ears.hear(await town.outside.raise_alarms(town.coach.id))
        cases = await town.outside.raise_alarms(town.coach.id, AT_ONCE)
        town.crowd.stand_still("still")
        began = time.perf_counter()
        await ears.hear(cases | await town.outside.raise_alarms(town.coach.id))
        print(f"stopped, taken over: {time.perf_counter() - began:.3f} s")
        cases = await town.outside.raise_alarms(town.coach.id, AT_ONCE)
        town.crowd.go_on("still")
        await ears.hear(cases | await town.outside.raise_alarms(town.coach.id, AT_ONCE))
        ears.overhear()
        # What was in flight to the chat when it stopped, and nothing since it goes on.
        assert ears.doubled <= 1
        town.crowd.kill("other")
        began = time.perf_counter()
        await ears.hear(await town.outside.raise_alarms(town.coach.id))
        print(f"it speaks again after the other's death: {time.perf_counter() - began:.3f} s")
        ears.overhear()
        assert ears.doubled <= 2
        assert await town.outside.doubled_effects() == 0


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("asked", "code"), [(1, 0), (2, -signal.SIGTERM)])
async def test_who_asks_twice_means_it(nursery: Nursery, tmp_path: Path, asked: int, code: int) -> None:
    """While a call hangs, one SIGTERM waits for it, a second one does not."""
    async with a_town(nursery, f"sqlite:///{tmp_path / 'lotse.db'}", tmp_path) as town:
        bot = town.api.bot("lotse_staff_bot")
        slow = town.api.fail_next(bot, "sendMessage", 9000, kind=FaultKind.SLOW_ANSWER)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "run", "--only", f"worker,{SPEAKER}"),
            cwd=ROOT,
            env={**os.environ, **town.crowd.environment},
        )
        await bot.person(9000, "Berta").starts(town.coach.messenger_code)
        await asyncio.wait_for(slow.struck.wait(), PATIENCE_S)
        # Not `process.send_signal`: it looks whether the process still lives and may collect its exit
        # code before asyncio does, which then reports 255 (CPython gh-87744).
        os.kill(process.pid, signal.SIGTERM)
        if asked == 1:
            slow.release.set()
        while asked > 1 and process.returncode is None:
            # Two signals at the same moment are one.
            await asyncio.sleep(0.1)
            with suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGTERM)
        assert await process.wait() == code
        slow.release.set()
