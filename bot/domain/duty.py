# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Who is there: absences, deputies, shifts and their swaps, and whether a way to somebody was tested.

Why somebody is away is nobody's business and is kept nowhere: it would be data about the health of staff.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import StrEnum

from bot.domain.people import Staff

#: Own working hours by weekday, 0 for Monday; a weekday that is missing is a day off.
Week = Mapping[int, tuple[time, time]]


def without_coach(case_code: str) -> str:
    """What is remembered when leads were told of a person whom nobody looks after."""
    return f"without_coach:{case_code}"


def long_stopped(case_code: str) -> str:
    """What is remembered when leads were told of a person whose contact ended long ago."""
    return f"long_stopped:{case_code}"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From `since` until just before `until`. Raises `ValueError` if that is no time at all."""

    since: datetime
    until: datetime

    def __post_init__(self) -> None:
        if self.since >= self.until:
            raise ValueError("a span must end after it begins")

    def contains(self, at: datetime) -> bool:
        """True from the first moment until just before the last."""
        return self.since <= at < self.until

    def within(self, other: Span) -> Span | None:
        """What both have in common."""
        since, until = max(self.since, other.since), min(self.until, other.until)
        return Span(since, until) if since < until else None


def left_over(spans: Iterable[Span], covered: Iterable[Span]) -> list[Span]:
    """The parts of `spans` that nothing in `covered` covers, in order; neighbours in `spans` stay apart."""
    taken = sorted(covered)
    found = []
    for span in sorted(spans):
        at = span.since
        for cover in taken:
            if cover.until <= at or cover.since >= span.until:
                continue
            if cover.since > at:
                found.append(Span(at, cover.since))
            at = cover.until
            if at >= span.until:
                break
        if at < span.until:
            found.append(Span(at, span.until))
    return sorted(found)


@dataclass(frozen=True, slots=True)
class Absence:
    """A staff member is away, until just before `until` or until they say so; never why.

    `deputy_id` stands in for just this time; None leaves it to the standing deputy.
    """

    id: int
    agency_id: int
    staff_id: int
    since: datetime
    until: datetime | None = None
    deputy_id: int | None = None

    def covers(self, at: datetime) -> bool:
        """Whether they are away at this moment."""
        return self.since <= at and (self.until is None or at < self.until)

    def touches(self, other: Absence) -> bool:
        """Whether both are one absence in truth: they overlap, or one ends where the other begins."""
        return (self.until is None or other.since <= self.until) and (
            other.until is None or self.since <= other.until
        )

    def joined(self, earlier: Iterable[Absence]) -> Absence:
        """This one and those that it touches as one; the deputy named last counts."""
        whole = self
        for other in earlier:
            ends = None if whole.until is None or other.until is None else max(whole.until, other.until)
            whole = replace(
                whole,
                since=min(whole.since, other.since),
                until=ends,
                deputy_id=whole.deputy_id if whole.deputy_id is not None else other.deputy_id,
            )
        return whole


@dataclass(frozen=True, slots=True)
class Team:
    """Everybody of an agency at one moment: who is absent, and who is off by their own hours."""

    members: Mapping[int, Staff]
    away: Mapping[int, Absence]
    off: frozenset[int] = frozenset()

    def is_in_team(self, staff_id: int) -> bool:
        """Whether they belong to the agency and have not left."""
        person = self.members.get(staff_id)
        return person is not None and person.left_at is None

    def is_away(self, staff_id: int) -> bool:
        """Whether they have left or are absent, whatever their hours are."""
        return not self.is_in_team(staff_id) or staff_id in self.away

    def is_present(self, staff_id: int) -> bool:
        """In the team, not absent, not off."""
        return not self.is_away(staff_id) and staff_id not in self.off

    def deputies(self, staff_id: int) -> list[int]:
        """Who is named for them: the absence's own deputy first, then the standing one."""
        person, absence = self.members.get(staff_id), self.away.get(staff_id)
        named = (absence.deputy_id if absence else None, person.deputy_id if person else None)
        return [deputy for deputy in named if deputy is not None]

    def standing_in(self, staff_id: int) -> Staff | None:
        """The nearest deputy who is present; never the person. A chain that closes to a ring ends there."""
        seen, waiting = {staff_id}, self.deputies(staff_id)
        while waiting:
            following: list[int] = []
            for deputy in waiting:
                if deputy in seen:
                    continue
                if self.is_present(deputy):
                    return self.members[deputy]
                seen.add(deputy)
                following += self.deputies(deputy)
            waiting = following
        return None

    def closes_ring(self, staff_id: int, deputy_id: int) -> bool:
        """Whether naming this deputy makes a chain that leads back to the person."""
        seen, waiting = set[int](), [deputy_id]
        while waiting:
            deputy = waiting.pop()
            if deputy == staff_id:
                return True
            if deputy not in seen:
                seen.add(deputy)
                waiting += self.deputies(deputy)
        return False


