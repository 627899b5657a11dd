# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The other processes on the same database: what they are told, what they tell, and who of all may speak."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from datetime import datetime
from pathlib import Path

from bot.storage.notices import TIMER, Notices, person
from bot.storage.presence import Presence
from bot.storage.turns import OwnTurn, RoleLocks, Turn, turn_key

_SQLITE = "sqlite:///"


class Neighbours:
    """This process among others.

    On PostgreSQL there may be any number. On SQLite each role is played by one process, notices stay inside,
    and what another process did is found by looking.
    """

    def __init__(
        self,
        database: str,
        roles: frozenset[str],
        now: Callable[[], datetime],
        hear: Callable[[Collection[str]], None],
        worker_gone: Callable[[], None],
    ) -> None:
        self.notices = Notices(now)
        self._hear = hear
        self._presence: Presence | None = None
        self._locks: RoleLocks | None = None
        is_worker = "worker" in roles
        if is_worker:
            self.notices.own.add(TIMER)
        if not database.startswith("sqlite"):
            self._presence = Presence(database, self.notices, hear, worker_gone, is_worker=is_worker)
        elif database.startswith(_SQLITE) and not database.endswith(":memory:"):
            self._locks = RoleLocks(Path(database.removeprefix(_SQLITE)), roles)
        self._own_workers = int(is_worker)

    @property
    def may_be_others(self) -> bool:
        """Whether other processes may tell us anything, and be told."""
        return self._presence is not None

    @property
    def is_connected(self) -> bool:
        """Whether notices can be heard at the moment."""
        return self._presence is None or self._presence.is_connected

    @property
    def workers(self) -> int:
        """How many processes fire timers, as far as this one knows."""
        return self._own_workers if self._presence is None else self._presence.workers

    @property
    def trouble(self) -> str:
        """What keeps this process from hearing others; empty when nothing does."""
        return "" if self.is_connected else "notices of other processes are not heard: no connection for them"

    def arrive(self) -> None:
        """Call it first, on the loop. Raises `ConfigurationError` if a role is taken by another process."""
        if self._locks is not None:
            self._locks.take()
        self.notices.subscribe(self._hear)

    def leave(self) -> None:
        """Call it last."""
        if self._locks is not None:
            self._locks.release()

    def turn(self, what: str) -> Turn:
        """The right to speak for a token or a page."""
        key = turn_key(what)
        return OwnTurn(key) if self._presence is None else self._presence.turn(key)

    def tell_changed(self, participants: Collection[int]) -> None:
        """Open pages in other processes are to show these participants anew."""
        if self._presence is not None and participants:
            self._presence.say([person(number) for number in participants])

    async def run(self, done: asyncio.Event) -> None:
        """Be there for the others until `done` is set: after everything that speaks has ended."""
        if self._presence is not None:
            await self._presence.run(done)
