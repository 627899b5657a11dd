# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A process among others on PostgreSQL: one connection that stays open for as long as the process lives.

On it the process hears notices, holds the locks of what it speaks for, and shows that it lives. When the
process dies, the server closes the connection and the locks are free; when the network dies, both sides
notice by themselves, this one first. When the process stands still (SIGSTOP, a machine out of memory), the
server closes the connection as well, and the process finds that out before it speaks again.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Collection
from typing import Any

import psycopg

from bot.storage.engines import open_engine
from bot.storage.link import ADVISORY
from bot.storage.notices import ALL, TOPIC, Notices, free, worker, worker_of
from bot.storage.turns import Turn

logger = logging.getLogger(__name__)

#: First halves of the locks, beside `ADVISORY`: who speaks for what, and which workers live.
_SPEAKING = ADVISORY + 1
_WORKING = ADVISORY + 2

#: How often this process shows that it lives, looks for turns that became free, and for workers.
BEAT_S = 1.0
#: A server that does not answer a beat in this time counts as lost. The server waits longer, see below.
_BEAT_LIMIT_S = 4.0
_RECONNECT_S = 0.5
#: Who held a turn and vanished may still be sending what it had in hand, or be about to write that down.
_SETTLE_S = 2.0
#: So many beats after a worker was missed it is missed once more: the server may have carried out only then
#: what the dead had asked for last.
_SURE_AFTER_BEATS = 3
#: What happens in this time goes into one notice.
_GATHER_S = 0.05

#: For so long after a beat nobody else can have what this process speaks for. The server waits longer before
#: it takes it away from a process that stands still; servers older than PostgreSQL 14 never do.
_SURE_S = 10.0
_STANDS_STILL = "SET idle_session_timeout = '20s'"
_KNOWS_STANDING_STILL = 140000

# Both sides notice a dead network. This side does after at most BEAT_S + _BEAT_LIMIT_S; the server, which
# then frees the locks, only after 5 + 3 * 3 seconds.
_ARGUMENTS = {
    "connect_timeout": 5,
    "tcp_user_timeout": 5_000,
    "application_name": "lotse presence",
    "options": "-c timezone=UTC -c lock_timeout=10s -c tcp_keepalives_idle=5 "
    "-c tcp_keepalives_interval=3 -c tcp_keepalives_count=3 -c tcp_user_timeout=14000",
}
_ALIVE = (
    "SELECT ARRAY(SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND objsubid = 2 "
    "AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))"
)

Connection = psycopg.AsyncConnection[Any]


