# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Port for internships. Part of `ports`."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from bot.domain.placements import Placement, WorkedWeek


class Placements(Protocol):
    """Internships with the hours that were worked."""

    def add(self, new: Placement) -> int:
        """Keep a new one; its own `id` is ignored."""

    def get(self, placement_id: int) -> Placement | None: ...
    def of_participant(self, participant_id: int) -> list[Placement]:
        """All of a person, the oldest first."""

    def of_contact(self, staff_id: int) -> list[Placement]:
        """All for which this staff member is the firm's contact, the oldest first."""

    def save(self, changed: Placement) -> None:
        """Write down what may change. Raises `NotFound`."""

    def enter(self, placement: Placement, worked: WorkedWeek) -> None:
        """Keep the hours of a week; the same week again replaces them."""

    def worked(self, placement_ids: Collection[int]) -> dict[int, list[WorkedWeek]]:
        """The hours of these internships by their number, the oldest week first."""
