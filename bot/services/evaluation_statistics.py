# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Figures of an evaluation that may be shown to staff: nobody can be found in them, and no staff either.

Every list is about the same people, all who agree to the evaluation, so their number is its sum.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import quantiles

from bot.domain.small_cells import Shown, shown
from bot.errors import NotFound
from bot.ports import UnitOfWork
from bot.services.evaluation_data import Case, Collected, Study, collect
from bot.services.evaluation_sheets import phases_of
from bot.services.rulebook import Rulebook
from dialogs.instruments import Pack
from scheduler.local_time import local

#: Middle values are of so many people at least: of fewer they would be a single person's.
LEAST_FOR_MEDIAN = 10


@dataclass(frozen=True, slots=True)
class PointCount:
    """How many have a value at a point, and how many have none. The others have not come to it."""

    point: str
    shown: Shown


@dataclass(frozen=True, slots=True)
class Change:
    """How a score differs from the same person's at the first point: quartiles, None for too few people."""

    point: str
    score: str
    middle: tuple[float, float, float] | None


@dataclass(frozen=True, slots=True)
class Statistics:
    """The figures of one programme. `phases` are German titles; `by_phase` also has those in none."""

    programme: str
    title: dict[str, str]
    until: datetime
    phases: tuple[str, ...]
    by_phase: Shown
    points: tuple[PointCount, ...]
    changes: tuple[Change, ...]

    @property
    def last_moment(self) -> datetime:
        """The last moment that counts."""
        return self.until - timedelta(microseconds=1)


def statistics(uow: UnitOfWork, rules: Rulebook, agency_id: int, now: datetime) -> list[Statistics]:
    """The figures of every programme with an evaluation, as of the end of yesterday."""
    until = local(now, rules.hours[agency_id].zone).date() - timedelta(days=1)
    found = []
    for name, programme in rules.programmes.in_force(uow, agency_id).items():
        if programme.evaluation is not None:
            study = Study(agency_id, name, until)
            with suppress(NotFound):  # it has had one only since today
                found.append(figures(collect(uow, rules, study, rules.book.packs, now, with_answers=False)))
    return found


def figures(found: Collected) -> Statistics:
    """The figures of what was collected."""
    gone = sorted({e.phase for case in found.cases for e in case.history if e.phase})
    phases = phases_of(found.programme, tuple(gone))
    counts = dict.fromkeys([*phases, ""], 0)
    over = 0
    for case in found.cases:
        if case.is_over:
            over += 1
        else:
            counts[case.phase(found.end)] += 1
    without = counts.pop("")
    # Between two phases, and in an enrolment that is over: both are in no phase now.
    return Statistics(
        programme=found.study.programme,
        title=dict(found.programme.title),
        until=found.end,
        phases=tuple(phases.values()),
        by_phase=shown([*counts.values(), over + without]),
        points=tuple(_points(found)),
        changes=tuple(_changes(found)),
    )


def _points(found: Collected) -> Iterator[PointCount]:
    for point in found.evaluation.points:
        answered = asked = 0
        for case in found.cases:
            rows = [row for (name, _), row in case.rows.items() if name == point.id]
            asked += bool(rows)
            answered += any(row.run_id is not None for row in rows)
        yield PointCount(point.id, shown([answered, asked - answered, len(found.cases) - asked]))


def _changes(found: Collected) -> Iterator[Change]:
    first, *others = (point.id for point in found.evaluation.points)
    for pack in found.packs:
        for rule in pack.rules:
            for point in others:
                differences = list(_differences(found, pack, rule, (first, point)))
                yield Change(point, f"{pack.id}.{rule}", _middle(differences))


def _differences(found: Collected, pack: Pack, rule: str, between: tuple[str, str]) -> Iterator[int]:
    """Of everybody who has the score at both points, by the same version."""
    for case in found.cases:
        before, after = (_value(found, case, (point, pack.id), f"{pack.id}.{rule}") for point in between)
        if before is not None and after is not None and before[1] == after[1]:
            yield after[0] - before[0]


def _value(found: Collected, case: Case, where: tuple[str, str], rule: str) -> tuple[int, int] | None:
    row = case.rows.get(where)
    for one in reversed(found.scores.get(row.run_id, ()) if row is not None and row.run_id else ()):
        if one.rule == rule and one.value is not None:
            return one.value, one.version
    return None


def _middle(differences: Sequence[int]) -> tuple[float, float, float] | None:
    if len(differences) < LEAST_FOR_MEDIAN:
        return None
    low, middle, high = quantiles(differences, n=4, method="inclusive")
    return low, middle, high
