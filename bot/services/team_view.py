# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What leads see of the team: load, reachability, what waits for a decision. Nothing here measures anybody.

How long it took until somebody had a concern is told of the whole team, and only where nobody can be made
out in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.access import Action
from bot.domain.concerns import Level
from bot.domain.duty import Span
from bot.domain.enrolments import ProgrammeTask, TaskKind
from bot.domain.people import TEAM, Role, Staff
from bot.overview_ports import Acknowledged
from bot.ports import UnitOfWork
from bot.services.access import Guard
from bot.services.caseload import caseload, key_of
from bot.services.reachability import is_missed, ways_to
from bot.services.rota import gaps
from bot.services.rulebook import Rulebook

#: Where one age ends and the next begins.
AGES = (timedelta(days=1), timedelta(days=3), timedelta(days=7))
#: So far back an average looks.
LOOKS_BACK = timedelta(days=28)
#: Of fewer concerns, or of fewer people, no average is told: it would be somebody's own.
FEWEST_CONCERNS, FEWEST_PEOPLE = 5, 3
GAPS_AHEAD = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Load:
    """How many people somebody looks after, and whether that is more than the key."""

    coach: Staff
    people: int
    is_over: bool


@dataclass(frozen=True, slots=True)
class Unreached:
    """Somebody whom a call may not reach: no way at all, or no way whose last test was confirmed."""

    person: Staff
    has_way: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """A question of the program with the case code of whom it is about."""

    task: ProgrammeTask
    case_code: str
    coach_id: int | None


@dataclass(frozen=True, slots=True)
class TeamView:
    """Everything on the page. Cases are there only for somebody who may decide about every one."""

    key: int
    load: Sequence[Load]
    ages: Mapping[Level, tuple[int, ...]]
    acknowledged: Sequence[Acknowledged]
    unreached: Sequence[Unreached]
    gaps: Sequence[Span]
    without_coach: int
    codes: Sequence[str]
    waiting: Sequence[Waiting]
    decides: bool


def team_view(uow: UnitOfWork, rules: Rulebook, staff: Staff, now: datetime) -> TeamView:
    """The team at this moment, in a fixed number of statements."""
    agency_id = staff.agency_id
    everybody = [one for one in uow.people.all_staff(agency_id) if one.left_at is None]
    key = key_of(uow, rules, agency_id)
    decides = Guard(uow, rules, staff, now).here(Action.CHANGE_PLAN).is_allowed
    codes = uow.duty.without_coach(agency_id)
    return TeamView(
        key=key,
        load=_load(uow, agency_id, everybody, key),
        ages=uow.overview.open_by_age(agency_id, [now - age for age in AGES]),
        acknowledged=[one for one in uow.overview.acknowledged(agency_id, now - LOOKS_BACK) if _is_many(one)],
        unreached=_unreached(uow, agency_id, everybody),
        gaps=gaps(uow, rules, agency_id, now, now + GAPS_AHEAD),
        without_coach=len(codes),
        codes=codes if decides else (),
        waiting=_waiting(uow, agency_id) if decides else (),
        decides=decides,
    )


def coaches(uow: UnitOfWork, agency_id: int) -> list[Staff]:
    """Who can look after people, by name."""
    return _by_name(
        [one for one in uow.people.all_staff(agency_id) if one.left_at is None and one.role in TEAM]
    )


def _load(uow: UnitOfWork, agency_id: int, everybody: Sequence[Staff], key: int) -> list[Load]:
    """By name, so that the order says nothing."""
    people = {one.coach_id: one.people for one in caseload(uow, agency_id)}
    shown = [one for one in everybody if one.role is Role.COACH or one.id in people]
    return [Load(one, people.get(one.id, 0), people.get(one.id, 0) > key) for one in _by_name(shown)]


def _unreached(uow: UnitOfWork, agency_id: int, everybody: Sequence[Staff]) -> list[Unreached]:
    team = _by_name([one for one in everybody if one.role in TEAM])
    tests = uow.duty.reach_tests(agency_id)
    having, reached = set[int | None](), set[int | None]()
    for way in ways_to(uow, team):
        having.add(way.staff_id)
        if not is_missed(tests, way):
            reached.add(way.staff_id)
    return [Unreached(one, one.id in having) for one in team if one.id not in reached]


def _waiting(uow: UnitOfWork, agency_id: int) -> list[Waiting]:
    """What a lead decides first: who has too many people, then what waits longest."""
    tasks = uow.programmes.tasks(agency_id)
    people = uow.people.participants_by([task.participant_id for task in tasks])
    known = [task for task in tasks if task.participant_id in people]
    known.sort(key=lambda task: (task.kind is not TaskKind.OVER_KEY, task.raised_at, task.id))
    return [
        Waiting(task, people[task.participant_id].case_code, people[task.participant_id].coach_id)
        for task in known
    ]


def _is_many(one: Acknowledged) -> bool:
    return one.concerns >= FEWEST_CONCERNS and one.people >= FEWEST_PEOPLE


def _by_name(people: Sequence[Staff]) -> list[Staff]:
    return sorted(people, key=lambda one: (one.name.casefold(), one.id))
