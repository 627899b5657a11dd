# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What an evaluation may know: of everybody in a programme who agrees to it, now and on the day it is for.

Without names, free words, staff or concerns. What is read for one day is always the same, as long as nobody
has taken back their consent and nothing was deleted meanwhile.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

import msgspec

from bot.domain.consent import holding
from bot.domain.enrolments import Enrolment, PhaseEvent, current
from bot.domain.measuring import MeasuringPoint
from bot.domain.scores import ScoreRecord
from bot.errors import NotFound
from bot.ports import UnitOfWork
from bot.services.evaluation_sheets import (
    Asked,
    Sheet,
    Value,
    Variable,
    about_instrument,
    about_people,
    about_points,
    coded,
    phases_of,
)
from bot.services.rulebook import Rulebook
from dialogs.instruments import Pack
from dialogs.instruments.model import Options
from dialogs.parse_programme import parse_programme
from dialogs.programme_model import Evaluation, Programme
from scheduler.local_time import at_wall, local

_DAY = timedelta(days=1)
_WEEK = timedelta(weeks=1)
_LETTERS = 10


@dataclass(frozen=True, slots=True)
class Study:
    """Which evaluation: a programme of an agency, and the last day that counts."""

    agency_id: int
    programme: str
    until: date


@dataclass(frozen=True, slots=True)
class Case:
    """One participation: its phases until the day, and its questionnaires by (point, instrument).

    `number` counts the person's participations in the programme from 1.
    """

    enrolment: Enrolment
    number: int
    history: tuple[PhaseEvent, ...]
    rows: Mapping[tuple[str, str], MeasuringPoint]
    is_over: bool

    def phase(self, at: datetime) -> str:
        """The phase that had begun last at that moment; empty for none."""
        inside = current(event for event in self.history if event.at <= at)
        return next(reversed(inside), "")

    def last_phase(self, end: datetime) -> str:
        """The phase on the last day: of a participation that is over, the one before its end."""
        if self.is_over and self.enrolment.ended_at is not None:
            return self.phase(self.enrolment.ended_at - timedelta(microseconds=1))
        return self.phase(end)


@dataclass(frozen=True, slots=True)
class Collected:
    """Everything that is known for a study. `end` is the first moment after its last day."""

    study: Study
    programme: Programme
    evaluation: Evaluation
    packs: tuple[Pack, ...]
    cases: tuple[Case, ...]
    answers: Mapping[int, Sequence[tuple[str, str | None]]]
    scores: Mapping[int, Sequence[ScoreRecord]]
    end: datetime


#: More about participations: variables, and their values for each case, in the order of the cases.
Added = tuple[tuple[Variable, ...], Sequence[tuple[Value, ...]]]
#: Whoever knows more about participations than is known here, such as how things turned out.
Extra = Callable[[UnitOfWork, Collected], Added]


class Pseudonyms:
    """Names of people within one study: random to everybody who does not have its secret."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def of(self, enrolment: Enrolment) -> str:
        """The person's pseudonym, the same in every export with the same secret."""
        who = f"{enrolment.agency_id}:{enrolment.participant_id}".encode()
        digest = hmac.digest(self._secret, who, hashlib.sha256)
        return base64.b32encode(digest).decode().lower()[:_LETTERS]


def collect(
    uow: UnitOfWork,
    rules: Rulebook,
    study: Study,
    packs: Mapping[str, Pack],
    now: datetime,
    *,
    with_answers: bool = True,
) -> Collected:
    """Read everything. Raises `NotFound` for a programme that is not there or has no evaluation."""
    zone = rules.hours[study.agency_id].zone
    end = at_wall(study.until + _DAY, time.min, zone)
    programme = _programme(uow, study, end)
    if programme.evaluation is None:
        raise NotFound(f"the programme '{study.programme}' has no evaluation")
    evaluation = programme.evaluation
    everybody = uow.casework.measuring.enrolments(study.agency_id, study.programme)
    begun = [one for one in everybody if one.began_at < end]
    agreed = _agreed(uow, rules, evaluation.consent, begun, (end, now))
    cases = tuple(_cases(uow, study, [one for one in begun if one.participant_id in agreed], end))
    runs = {row.run_id for case in cases for row in case.rows.values() if row.run_id is not None}
    return Collected(
        study=study,
        programme=programme,
        evaluation=evaluation,
        packs=tuple(packs[name] for name in evaluation.instruments if name in packs),
        cases=cases,
        answers=uow.casework.measuring.answers(runs if with_answers else (), end),
        scores=uow.casework.measuring.scores(runs, end),
        end=end,
    )


def sheets(
    uow: UnitOfWork, rules: Rulebook, found: Collected, names: Pseudonyms, extras: Sequence[Extra] = ()
) -> tuple[Sheet, Sheet]:
    """The two tables: participations, and measuring points. Their order says nothing about people.

    `extras` add columns to the first.
    """
    gone = sorted({e.phase for case in found.cases for e in case.history if e.phase})
    phases = phases_of(found.programme, tuple(gone))
    zone = rules.hours[found.study.agency_id].zone
    variables, more = about_people(phases), [extra(uow, found) for extra in extras]
    people = [
        (*_person(found, case, names, phases, local(case.enrolment.began_at, zone).date()), *added)
        for case, added in zip(found.cases, _added(len(found.cases), more), strict=True)
    ]
    first = Sheet(
        name="people",
        title="Teilnahmen",
        variables=(*variables, *(variable for theirs, _ in more for variable in theirs)),
        rows=tuple(sorted(people, key=lambda row: row[:2])),
    )
    return first, _points(found, names, phases)


