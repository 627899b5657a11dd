# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What a change of a plan would do to one person, as data, so that it can be shown before it is applied."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum

import msgspec

from scheduler.occurrences import Occurrence, occurrences_between
from scheduler.person_time import PersonTime
from scheduler.plans import Plan


class ChangeKind(StrEnum):
    """What happens to a coming occurrence. One that moves stays on its day, at another time."""

    GOES = "goes"
    STAYS = "stays"
    MOVES = "moves"
    COMES = "comes"


class ChangeLine(msgspec.Struct, frozen=True):
    """One local day on which something is or was to come: when it was, when it will be."""

    kind: ChangeKind
    day: date
    before: datetime | None
    after: datetime | None


def explain_change(
    old: Plan | None,
    new: Plan | None,
    person: PersonTime,
    now: datetime,
    ahead: timedelta = timedelta(days=60),
) -> list[ChangeLine]:
    """Every coming day until `now` plus `ahead` (at most a year) that has an occurrence, before or after.

    No `old` plan: the person comes into `new`; no `new` plan: the person leaves. Raises `ValueError` for more
    than 366 days ahead.
    """
    if ahead > timedelta(days=366):
        raise ValueError("a change is explained for at most 366 days")
    before, after = (_by_day(plan, person, now, now + ahead) for plan in (old, new))
    return [_line(day, before.get(day), after.get(day)) for day in sorted(before.keys() | after.keys())]


def _by_day(
    plan: Plan | None, person: PersonTime, after: datetime, until: datetime
) -> dict[date, Occurrence]:
    found = () if plan is None else occurrences_between(plan, person, after, until)
    return {one.day: one for one in found}


def _line(day: date, before: Occurrence | None, after: Occurrence | None) -> ChangeLine:
    if before is None or after is None:
        kind = ChangeKind.GOES if after is None else ChangeKind.COMES
    else:
        kind = ChangeKind.STAYS if before.at == after.at else ChangeKind.MOVES
    return ChangeLine(kind, day, before.at if before else None, after.at if after else None)
