# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""10,000 messages due at once under a limit of 30 a second, and acute texts in the middle of them.

`python -m benchmarks.delivery [--waiting 10000] [--acute 20] [--database URL] [--real-time]`: the pump, the
outbox and the limits of Lotse in this process, on an SQLite file unless another database is named, against a
messenger in the same process that refuses whatever exceeds 30 in any one second, or three at once and then
one a second for a chat. Another agency posts ten messages of the same urgency after a minute.

Time is the system's, except that waiting is skipped: while nobody works, the clock jumps to the next alarm.
Work of the database and of the program takes as long as it takes. `--real-time` skips nothing: 10,000
messages then take five minutes and three quarters.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import statistics
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot import house
from bot.domain.messages import Body, Draft, Kind
from bot.ports import UnitOfWork
from bot.services.pump import Pump
from bot.services.rulebook import Rulebook
from bot.settings import without_environment
from bot.storage.database import open_storage
from dialogs.book import DialogBook
from scheduler.rates import SendLimits
from tests.services.pumping import SkippingClock, StrictMessenger, WatchedStorage, pass_time

CHANNEL = "telegram"
#: The agency with the flood, and another on the same bot.
MANY, FEW = 1, 2
_LIMIT = 30.0
_FEW_AFTER_S = 60.0


@dataclass(frozen=True)
class Measured:
    """What came of it; times in seconds."""

    lasted: float
    flood_lasted: float
    busiest: int
    refused: int
    acute: list[float]
    few_took: float
    missing: int
    doubled: int
    grown_mb: float
    peak_mb: float


def drafts(uow: UnitOfWork, agency: int, kind: Kind, chats: range) -> list[Draft]:
    """A message to each of so many new chats."""
    return [
        Draft(
            agency,
            uow.people.add_address(agency, CHANNEL, f"{agency}{chat:06}"),
            CHANNEL,
            kind,
            Body(f"{kind.value} {agency} {chat}"),
        )
        for chat in chats
    ]


def fill(uow: UnitOfWork, clock: SkippingClock, waiting: int) -> None:
    """Two agencies, and the flood of the first."""
    for agency in (MANY, FEW):
        uow.ledger.ensure_agency(agency, f"Agentur {agency}", clock.now())
    uow.outbox.post(drafts(uow, MANY, Kind.REMINDER, range(waiting)), clock.now())


class Run:
    """One measurement on an open store."""

    def __init__(
        self, storage: WatchedStorage, rules: Rulebook, clock: SkippingClock, jitter_s: float
    ) -> None:
        self.clock = clock
        self.storage = storage
        self.messenger = StrictMessenger(clock, there_s=0.02, jitter_s=jitter_s)
        self.pump = Pump(self.messenger, storage, lambda: rules, clock, lambda receipt: None, SendLimits())
        self.acute: list[float] = []
        self.few_took = 0.0
        self.over = False

    async def play(self, waiting: int, acute: int, *, skips: bool) -> None:
        """Send everything; the flood is already in the outbox."""
        stop = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            group.create_task(self.pump.run(stop))
            others = [group.create_task(self._acute(acute, waiting)), group.create_task(self._few())]

            def is_over() -> bool:
                self.over = len(self.messenger.arrived) >= waiting + acute + 10
                return self.over and all(other.done() for other in others)

            if skips:
                await pass_time(self.clock, self.storage, is_over)
            while not is_over():
                await self.clock.sleep(0.2)
            stop.set()

    async def _acute(self, count: int, waiting: int) -> None:
        for number in range(count):
            await self.clock.sleep(waiting / _LIMIT / (count + 1) + number % 7 * 0.011)
            await self._post(MANY, Kind.CRISIS, range(900_000 + number, 900_001 + number))
            began = self.clock.monotonic()
            await self._arrival(f"{Kind.CRISIS.value} {MANY} {900_000 + number}")
            self.acute.append(self._at(f"{Kind.CRISIS.value} {MANY} {900_000 + number}") - began)

    async def _few(self) -> None:
        await self.clock.sleep(_FEW_AFTER_S)
        await self._post(FEW, Kind.REMINDER, range(10))
        began = self.clock.monotonic()
        for number in range(10):
            await self._arrival(f"{Kind.REMINDER.value} {FEW} {number}")
        self.few_took = self._at(f"{Kind.REMINDER.value} {FEW} 9") - began

    async def _post(self, agency: int, kind: Kind, chats: range) -> None:
        now = self.clock.now()
        await self.storage.run(lambda uow: uow.outbox.post(drafts(uow, agency, kind, chats), now))
        self.pump.wake()

    async def _arrival(self, text: str) -> None:
        while not any(message.body.text == text for _, message in self.messenger.arrived[-400:]):
            await self.clock.sleep(0.01)

    def _at(self, text: str) -> float:
        return next(at for at, message in self.messenger.arrived if message.body.text == text)


async def measure(url: str, folder: Path, asked: argparse.Namespace) -> Measured:
    """Fill the store and let everything go out."""
    settings = without_environment(database_url=url, data_dir=folder, public_url="https://lotse.example")
    clock = SkippingClock()
    rules = house.build_rulebook(settings, DialogBook((), {}))
    storage = open_storage(url, house.prepare_database(settings))
    try:
        await storage.run(lambda uow: fill(uow, clock, asked.waiting))
        run = Run(WatchedStorage(storage), rules, clock, asked.jitter / 1000)
        before, began = _peak_mb(), clock.monotonic()
        await run.play(asked.waiting, asked.acute, skips=not asked.real_time)
    finally:
        storage.close()
    return _measured(run, asked, began, before)


def _measured(run: Run, asked: argparse.Namespace, began: float, before: float) -> Measured:
    arrived = run.messenger.arrived
    texts = [message.body.text for _, message in arrived]
    return Measured(
        arrived[-1][0] - began,
        arrived[-1][0] - arrived[0][0],
        run.messenger.busiest(),
        len(run.messenger.refused),
        sorted(run.acute),
        run.few_took,
        asked.waiting + asked.acute + 10 - len(set(texts)),
        len(texts) - len(set(texts)),
        _peak_mb() - before,
        _peak_mb(),
    )


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def report(asked: argparse.Namespace, said: Measured, say: Callable[[str], None] = print) -> None:
    """The figures in words."""
    count = asked.waiting + asked.acute + 10
    say(
        f"{count} messages in {said.lasted:.1f} s: {(count - 1) / said.flood_lasted / _LIMIT:.2%} of 30/s, "
        f"busiest second {said.busiest}, refused {said.refused}, missing {said.missing}, "
        f"doubled {said.doubled}"
    )
    if said.acute:
        p50, worst = statistics.median(said.acute), said.acute[-1]
        say(f"acute, from commit to messenger: median {p50 * 1000:.0f} ms, slowest {worst * 1000:.0f} ms")
    say(f"ten messages of another agency, posted in the middle: {said.few_took:.2f} s")
    say(f"memory: {said.peak_mb:.0f} MB at most, {said.grown_mb:.0f} MB of it while sending")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--waiting", type=int, default=10_000)
    parser.add_argument("--acute", type=int, default=20)
    parser.add_argument("--jitter", type=float, default=5.0, help="of the way to the messenger, in ms")
    parser.add_argument("--database", default="", help="URL of an empty PostgreSQL database")
    parser.add_argument("--real-time", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = asked.database or f"sqlite:///{folder}/lotse.db"
        report(asked, asyncio.run(measure(url, Path(folder), asked)))


if __name__ == "__main__":
    main()
