# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What to do about moments of a plan that went by: after an outage, and when a question is still open."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from scheduler.local_time import at_wall, local
from scheduler.occurrences import Occurrence, earliest_start, next_occurrence, occurrences_between
from scheduler.person_time import PersonTime
from scheduler.plans import Plan

_DAY = timedelta(days=1)
#: What is handled so soon after its moment was not missed: timers are spread over minutes, and a worker that
#: starts anew or takes over needs some, too.
ON_TIME = timedelta(minutes=15)


class Ask(msgspec.Struct, frozen=True):
    """One question to begin at `at` (aware UTC, not in the past), also in the name of the `merged` ones."""

    occurrence: Occurrence
    at: datetime
    merged: tuple[Occurrence, ...] = ()


class CatchUp(msgspec.Struct, frozen=True):
    """What becomes of what was missed, each occurrence in one place, and what comes next."""

    asks: tuple[Ask, ...]
    skipped: tuple[Occurrence, ...]
    next: Occurrence | None


def missed(plan: Plan, person: PersonTime, since: datetime, now: datetime) -> CatchUp:
    """Decide about the occurrences later than `since` and not later than `now`, by the plan's outage rule.

    `since` is the latest moment up to which all was handled. If the clock was set back behind it, nothing was
    missed and what comes next is later than `since`, so that nothing is asked twice.

    However many are merged, they are one question: the latest of them, or the latest that is asked by itself.
    What is not older than `ON_TIME` was not missed, whatever the rule. Nothing is asked that could only begin
    after its grace or when the next one is due: it is skipped.
    """
    coming = next_occurrence(plan, person, max(since, now))
    start = earliest_start(plan, person, now)
    by_itself: list[Occurrence] = []
    merged: list[Occurrence] = []
    skipped: list[Occurrence] = []
    for one in occurrences_between(plan, person, since, now):
        age = now - one.at
        if start is None or start > one.closes or (coming is not None and start >= coming.at):
            skipped.append(one)
        elif age <= max(plan.outage.send_within, ON_TIME):
            by_itself.append(one)
        elif age <= plan.outage.merge_within:
            merged.append(one)
        else:
            skipped.append(one)
    asked = by_itself or merged[-1:]
    rest = tuple(one for one in merged if one not in asked)
    asks = [Ask(one, start or now, rest if one is asked[-1] else ()) for one in asked]
    return CatchUp(tuple(asks), tuple(skipped), coming)


def reminder_times(
    plan: Plan, person: PersonTime, occurrence: Occurrence, asked_at: datetime
) -> tuple[datetime, ...]:
    """When to repeat a question of `occurrence` that was asked at `asked_at`, as long as it stays open.

    Each is at least the plan's distance after the one before, on a day and at an hour at which the plan may
    write; none once the next occurrence is due. A distance of whole days keeps the time on the wall.
    """
    coming = next_occurrence(plan, person, occurrence.at)
    moments: list[datetime] = []
    last = asked_at
    for _ in range(plan.reminders.number):
        moment = earliest_start(plan, person, _later(last, plan.reminders.distance, person))
        if moment is None or (coming is not None and moment >= coming.at):
            break
        moments.append(moment)
        last = moment
    return tuple(moments)


def _later(at: datetime, distance: timedelta, person: PersonTime) -> datetime:
    if distance % _DAY:
        return at + distance
    shown = local(at, person.zone)
    return at_wall(shown.date() + distance, shown.time(), person.zone)
