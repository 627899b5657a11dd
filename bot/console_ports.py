# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Port for what staff keep for themselves in the console. Part of `ports`."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.domain.queue_views import Looking, SavedView


class Console(Protocol):
    """Saved views of the queue, and who has which case open."""

    def views(self, staff_id: int) -> list[SavedView]:
        """Those of one staff member, the oldest first."""

    def put_view(self, new: SavedView) -> int:
        """Keep a view: a new one if its `id` is 0, else in place of that one. Returns its number."""

    def drop_view(self, staff_id: int, view_id: int) -> int:
        """Forget a view of this staff member. How many there were."""

    def looking(self, concern_id: int, since: datetime) -> list[Looking]:
        """Who has had this case open at `since` or later, the longest known first."""

    def look(self, new: Looking, over: datetime) -> None:
        """They have it open now. What is older than `over` is forgotten, in the whole agency."""
