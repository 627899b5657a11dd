# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Processes that know of each other through PostgreSQL: notices, turns to speak, and workers that vanish."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import psycopg
import pytest

from bot.storage.database import open_storage
from bot.storage.notices import ALL, TIMER, Notices, out, person, worker_of
from bot.storage.presence import Presence
from bot.storage.turns import turn_key
from tests.conftest import MakeDatabase
from tests.servers import Databases, PostgresServer
from tests.storage.stores import AGENCY, KEYRING, NOW, fill, settle_world

pytestmark = pytest.mark.postgres

KEY = turn_key("1:AAA")


@dataclass
class Process:
    """One process as the others see it."""

    presence: Presence
    notices: Notices
    heard: asyncio.Queue[str]
    gone: asyncio.Queue[None]
    done: asyncio.Event = field(default_factory=asyncio.Event)

    async def hears(self, word: str) -> None:
        """Wait for this word; everything before it is passed over."""
        async with asyncio.timeout(10):
            while await self.heard.get() != word:
                pass

    def hears_nothing(self) -> bool:
        return self.heard.empty()


@asynccontextmanager
async def process(url: str, *, is_worker: bool = False) -> AsyncIterator[Process]:
    heard: asyncio.Queue[str] = asyncio.Queue()
    gone: asyncio.Queue[None] = asyncio.Queue()
    notices = Notices(lambda: NOW)

    def hear(words: Collection[str]) -> None:
        for word in sorted(words):
            heard.put_nowait(word)

    def worker_gone() -> None:
        gone.put_nowait(None)

    notices.subscribe(hear)
    presence = Presence(url, notices, hear, worker_gone, is_worker=is_worker)
    one = Process(presence, notices, heard, gone)
    async with asyncio.TaskGroup() as group:
        group.create_task(presence.run(one.done))
        try:
            await one.hears(ALL)
            yield one
        finally:
            one.done.set()


@pytest.fixture
def url(make_database: MakeDatabase) -> str:
    return make_database(fill)


async def held(event: asyncio.Event) -> None:
    async with asyncio.timeout(15):
        await event.wait()


async def test_what_is_committed_here_is_heard_there(url: str) -> None:
    async with process(url) as here, process(url) as there:
        storage = open_storage(url, KEYRING, notices=here.notices)
        try:
            world = await asyncio.to_thread(settle_world, storage)
            await storage.run(lambda uow: uow.timers.set(AGENCY, "floor", 1, NOW, "soon"))
            await there.hears(TIMER)
            await here.hears(TIMER)
            await storage.run(lambda uow: uow.outbox.post([world.draft()], NOW))
            await there.hears(out("telegram"))
            await storage.run(lambda uow: uow.concerns.add(world.concern()))
            await there.hears(person(world.participant))
        finally:
            storage.close()


async def test_nobody_is_told_what_nobody_waits_for(url: str) -> None:
    """Each notice makes commits wait for each other: none for a timer far off, none for what only we do."""
    async with process(url) as here, process(url) as there:
        here.notices.own |= {TIMER, out("telegram")}
        storage = open_storage(url, KEYRING, notices=here.notices)
        try:
            world = await asyncio.to_thread(settle_world, storage)
            late = NOW + timedelta(minutes=1)
            await storage.run(lambda uow: uow.timers.set(AGENCY, "floor", 1, late, "late"))
            await storage.run(lambda uow: uow.timers.set(AGENCY, "floor", 1, NOW, "soon"))
            await storage.run(lambda uow: uow.outbox.post([world.draft()], NOW))
            await here.hears(TIMER)
            await here.hears(out("telegram"))
            here.presence.say([person(7)])
            async with asyncio.timeout(10):
                assert await there.heard.get() == person(7)
        finally:
            storage.close()


async def test_what_was_not_committed_is_told_to_nobody(url: str) -> None:
    async with process(url) as here, process(url) as there:
        storage = open_storage(url, KEYRING, lanes=1, notices=here.notices)
        try:
            await asyncio.to_thread(settle_world, storage)

            def fail(uow: object) -> None:
                uow.timers.set(AGENCY, "floor", 1, NOW, "soon")  # type: ignore[attr-defined]
                raise KeyError("soon")

            with pytest.raises(KeyError):
                await storage.run(fail)
            await storage.run(lambda uow: uow.ledger.set_fact("a", "1"))
            here.presence.say([person(7)])
            async with asyncio.timeout(10):
                assert await there.heard.get() == person(7)
            assert here.hears_nothing()
        finally:
            storage.close()


