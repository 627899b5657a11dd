# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A worker on a bench: a timer table in memory, a clock that is moved by hand, and every kind of trouble."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import msgspec

from scheduler.clock import AdvanceableClock
from scheduler.timers import StoreUnavailable, Timer
from scheduler.worker import Worker

START = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
LEASE = timedelta(minutes=2)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@dataclass
class MemoryStore:
    """A timer table in memory, with leases, and a switch that takes it down."""

    rows: dict[int, Timer] = field(default_factory=dict)
    leased: dict[int, datetime] = field(default_factory=dict)
    parked: dict[int, str] = field(default_factory=dict)
    claims: int = 0
    down: bool = False

    def add(self, number: int, due_at: datetime, subject: int | None = None, agency: int = 1) -> None:
        self.rows[number] = Timer(number, agency, "check_in", number if subject is None else subject, due_at)

    def remove(self, timers: Sequence[Timer]) -> None:
        if self.down:
            raise StoreUnavailable
        for timer in timers:
            del self.rows[timer.id]

    def waiting(self) -> list[tuple[datetime, int]]:
        """When each row can be claimed, the earliest first."""
        return sorted(
            (max(row.due_at, self.leased.get(id_, row.due_at)), id_) for id_, row in self.rows.items()
        )

    async def claim(self, now: datetime, limit: int) -> list[Timer]:
        self.claims += 1
        if self.down:
            raise StoreUnavailable
        due = [id_ for at, id_ in self.waiting() if at <= now][:limit]
        self.leased.update((id_, now + LEASE) for id_ in due)
        return sorted((self.rows[id_] for id_ in due), key=lambda row: row.due_at)

    async def next_due(self, now: datetime) -> datetime | None:
        if self.down:
            raise StoreUnavailable
        return min((at for at, _ in self.waiting()), default=None)

    async def failed(self, timer: Timer, now: datetime, error_name: str, retry_at: datetime | None) -> None:
        if self.down:
            raise StoreUnavailable
        self.leased.pop(timer.id)
        if retry_at is None:
            del self.rows[timer.id]
            self.parked[timer.id] = error_name
        else:
            assert retry_at > now
            self.rows[timer.id] = msgspec.structs.replace(timer, attempts=timer.attempts + 1, due_at=retry_at)


class UnsteadyClock(AdvanceableClock):
    """A clock that is also set right, as a machine's is: whoever waits still waits as many seconds."""

    _elapsed = timedelta()

    def set_to(self, at: datetime) -> None:
        self._at = at

    def monotonic(self) -> float:
        return self._elapsed.total_seconds()

    def advance(self, by: timedelta) -> None:
        self._elapsed += by
        super().advance(by)


@dataclass
class Bench:
    """A worker at work, with everything that can be done to it."""

    clock: AdvanceableClock = field(default_factory=lambda: AdvanceableClock(START))
    store: MemoryStore = field(default_factory=MemoryStore)
    fired: list[tuple[int, datetime]] = field(default_factory=list)
    commits: list[list[int]] = field(default_factory=list)
    before: Callable[[Timer], Awaitable[None]] | None = None
    limit: int = 100

    def __post_init__(self) -> None:
        self.stop = asyncio.Event()
        self.worker = Worker(self.store, self.handle, self.clock, self.limit, random.Random(1))

    async def handle(self, timers: Sequence[Timer]) -> None:
        """All or none, like a use case that is committed."""
        self.commits.append([timer.id for timer in timers])
        for timer in timers:
            if self.before is not None:
                await self.before(timer)
        self.store.remove(timers)
        self.fired += [(timer.id, self.clock.now()) for timer in timers]

    @property
    def order(self) -> list[int]:
        return [id_ for id_, _ in self.fired]

    async def settle(self) -> None:
        """Let the worker do all it can do before time moves."""
        for _ in range(60):
            await asyncio.sleep(0)

    async def advance(self, by: timedelta) -> None:
        self.clock.advance(by)
        await self.settle()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        async with asyncio.timeout(10), asyncio.TaskGroup() as group:
            group.create_task(self.worker.run(self.stop))
            await self.settle()
            yield
            self.stop.set()


def poison(*numbers: int) -> Callable[[Timer], Awaitable[None]]:
    async def fail(timer: Timer) -> None:
        if timer.id in numbers:
            raise RuntimeError("Mia Muster schreibt: Mir geht es schlecht")

    return fail
