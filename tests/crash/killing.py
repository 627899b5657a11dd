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
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).parents[2]


class Victim:
    """The process. `kills` counts how often it died by our hand."""

    def __init__(self, environment: dict[str, str], seed: int) -> None:
        self.kills = 0
        self._environment = environment
        self._dice = random.Random(seed)
        self._nursery: asyncio.subprocess.Process | None = None
        self._pid = 0

    async def __aenter__(self) -> Self:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("LOTSE_")}
        self._nursery = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.crash.nursery"),
            cwd=ROOT,
            env=clean,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._strike()
        if self._nursery is not None and self._nursery.stdin is not None:
            self._nursery.stdin.close()
            await self._nursery.wait()

    async def start(self) -> None:
        """A new process on the same database."""
        assert self._nursery is not None
        assert self._nursery.stdin is not None
        assert self._nursery.stdout is not None
        self._nursery.stdin.write(json.dumps(self._environment).encode() + b"\n")
        await self._nursery.stdin.drain()
        self._pid = int(await self._nursery.stdout.readline())

    async def kill_within(self, seconds: float) -> None:
        """SIGKILL at a random moment of this span, and start again at once."""
        await asyncio.sleep(self._dice.uniform(0, seconds))
        self._strike()
        self.kills += 1
        await self.start()

    def _strike(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)
