# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Measuring points, and what was answered to them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, select, update

from bot.domain.enrolments import Enrolment
from bot.domain.measuring import MeasuringPoint
from bot.domain.scores import ScoreRecord
from bot.errors import NotFound
from bot.storage.evaluation_tables import measuring_point
from bot.storage.link import Link, by_dialect
from bot.storage.memory import SCORE, to_score
from bot.storage.programme_tables import enrolment
from bot.storage.programmes import ENROLMENT, to_enrolment
from bot.storage.tables import answer, score

_POINT = (
    *("id", "agency_id", "participant_id", "enrolment_id", "point", "instrument", "opens_at", "closes_at"),
    *("made_at", "asked_at", "run_id", "answered_at"),
)
_CHANGING = ("asked_at", "run_id", "answered_at")
_CHUNK = 500

_points: Select[Any] = select(*(measuring_point.c[name] for name in _POINT))
_in_order = _points.order_by(measuring_point.c.opens_at, measuring_point.c.id)
_one = _points.where(measuring_point.c.id == bindparam("which"))
_of_enrolment = _in_order.where(measuring_point.c.enrolment_id == bindparam("enrolment"))
_of_person = _in_order.where(measuring_point.c.participant_id == bindparam("person"))
_of_programme = (
    _points.join(enrolment, enrolment.c.id == measuring_point.c.enrolment_id)
    .where(enrolment.c.agency_id == bindparam("agency"), enrolment.c.programme == bindparam("named"))
    .order_by(measuring_point.c.id)
)
_add = by_dialect(
    measuring_point,
    lambda new: new.on_conflict_do_nothing(index_elements=["enrolment_id", "point", "instrument"]).returning(
        measuring_point.c.id
    ),
)
_save = update(measuring_point).where(measuring_point.c.id == bindparam("which"))
_enrolments = (
    select(*(enrolment.c[name] for name in ENROLMENT))
    .where(enrolment.c.agency_id == bindparam("agency"), enrolment.c.programme == bindparam("named"))
    .order_by(enrolment.c.id)
)
# As for trends: a score without the answers that it was made of no longer counts.
_has_answers = score.c.conversation_id.in_(select(answer.c.conversation_id))
_runs = (
    select(score.c.conversation_id, score.c.at, score.c.rule)
    .where(
        score.c.participant_id == bindparam("person"),
        score.c.value.is_not(None),
        score.c.at >= bindparam("since", type_=score.c.at.type),
        score.c.at < bindparam("until", type_=score.c.at.type),
        score.c.conversation_id.in_(
            select(answer.c.conversation_id).where(answer.c.participant_id == bindparam("person"))
        ),
    )
    .order_by(score.c.at, score.c.id)
)


class SqlMeasuring:
    """Implements `evaluation_ports.MeasuringPoints`."""

    __slots__ = ("_link",)

    def __init__(self, link: Link) -> None:
        self._link = link

    def add(self, new: MeasuringPoint) -> int | None:
        """Keep a point."""
        values = {name: getattr(new, name) for name in _POINT if name != "id"}
        row = self._link.upsert(_add, values).first()
        return None if row is None else int(row[0])

    def get(self, point_id: int) -> MeasuringPoint | None:
        """One of them."""
        row = self._link.execute(_one, {"which": point_id}).first()
        return None if row is None else MeasuringPoint(*row)

    def of_enrolment(self, enrolment_id: int) -> list[MeasuringPoint]:
        """All of one enrolment."""
        rows = self._link.execute(_of_enrolment, {"enrolment": enrolment_id})
        return [MeasuringPoint(*row) for row in rows]

    def of_participant(self, participant_id: int) -> list[MeasuringPoint]:
        """All of a person."""
        return [MeasuringPoint(*row) for row in self._link.execute(_of_person, {"person": participant_id})]

    def of_programme(self, agency_id: int, programme: str) -> list[MeasuringPoint]:
        """All of everybody in a programme."""
        rows = self._link.execute(_of_programme, {"agency": agency_id, "named": programme})
        return [MeasuringPoint(*row) for row in rows]

    def save(self, changed: MeasuringPoint) -> None:
        """Write down what may change."""
        values = {name: getattr(changed, name) for name in _CHANGING}
        if self._link.execute(_save.values(values), {"which": changed.id}).rowcount != 1:
            raise NotFound(f"there is no measuring point {changed.id}")

    def runs(
        self, participant_id: int, instrument: str, since: datetime, until: datetime
    ) -> list[tuple[int, datetime]]:
        """Conversations in which a questionnaire was answered."""
        values = {"person": participant_id, "since": since, "until": until}
        found: dict[int, datetime] = {}
        for run, at, rule in self._link.execute(_runs, values):
            if rule.partition(".")[0] == instrument:
                found.setdefault(run, at)
        return list(found.items())

    def enrolments(self, agency_id: int, programme: str) -> list[Enrolment]:
        """Everybody's in a programme."""
        rows = self._link.execute(_enrolments, {"agency": agency_id, "named": programme})
        return [to_enrolment(row) for row in rows]

    def answers(self, runs: Collection[int], before: datetime) -> Mapping[int, list[tuple[str, str | None]]]:
        """What was answered, by conversation."""
        found: dict[int, list[tuple[str, str | None]]] = {}
        wanted = select(answer.c.conversation_id, answer.c.key, answer.c.value).order_by(answer.c.id)
        for part in _parts(runs):
            some = wanted.where(answer.c.conversation_id.in_(part), answer.c.at < before)
            for run, key, value in self._link.execute(some):
                found.setdefault(run, []).append((key, value))
        return found

    def scores(self, runs: Collection[int], before: datetime) -> Mapping[int, list[ScoreRecord]]:
        """What was counted, by conversation."""
        found: dict[int, list[ScoreRecord]] = {}
        wanted = select(*(score.c[name] for name in SCORE)).where(_has_answers).order_by(score.c.id)
        for part in _parts(runs):
            some = wanted.where(score.c.conversation_id.in_(part), score.c.at < before)
            for row in self._link.execute(some):
                record = to_score(*row)
                found.setdefault(record.conversation_id, []).append(record)
        return found


def _parts(runs: Collection[int]) -> Iterator[list[int]]:
    """A statement has room for so many numbers."""
    numbers = sorted(runs)
    return (numbers[start : start + _CHUNK] for start in range(0, len(numbers), _CHUNK))