@dataclass(frozen=True, slots=True)
class ShiftPattern:
    """Somebody's duty on the days of an RFC 5545 rule, from `begins` to `ends` on the clock of `zone`.

    Where it does not end later than it begins, it ends on the day after. A single shift is a pattern whose
    first and last day are the same.
    """

    id: int
    agency_id: int
    staff_id: int
    rule: str
    first_day: date
    begins: time
    ends: time
    zone: str
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class ShiftChange:
    """Another one has the shift of this day; nobody (None) if it does not take place."""

    pattern_id: int
    day: date
    staff_id: int | None


@dataclass(frozen=True, slots=True)
class Takeover:
    """Somebody has taken over the duty for a time, in place of whoever had it."""

    staff_id: int
    span: Span


@dataclass(frozen=True, slots=True)
class Shift:
    """Duty on one day, with changes counted in. `pattern_id` is None for one that was taken over at once."""

    staff_id: int
    span: Span
    day: date
    pattern_id: int | None = None


class SwapState(StrEnum):
    """Where a proposed swap stands. Whoever had the shift has it until the other one has accepted."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class SwapEvent(StrEnum):
    """What can happen to a swap."""

    ACCEPT = "accept"
    DECLINE = "decline"
    WITHDRAW = "withdraw"


SWAPS: Mapping[tuple[SwapState, SwapEvent], SwapState] = {
    (SwapState.PROPOSED, SwapEvent.ACCEPT): SwapState.ACCEPTED,
    (SwapState.PROPOSED, SwapEvent.DECLINE): SwapState.DECLINED,
    (SwapState.PROPOSED, SwapEvent.WITHDRAW): SwapState.WITHDRAWN,
}


@dataclass(frozen=True, slots=True)
class Swap:
    """`from_id` asks `to_id` to take the shift of this day."""

    id: int
    agency_id: int
    pattern_id: int
    day: date
    from_id: int
    to_id: int
    state: SwapState = SwapState.PROPOSED

    def can(self, event: SwapEvent) -> bool:
        """Whether this can happen now."""
        return (self.state, event) in SWAPS

    def after(self, event: SwapEvent) -> Swap:
        """The swap after `event`. Raises `ValueError` if that cannot happen."""
        if not self.can(event):
            raise ValueError(f"a swap that is {self.state.value} cannot {event.value}")
        return replace(self, state=SWAPS[self.state, event])


@dataclass(frozen=True, slots=True)
class ReachTest:
    """What is known about one way to a staff member: asked, confirmed, and a lead told of the silence."""

    address_id: int
    asked_at: datetime
    confirmed_at: datetime | None = None
    missed_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Asked, not confirmed, and nobody told yet."""
        return self.missed_at is None and (self.confirmed_at is None or self.confirmed_at < self.asked_at)


@dataclass(frozen=True, slots=True)
class Caseload:
    """How many people a coach looks after, and how many of their concerns are open."""

    coach_id: int
    people: int
    open_concerns: int
