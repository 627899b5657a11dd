# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Several Lotse processes on one database, each of which may be killed, told to end, and started again."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from tests.crash.killing import ROOT


@dataclass
class Crowd:
    """The processes by name. `environment` holds the settings that all of them share."""

    environment: Mapping[str, str]
    nursery: asyncio.subprocess.Process | None = None
    roles: dict[str, str] = field(default_factory=dict)
    pids: dict[str, int] = field(default_factory=dict)

    async def start(self, name: str, only: str = "") -> None:
        """A new process; without `only` it has the roles that it had before."""
        self.roles[name] = only or self.roles[name]
        nursery = self.nursery = self.nursery or await _open_nursery()
        assert nursery.stdin is not None
        assert nursery.stdout is not None
        order = json.dumps({**self.environment, "only": self.roles[name]})
        nursery.stdin.write(order.encode() + b"\n")
        await nursery.stdin.drain()
        self.pids[name] = int(await nursery.stdout.readline())

    def kill(self, name: str) -> None:
        """At once, and without a word."""
        self._signal(name, signal.SIGKILL)

    def ask_to_end(self, name: str) -> None:
        """As systemd does."""
        self._signal(name, signal.SIGTERM)

    def stand_still(self, name: str) -> None:
        """It does nothing from now on, and is not dead."""
        self._signal(name, signal.SIGSTOP)

    def go_on(self, name: str) -> None:
        """It finds everything as it left it, and may be the only one who does."""
        self._signal(name, signal.SIGCONT)

    def lives(self, name: str) -> bool:
        """Whether the process is still there; the nursery's dead vanish at once."""
        try:
            os.kill(self.pids[name], 0)
        except ProcessLookupError:
            return False
        return True

    async def close(self) -> None:
        """Nobody is left afterwards."""
        for name in self.pids:
            self.kill(name)
        if self.nursery is not None and self.nursery.stdin is not None:
            self.nursery.stdin.close()
            await self.nursery.wait()

    def _signal(self, name: str, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pids[name], number)


@asynccontextmanager
async def a_crowd(environment: Mapping[str, str]) -> AsyncIterator[Crowd]:
    """Nobody yet; all that were started are dead afterwards."""
    crowd = Crowd(environment)
    try:
        yield crowd
    finally:
        await crowd.close()


async def _open_nursery() -> asyncio.subprocess.Process:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("LOTSE_")}
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.crash.nursery"),
        cwd=ROOT,
        env=clean,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
