# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A worker in a process of its own that fires what another fires too: its leases run out at once.

`python -m tests.contract.racer URL` prints after each claim how many timers it has got, and fires them when a
line comes back: so that two of them hold the same timers when they begin. A 0 is the end.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime

from bot import house
from bot.ports import Receipt, UnitOfWork
from bot.services import due
from bot.services.rulebook import Rulebook
from bot.services.timer_desk import TimerDesk
from bot.settings import without_environment
from dialogs.book import DialogBook
from scheduler.clock import SystemClock
from scheduler.timers import Timer
from scheduler.worker import Worker
from tests.storage.stores import AGENCY, opened

KIND = "race"


class Greedy(TimerDesk):
    """What it has claimed, the other may claim in the same moment; both then wait for the shot."""

    async def claim(self, now: datetime, limit: int) -> list[Timer]:
        found = await self._run(lambda uow: uow.timers.claim(now, limit, now))
        sys.stdout.write(f"{len(found)}\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.readline)
        return found


def note(uow: UnitOfWork, rules: Rulebook, timer: Timer, now: datetime) -> Receipt:
    """The effect, which can be counted."""
    del rules
    uow.ledger.note(AGENCY, now, "racer", KIND, timer.payload)
    return Receipt()


async def race(url: str) -> None:
    """Fire until nothing is left."""
    due._HANDLERS[KIND] = note
    clock, rules = SystemClock(), house.build_rulebook(without_environment(), DialogBook())
    with opened(url) as storage:
        desk = Greedy(storage, lambda: rules, clock, lambda receipt: None)
        await Worker(desk, desk.handle, clock, limit=64).drain(clock.now())


if __name__ == "__main__":
    asyncio.run(race(sys.argv[1]))
