# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Port for the staff queue. Part of `ports`."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from bot.domain.concerns import Concern, Level, QueueRow


class Concerns(Protocol):
    """The staff queue."""

    def add(self, concern: Concern) -> int:
        """Keep a new concern; its `id` is ignored."""

    def get(self, concern_id: int) -> Concern | None:
        """A concern with its case code, locked for this unit of work."""

    def save(self, concern: Concern) -> None: ...
    def log(self, concern_id: int, at: datetime, event: str, actor: str, note: str = "") -> None:
        """Append to the concern's history; nothing there is ever changed."""

    def history(self, concern_id: int) -> list[tuple[datetime, str, str, str]]: ...
    def of_participant(self, participant_id: int, open_only: bool = True) -> list[Concern]: ...
    def of_agency(self, agency_id: int, open_only: bool = True) -> list[Concern]: ...
    def queue(self, agency_id: int) -> list[QueueRow]:
        """An agency's open concerns without any words, the most urgent first, then the oldest."""

    def several(self, rows: Collection[QueueRow]) -> dict[int, Concern]:
        """These concerns whole, by their number, not locked: to be shown, never to be saved."""

    def closed_since(self, agency_id: int, since: datetime, limit: int) -> list[tuple[Concern, datetime]]:
        """Closed concerns of an agency with the moment of their closing, the last closed first."""

    def taken_by(self, staff_id: int) -> list[Concern]:
        """Open concerns that this staff member has taken over, the newest first."""

    def count_open(self) -> dict[tuple[int, Level], int]:
        """How many are open, by agency and level; what is not named is 0."""

    def without_next_action(self, now: datetime) -> int:
        """Open concerns that break promise P1: no next action, or one long past without a timer."""
