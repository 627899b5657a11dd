# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Port for outcome markers. Part of `ports`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol

from bot.domain.outcome_markers import MarkerEntry


class OutcomeMarkers(Protocol):
    """What coaches have entered. Only ever added."""

    def add(self, new: MarkerEntry) -> None:
        """Keep one; its own `id` is ignored."""

    def of(self, participant_ids: Collection[int]) -> Mapping[int, list[MarkerEntry]]:
        """All of these people, by person, the oldest first; nobody without an entry is in it."""
