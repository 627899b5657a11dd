# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Who visits somebody at home, and whether they are back: for the safety of staff, and for nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class HomeVisit:
    """Who goes to one appointment at a person's home; `second_id` goes with them, or nobody does.

    `asked_at` is when they were asked whether they are back, `told_at` when others were told that they have
    not answered, `back_at` when somebody said that all is well.
    """

    agency_id: int
    participant_id: int
    appointment_id: int
    staff_id: int
    second_id: int | None = None
    asked_at: datetime | None = None
    told_at: datetime | None = None
    back_at: datetime | None = None

    @property
    def visitors(self) -> tuple[int, ...]:
        """Everybody who goes."""
        return (self.staff_id,) if self.second_id is None else (self.staff_id, self.second_id)
