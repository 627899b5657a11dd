# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""One run: a seed, some weeks, some people, several processes, and trouble. The same seed is the same run."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.domain.audit import AuditRecord, Finding, Pace
from bot.domain.messages import DataClass, Incoming
from bot.house import DEFAULT_AGENCY
from bot.ports import Receipt, UnitOfWork
from bot.services import audit
from bot.simulation.clock import SimulatedClock
from bot.simulation.database import SimulatedDatabase
from bot.simulation.farm import Farm
from bot.simulation.loop import pass_time, run_virtually
from bot.simulation.messenger import Seen, SimulatedMessenger
from bot.simulation.process import Surroundings
from bot.storage.inline import InlineDatabase
from tests.services.stage import MONDAY
from tests.simulation.crowd import Crowd
from tests.simulation.facts import Facts, micros
from tests.simulation.ladders import ladders
from tests.simulation.oracle import Broken, Oracle
from tests.simulation.promptness import Wait, waits
from tests.simulation.sight import Sight
from tests.simulation.storm import Forecast, Storm
from tests.simulation.town import KEYRING, read_editions, town
from tests.simulation.trouble import Trouble

DAY_S = 86400.0
#: After the last trouble so much time remains for everything to come to its end.
_QUIET_DAYS = 4
_OUTGOING = """SELECT 1 FROM outgoing INDEXED BY ix_outgoing_queued WHERE state = 'queued' AND channel = ?1
    UNION ALL SELECT 1 FROM outgoing INDEXED BY ix_outgoing_sending WHERE state = 'sending' AND channel = ?1
    LIMIT 1"""
_TIMERS = """SELECT min(CASE WHEN lease_until IS NULL THEN due_at END), min(lease_until)
    FROM timer WHERE state = 'waiting'"""
_LOOK_EVERY_S = 4 * 3600.0


@dataclass(slots=True)
class Outcome:
    """What came of one run. `trace` is the same for two runs only if everything in them was the same.

    `audited` is what the auditor's checks found at the end.
    """

    seed: int
    steps: int
    days: float
    broken: list[Broken]
    trace: str
    faults: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    waits: list[Wait] = field(default_factory=list)
    audited: list[Finding] = field(default_factory=list)

    def __str__(self) -> str:
        lines = [
            f"seed {self.seed}, step {broken.step}: {broken.promise} broken: {broken.what}"
            for broken in self.broken[:5]
        ]
        lines += [f"  log: {line}" for line in self.faults]
        lines.append(f"  again: .venv/bin/python -m tests.simulation --seed {self.seed}")
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Size:
    """How large a run is: days with trouble, participants, staff. What is None is drawn."""

    days: int | None = None
    people: int | None = None
    staff: int | None = None


def simulate(seed: int, days: int | None = None, size: Size | None = None) -> Outcome:
    """Live through the run of a seed; `days` other than drawn, or another size, makes it another run."""
    return run_virtually(World(seed, size or Size(days)).run())


