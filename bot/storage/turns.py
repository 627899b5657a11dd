# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The right to speak: for one bot token or one page, at most one process has it at a time."""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import math
import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from bot.errors import ConfigurationError


def turn_key(what: str) -> int:
    """A number for what is spoken for, from which nobody finds a token: 31 bits of a hash."""
    return int.from_bytes(hashlib.sha256(b"lotse speaks for " + what.encode()).digest()[:4], "big") >> 1


class Turn:
    """One process's share in a right to speak. The events are set by whoever keeps the lock behind it.

    `held`: it is ours. `lost`: it is not, or nobody can say. `elsewhere`: another process was seen to have
    it. `changed` is called when this process wants it or gives it up.

    A process that stood still for a while (stopped, swapped out) finds its events as it left them, although
    another one speaks by now. So whoever speaks asks `check` first.
    """

    def __init__(self, key: int, changed: Callable[[], None] = lambda: None) -> None:
        self.key = key
        self.held = asyncio.Event()
        self.lost = asyncio.Event()
        self.elsewhere = asyncio.Event()
        self.is_wanted = False
        self._changed = changed
        self._sure_until = math.inf
        self.lost.set()

    def want(self) -> None:
        """From now on, take it whenever it is free."""
        if not self.is_wanted:
            self.is_wanted = True
            self._changed()

    def give_up(self) -> None:
        """All that was to be said under it is said: let others have it."""
        if self.is_wanted:
            self.is_wanted = False
            self.end()
            self._changed()

    def begin(self) -> None:
        """It is ours now."""
        self.elsewhere.clear()
        self.lost.clear()
        self.held.set()

    def confirm(self, sure_until: float) -> None:
        """Nobody else can have it before this moment of `time.monotonic`, if it is ours."""
        self._sure_until = sure_until

    def check(self) -> bool:
        """Whether it is ours for certain at this very moment; if it was for too long ago, it is lost."""
        if self.held.is_set() and time.monotonic() >= self._sure_until:
            self.end()
        return self.held.is_set()

    def end(self) -> None:
        """It is no longer ours for certain."""
        self.held.clear()
        self.lost.set()

    def refuse(self) -> None:
        """Somebody else has it."""
        self.end()
        self.elsewhere.set()


class OwnTurn(Turn):
    """Where no other process can speak: it is ours as soon as we want it."""

    def want(self) -> None:
        """See `Turn`."""
        super().want()
        self.begin()


class RoleLocks:
    """On SQLite each role is played by one process at a time; the locks vanish with the process."""

    def __init__(self, database: Path, roles: Iterable[str]) -> None:
        self._database = database
        self._roles = sorted(roles)
        self._files: list[int] = []

    def take(self) -> None:
        """Raises `ConfigurationError` if another process plays one of the roles, or locks cannot be had."""
        for role in self._roles:
            path = self._database.with_name(f"{self._database.name}-{role}.lock")
            try:
                path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            except OSError as error:
                self.release()
                raise ConfigurationError([f"{path}: {error.strerror}"]) from None
            self._files.append(file)
            self._lock(file, role, path)

    def release(self) -> None:
        """Let others play the roles. The files stay: to remove them would be a race."""
        while self._files:
            os.close(self._files.pop())

    def _lock(self, file: int, role: str, path: Path) -> None:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            other = os.pread(file, 20, 0).decode("ascii", "replace").strip() or "unknown"
            self.release()
            said = f"Lotse already runs on {self._database} (role {role}, process {other})"
            raise ConfigurationError([f"{said}; stop that one first, or leave it running"]) from None
        except OSError as error:
            self.release()
            raise ConfigurationError([f"{path}: cannot be locked: {error.strerror}"]) from None
        os.ftruncate(file, 0)
        os.pwrite(file, str(os.getpid()).encode(), 0)
