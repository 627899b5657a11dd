# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""One cycle of the auditor with many open concerns, on SQLite and PostgreSQL.

`python -m benchmarks.auditor [--concerns 10000] [--cycles 5]`: the median of the cycles, and the longest
single use case of any cycle: so long others wait for it at most.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import msgspec

from bot import house
from bot.auditor import Auditor
from bot.domain.audit import AuditRecord, Pace
from bot.domain.concerns import Concern, Level, State
from bot.domain.consent import ConsentRecord, Purpose
from bot.domain.editions import Origin
from bot.domain.messages import Body, Draft, Kind
from bot.domain.people import Role, Standing
from bot.domain.plans import PlanEdition
from bot.ports import UnitOfWork
from bot.services import duty_watch, follow_plans
from bot.services.escalate import TELL_KIND, TIMER_KIND, timer_key
from bot.services.ladder import snapshot
from bot.services.rulebook import Rulebook
from bot.settings import without_environment
from bot.storage.database import SqlStorage, open_storage
from dialogs.book import DialogBook
from scheduler.clock import AdvanceableClock
from tests import servers
from tests.storage.stores import KEYRING, fill

T = TypeVar("T")

AGENCY = house.DEFAULT_AGENCY
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PEOPLE_EACH = 25
AT_ONCE = 500
#: So many people follow the plans that ship, more than are looked at in one cycle.
FOLLOWERS = 100
SHIPPED_PLANS = Path("dialogs/programmes/standard_plans.yaml")


def staff(uow: UnitOfWork, coaches: int) -> list[int]:
    """A lead and so many coaches, all linked."""
    uow.ledger.ensure_agency(AGENCY, "Lotse", MONDAY)
    roles = [Role.LEAD, *[Role.COACH] * coaches]
    people = [uow.people.add_staff(AGENCY, f"Berta {n}", role, "", "de") for n, role in enumerate(roles)]
    for person in people:
        uow.people.add_address(AGENCY, "telegram_staff", str(person), staff_id=person)
    last = AuditRecord(begun_at=MONDAY - timedelta(seconds=30), watched_since=MONDAY - timedelta(hours=1))
    uow.ledger.set_fact("auditor", msgspec.json.encode(last).decode())
    uow.timers.set(AGENCY, duty_watch.TIMER_KIND, AGENCY, MONDAY + timedelta(days=1), "duty_day:1")
    source = SHIPPED_PLANS.read_text(encoding="utf-8")
    uow.plans.publish(PlanEdition(AGENCY, 1, "shipped", source, Origin.SHIPPED, MONDAY))
    return people[1:]


