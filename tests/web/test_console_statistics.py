# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Figures of an evaluation: all that an evaluator sees, and nothing by which anybody could be found."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

from bot.domain.consent import ConsentRecord
from bot.domain.enrolments import Enrolment
from bot.domain.measuring import WINDOW, MeasuringPoint
from bot.domain.people import Role, Standing
from bot.domain.scores import ScoreRecord
from bot.house import DEFAULT_AGENCY as AGENCY
from bot.ports import Answer, UnitOfWork
from bot.services import change_programmes, enrolments
from dialogs.parse_programme import parse_programme
from tests.web.building import Building
from tests.web.test_console_calendar import enters, statements

HOME = "/console/statistics"
GECKO = """format: 1
programme: gecko
title: {de: Gecko, en: Gecko}
consents: [contact, evaluation]
phases:
  begin:
    title: {de: Ankommen, en: Arriving}
    entry: start
    dialogs: [welcome]
evaluation:
  consent: evaluation
  instruments: [who5]
  points:
    - {id: start, at: start}
    - {id: month_6, at: 6 months}
"""


def install(building: Building) -> None:
    assert parse_programme(GECKO, "gecko")
    now = building.clock.now()
    building.do(lambda uow: change_programmes.install(uow, building.rulebook, AGENCY, (GECKO, "gecko"), now))


def joins(building: Building, number: int, uow: UnitOfWork) -> None:
    """Somebody who agrees, and whose values rise by as much as their number."""
    now = building.clock.now()
    person = uow.people.add_participant(AGENCY, Standing.ACTIVE, "de", None, f"Person {number}")
    who = uow.plans.lock(person)
    assert who is not None
    enrolments.begin(uow, building.rulebook, who, "gecko", "command", now)
    (one,) = uow.programmes.of_participant(person)
    says = ("Ja", "t", "de", "web_chat", now)
    uow.talks.add_consent(AGENCY, ConsentRecord(person, "evaluation", True, *says))
    for point, value in (("start", 40), ("month_6", 40 + number)):
        answers(uow, one, (point, value), building)


def answers(uow: UnitOfWork, one: Enrolment, what: tuple[str, int], building: Building) -> None:
    person, now = one.participant_id, building.clock.now()
    talk = uow.talks.open_conversation(AGENCY, person, "measuring_who5", "{}", now)
    uow.talks.end_conversation(talk, "{}", "completed", now)
    uow.talks.add_answers(AGENCY, [Answer(person, talk, "measuring_who5", "q", "q.who_1", "3")], now)
    uow.memory.add_scores(AGENCY, [ScoreRecord(person, talk, "who5.index", 1, now, what[1])])
    row = MeasuringPoint(0, AGENCY, person, one.id, what[0], "who5", now, now + WINDOW, now)
    number = uow.casework.measuring.add(row)
    uow.casework.measuring.save(replace(row, id=number or 0, run_id=talk, answered_at=now))


async def test_an_evaluator_sees_this_and_nothing_else(building: Building) -> None:
    eva = await enters(building, "Eva Evalua", Role.EVALUATOR)
    await eva.open("/console/")
    assert "Ihre Aufgabe ist die Auswertung" in eva.words
    await eva.open(HOME)
    assert "sobald ein Programm mit Auswertung eingerichtet ist" in eva.words
    install(building)
    await eva.open(HOME)
    assert "sobald mindestens 5 Menschen zugestimmt haben" in eva.words
    for path in ("/console/people", "/console/team", "/console/admin"):
        await eva.open(path)
        assert eva.status == 404
    karl = await enters(building, "Karl Kollege", Role.COACH)
    await karl.open(HOME)
    assert karl.status == 404
    await eva.close()
    await karl.close()


async def test_figures_in_words_and_as_many_statements_for_many(building: Building) -> None:
    install(building)
    counts = []
    for few, many in ((0, 3), (3, 30)):
        for number in range(few, many):
            building.do(partial(joins, building, number))
        building.clock.advance(timedelta(days=1))
        lea = await enters(building, f"Lea Leitung {many}", Role.LEAD)
        counts.append(await statements(partial(lea.open, HOME)))
        words = lea.words
        await lea.close()
    assert counts[0] == counts[1]
    for said in ("Gecko", "Teilnahmen mit Zustimmung: 30", "Ankommen", "verdeckt", "+14,5", "+7,2 bis +21,8"):
        assert said in words, said
    assert "Person 1" not in words
