# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Ports for who is at work when: absences, shifts, tests of reachability. Part of `ports`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from bot.domain.duty import (
    Absence,
    Caseload,
    ReachTest,
    ShiftChange,
    ShiftPattern,
    Span,
    Swap,
    SwapState,
    Takeover,
    Week,
)


class Duty(Protocol):
    """Who is away, who has which shift, and whose channels were tested."""

    def absences(self, agency_id: int, after: datetime) -> list[Absence]:
        """Those that end after this moment or have no end, the soonest first."""

    def put_absence(self, new: Absence, instead_of: Iterable[int] = ()) -> int:
        """Keep an absence, whose own `id` is ignored, in place of these."""

    def end_absence(self, absence_id: int, until: datetime) -> None: ...
    def drop_absence(self, absence_id: int) -> None: ...
    def forget_absences(self, agency_id: int, before: datetime) -> None:
        """Those that ended before this moment are nobody's business any more."""

    def weeks(self, agency_id: int) -> Mapping[int, Week]:
        """Own working hours by staff member; whoever has none works when the agency does."""

    def set_week(self, agency_id: int, staff_id: int, week: Week) -> None:
        """In place of what it was; an empty one makes the agency's hours theirs again."""

    def add_pattern(self, new: ShiftPattern) -> int:
        """Keep a shift pattern, whose own `id` is ignored."""

    def end_pattern(self, pattern_id: int, last_day: date) -> None: ...
    def patterns(self, agency_id: int) -> list[ShiftPattern]: ...
    def set_change(self, agency_id: int, change: ShiftChange) -> None:
        """In place of an earlier change of that shift."""

    def changes(self, agency_id: int, first: date, last: date) -> list[ShiftChange]:
        """Changes of shifts that begin on these days, both included."""

    def add_takeover(self, agency_id: int, new: Takeover) -> None: ...
    def takeovers(self, agency_id: int, during: Span) -> list[Takeover]:
        """Those that touch this time, the one made last at the end."""

    def propose_swap(self, new: Swap, now: datetime) -> int:
        """Keep a swap, whose own `id` is ignored; an open one of the same shift is withdrawn."""

    def swap(self, swap_id: int) -> Swap | None:
        """A swap, locked for this unit of work."""

    def open_swaps(self, staff_id: int) -> list[Swap]:
        """Proposals that wait for an answer, made by or to this staff member, by the day of their shift."""

    def save_swap(self, swap_id: int, state: SwapState) -> None: ...
    def reach_tests(self, agency_id: int) -> Mapping[int, ReachTest]:
        """What is known about each way that was ever tested, by the address's id."""

    def ask(self, agency_id: int, address_id: int, now: datetime) -> None:
        """A test goes out to this address."""

    def confirm(self, address_id: int, now: datetime) -> bool:
        """Somebody confirmed it there. False for an address that was never asked."""

    def miss(self, address_ids: Sequence[int], now: datetime) -> None:
        """These tests were not confirmed in time."""

    def caseload(self, agency_id: int) -> list[Caseload]:
        """For each coach with anybody to look after, by id."""

    def without_coach(self, agency_id: int) -> list[str]:
        """Case codes of people in the programme whom no coach looks after."""

    def first_time(self, agency_id: int, subject: str, now: datetime) -> bool:
        """Whether leads were not told of this before; from now on they were."""

    def forget_told(self, agency_id: int, subject: str) -> None:
        """It may be told again when it comes up again."""

    def forget_all_told_but(self, agency_id: int, beginning: str, subjects: Collection[str]) -> None:
        """Of all subjects that begin like this only these still hold; the others may be told again."""
