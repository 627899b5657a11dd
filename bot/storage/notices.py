# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What follows from a commit for whoever waits: in this process at once, in others by PostgreSQL's NOTIFY.

A notice says where to look, never what is there, and nothing depends on it: everybody looks by themselves
from time to time as well.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from scheduler.worker import LONGEST_WAIT_S

#: The name that is listened to in the database.
TOPIC = "lotse"
#: A timer is due soon.
TIMER = "timer"
#: Anything may have happened: look at everything.
ALL = "all"
_OUT = "out:"
_PERSON = "person:"
_FREE = "free:"
_WORKER = "worker:"
#: PostgreSQL refuses a notice of 8000 bytes.
_LONGEST = 7900
_SOON = timedelta(seconds=LONGEST_WAIT_S)


def out(channel: str) -> str:
    """There is something to send on this channel."""
    return f"{_OUT}{channel}"


def person(participant_id: int) -> str:
    """Timeline or concerns of this participant are not as before."""
    return f"{_PERSON}{participant_id}"


def free(key: int) -> str:
    """The turn with this key was given up in good order."""
    return f"{_FREE}{key}"


def worker(pid: int) -> str:
    """A process that fires timers is there; `pid` is that of its connection at the server."""
    return f"{_WORKER}{pid}"


def worker_of(word: str) -> int:
    """The connection of `worker`; 0 for any other word."""
    return _number(word, _WORKER)


def channel_of(word: str) -> str:
    """The channel of `out`; empty for any other word."""
    return word.removeprefix(_OUT) if word.startswith(_OUT) else ""


def participant_of(word: str) -> int:
    """The participant of `person`; 0 for any other word."""
    return _number(word, _PERSON)


def _number(word: str, prefix: str) -> int:
    rest = word.removeprefix(prefix)
    return int(rest) if rest != word and rest.isdecimal() else 0


class Notices:
    """One process's side of it. `now` is the program's time, in UTC.

    `own` holds the words that nobody but this process waits for. NOTIFY makes commits wait for each other, so
    others are told only what they need.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.own: set[str] = set()
        self._now = now
        self._origin = secrets.token_hex(4)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._hear: Callable[[Collection[str]], None] | None = None

    def subscribe(self, hear: Callable[[Collection[str]], None]) -> None:
        """From now on `hear` gets the words of each commit, on the loop that runs now."""
        self._loop, self._hear = asyncio.get_running_loop(), hear

    def is_soon(self, due_at: datetime) -> bool:
        """Whether a worker that looks by itself every 30 seconds could come too late."""
        return due_at < self._now() + _SOON

    def tell(self, words: Collection[str]) -> None:
        """Tell this process. From any thread."""
        if self._loop is None or self._hear is None or not words:
            return
        try:
            self._loop.call_soon_threadsafe(self._hear, words)
        except RuntimeError:
            # The loop was closed: nobody waits any more.
            self._loop = None

    def abroad(self, words: Collection[str]) -> str:
        """The notice to other processes; empty if none is needed."""
        return self.notice(sorted(set(words) - self.own))

    def notice(self, words: Collection[str]) -> str:
        """The notice with these words; empty for none."""
        if not words:
            return ""
        said = " ".join((self._origin, *words))
        return said if len(said) <= _LONGEST else f"{self._origin} {ALL}"

    def read(self, notice: str) -> frozenset[str]:
        """The words of a notice that came; none if it is our own, which we have heard already."""
        origin, *words = notice.split(" ")
        return frozenset() if origin == self._origin else frozenset(words)