def concerns(uow: UnitOfWork, rules: Rulebook, coaches: list[int], numbers: range) -> None:
    """People with an open concern each, called for and with a timer, and a reminder that waits."""
    drafts = []
    for number in numbers:
        coach = coaches[number // PEOPLE_EACH % len(coaches)]
        person = uow.people.add_participant(AGENCY, Standing.ACTIVE, "de", coach, f"Mia {number}")
        address = uow.people.add_address(AGENCY, "telegram", f"mia-{number}", participant_id=person)
        agreed = ConsentRecord(person, Purpose.CONTACT, True, "Ja", "1", "de", "telegram", MONDAY)
        uow.talks.add_consent(AGENCY, agreed)
        if number < FOLLOWERS and (kept := uow.plans.lock(person)) is not None:
            follow_plans.follow(uow, rules, kept, MONDAY)
        level = (Level.R1, Level.R2, Level.R3)[number % 3]
        # No danger rests for longer than an hour.
        within = timedelta(minutes=10 + number % 40) if level is Level.R3 else timedelta(hours=1 + number % 8)
        due = MONDAY + within
        policy = snapshot(rules.policies[level])
        state = State.IN_HAND if number % 2 else State.OPEN
        who = Concern(0, AGENCY, person, level, "message", "strain", state, MONDAY, coach, due)
        concern = replace(who, policy=policy, rung=1, taken_by=coach if number % 2 else None)
        new = uow.concerns.add(concern)
        uow.concerns.log(new, MONDAY, "raised", "system", "strain")
        uow.concerns.log(new, MONDAY, "called", "system", "1")
        uow.timers.set(AGENCY, TIMER_KIND, new, due, timer_key(new))
        if level is Level.R3 and state is State.OPEN:
            uow.timers.set(AGENCY, TELL_KIND, new, due, f"tell:{new}")
        if level is Level.R3:
            first = Draft(AGENCY, address, "telegram", Kind.CRISIS, Body("112."), person, concern_id=new)
            drafts.append(first)
        call = Draft(AGENCY, coach, "telegram_staff", Kind.STAFF_ALERT, Body("Meldung"))
        drafts.append(replace(call, concern_id=new, staff_id=coach))
        drafts.append(Draft(AGENCY, address, "telegram", Kind.REMINDER, Body("Morgen."), person))
    uow.outbox.post(drafts, MONDAY)


class Timed:
    """A storage that knows how long its longest use case took."""

    def __init__(self, storage: SqlStorage) -> None:
        self._storage = storage
        self.longest = 0.0

    async def run(self, use_case: Callable[[UnitOfWork], T]) -> T:
        begun = time.perf_counter()
        try:
            return await self._storage.run(use_case)
        finally:
            self.longest = max(self.longest, time.perf_counter() - begun)

    async def healthy(self) -> str:
        return await self._storage.healthy()


async def measure(url: str, count: int, cycles: int) -> tuple[list[float], float]:
    """Seconds of each cycle, and of the longest use case."""
    rules = house.build_rulebook(without_environment(public_url="https://lotse.example"), DialogBook())
    storage = open_storage(url, KEYRING)
    coaches = storage.run_sync(lambda uow: staff(uow, max(1, count // PEOPLE_EACH)))
    for start in range(0, count, AT_ONCE):
        part = range(start, min(start + AT_ONCE, count))
        storage.run_sync(lambda uow, part=part: concerns(uow, rules, coaches, part))
    if url.startswith("postgres"):
        # As its own daemon does it after so many new rows.
        storage.run_sync(lambda uow: uow.connection.exec_driver_sql("ANALYZE"))  # type: ignore[attr-defined]
    timed, clock = Timed(storage), AdvanceableClock(MONDAY)
    auditor = Auditor(timed, lambda: rules, clock, lambda receipt: None, Pace())
    taken = []
    for _ in range(cycles):
        clock.advance(timedelta(seconds=30))
        begun = time.perf_counter()
        record = await auditor.cycle()
        taken.append(time.perf_counter() - begun)
        assert record is not None
        assert record.is_sound, record
        assert record.repaired == {}, record
    storage.close()
    return taken, timed.longest


def show(name: str, taken: list[float], longest: float) -> None:
    said = " ".join(f"{one * 1000:.0f}" for one in taken)
    median = statistics.median(taken) * 1000
    print(f"{name}: median {median:.0f} ms of [{said}], longest use case {longest * 1000:.0f} ms")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--concerns", type=int, default=10_000)
    parser.add_argument("--cycles", type=int, default=5)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'lotse.db'}"
        fill(url)
        show("SQLite", *asyncio.run(measure(url, args.concerns, args.cycles)))
    programs = servers.find_postgres()
    if programs is None:
        print(servers.NO_POSTGRES)
        return
    # The tests' server forgoes safety against power cuts, and sweeping.
    servers.SERVER_OPTIONS.update(fsync="on", full_page_writes="on", shared_buffers="128MB", autovacuum="on")
    server = servers.PostgresServer(programs)
    try:
        url = servers.Databases(server.url).make(fill)
        show("PostgreSQL", *asyncio.run(measure(url, args.concerns, args.cycles)))
    finally:
        server.close()


if __name__ == "__main__":
    main()
