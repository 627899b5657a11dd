# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The scales that everything is judged by: how sensitive, how urgent, who goes first."""

from __future__ import annotations

from enum import StrEnum


class DataClass(StrEnum):
    """How sensitive a text or an answer is; a channel may carry everything up to its own class."""

    NEUTRAL = "neutral"
    APPOINTMENT = "appointment"
    HEALTH = "health"

    @property
    def rank(self) -> int:
        """0 for neutral up to 2 for health."""
        return _CLASS_RANK[self]

    def allows(self, other: DataClass) -> bool:
        """True if a channel of this class may carry content of class `other`."""
        return other.rank <= self.rank


class Priority(StrEnum):
    """Who goes first when several dialogs want the one open conversation of a person.

    HIGH does not wait: what is open is put aside and comes back afterwards. NORMAL and LOW wait.
    """

    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"

    @property
    def rank(self) -> int:
        """0 for low up to 2 for high."""
        return list(Priority)[::-1].index(self)


_CLASS_RANK = {DataClass.NEUTRAL: 0, DataClass.APPOINTMENT: 1, DataClass.HEALTH: 2}


class Level(StrEnum):
    """How urgent a concern is: R0 none, R1 strain or wish for contact, R2 same day, R3 danger now."""

    R0 = "R0"
    R1 = "R1"
    R2 = "R2"
    R3 = "R3"

    @property
    def rank(self) -> int:
        """0 for R0 up to 3 for R3."""
        return int(self[1])
