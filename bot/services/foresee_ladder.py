# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What a ladder would do from a moment on, if nobody took over and everybody could be reached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.escalation import Policy, Target, Way
from bot.services.ladder import next_due, wait_before
from scheduler.local_time import ReadingHours


class Foreseen(StrEnum):
    """What happens at a moment."""

    CALL = "call"
    TELL = "tell"  # the person hears that nobody has answered yet
    AGAIN = "again"


@dataclass(frozen=True, slots=True)
class Ahead:
    """One moment; whom and where is called, for a call. No `where`: every way that somebody has."""

    at: datetime
    what: Foreseen
    targets: tuple[Target, ...] = ()
    where: tuple[Way, ...] = ()


def foresee(policy: Policy, hours: ReadingHours, since: datetime, *, on_duty: bool) -> list[Ahead]:
    """The moments of one round, in their order, up to the one at which it begins again.

    `on_duty`: somebody is at work while the agency is closed.
    """
    at, found = since, []
    for number, rung in enumerate(policy.rungs, start=1):
        beside = policy.out_of_hours if on_duty and not hours.is_open(at) else ()
        targets = tuple(dict.fromkeys((*beside, *rung.targets)))
        found.append(Ahead(at, Foreseen.CALL, targets, () if beside else rung.where))
        soonest = at + wait_before(policy, number)
        stays = on_duty and bool(policy.out_of_hours) and not hours.is_open(soonest)
        at = next_due(policy, hours, number, at, by_wall=bool(beside) or stays)
    found.append(Ahead(at, Foreseen.AGAIN))
    if policy.tell_after is not None:
        told = since + policy.tell_after
        is_attended = on_duty and policy.out_of_hours
        if not is_attended or (hours.is_open(since) and hours.is_open(told)):
            told = hours.after_working(since, policy.tell_after)
        found.append(Ahead(told, Foreseen.TELL))
    return sorted(found, key=lambda one: one.at)
