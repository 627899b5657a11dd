# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Several Lotse processes on one database, each of which may be killed, told to end, and started again."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from tests.crash.killing import Nursery


@dataclass
class Crowd:
    """The processes by name. `environment` holds the settings that all of them share."""

    nursery: Nursery
    environment: Mapping[str, str]
    roles: dict[str, str] = field(default_factory=dict)
    pids: dict[str, int] = field(default_factory=dict)

    async def start(self, name: str, only: str = "") -> None:
        """A new process; without `only` it has the roles that it had before."""
        self.roles[name] = only or self.roles[name]
        self.pids[name] = await self.nursery.bear({**self.environment, "only": self.roles[name]})

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

    def close(self) -> None:
        """Nobody is left afterwards."""
        for name in self.pids:
            self.kill(name)

    def _signal(self, name: str, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pids[name], number)


@contextmanager
def a_crowd(nursery: Nursery, environment: Mapping[str, str]) -> Iterator[Crowd]:
    """Nobody yet; all that were started are dead afterwards."""
    crowd = Crowd(nursery, environment)
    try:
        yield crowd
    finally:
        crowd.close()
