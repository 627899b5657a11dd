# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What a timer is, and when one that failed is tried again. Pure: no clock, no storage, no own randomness."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

MAX_ATTEMPTS = 12
"""After so many failures a timer is parked and shown to an admin: with `RETRY`, after 14 to 27 minutes."""


class StoreUnavailable(Exception):
    """The timers cannot be read or written now. Nothing was changed; it is worth trying again."""


class UnknownTimerKind(Exception):
    """A timer of a kind that this program has no handler for: a newer version's, or a removed one's.

    It is a failure as any other: others may take it while it waits, and in the end it is parked.
    """


class Timer(msgspec.Struct, frozen=True):
    """Something that waits for a moment. The row in the store is the truth; this is a copy of it.

    `kind` says what to do, `subject` to what (an id whose meaning depends on the kind), `attempts` counts
    the failures so far (0 or more), `due_at` is aware UTC, `payload` is the handler's own text.
    """

    id: int
    agency_id: int
    kind: str
    subject: int
    due_at: datetime
    attempts: int = 0
    payload: str = ""


class ParkedTimer(msgspec.Struct, frozen=True):
    """A timer that failed too often: what an admin may see of it, which is never its payload.

    `failures` is 1 or more, `error` the name of the last one's class, `parked_at` aware UTC.
    """

    id: int
    agency_id: int
    kind: str
    parked_at: datetime
    failures: int
    error: str


class Unparked(StrEnum):
    """What became of a parked timer that was to be tried again."""

    DUE = "due"
    SUPERSEDED = "superseded"  # a newer timer waits in its place; the parked one is dropped
    UNKNOWN = "unknown"  # not parked, or not there


class Backoff(msgspec.Struct, frozen=True):
    """Waiting longer after each failure: `base`, then `factor` times as long, at most `cap`; half is drawn.

    The draw ("equal jitter") keeps rows that failed together from coming back together.
    """

    base: timedelta = timedelta(seconds=1)
    factor: float = 2.0
    cap: timedelta = timedelta(minutes=10)

    def delay(self, failures: int, rng: random.Random) -> timedelta:
        """How long to wait after so many failures in a row (1 or more): between half the step and all of it.

        Raises `ValueError` for fewer than one failure.
        """
        if failures < 1:
            raise ValueError("a back-off follows at least one failure")
        step = self.base
        for _ in range(failures - 1):
            if step >= self.cap:
                break
            step = min(step * self.factor, self.cap)
        return min(step, self.cap) * rng.uniform(0.5, 1.0)


RETRY = Backoff()


def next_attempt(attempts: int, rng: random.Random) -> timedelta | None:
    """How long a timer waits after so many failures (1 or more); None: park it, a human has to look."""
    return None if attempts >= MAX_ATTEMPTS else RETRY.delay(attempts, rng)
