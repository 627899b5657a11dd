# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What may happen to a commit, a sending or a delivery. `Calm` is a world in which nothing goes wrong."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.delivery import SendResult
from bot.domain.messages import Incoming, Outgoing


class Commit(StrEnum):
    """What the database does with a use case."""

    KEPT = "kept"
    REFUSED = "refused"  # it is away: nothing was even begun
    LOST = "lost"  # it went away in mid-commit: all was rolled back
    UNTOLD = "untold"  # it went away after the commit, before it could say so
    TWICE = "twice"  # rolled back because of others, and carried out again


@dataclass(frozen=True, slots=True)
class Sending:
    """What becomes of one sending: how long it takes, whether it arrives, and what the sender is told.

    `result` of None is the messenger's plain yes.
    """

    seconds: float = 0.2
    arrives: bool = True
    result: SendResult | None = None


@dataclass(frozen=True, slots=True)
class Delivering:
    """What becomes of one delivery of an update: when it comes, and whether the confirmation is heard."""

    after: float = 0.05
    confirmed: bool = True
    again_after: float = 5.0
    overtaken: bool = False


class Calm:
    """Nothing goes wrong, and everything takes a moment."""

    def commit(self) -> Commit:
        """Asked before each use case."""
        return Commit.KEPT

    def pause(self) -> float:
        """Seconds that pass at an await of a process."""
        return 0.002

    def crashes(self) -> bool:
        """Whether the process dies at this await."""
        return False

    def sending(self, channel: str, message: Outgoing) -> Sending:
        """Asked for each message that a process sends."""
        del channel, message
        return Sending()

    def delivering(self, incoming: Incoming) -> Delivering:
        """Asked each time an update is to be delivered."""
        del incoming
        return Delivering()
