# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""One store of timers in a process of its own, for its memory's sake: Lotse's table, or APScheduler's.

`python -m benchmarks.timer_stores STORE URL ROWS DUE` prints one JSON object of figures. What is measured
stands at the head of `timers.py`.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import pickle
import resource
import statistics
import sys
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, cast

import msgspec
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy import create_engine, event, insert

from bot import house
from bot.domain.concerns import Concern, Level, State
from bot.domain.people import Role, Standing
from bot.ports import Receipt, UnitOfWork
from bot.services import due, escalate
from bot.services.timer_desk import TimerDesk
from bot.settings import without_environment
from bot.storage.database import SqlStorage, open_storage
from bot.storage.schema import migrate
from bot.storage.unit_of_work import SqlUnitOfWork
from dialogs.book import DialogBook
from scheduler.clock import SystemClock
from scheduler.worker import Worker
from tests.storage.stores import KEYRING

AGENCY = house.DEFAULT_AGENCY
ADDED, LOOKS = 1000, 50
_KIND = "benchmark"
_SPREAD_S = 14 * 24 * 3600


@contextlib.asynccontextmanager
async def stalls() -> AsyncIterator[list[float]]:
    """The longest time, in seconds, for which the event loop had no turn to give; written at the end."""
    longest: list[float] = []
    worst, over = 0.0, asyncio.Event()

    async def tick() -> None:
        nonlocal worst
        while not over.is_set():
            began = time.perf_counter()
            await asyncio.sleep(0.002)
            worst = max(worst, time.perf_counter() - began - 0.002)

    async with asyncio.TaskGroup() as group:
        group.create_task(tick())
        yield longest
        over.set()
    longest.append(worst)


class Lotse:
    """Lotse's own table, through the worker and the desk that `lotse run` uses."""

    def __init__(self, url: str, rows: int, count: int) -> None:
        self._url, self._rows, self._due = url, rows, count
        self._clock = SystemClock()
        self._rules = house.build_rulebook(without_environment(public_url="https://x.example"), DialogBook())
        due._HANDLERS[_KIND] = lambda uow, rules, timer, now: Receipt()  # noqa: SLF001

    async def play(self) -> dict[str, float]:
        """Measure everything."""
        migrate(self._url, KEYRING)
        with contextlib.closing(open_storage(self._url, KEYRING)) as storage:
            await storage.run(self._fill)
        with contextlib.closing(open_storage(self._url, KEYRING)) as storage:
            figures = await self._add(storage)
            if storage.engine.dialect.name == "postgresql":
                await storage.run(lambda uow: _connection(uow).exec_driver_sql("ANALYZE timer"))
        began = time.perf_counter()
        with contextlib.closing(open_storage(self._url, KEYRING)) as storage:
            desk = TimerDesk(storage, lambda: self._rules, self._clock, lambda receipt: None)
            await desk.give_back()
            await Worker(desk, desk.handle, self._clock, limit=1).drain(
                self._clock.now() - timedelta(hours=1)
            )
            figures["restart_s"] = time.perf_counter() - began
            worker = Worker(desk, desk.handle, self._clock)
            figures |= await self._fire(worker, "fire", self._due)
            figures["wake_ms"] = await self._wake(desk)
            await storage.run(partial(self._raise_concerns, count=min(self._due, 5000)))
            figures |= await self._fire(worker, "ladder", min(self._due, 5000))
        return figures

    def _fill(self, uow: UnitOfWork) -> None:
        # One timer is due an hour earlier: the first to fire after a restart. The due ones lie among all.
        connection = _connection(uow)
        now = int(self._clock.now().timestamp() * 1e6)
        numbers = f"generate_series(1, {self._rows}) AS g(n)"
        if connection.dialect.name == "sqlite":
            many = f"WITH RECURSIVE g(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM g WHERE n < {self._rows}) "
            numbers = "g"
        else:
            many = ""
        step = _SPREAD_S * 1_000_000 // self._rows
        connection.exec_driver_sql(
            "INSERT INTO timer (agency_id, kind, subject, due_at, dedup, payload, state, attempts, error) "
            f"{many}SELECT {AGENCY}, '{_KIND}', n, CASE WHEN n = 1 THEN {now - 3_700_000_000} "
            f"WHEN mod(n, {self._rows // self._due}) = 0 THEN {now} - n "
            f"ELSE {now + 7_200_000_000} + CAST(n AS BIGINT) * {step} END, "
            f"'{_KIND}:' || n, '', 'waiting', 0, '' FROM {numbers}"
        )

    async def _add(self, storage: SqlStorage) -> dict[str, float]:
        def put(number: int, uow: UnitOfWork) -> None:
            at = self._clock.now() + timedelta(days=1, seconds=number)
            uow.timers.set(AGENCY, _KIND, number, at, f"added:{number}")

        began, cpu = time.perf_counter(), time.process_time()
        for number in range(ADDED):
            await storage.run(partial(put, number))
        alone, cpu = time.perf_counter() - began, time.process_time() - cpu
        began = time.perf_counter()
        for start in range(ADDED, 5 * ADDED, 100):
            await asyncio.gather(*(storage.run(partial(put, start + n)) for n in range(100)))
        return {
            "add_ms": alone / ADDED * 1e3,
            "add_cpu_us": cpu / ADDED * 1e6,
            "add_ms_100": (time.perf_counter() - began) / 4 / ADDED * 1e3,
        }

    async def _wake(self, desk: TimerDesk) -> float:
        looks = []
        for _ in range(LOOKS):
            began = time.perf_counter()
            now = self._clock.now()
            assert not await desk.claim(now, 400)
            await desk.next_due(now)
            looks.append(time.perf_counter() - began)
        return statistics.median(looks) * 1e3

    async def _fire(self, worker: Worker, name: str, least: int) -> dict[str, float]:
        async with stalls() as longest:
            began, cpu = time.perf_counter(), time.process_time()
            fired = await worker.drain(self._clock.now())
            took, cpu = time.perf_counter() - began, time.process_time() - cpu
        assert fired >= least, (fired, least)
        return {
            f"{name}_per_s": fired / took,
            f"{name}_cpu_us": cpu / fired * 1e6,
            f"{name}_stall_ms": longest[0] * 1e3,
        }

    def _raise_concerns(self, uow: UnitOfWork, count: int) -> None:
        # The realistic timer: a rung of the ladder is due, the coach is called and the next rung is planned.
        now = self._clock.now()
        uow.ledger.ensure_agency(AGENCY, "Lotse", now)
        coach = uow.people.add_staff(AGENCY, "Bernd Beispiel", Role.COACH, "", "de")
        uow.people.add_address(AGENCY, "telegram_staff", "900", staff_id=coach)
        policy = msgspec.json.encode(self._rules.policies[Level.R2]).decode()
        for number in range(count):
            person = uow.people.add_participant(AGENCY, Standing.ACTIVE, "de", coach)
            concern = Concern(
                id=0,
                agency_id=AGENCY,
                participant_id=person,
                level=Level.R2,
                source="text",
                reason="benchmark",
                state=State.OPEN,
                raised_at=now,
                owner_id=coach,
                next_action_at=now,
                policy=policy,
            )
            at = now - timedelta(microseconds=number)
            concern_id = uow.concerns.add(concern)
            uow.timers.set(AGENCY, escalate.TIMER_KIND, concern_id, at, escalate.timer_key(concern_id))


