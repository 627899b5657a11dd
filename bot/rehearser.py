# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Carries out the rehearsals that were asked for in the console, one at a time, in a process of its own.

Any number of processes of Lotse may have a rehearser; they take turns by a row. What it starts is the last in
line for the processor, may use only so much memory and time, and ends with the process that started it.
"""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import signal
import sys
import tempfile
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import bot
from bot.domain.rehearsals import Rehearsal, RehearsalFault
from bot.errors import StoreUnavailable
from bot.ports import Storage, UnitOfWork
from bot.services import rehearsals
from bot.services.rehearsals import Job
from scheduler.clock import Clock

logger = logging.getLogger(__name__)

LOOK_EVERY_S = 5.0
#: Held so long, and said again so often that two of them may be lost.
LEASE = timedelta(seconds=90)
HOLD_EVERY_S = 30.0
LONGEST_S = 1800.0
_MODULE = "bot.commands.rehearse_apart"
#: Exit codes of that module.
_FAULTS = {2: RehearsalFault.PROGRAMME, 3: RehearsalFault.TOO_LARGE}
_LARGEST_REPORT = 5_000_000
#: What happens to the rehearsal in hand; False if it is no longer ours.
_Settle = Callable[[UnitOfWork], bool]


class Rehearser:
    """Looks for what was asked for. `changed` is told when a rehearsal is further than before.

    `factor` is how much faster than the wall `clock` runs; `longest_s` is measured on the wall.
    """

    def __init__(
        self,
        storage: Storage,
        clock: Clock,
        changed: Callable[[], None],
        factor: float = 1.0,
        longest_s: float = LONGEST_S,
    ) -> None:
        self._storage = storage
        self._clock = clock
        self._changed = changed
        self._factor = factor
        self._longest_s = longest_s

    async def run(self, stop: asyncio.Event) -> None:
        """Carry out one after another until `stop` is set; the one in hand is given back then."""
        while not await self._clock.wait(stop, LOOK_EVERY_S * self._factor):
            await self.look(stop)

    async def look(self, stop: asyncio.Event) -> bool:
        """Carry out the next one, if there is one. Returns whether there was."""
        lease, now = LEASE * self._factor, self._clock.now()
        try:
            job = await self._storage.run(partial(rehearsals.claim, now=now, lease=lease))
        except StoreUnavailable:
            return False
        if job is None:
            return False
        self._changed()
        settle = await self._carry_out(job, stop)
        await self._write_down(settle, stop)
        self._changed()
        return True

    async def _carry_out(self, job: Job, stop: asyncio.Event) -> _Settle:
        """Live through it; returns what becomes of it."""
        mine = job.rehearsal
        folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="lotse-rehearsal-"))
        try:
            command = await asyncio.to_thread(_lay_out, job, folder)
            code = await self._live_through(mine, command, stop)
            now = self._clock.now()
            if isinstance(code, RehearsalFault):
                return partial(rehearsals.fail, mine=mine, why=code, now=now)
            if stop.is_set() and code != 0:
                return partial(rehearsals.give_back, mine=mine)
            report = await asyncio.to_thread(_report, folder) if code == 0 else ""
            if report:
                return partial(rehearsals.finish, mine=mine, report=report, now=now)
            logger.warning("rehearsal %d: ended with code %d", mine.id, code)
            why = _FAULTS.get(code, RehearsalFault.STOPPED)
            return partial(rehearsals.fail, mine=mine, why=why, now=now)
        except OSError as error:
            logger.warning("rehearsal %d: could not be begun (%s)", mine.id, type(error).__name__)
            return partial(rehearsals.fail, mine=mine, why=RehearsalFault.STOPPED, now=self._clock.now())
        finally:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)

    async def _live_through(
        self, mine: Rehearsal, command: list[str], stop: asyncio.Event
    ) -> int | RehearsalFault:
        """The exit code of the process, negative if it was killed."""
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=PIPE,
            stdout=DEVNULL,
            stderr=DEVNULL,
            cwd=Path(bot.__file__).parents[1],
            # It needs nothing of ours, and secrets stand in the environment.
            env={"PYTHONUTF8": "1"},
            start_new_session=True,
        )
        try:
            async with asyncio.timeout(self._longest_s), asyncio.TaskGroup() as group:
                watching = group.create_task(self._watch(mine, process, stop))
                code = await process.wait()
                watching.cancel()
        except TimeoutError:
            return RehearsalFault.TOO_LONG
        finally:
            _kill(process)
            await process.wait()
        return code

    async def _watch(self, mine: Rehearsal, process: Process, stop: asyncio.Event) -> None:
        """Say that it is still in hand, until it is not, or must not be any longer."""
        while not await self._clock.wait(stop, HOLD_EVERY_S * self._factor):
            lease, now = LEASE * self._factor, self._clock.now()
            try:
                if not await self._storage.run(partial(rehearsals.hold, mine=mine, now=now, lease=lease)):
                    break
            except StoreUnavailable:
                continue
        _kill(process)

    async def _write_down(self, settle: _Settle, stop: asyncio.Event) -> None:
        """Keep what became of it; a store that is away is waited for, as long as we are not to end."""
        while True:
            try:
                await self._storage.run(settle)
            except StoreUnavailable:
                if not await self._clock.wait(stop, LOOK_EVERY_S * self._factor):
                    continue
            return


def _lay_out(job: Job, folder: Path) -> list[str]:
    """The programme's text where the process can read it, and what to start."""
    wish, file = job.rehearsal.wish, folder / f"{job.rehearsal.wish.programme}.yaml"
    file.write_text(job.source, encoding="utf-8")
    numbers = {
        "participants": wish.people,
        "months": wish.months,
        "staff": wish.staff,
        "against-staff": wish.against_staff,
    }
    options = [part for name, value in numbers.items() for part in (f"--{name}", str(value))]
    command = [sys.executable, "-m", _MODULE, str(file), *options]
    return [*command, "--language", wish.language, "--out", str(folder / "out")]


def _report(folder: Path) -> str:
    """The page, or nothing if there is none that can be kept."""
    file = folder / "out" / "report.html"
    if not file.is_file() or file.stat().st_size > _LARGEST_REPORT:
        return ""
    return file.read_text(encoding="utf-8")


def _kill(process: Process) -> None:
    """End it and everything that it has begun."""
    if process.returncode is None:
        os.killpg(process.pid, signal.SIGKILL)
