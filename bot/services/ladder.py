# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""One concern's ladder at one moment: which rung is called, whom it reaches, and when the next one is due."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from bot.domain.concerns import Concern
from bot.domain.duty import Span
from bot.domain.escalation import Policy, Rung, Target, Way
from bot.domain.people import Address, Staff
from bot.ports import UnitOfWork
from bot.services.rota import shifts
from bot.services.rulebook import Rulebook
from bot.services.whom import Roster, ways_to
from scheduler.local_time import ReadingHours

_POLICY = msgspec.json.Decoder(Policy)


def policy_of(concern: Concern) -> Policy:
    """The ladder as it was when the concern got its level."""
    return _POLICY.decode(concern.policy)


def snapshot(policy: Policy) -> str:
    """The ladder as a concern keeps it."""
    return msgspec.json.encode(policy).decode()


@dataclass(frozen=True, slots=True)
class Climbed:
    """Where the ladder stands after a call: the rung that comes next, and when.

    `is_covered` says that somebody who is there could be called; whoever is away may be called as well.
    """

    rung: int
    round: int
    reached: tuple[Address, ...]
    is_covered: bool
    due: datetime


class Ladder:
    """Looks everything up for one call; changes nothing."""

    def __init__(self, uow: UnitOfWork, rules: Rulebook, concern: Concern, now: datetime) -> None:
        self._uow, self._rules, self._concern, self._now = uow, rules, concern, now
        self._roster = Roster(uow, rules, concern.agency_id, now)
        self._hours = rules.hours[concern.agency_id]
        self._policy = policy_of(concern)
        self._reached: dict[int, Address] = {}

    def climb(self, first: Staff | None = None) -> Climbed:
        """Call the next rung that reaches somebody who is there, and `first` with it.

        After the last rung the ladder begins again and the leads are called with each rung, in every way. If
        no rung reaches anybody who is there, so are the leads, whether or not they are there, then the admins
        who are, then the coaches who are; where none of them can be called, whoever is only off today.
        """
        rung, round_ = self._concern.rung, self._concern.round
        by_wall = self._call_out_of_hours()
        if first is not None:
            self._call([first])
        for _ in self._policy.rungs:
            if rung >= len(self._policy.rungs):
                rung, round_ = 0, round_ + 1
            self._call_rung(self._policy.rungs[rung])
            if round_:
                self._call(self._roster.leads())
            rung += 1
            if self._is_covered:
                break
        for people in self._roster.last_resort():
            if not self._is_covered:
                self._call(people)
        if not self._reached:
            self._call(self._roster.off())
        due = self._due(rung, by_wall=by_wall)
        return Climbed(rung, round_, tuple(self._reached.values()), self._is_covered, due)

    def _due(self, rung: int, *, by_wall: bool) -> datetime:
        """When the ladder goes on: sooner than by working time if somebody is at work before that.

        So neither closing time nor a night in which nobody has duty carries it past a shift that begins.
        """
        due = next_due(self._policy, self._hours, rung, self._now, by_wall=by_wall)
        soonest = self._now + wait_before(self._policy, rung)
        if due <= soonest or not self._policy.out_of_hours:
            return due
        moments = [soonest]
        if Target.DUTY in self._policy.out_of_hours:
            begun = shifts(self._uow, self._concern.agency_id, Span(soonest, due))
            moments += [shift.span.since for shift in begun]
        away = (at for at in moments if not self._hours.is_open(at))
        return next((at for at in away if is_attended(self._uow, self._rules, self._concern, at)), due)

    @property
    def _is_covered(self) -> bool:
        return any(self._roster.is_present(one.staff_id or 0) for one in self._reached.values())

    def _call_out_of_hours(self) -> bool:
        """Call those who work while all others are at home; True if any of them can be."""
        if self._hours.is_open(self._now):
            return False
        for target in self._policy.out_of_hours:
            self._call(self._roster.whom(self._concern, target))
        return self._is_covered

    def _call_rung(self, rung: Rung) -> None:
        for target in rung.targets:
            self._call(self._roster.whom(self._concern, target), rung.where)

    def _call(self, people: list[Staff], where: Collection[Way] = ()) -> None:
        for address in ways_to(self._uow, {person.id for person in people}, where):
            self._reached[address.id] = address


def next_due(policy: Policy, hours: ReadingHours, rung: int, now: datetime, *, by_wall: bool) -> datetime:
    """When the next rung is called, or the first once more if `rung` is behind the last.

    `by_wall`: somebody is at work whatever the hours of the agency say.
    """
    after = wait_before(policy, rung)
    if by_wall or not policy.rungs[min(rung, len(policy.rungs) - 1)].working_time:
        return now + after
    return hours.after_working(now, after)


def wait_before(policy: Policy, rung: int) -> timedelta:
    """How long the ladder waits before this rung, or before it begins again if `rung` is behind the last."""
    return policy.rungs[rung].after if rung < len(policy.rungs) else policy.again_after


def is_attended(uow: UnitOfWork, rules: Rulebook, concern: Concern, at: datetime) -> bool:
    """Whether somebody is at work for this concern then: in reading hours, or because its ladder calls them.

    A rota alone helps nobody: whoever has duty must be called out of hours by the ladder, and can be.
    """
    if rules.is_read_now(concern.agency_id, at):
        return True
    targets = policy_of(concern).out_of_hours
    roster = Roster(uow, rules, concern.agency_id, at) if targets else None
    called = {one.id for target in targets if roster for one in roster.whom(concern, target)}
    return bool(ways_to(uow, {one for one in called if roster and roster.is_present(one)}))