def _connection(uow: UnitOfWork) -> Any:
    return cast("SqlUnitOfWork", uow).connection


_fired: list[int] = []


async def nothing() -> None:
    """What a job of the peer does."""
    _fired.append(1)


class Peer:
    """APScheduler 3.11 with its own SQLAlchemyJobStore; SQLite with WAL and synchronous=FULL like Lotse's."""

    def __init__(self, url: str, rows: int, count: int) -> None:
        self._url = url.replace("postgresql://", "postgresql+psycopg://")
        self._rows, self._due = rows, count

    async def play(self) -> dict[str, float]:
        """Measure everything."""
        scheduler, store = self._open()
        scheduler.start(paused=True)
        self._fill(scheduler, store)
        began, cpu = time.perf_counter(), time.process_time()
        for number in range(ADDED):
            at = datetime.now(UTC) + timedelta(days=1, seconds=number)
            scheduler.add_job(nothing, "date", run_date=at, misfire_grace_time=None)
        figures = {
            "add_ms": (time.perf_counter() - began) / ADDED * 1e3,
            "add_cpu_us": (time.process_time() - cpu) / ADDED * 1e6,
        }
        scheduler.shutdown(wait=False)
        _fired.clear()
        began = time.perf_counter()
        scheduler, store = self._open()
        async with stalls() as longest:
            scheduler.start()
            await _until(lambda: bool(_fired))
            figures["restart_s"] = time.perf_counter() - began
            await _until(lambda: len(_fired) >= self._due)
            took = time.perf_counter() - began
        figures |= {"fire_per_s": self._due / took, "fire_stall_ms": longest[0] * 1e3}
        looks = []
        for _ in range(LOOKS):
            began = time.perf_counter()
            assert not store.get_due_jobs(datetime.now(UTC))
            store.get_next_run_time()
            looks.append(time.perf_counter() - began)
        figures["wake_ms"] = statistics.median(looks) * 1e3
        scheduler.shutdown(wait=False)
        return figures

    def _open(self) -> tuple[AsyncIOScheduler, SQLAlchemyJobStore]:
        engine = create_engine(self._url)
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _set_pragmas)
        store = SQLAlchemyJobStore(engine=engine)
        return AsyncIOScheduler(jobstores={"default": store}, timezone="UTC"), store

    def _fill(self, scheduler: AsyncIOScheduler, store: SQLAlchemyJobStore) -> None:
        # Its own way takes milliseconds a job; these are the same pickles, written many at a time.
        began = datetime.now(UTC)
        job = scheduler.add_job(nothing, "date", run_date=began, misfire_grace_time=None)
        state = job.__getstate__()
        scheduler.remove_job(job.id)
        step = timedelta(seconds=_SPREAD_S) / self._rows
        with store.engine.begin() as connection:
            for start in range(0, self._rows, 5000):
                batch = []
                for number in range(start, min(start + 5000, self._rows)):
                    is_due = number % (self._rows // self._due) == 0
                    at = began if is_due else began + timedelta(hours=2) + number * step
                    copy = pickle.dumps(state | {"id": f"job{number}", "next_run_time": at}, 5)
                    batch.append({"id": f"job{number}", "next_run_time": at.timestamp(), "job_state": copy})
                connection.execute(insert(store.jobs_t), batch)


async def _until(done: Callable[[], bool]) -> None:
    while not done():
        await asyncio.sleep(0.001)


def _set_pragmas(connection: Any, record: object) -> None:
    del record
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")


def _peak_mb() -> float:
    """The most memory this process ever had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Measure one store."""
    store, url, rows, count = sys.argv[1:]
    player = {"lotse": Lotse, "apscheduler": Peer}[store](url, int(rows), int(count))
    figures = asyncio.run(player.play())
    path = url.partition("sqlite:///")[2]
    if path:
        figures["file_mb"] = Path(path).stat().st_size / 2**20
    json.dump(figures | {"peak_mb": _peak_mb()}, sys.stdout)


if __name__ == "__main__":
    main()
