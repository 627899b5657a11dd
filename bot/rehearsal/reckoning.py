# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""From a course to its findings: made of the course alone, and the same for the same course."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from statistics import median

from bot.domain.concerns import Concern, Level
from bot.domain.enrolments import Move
from bot.house import DEFAULT_AGENCY
from bot.ports import UnitOfWork
from bot.rehearsal.course import Course, Plan
from bot.rehearsal.findings import (
    Acknowledged,
    Alone,
    Asked,
    ClosedDays,
    Coach,
    Findings,
    PhaseLength,
    Week,
)
from bot.rehearsal.rounds import full_months
from bot.rehearsal.staff import Taken
from bot.services.caseload import KEY
from bot.services.ladder import policy_of
from scheduler.local_time import local

#: Months of the programme that are looked at where it names none itself.
_MONTHS = (18, 21, 23, 24)
_LEVELS = (Level.R3, Level.R2, Level.R1)
_DAY = timedelta(days=1)
_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)


def find(course: Course, plan: Plan) -> Findings:
    """Make sense of a course."""
    first = _first_taken(course)
    delays = {one.id: _delay(course, one, first.get(one.id)) for one in course.concerns}
    key = plan.programme.caseload or KEY
    weeks = _weeks(course, plan, delays)
    limit = plan.programme.limit
    marks = (*limit.warnings, limit.months) if limit else _MONTHS
    months = [full_months(course.there, one, course.until) for one in course.enrolments]
    return Findings(
        programme=plan.programme.id,
        participants=plan.participants,
        months=plan.months,
        staff=plan.staff,
        seed=plan.seed,
        begins=plan.begins,
        enrolled=len({one.participant_id for one in course.enrolments}),
        ended=sum(1 for one in course.enrolments if not one.is_open),
        goodbyes=_goodbyes(course, plan),
        key=key,
        messages=sum(course.messages.values()),
        unasked=sum(course.unasked.values()),
        quiet=course.quiet,
        held=course.held,
        closed_days=tuple(_closed_days(course)),
        weeks=weeks,
        acknowledged=tuple(_acknowledged(course, level, delays) for level in _LEVELS),
        sources=_sources(course.concerns),
        alone=_alone(course, first),
        coaches=tuple(_coaches(course, len(weeks))),
        phases=tuple(_phases(course, plan)),
        reached={mark: sum(1 for one in months if one >= mark) for mark in marks},
        asked=tuple(_asked(course)),
        late_weeks=tuple(n for n, week in enumerate(weeks) if week.late > max(1, week.concerns // 10)),
        heavy_weeks=tuple(n for n, week in enumerate(weeks) if week.heaviest > key),
        left_out=tuple(_left_out(course, plan)),
    )


def aim_of(concern: Concern) -> timedelta:
    """By when, in working time, its ladder wants a human to have it."""
    policy = policy_of(concern)
    return policy.tell_after or policy.again_after


def share(values: Sequence[float], part: float) -> float:
    """The value that so much of all of them does not go above (nearest rank); 0 for none."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(part * len(ordered)) - 1)] if ordered else 0.0


def _left_out(course: Course, plan: Plan) -> Iterator[str]:
    programme, packs = plan.programme, course.there.rules.book.packs
    if programme.score_pack:
        yield programme.score_pack
    for name in programme.evaluation.instruments if programme.evaluation else ():
        if not packs[name].is_on_by_default:
            yield name


def _first_taken(course: Course) -> dict[int, Taken]:
    taken = sorted((one for worker in course.workers for one in worker.diary.taken), key=lambda one: one.at)
    return {one.concern_id: one for one in reversed(taken)}


def _delay(course: Course, concern: Concern, taken: Taken | None) -> timedelta:
    """Working time until a human had it, or until the end."""
    hours = course.there.rules.hours[DEFAULT_AGENCY]
    return hours.working_time(concern.raised_at, taken.at if taken else course.until)


def _acknowledged(course: Course, level: Level, delays: dict[int, timedelta]) -> Acknowledged:
    known = {one.concern_id for worker in course.workers for one in worker.diary.taken}
    found = [one for one in course.concerns if one.level is level]
    minutes = [delays[one.id] / _MINUTE for one in found if one.id in known]
    return Acknowledged(
        level.value,
        len(found),
        max((aim_of(one) / _MINUTE for one in found), default=0.0),
        round(share(minutes, 0.5), 1),
        round(share(minutes, 0.9), 1),
        round(share(minutes, 0.99), 1),
        sum(1 for one in found if delays[one.id] > aim_of(one)),
        sum(1 for one in found if one.id not in known),
    )


def _sources(concerns: Sequence[Concern]) -> dict[str, dict[str, int]]:
    """How many concerns by where they came from, and by level."""
    counted = Counter((one.source.partition(":")[0], one.level.value) for one in concerns)
    names = sorted({name for name, _ in counted})
    return {name: {level.value: counted[name, level.value] for level in reversed(_LEVELS)} for name in names}


def _alone(course: Course, first: dict[int, Taken]) -> Alone:
    zone = course.there.rules.hours[DEFAULT_AGENCY].zone
    there_is_nobody = [
        one for one in course.concerns if not any(each.is_at_work(one.raised_at) for each in course.workers)
    ]
    by_hour = Counter(local(one.raised_at, zone).hour for one in there_is_nobody)
    waits = [
        ((first[one.id].at if one.id in first else course.until) - one.raised_at) / _HOUR
        for one in there_is_nobody
    ]
    return Alone(
        len(there_is_nobody),
        tuple(by_hour[hour] for hour in range(24)),
        round(share(waits, 0.5), 1),
        round(max(waits, default=0.0), 1),
        sum(1 for one in there_is_nobody if one.level is Level.R3),
    )


def _weeks(course: Course, plan: Plan, delays: dict[int, timedelta]) -> tuple[Week, ...]:
    by_week: dict[int, list[int]] = {}
    for (week, _), count in sorted(course.messages.items()):
        by_week.setdefault(week, []).append(count)
    raised = Counter((one.raised_at - course.there.began) // (7 * _DAY) for one in course.concerns)
    late = Counter(
        (one.raised_at - course.there.began) // (7 * _DAY)
        for one in course.concerns
        if delays[one.id] > aim_of(one)
    )
    found = []
    for number, monday in enumerate(course.mondays):
        day = plan.begins + 7 * number * _DAY
        counts = by_week.get(number, [])
        days = [day + n * _DAY for n in range(7)]
        hours = {
            worker.name: round(sum(worker.diary.minutes.get(one, 0.0) for one in days) / 60, 1)
            for worker in course.workers
        }
        found.append(
            Week(
                number=day.isocalendar().week,
                monday=day,
                people=sum(monday.people.values()),
                usual=float(median(counts)) if counts else 0.0,
                many=share(counts, 0.9),
                most=max(counts, default=0),
                concerns=raised[number],
                late=late[number],
                waiting=monday.open_concerns,
                tasks=monday.open_tasks,
                heaviest=max(monday.people.values(), default=0),
                hours=hours,
                away=monday.away,
            )
        )
    return tuple(found)


def _coaches(course: Course, weeks: int) -> list[Coach]:
    found = []
    begins = local(course.there.began, course.there.rules.hours[DEFAULT_AGENCY].zone).date()
    for worker in course.workers:
        hours: Counter[int] = Counter()
        for day, minutes in worker.diary.minutes.items():
            hours[(day - begins).days // 7] += round(minutes)
        each = [hours[number] / 60 for number in range(weeks)]
        most = max((monday.people.get(worker.name, 0) for monday in course.mondays), default=0)
        usual = round(share(each, 0.5), 1)
        found.append(
            Coach(worker.name, most, len(worker.diary.taken), usual, round(max(each, default=0.0), 1))
        )
    return found


def _phases(course: Course, plan: Plan) -> list[PhaseLength]:
    spent: dict[str, list[float]] = {name: [] for name in plan.programme.phases}
    inside: Counter[str] = Counter()
    for history in course.histories.values():
        entered: dict[str, datetime] = {}
        for event in history:
            if event.move is Move.ENTER:
                entered[event.phase] = event.at
                continue
            over = (
                [event.phase] if event.move is Move.LEAVE else list(entered) if event.move is Move.END else []
            )
            for name in over:
                spent[name].append((event.at - entered.pop(name)) / _DAY)
        inside.update(entered.keys())
    return [
        PhaseLength(
            name,
            len(days) + inside[name],
            inside[name],
            round(median(days), 1) if days else 0.0,
            round(min(days, default=0.0), 1),
            round(max(days, default=0.0), 1),
        )
        for name, days in spent.items()
    ]


def _goodbyes(course: Course, plan: Plan) -> int:
    dialogs = {phase.leaving for phase in plan.programme.phases.values()}

    def read(uow: UnitOfWork) -> int:
        people = {one.participant_id for one in course.enrolments}
        return sum(any(each.dialog in dialogs for each in uow.talks.answers(number)) for number in people)

    return course.there.look(read)


def _closed_days(course: Course) -> list[ClosedDays]:
    counted = course.on_closed_days
    dialogs = sorted({dialog for dialog, _ in counted})
    return [ClosedDays(dialog, counted[dialog, False], counted[dialog, True]) for dialog in dialogs]


def _asked(course: Course) -> list[Asked]:
    found = []
    for kind in sorted({task.kind for task in course.tasks}):
        of_kind = [task for task in course.tasks if task.kind is kind]
        waiting = [task for task in of_kind if task.settled_at is None]
        oldest = max(((course.until - task.raised_at).days for task in waiting), default=0)
        found.append(Asked(kind.value, len(of_kind), len(waiting), oldest))
    return found