class World:
    """Everything of one run."""

    def __init__(self, seed: int, size: Size) -> None:
        self.seed = seed
        self.size = size
        self.chance = self.stream("world")
        self.days = size.days or self.chance.choice((2, 3, 4, 5, 6, 8, 10, 30))
        self.database = InlineDatabase(KEYRING, town().image)
        self.trace = hashlib.sha256()

    def stream(self, name: str) -> random.Random:
        """A source of chance of its own, so that one part drawing more does not change all others."""
        return random.Random(f"{self.seed}/{name}")

    async def run(self) -> Outcome:
        """The whole run, from the first day to the last."""
        began = MONDAY + timedelta(days=self.chance.uniform(0, 150))
        self.clock = SimulatedClock(began)
        weather = self.stream("storm")
        self.storm = Storm(Forecast.draw(weather), weather, self.clock.monotonic)
        self.messengers = {
            name: SimulatedMessenger(name, data_class, self.clock.truth)
            for name, data_class in (
                ("telegram", DataClass.APPOINTMENT),
                ("telegram_staff", DataClass.APPOINTMENT),
                ("web_chat", DataClass.HEALTH),
            )
        }
        facts = Facts(self.database.driver, KEYRING)
        self.sight = Sight(facts, self.clock, self.storm, self.messengers, lambda *_: None)
        self.oracle = Oracle(self.sight)
        self.store = SimulatedDatabase(self.database, self.storm, self._committed)
        codes = self.stream("codes")
        rules = replace(
            town().rules,
            new_code=lambda: f"{codes.getrandbits(144):036x}",
            own_policies=self.stream("ladders").choice(ladders()),
        )
        around = Surroundings(
            self.store,
            self.clock,
            list(self.messengers.values()),
            rules,
            town().editions,
            read_editions,
            has_outgoing=lambda channel: facts.one(_OUTGOING, channel) is not None,
            has_timers=self._has_timers,
        )
        with _listening(self.oracle.logs):
            async with asyncio.TaskGroup() as group:
                await self._live(around, group)
        outcome = self._outcome()
        self.database.close()
        return outcome

    async def _live(self, around: Surroundings, group: asyncio.TaskGroup) -> None:
        self.group = group
        self.farm = Farm(around, self.stream("farm"), group)
        self.farm.told = self._told
        self.farm.fallen = lambda fault: self.oracle.break_("loops", f"a process fell over: {_named(fault)}")
        for messenger in self.messengers.values():
            messenger.watch = self._arrived
        crowd = Crowd(self, around.rules)
        trouble = Trouble(self)
        trouble.start_processes()
        await crowd.move_in()
        self.storm.is_on = True
        trouble.plan()
        for _ in range(self.days):
            crowd.live()
            await self._pass_day()
            if self.oracle.broken:
                break
        self.storm.is_on = False
        trouble.end()
        crowd.retire()
        for _ in range(_QUIET_DAYS):
            if not self.oracle.broken:
                await self._pass_day()
        if not self.oracle.broken:
            self.oracle.finished()
        await self._stop()

    async def _pass_day(self) -> None:
        left = DAY_S
        while left > 0 and not self.oracle.broken:
            await pass_time(min(_LOOK_EVERY_S, left))
            left -= _LOOK_EVERY_S
            self._note_up()
            self.oracle.looked()

    async def _stop(self) -> None:
        for process in self.farm.processes:
            process.crash()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await pass_time(0)

    def _has_timers(self, until: datetime | None) -> bool:
        found = [each for each in self.sight.facts.rows(_TIMERS)[0] if each is not None]
        return bool(found) and (until is None or min(found) < micros(until))

    def _note_up(self) -> None:
        # Only a process that speaks can send; a fresh one is itself noted as trouble.
        speaks = any(process.speaks and process.receives for process in self.farm.processes)
        if not speaks or self.store.is_away or self.storm.messenger_is_down:
            self.sight.up_since = None
        elif self.sight.up_since is None:
            self.sight.up_since = self.clock.monotonic()

    def _committed(self, update: str, changed: int) -> None:
        self.trace.update(f"{self.clock.monotonic():.6f} {update} {changed}\n".encode())
        self._note_up()
        self.oracle.committed(update, changed)
        self.farm.ring()

    def _arrived(self, messenger: SimulatedMessenger, seen: Seen) -> None:
        self.trace.update(f"{self.clock.monotonic():.6f} {messenger.name} {seen.outgoing}\n".encode())
        self.oracle.arrived(messenger, seen)

    def _told(self, incoming: Incoming, receipt: Receipt, tries: int) -> None:
        self.oracle.told(incoming, receipt, tries)

    def _outcome(self) -> Outcome:
        return Outcome(
            seed=self.seed,
            steps=self.oracle.steps,
            days=self.clock.monotonic() / DAY_S,
            broken=self.oracle.broken,
            trace=self.trace.hexdigest(),
            faults=self.oracle.logs.faults,
            counts=self.storm.counts,
            audited=self._audited(),
            waits=waits(self.sight.facts, town().rules.hours[DEFAULT_AGENCY]),
        )

    def _audited(self) -> list[Finding]:
        """What the auditor's checks say about the data as they lie there at the end."""
        now, long_ago = self.clock.now(), MONDAY - timedelta(days=365)
        record = AuditRecord(begun_at=now, watched_since=long_ago)

        def find(uow: UnitOfWork) -> list[Finding]:
            found = {
                fault: audit.look(uow, town().rules, fault, record, (now, Pace())) for fault in audit.CHECKS
            }
            return [finding for fault, seen in found.items() for finding in seen.findings(fault)]

        return self.database.carry_out(find)


@contextmanager
def _listening(handler: logging.Handler) -> Iterator[None]:
    """All that is logged goes to the handler, and nowhere else."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    try:
        yield
    finally:
        root.handlers[:] = before
        root.setLevel(level)


def _named(fault: BaseException) -> str:
    if isinstance(fault, BaseExceptionGroup):
        return ", ".join(_named(each) for each in fault.exceptions)
    trace = fault.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f" at {trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""
    return f"{type(fault).__name__}: {fault}{where}"
