# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Port for staff's calendars: what is when, and the secret addresses of their feeds. Part of `ports`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.appointments import Appointment, AppointmentState
from bot.domain.duty import Span


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose people are meant. `coaches` None: everybody's; `with_pool`: also those without a coach."""

    agency_id: int
    coaches: frozenset[int] | None = None
    with_pool: bool = False


@dataclass(frozen=True, slots=True)
class CalendarFeed:
    """The secret address of one staff member's calendar. `read_at`: when a calendar last asked for it."""

    id: int
    agency_id: int
    staff_id: int
    made_at: datetime
    read_at: datetime | None = None


class Calendars(Protocol):
    """Appointments by day, and feeds. Of a feed's address only a keyed hash of its secret is kept."""

    def between(
        self, whose: Whose, during: Span, states: Collection[AppointmentState], limit: int
    ) -> list[Appointment]:
        """Those that begin in this time and are in one of these states, the soonest first.

        People who have left, and whoever only wrote without an invitation, are not counted in.
        """

    def feed_of(self, staff_id: int) -> CalendarFeed | None:
        """The feed of a staff member, if they have one."""

    def feed(self, token: str) -> CalendarFeed | None:
        """The feed with this secret."""

    def make_feed(self, agency_id: int, staff_id: int, token: str, now: datetime) -> None:
        """A new secret from now on; an older one opens nothing any more."""

    def drop_feed(self, staff_id: int) -> bool:
        """There is no feed any more. False if there was none."""

    def read_feed(self, feed_id: int, now: datetime) -> None:
        """A calendar has asked for it."""