async def test_many_words_become_one_that_says_look_everywhere(url: str) -> None:
    async with process(url) as here, process(url) as there:
        here.presence.say([person(number) for number in range(10_000_000, 10_001_000)])
        await there.hears(ALL)


async def test_one_speaks_and_the_next_takes_over_at_once_when_it_ends_in_good_order(url: str) -> None:
    async with process(url) as second, process(url) as first:
        mine, theirs = first.presence.turn(KEY), second.presence.turn(KEY)
        mine.want()
        await held(mine.held)
        theirs.want()
        await held(theirs.elsewhere)
        assert not theirs.held.is_set()
        mine.give_up()
        await held(theirs.held)
        assert mine.lost.is_set()


async def test_a_connection_that_is_cut_is_noticed_at_once_and_another_waits_before_it_speaks(
    url: str,
) -> None:
    async with process(url) as first, process(url) as second:
        mine, theirs = first.presence.turn(KEY), second.presence.turn(KEY)
        mine.want()
        await held(mine.held)
        theirs.want()
        await held(theirs.elsewhere)
        with psycopg.connect(url, autocommit=True) as admin:
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s",
                (KEY,),
            )
        await held(mine.lost)
        assert not theirs.held.is_set()
        # Whoever was faster has it now; it is never held by both.
        waiting = [asyncio.ensure_future(held(turn.held)) for turn in (mine, theirs)]
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        assert mine.held.is_set() != theirs.held.is_set()
        for one in waiting:
            one.cancel()


async def test_after_a_restart_of_the_server_everybody_is_back_and_looks(
    own_postgres: PostgresServer,
) -> None:
    url = Databases(own_postgres.url).make(fill)
    async with process(url) as one:
        turn = one.presence.turn(KEY)
        turn.want()
        await held(turn.held)
        own_postgres.stop()
        await held(turn.lost)
        assert not one.presence.is_connected
        own_postgres.start()
        await one.hears(ALL)
        await held(turn.held)
        assert not turn.elsewhere.is_set()


async def test_a_worker_that_vanishes_is_missed(url: str) -> None:
    async with process(url, is_worker=True) as one:
        await one.gone.get()  # at first nobody knows who was there before
        async with process(url, is_worker=True):
            async with asyncio.timeout(10):
                await one.gone.get()  # once more, to be sure
                while one.presence.workers < 2:
                    await asyncio.sleep(0.05)
            assert one.gone.empty()
        async with asyncio.timeout(10):
            await one.gone.get()
        assert one.presence.workers == 1


async def test_a_worker_that_lives_shorter_than_a_beat_is_missed(url: str) -> None:
    """It came, claimed timers and died while nobody looked: only its word says that it was there."""
    async with process(url, is_worker=True) as one:
        async with asyncio.timeout(10):
            await one.gone.get()  # at first nobody knows who was there before
            await one.gone.get()  # once more, to be sure
        async with process(url, is_worker=True):
            async with asyncio.timeout(10):
                while not (pid := worker_of(await one.heard.get())):
                    pass
            with psycopg.connect(url, autocommit=True) as admin:
                admin.execute("SELECT pg_terminate_backend(%s)", (pid,))
            async with asyncio.timeout(10):
                await one.gone.get()


async def test_whoever_wants_to_speak_just_as_a_beat_ends(url: str) -> None:
    """Both happen in one turn of the loop; the process must live on and get what it wants."""
    async with process(url) as one:
        turn, loop = one.presence.turn(KEY), asyncio.get_running_loop()
        faults: list[object] = []
        loop.set_exception_handler(lambda _, context: faults.append(context.get("exception")))
        async with asyncio.timeout(10):
            while (listening := one.presence._listening) is None or (ends := listening.when()) is None:
                await asyncio.sleep(0)
            loop.call_at(ends + 1e-6, turn.want)
            await turn.held.wait()
        assert faults == []
