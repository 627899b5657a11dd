# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The state of one running conversation: small, immutable, and the same after a restart."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from dialogs.effects import Value

FORMAT = 1


class Frame(msgspec.Struct, frozen=True):
    """One dialog on the stack. Its version never changes while it runs (promise P9)."""

    dialog: str
    version: int
    step: str


class Past(msgspec.Struct, frozen=True):
    """A question that was answered, so that the person can go back to it."""

    frames: tuple[Frame, ...]
    key: str


class Sleep(StrEnum):
    """Why a conversation asks for nothing at the moment; a waiting time wakes it up."""

    AWAKE = ""
    WAIT = "wait"  # a step says so
    LATER = "later"  # the person said so


class Session(msgspec.Struct, frozen=True):
    """Where a conversation stands.

    `turn` counts the questions asked so far; the open one carries it, and a press that names
    another turn is an old button. `last_press` is the press that answered the turn before, so that
    a double tap is recognised. `tries` counts unreadable answers to the open question, `reminders`
    how often it was asked again because no answer came. `shown` is the text of an open consent
    question exactly as the person saw it. `sleep` says that nothing is open just now, and why;
    `postponed` that the person has put off an answer once. A value of None says that there is none,
    whatever there was before this conversation.
    """

    frames: tuple[Frame, ...]
    language: str
    values: dict[str, Value | None] = {}
    history: tuple[Past, ...] = ()
    turn: int = 0
    tries: int = 0
    last_press: str = ""
    asked_at: datetime | None = None
    outcome: str = ""
    reminders: int = 0
    shown: str = ""
    sleep: Sleep = Sleep.AWAKE
    postponed: bool = False
    format: int = FORMAT

    @property
    def is_asleep(self) -> bool:
        """True while it waits without an open question; another conversation may be open meanwhile."""
        return self.sleep is not Sleep.AWAKE

    @property
    def is_over(self) -> bool:
        """True once an outcome is known; nothing can happen to the session after that."""
        return bool(self.outcome)


_SESSION = msgspec.json.Decoder(Session)


def dump(session: Session) -> str:
    """The session as JSON text, for storage."""
    return msgspec.json.encode(session).decode()


def load(text: str) -> Session:
    """Read what `dump` wrote. Raises `msgspec.ValidationError` for anything else."""
    return _SESSION.decode(text)
