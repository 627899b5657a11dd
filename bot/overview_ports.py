# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Port for what leads and admins see of the whole: numbers, ways out, the audit log. Part of `ports`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.concerns import Level
from bot.domain.people import Participant


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """How long concerns of one level waited until somebody took them over: of all together, never of one.

    `concerns` were taken over by `people` different staff members, `mean` after they were raised.
    """

    level: Level
    concerns: int
    people: int
    mean: timedelta


@dataclass(frozen=True, slots=True)
class WayOut:
    """How one channel is doing. `oldest` is when the longest waiting message was posted.

    `sent_at`, `failed_at` and the last failure's `reason` (a machine word) are those of the newest messages
    only; None and empty where none of them says so. `closed` counts addresses of participants.
    """

    channel: str
    waiting: int = 0
    oldest: datetime | None = None
    sent_at: datetime | None = None
    failed_at: datetime | None = None
    reason: str = ""
    closed: int = 0


@dataclass(frozen=True, slots=True)
class LogWish:
    """Which entries of the audit log are wanted; what is empty or None does not matter.

    `during` is from the first moment until just before the second. `before` is the number of an entry: only
    older ones.
    """

    person: Participant | None = None
    actor: str = ""
    action: str = ""
    during: tuple[datetime, datetime] | None = None
    before: int = 0


@dataclass(frozen=True, slots=True)
class LogLine:
    """One entry of the audit log: ids and machine words."""

    id: int
    at: datetime
    actor: str
    action: str
    subject: str


@dataclass(frozen=True, slots=True)
class DatabaseFacts:
    """Which database it is: its kind, its own version, and the schema that it has."""

    kind: str
    version: str
    schema: str


class Overview(Protocol):
    """Each answer comes from one statement or a fixed few, however much is stored."""

    def open_by_age(self, agency_id: int, edges: Sequence[datetime]) -> Mapping[Level, tuple[int, ...]]:
        """How many concerns are open, by level, in one number for each span between the edges.

        `edges` go back in time: the first number counts what was raised at the first edge or later, the
        last what is older than the last edge. Levels without an open concern are not there.
        """

    def acknowledged(self, agency_id: int, since: datetime) -> list[Acknowledged]:
        """Of concerns raised since then and taken over by a human, by level, the most urgent first."""

    def ways_out(self, agency_id: int) -> list[WayOut]:
        """Every channel that has an address or a message of the agency, by name."""

    def log(self, agency_id: int, wish: LogWish, limit: int) -> list[LogLine]:
        """Entries of the audit log, the newest first."""

    def next_due(self, agency_id: int, kind: str) -> datetime | None:
        """When the agency's next timer of this kind is due."""

    def database(self) -> DatabaseFacts: ...
