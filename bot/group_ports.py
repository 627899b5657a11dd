# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Port for group offers. Part of `ports`."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Protocol

from bot.domain.groups import Feeling, Group, Meeting, Seat


class Groups(Protocol):
    """Group offers, who comes or waits, who was there, and counts of each day."""

    def add(self, new: Group) -> int:
        """Keep a new one; its own `id` is ignored."""

    def get(self, group_id: int) -> Group | None: ...
    def lock(self, group_id: int) -> Group | None:
        """As `get`; until the end of the unit of work nobody else changes the group or its seats.

        Whoever also locks a person does that before.
        """

    def of_agency(self, agency_id: int) -> list[Group]:
        """All of an agency, the newest first."""

    def save(self, changed: Group) -> None:
        """Write down what may change. Raises `NotFound`."""

    def seats(self, group_id: int) -> list[Seat]:
        """Everybody who comes or waits, by number."""

    def seats_of(self, participant_id: int) -> list[Seat]:
        """All of a person, by number."""

    def all_seats(self, agency_id: int) -> list[Seat]:
        """Those of all groups of an agency, by number."""

    def seat_of_series(self, series_id: int) -> Seat | None:
        """Whose appointments these are, if they are a group's."""

    def sit(self, new: Seat) -> int | None:
        """Keep a new seat; None if the person has one, or somebody else this place."""

    def save_seat(self, changed: Seat) -> bool:
        """Write down what may change. False if somebody else has this place."""

    def stand_up(self, seat: Seat) -> None:
        """Remove a seat; nothing of it is left."""

    def visited(self, group_id: int, day: date) -> frozenset[int]:
        """Who was there on this day."""

    def visits_of(self, participant_id: int) -> list[tuple[int, date]]:
        """Where and when a person was, as group and day, the first first."""

    def enter_visits(self, group: Group, day: date, who: Collection[int]) -> None:
        """These people were there, in place of whoever stood there before; the day knows how many."""

    def felt(self, group: Group, day: date, how: Feeling) -> None:
        """One more felt like this. Who it was is written down nowhere."""

    def meetings(self, group_id: int) -> list[Meeting]:
        """What is known of each day, the first first."""

    def drop(self, group_ids: Collection[int]) -> int:
        """Remove those of them about which nothing is kept of anybody, with their counts; says how many."""