def _programme(uow: UnitOfWork, study: Study, end: datetime) -> Programme:
    """The version that was in force at the end of the day; the first if there was none yet."""
    all_of_it = [one for one in uow.programmes.editions(study.agency_id) if one.name == study.programme]
    if not all_of_it:
        raise NotFound(f"there is no programme '{study.programme}' installed")
    then = [one for one in all_of_it if one.published_at < end] or all_of_it[:1]
    return parse_programme(then[-1].source, f"{study.programme} version {then[-1].version}")


def _agreed(
    uow: UnitOfWork,
    rules: Rulebook,
    consent: str,
    begun: Sequence[Enrolment],
    moments: tuple[datetime, datetime],
) -> set[int]:
    """Who agrees now and agreed at the end of the day, as the texts are meant today."""
    end, now = moments
    found = set()
    for person, given in uow.talks.given_by({one.participant_id for one in begun}).items():
        then = [one for one in given if one.at < end]
        if all(
            holding(part, rules.book.meanings, at).get(consent, False)
            for part, at in ((then, end), (given, now))
        ):
            found.add(person)
    return found


def _cases(uow: UnitOfWork, study: Study, begun: Sequence[Enrolment], end: datetime) -> Iterator[Case]:
    history = uow.programmes.history([one.id for one in begun])
    rows: dict[int, dict[tuple[str, str], MeasuringPoint]] = {}
    for row in uow.casework.measuring.of_programme(study.agency_id, study.programme):
        if row.made_at < end:
            rows.setdefault(row.enrolment_id, {})[row.point, row.instrument] = _until(row, end)
    counted: dict[int, int] = {}
    for one in begun:
        counted[one.participant_id] = counted.get(one.participant_id, 0) + 1
        events = tuple(event for event in history.get(one.id, ()) if event.at < end)
        is_over = one.ended_at is not None and one.ended_at < end
        yield Case(one, counted[one.participant_id], events, rows.get(one.id, {}), is_over)


def _until(row: MeasuringPoint, end: datetime) -> MeasuringPoint:
    if row.answered_at is None or row.answered_at < end:
        return row
    return replace(row, run_id=None, answered_at=None)


def _person(
    found: Collected, case: Case, names: Pseudonyms, phases: Mapping[str, str], began: date
) -> tuple[Value, ...]:
    # While somebody is still there, the exact weeks until a known day would give their week of entry away.
    ended_at = case.enrolment.ended_at if case.is_over else None
    weeks = (ended_at - case.enrolment.began_at) // _WEEK if ended_at is not None else None
    return (
        names.of(case.enrolment),
        case.number,
        found.study.programme,
        f"{began.year}-Q{(began.month + 2) // 3}",
        coded(phases).get(case.last_phase(found.end)),
        int(case.is_over),
        weeks,
    )


def _added(count: int, more: Sequence[Added]) -> list[tuple[Value, ...]]:
    return [tuple(value for _, rows in more for value in rows[place]) for place in range(count)]


def _points(found: Collected, names: Pseudonyms, phases: Mapping[str, str]) -> Sheet:
    points = tuple(point.id for point in found.evaluation.points)
    instruments = [(pack, about_instrument(pack)) for pack in found.packs]
    variables = list(about_points(points, phases))
    for _, (when, asked) in instruments:
        variables += [*when, *(one.variable for one in asked)]
    rows: list[tuple[Value, ...]] = []
    for case in found.cases:
        for number, point in enumerate(points, start=1):
            there = [row for (name, _), row in case.rows.items() if name == point]
            if not there:
                continue
            at = min(row.answered_at or row.opens_at for row in there)
            row: list[Value] = [
                names.of(case.enrolment),
                case.number,
                number,
                coded(phases).get(case.phase(at)),
            ]
            for pack, (_, asked) in instruments:
                row += _run(found, case, case.rows.get((point, pack.id)), asked, pack)
            rows.append(tuple(row))
    rows.sort(key=lambda row: row[:3])
    return Sheet(name="points", title="Messpunkte", variables=tuple(variables), rows=tuple(rows))


def _run(
    found: Collected, case: Case, row: MeasuringPoint | None, asked: Sequence[Asked], pack: Pack
) -> Iterator[Value]:
    """Days, version, items and scores of one questionnaire; nothing but empty cells if there is no run."""
    given: dict[str, str | None] = {}
    scores: dict[str, ScoreRecord] = {}
    if row is not None and row.run_id is not None and row.answered_at is not None:
        for key, value in found.answers.get(row.run_id, ()):
            given[key.rpartition(".")[2]] = value
        scores = {one.rule: one for one in found.scores.get(row.run_id, ())}
    own = [one for rule, one in scores.items() if rule.partition(".")[0] == pack.id]
    is_there = row is not None and row.answered_at is not None and bool(given)
    yield (row.answered_at - case.enrolment.began_at).days if is_there and row and row.answered_at else None
    yield own[-1].version if own else None
    for one in asked:
        if one.rule:
            yield scores[one.rule].value if one.rule in scores else None
        else:
            yield _answer(pack, one.item, given.get(one.item))


def _answer(pack: Pack, item: str, value: str | None) -> Value:
    decoded: object = msgspec.json.decode(value) if value is not None else None
    answers = pack.items[item].answers
    if isinstance(answers, Options):
        return (
            answers.keys.index(decoded) + 1 if isinstance(decoded, str) and decoded in answers.keys else None
        )
    return decoded if isinstance(decoded, int) else None
