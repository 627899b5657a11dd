# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Measuring points and what was answered to them, on every store."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from bot.domain.enrolments import Enrolment
from bot.domain.measuring import WINDOW, MeasuringPoint
from bot.domain.scores import ScoreRecord
from bot.errors import NotFound
from bot.ports import Answer, UnitOfWork
from tests.storage.stores import AGENCY, HOUR, NOW, World


def _run(rule: str, value: int | None, person: int, uow: UnitOfWork) -> int:
    talk = uow.talks.open_conversation(AGENCY, person, "measuring_who5", "{}", NOW)
    uow.talks.end_conversation(talk, "{}", "completed", NOW)
    uow.talks.add_answers(AGENCY, [Answer(person, talk, "measuring_who5", "q", "q.who_1", "3")], NOW)
    uow.memory.add_scores(
        AGENCY, [ScoreRecord(person, talk, rule, 1, NOW, value, reason="" if value else "missing")]
    )
    return talk


def test_points_are_there_once_and_know_their_answers(world: World) -> None:
    person = world.participant
    new_one = Enrolment(0, AGENCY, person, "gecko", 1, NOW)
    number = world.do(lambda uow: uow.programmes.enrol(new_one))
    assert number is not None
    new = MeasuringPoint(0, AGENCY, person, number, "start", "who5", NOW, NOW + WINDOW, NOW)
    first = world.do(lambda uow: uow.casework.measuring.add(new))
    assert first is not None
    assert world.do(lambda uow: uow.casework.measuring.add(new)) is None
    later = replace(new, point="month_6", opens_at=NOW + 2 * WINDOW, closes_at=NOW + 3 * WINDOW)
    second = world.do(lambda uow: uow.casework.measuring.add(later))
    rows = [replace(new, id=first), replace(later, id=second or 0)]
    for read in (
        lambda uow: uow.casework.measuring.of_enrolment(number),
        lambda uow: uow.casework.measuring.of_participant(person),
        lambda uow: uow.casework.measuring.of_programme(AGENCY, "gecko"),
    ):
        assert world.do(read) == rows
    assert world.do(lambda uow: uow.casework.measuring.of_programme(AGENCY, "kopra")) == []
    assert [one.id for one in world.do(lambda uow: uow.casework.measuring.enrolments(AGENCY, "gecko"))] == [
        number
    ]
    run = world.do(partial(_run, "who5.index", 60, person))
    world.do(partial(_run, "phq4.total", 3, person))
    empty = world.do(partial(_run, "who5.index", None, person))
    spans = {(NOW, NOW + HOUR): [(run, NOW)], (NOW - HOUR, NOW): []}
    for span, found in spans.items():
        assert world.do(partial(_found, person, span)) == found
    answered = replace(rows[0], run_id=run, answered_at=NOW, asked_at=NOW)
    world.do(lambda uow: uow.casework.measuring.save(answered))
    assert world.do(lambda uow: uow.casework.measuring.get(first)) == answered
    with pytest.raises(NotFound):
        world.do(lambda uow: uow.casework.measuring.save(replace(answered, id=999)))
    assert world.do(lambda uow: uow.casework.measuring.answers([run, empty], NOW)) == {}
    after = NOW + HOUR
    assert world.do(lambda uow: uow.casework.measuring.answers([run], after)) == {run: [("q.who_1", "3")]}
    scores = world.do(lambda uow: uow.casework.measuring.scores([run, empty], after))
    assert {talk: [one.value for one in theirs] for talk, theirs in scores.items()} == {
        run: [60],
        empty: [None],
    }


def _found(person: int, span: tuple[object, object], uow: UnitOfWork) -> list[tuple[int, object]]:
    return list(uow.casework.measuring.runs(person, "who5", *span))  # type: ignore[arg-type]
