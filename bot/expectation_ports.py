# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Port for what each side expects. Part of `ports`."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from bot.domain.expectations import Sheet, Side, Topic


class Expectations(Protocol):
    """Topics, what each side expects of them, and sheets for joint talks."""

    def add(self, new: Topic) -> int:
        """Keep a new topic; its own `id` is ignored."""

    def get(self, topic_id: int) -> Topic | None: ...
    def of_participant(self, participant_id: int) -> list[Topic]:
        """All of a person, the oldest first."""

    def save(self, changed: Topic) -> None:
        """Write down what may change. Raises `NotFound`."""

    def remove(self, topic_id: int) -> None:
        """Take a topic away, with all its sides."""

    def put(self, side: Side) -> int:
        """Keep a side, or change the one with this `id`; 0 is a new one. Raises `NotFound`."""

    def take(self, side_id: int) -> None:
        """Take one side away."""

    def sides(self, topic_ids: Collection[int]) -> dict[int, list[Side]]:
        """The sides of these topics by their number, in the order in which they are shown."""

    def add_sheet(self, new: Sheet) -> int:
        """Keep a sheet; its own `id` is ignored. It never changes."""

    def sheets(self, participant_id: int) -> list[Sheet]:
        """All of a person, the oldest first."""
