# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Lotse as a process that is killed and started again, with the settings it always had."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).parents[2]


class Nursery:
    """`tests.crash.nursery` seen from outside."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def bear(self, environment: Mapping[str, str]) -> int:
        """A new Lotse process with these settings, and perhaps `only`. Its process id."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(dict(environment)).encode() + b"\n")
        await self._process.stdin.drain()
        return int(await self._process.stdout.readline())


@asynccontextmanager
async def open_nursery() -> AsyncIterator[Nursery]:
    """One is enough for many processes: it takes seconds to begin."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("LOTSE_")}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.crash.nursery"),
        cwd=ROOT,
        env=clean,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield Nursery(process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()


class Victim:
    """The process. `kills` counts how often it died by our hand."""

    def __init__(self, nursery: Nursery, environment: dict[str, str], seed: int) -> None:
        self.kills = 0
        self._nursery = nursery
        self._environment = environment
        self._dice = random.Random(seed)
        self._pid = 0

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._strike()

    async def start(self) -> None:
        """A new process on the same database."""
        self._pid = await self._nursery.bear(self._environment)

    async def kill_within(self, seconds: float) -> None:
        """SIGKILL at a random moment of this span, and start again at once."""
        await asyncio.sleep(self._dice.uniform(0, seconds))
        self._strike()
        self.kills += 1
        await self.start()

    def _strike(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)
