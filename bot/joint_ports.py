# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Port for what belongs to an appointment with others: who comes along, who visits. Part of `ports`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from bot.domain.accompaniment import Accompaniment
from bot.domain.home_visits import HomeVisit


class JointAppointments(Protocol):
    """What belongs to appointments with others, by the number of the appointment."""

    def accompaniments(self, appointment_ids: Iterable[int]) -> Mapping[int, Accompaniment]:
        """Who comes along to each, where anything is known of it."""

    def keep_accompaniment(self, one: Accompaniment) -> None:
        """Write it down, in place of what was written before about the same appointment."""

    def promised_by(self, staff_id: int) -> list[Accompaniment]:
        """What this staff member has promised or is asked for, by the number of the appointment."""

    def home_visits(self, appointment_ids: Iterable[int]) -> Mapping[int, HomeVisit]:
        """Who goes to each visit at home, and whether they are back."""

    def keep_home_visit(self, one: HomeVisit) -> None:
        """Write it down, in place of what was written before about the same appointment."""