class Presence:
    """Keeps the connection, and comes back when it was lost. `hear` gets the words of others' notices.

    `is_worker` shows the others that this process fires timers; `worker_gone` is called when a worker among
    them may have died, so that what it had claimed can be put back.
    """

    def __init__(
        self,
        url: str,
        notices: Notices,
        hear: Callable[[Collection[str]], None],
        worker_gone: Callable[[], None],
        *,
        is_worker: bool,
    ) -> None:
        engine = open_engine(url)
        _, self._arguments = engine.dialect.create_connect_args(engine.url)
        self._notices = notices
        self._hear = hear
        self._worker_gone = worker_gone
        self._is_worker = is_worker
        self._turns: list[Turn] = []
        self._locked: set[int] = set()
        # Turns that another process was seen to have and was not heard to give up.
        self._settling: dict[int, float] = {}
        self._pending: set[str] = set()
        self._beats_until_sure = 0
        self._listening: asyncio.Timeout | None = None
        self._is_nudged = False
        self._gathering: asyncio.TimerHandle | None = None
        self.is_connected = False
        # Those that were there at the last beat, and those that have said since that they are.
        self._workers: set[int] = set()

    @property
    def workers(self) -> int:
        """How many worker processes there are, as far as this one knows."""
        return len(self._workers)

    def turn(self, key: int) -> Turn:
        """The right to speak for this key, as this process sees it."""
        turn = Turn(key, self._nudge)
        self._turns.append(turn)
        return turn

    def say(self, words: Collection[str]) -> None:
        """Tell other processes soon; what is said in one moment goes together."""
        self._pending |= {*words} - self._notices.own
        if self._pending and self._gathering is None:
            self._gathering = asyncio.get_running_loop().call_later(_GATHER_S, self._nudge)

    async def run(self, done: asyncio.Event) -> None:
        """Be there until `done` is set, however often the connection is lost."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._nudge_at(done))
            while not done.is_set():
                try:
                    await self._be_there(done)
                except (psycopg.Error, OSError) as error:  # TimeoutError is an OSError
                    if self.is_connected:
                        logger.warning("presence: connection lost (%s)", type(error).__name__)
                finally:
                    self._lose()
                await self._pause(done)

    async def _be_there(self, done: asyncio.Event) -> None:
        arguments = {**self._arguments, **_ARGUMENTS}
        connection = await psycopg.AsyncConnection.connect(**arguments, autocommit=True)
        try:
            async with asyncio.timeout(_BEAT_LIMIT_S):
                await self._arrive(connection)
            while not done.is_set():
                await self._beat(connection)
                if not (self._is_nudged or done.is_set()):
                    await self._listen(connection)
            async with asyncio.timeout(_BEAT_LIMIT_S):
                await self._leave(connection)
        finally:
            await connection.close()

    async def _arrive(self, connection: Connection) -> None:
        if connection.info.server_version >= _KNOWS_STANDING_STILL:
            await connection.execute(_STANDS_STILL)
        await connection.execute(f"LISTEN {TOPIC}".encode())
        if self._is_worker:
            await connection.execute("SELECT pg_advisory_lock_shared(%s, 0)", (_WORKING,))
            # Said as well as seen: one that dies before the next beat would be missed by nobody.
            here = self._notices.notice((worker(connection.info.backend_pid),))
            await connection.execute("SELECT pg_notify(%s, %s)", (TOPIC, here))
        self.is_connected = True
        # Whatever was said while nobody listened here.
        self._hear((ALL,))
        self._miss_worker()

    async def _beat(self, connection: Connection) -> None:
        self._is_nudged = False
        # From before the server is asked anything: its own count begins later.
        sure_until = time.monotonic() + _SURE_S
        # Set apart from the timeout: cancelling a statement on a dead network takes seconds more.
        alarm = asyncio.get_running_loop().call_later(_BEAT_LIMIT_S, self._lose)
        try:
            async with asyncio.timeout(_BEAT_LIMIT_S):
                await self._send_pending(connection)
                for turn in self._turns:
                    await self._see_to(connection, turn)
                [alive] = await _row(connection, _ALIVE, (_WORKING,))
        finally:
            alarm.cancel()
        self._confirm(sure_until)
        if self._workers - {*alive}:
            self._miss_worker()
        self._workers = {*alive}
        if self._beats_until_sure:
            self._beats_until_sure -= 1
            if not self._beats_until_sure:
                self._worker_gone()

    async def _listen(self, connection: Connection) -> None:
        """Hear notices for the length of a beat, or until this process has something to do or to say."""
        try:
            async with asyncio.timeout(BEAT_S) as self._listening:
                async for notice in connection.notifies():
                    self._take(notice.payload)
        except TimeoutError:
            pass  # the beat is over
        finally:
            self._listening = None

    def _take(self, payload: str) -> None:
        words = self._notices.read(payload)
        self._workers |= {*filter(None, map(worker_of, words))}
        for turn in self._turns:
            if free(turn.key) in words:
                self._settling.pop(turn.key, None)
                self._nudge()
        if words:
            self._hear(words)

    async def _see_to(self, connection: Connection, turn: Turn) -> None:
        if turn.key in self._locked:
            if not turn.is_wanted:
                await self._free(connection, turn)
        elif turn.is_wanted:
            [is_ours] = await _row(connection, "SELECT pg_try_advisory_lock(%s, %s)", (_SPEAKING, turn.key))
            if is_ours:
                self._locked.add(turn.key)
            else:
                self._settling[turn.key] = 0.0
                turn.refuse()

    def _confirm(self, sure_until: float) -> None:
        """The server has answered just now, so what it gave us is ours."""
        for turn in self._turns:
            if turn.key in self._locked:
                turn.confirm(sure_until)
                if turn.is_wanted and not turn.held.is_set():
                    self._begin_when_settled(turn)

    def _begin_when_settled(self, turn: Turn) -> None:
        at = asyncio.get_running_loop().time()
        if self._settling.get(turn.key) == 0.0:
            self._settling[turn.key] = at + _SETTLE_S
        if self._settling.get(turn.key, at) <= at:
            self._settling.pop(turn.key, None)
            turn.begin()

    async def _free(self, connection: Connection, turn: Turn) -> None:
        await connection.execute("SELECT pg_notify(%s, %s)", (TOPIC, self._notices.notice((free(turn.key),))))
        await connection.execute("SELECT pg_advisory_unlock(%s, %s)", (_SPEAKING, turn.key))
        self._locked.discard(turn.key)

    async def _leave(self, connection: Connection) -> None:
        """What was spoken for has been given up by now; only the lock of those who never began may remain."""
        await self._send_pending(connection)
        for turn in self._turns:
            if turn.key in self._locked:
                await self._free(connection, turn)

    async def _send_pending(self, connection: Connection) -> None:
        words, self._gathering = sorted(self._pending), None
        if words:
            await connection.execute("SELECT pg_notify(%s, %s)", (TOPIC, self._notices.notice(words)))
            self._pending -= {*words}

    def _miss_worker(self) -> None:
        self._beats_until_sure = _SURE_AFTER_BEATS
        self._worker_gone()

    def _lose(self) -> None:
        self.is_connected = False
        self._locked.clear()
        for turn in self._turns:
            turn.end()

    def _nudge(self) -> None:
        self._is_nudged = True
        # A timeout that is just expiring ends the beat by itself, and refuses to be changed.
        if self._listening is not None and not self._listening.expired():
            self._listening.reschedule(asyncio.get_running_loop().time())

    async def _nudge_at(self, done: asyncio.Event) -> None:
        await done.wait()
        self._nudge()

    async def _pause(self, done: asyncio.Event) -> None:
        # In real seconds, however fast the program's own time runs: the server is a real one.
        try:
            async with asyncio.timeout(0 if done.is_set() else _RECONNECT_S):
                await done.wait()
        except TimeoutError:
            return


async def _row(connection: Connection, statement: str, values: tuple[int, ...]) -> tuple[Any, ...]:
    found = await (await connection.execute(statement.encode(), values)).fetchone()
    assert found is not None
    return tuple(found)
