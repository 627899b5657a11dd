# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What is known about a person beyond one conversation: facts, scores, and since when."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import Table, delete

from bot.domain.consent import ConsentRecord, Purpose
from bot.domain.people import Standing
from bot.domain.scores import ScoreRecord
from bot.ports import Answer, UnitOfWork
from bot.storage.columns import Sealed
from bot.storage.tables import answer, participant_fact, score
from bot.storage.unit_of_work import SqlUnitOfWork
from tests.storage.stores import AGENCY, HOUR, MINUTE, NOW, World


def remember(world: World, name: str, value: str, person: int = 0) -> None:
    person = person or world.participant
    world.do(lambda uow: uow.memory.set_fact(AGENCY, person, name, value, NOW))


def neighbour(world: World) -> int:
    """A second person."""
    return world.do(lambda uow: uow.people.add_participant(AGENCY, Standing.ACTIVE, "de", world.coach))


def answered(world: World, person: int = 0) -> int:
    """A conversation that is over, with one answer."""
    person = person or world.participant

    def talk(uow: UnitOfWork) -> int:
        number = uow.talks.open_conversation(AGENCY, person, "checkin", "{}", NOW)
        given = Answer(person, number, "checkin", "mood", "mood", "4")
        uow.talks.add_answers(AGENCY, [given], NOW)
        uow.talks.end_conversation(number, "{}", "completed", NOW)
        return number

    return world.do(talk)


def computed(world: World, talk: int, value: int, **changes: object) -> ScoreRecord:
    values: dict[str, object] = {"band": "mild", "cutoffs": ("at_least_3", "at_least_5")}
    record = ScoreRecord(world.participant, talk, "phq4.total", 1, NOW, value=value)
    return replace(record, **(values | changes))  # type: ignore[arg-type]


def scores(world: World, rule: str = "phq4.total", version: int = 1, limit: int = 20) -> list[ScoreRecord]:
    return world.do(lambda uow: uow.memory.scores(world.participant, rule, version, limit))


def add_consent(record: ConsentRecord, uow: UnitOfWork) -> None:
    uow.talks.add_consent(AGENCY, record)


def test_a_fact_takes_the_place_of_what_was_known(world: World) -> None:
    for name, value in (("shoe_size", "41"), ("nickname", '"Möhre 🥕"'), ("shoe_size", "42")):
        remember(world, name, value)
    found = world.do(lambda uow: uow.memory.facts(world.participant))
    assert found == {"nickname": '"Möhre 🥕"', "shoe_size": "42"}


def test_facts_are_a_persons_own(world: World) -> None:
    other = neighbour(world)
    remember(world, "shoe_size", "41")
    remember(world, "shoe_size", "38", other)
    assert world.do(lambda uow: uow.memory.facts(world.participant)) == {"shoe_size": "41"}
    assert world.do(lambda uow: uow.memory.facts(other)) == {"shoe_size": "38"}


def test_scores_come_back_as_they_were(world: World) -> None:
    talk = answered(world)
    kept = [
        computed(world, talk, 0, band="", cutoffs=()),
        computed(world, talk, 7),
        ScoreRecord(
            world.participant,
            talk,
            "phq4.total",
            1,
            NOW + HOUR,
            reason="missing",
            items=("phq4_1", "phq4_3"),
        ),
    ]
    world.do(lambda uow: uow.memory.add_scores(AGENCY, kept[:2]))
    world.do(lambda uow: uow.memory.add_scores(AGENCY, kept[2:]))
    world.do(lambda uow: uow.memory.add_scores(AGENCY, []))
    assert scores(world) == kept


def test_a_changed_answer_replaces_only_the_newest_score_of_its_conversation(world: World) -> None:
    first, second = answered(world), answered(world)
    made = [computed(world, first, 3), computed(world, second, 4), computed(world, second, 5)]
    world.do(lambda uow: uow.memory.add_scores(AGENCY, [*made, replace(made[2], rule="phq4.anxiety")]))
    world.do(lambda uow: uow.memory.drop_score(made[2]))
    assert scores(world) == made[:2]
    assert len(scores(world, rule="phq4.anxiety")) == 1
    world.do(lambda uow: uow.memory.drop_score(replace(made[0], conversation_id=second + 1)))
    assert scores(world) == made[:2]


def test_a_history_is_one_persons_by_one_rule_of_one_version(world: World) -> None:
    other = neighbour(world)
    talk, others = answered(world), answered(world, other)
    mine = computed(world, talk, 5)
    world.do(
        lambda uow: uow.memory.add_scores(
            AGENCY,
            [
                mine,
                replace(mine, rule="phq4.anxiety"),
                replace(mine, version=2, value=6),
                replace(mine, participant_id=other, conversation_id=others, value=7),
            ],
        )
    )
    assert scores(world) == [mine]
    assert [record.value for record in scores(world, version=2)] == [6]
    assert scores(world, rule="phq9.total") == []


def test_only_the_newest_are_looked_at_and_the_oldest_comes_first(world: World) -> None:
    talk = answered(world)
    made = [computed(world, talk, number, at=NOW + number * MINUTE) for number in range(25)]
    world.do(lambda uow: uow.memory.add_scores(AGENCY, made))
    assert [record.value for record in scores(world)] == list(range(5, 25))
    assert [record.value for record in scores(world, limit=2)] == [23, 24]


def test_without_its_answers_a_score_does_not_count(world: World) -> None:
    first, second = answered(world), answered(world)
    made = [computed(world, first, 3), computed(world, second, 4)]
    world.do(lambda uow: uow.memory.add_scores(AGENCY, made))

    def forget(uow: UnitOfWork) -> None:
        assert isinstance(uow, SqlUnitOfWork)
        uow.connection.execute(delete(answer).where(answer.c.conversation_id == first))

    world.do(forget)
    assert scores(world) == [made[1]]


def test_since_when(world: World) -> None:
    def moments() -> list[object]:
        return world.do(
            lambda uow: [
                uow.memory.first_consent_at(world.participant, Purpose.CONTACT),
                uow.memory.last_answer_at(world.participant),
            ]
        )

    assert moments() == [None, None]
    for granted, hours, purpose in (
        (True, 0, Purpose.HEALTH_CHECKINS),
        (False, 1, Purpose.CONTACT),
        (True, 2, Purpose.CONTACT),
        (False, 3, Purpose.CONTACT),
        (True, 4, Purpose.CONTACT),
    ):
        record = ConsentRecord(
            world.participant, purpose, granted, "Ja", "1", "de", "telegram", NOW + hours * HOUR
        )
        world.do(partial(add_consent, record))
    answered(world)
    assert moments() == [NOW + 2 * HOUR, NOW]


@pytest.mark.parametrize(
    ("table", "names"), [(participant_fact, {"value"}), (score, {"value", "items"})], ids=["fact", "score"]
)
def test_what_they_say_is_sealed_for_its_place(table: Table, names: set[str]) -> None:
    sealed = {column.type.context for column in table.c if isinstance(column.type, Sealed)}
    assert sealed == {f"{table.name}.{name}" for name in names}


def test_nothing_of_it_lies_readable(world: World) -> None:
    talk = answered(world)
    remember(world, "nickname", '"Kanarienvogel"')
    left_out = ScoreRecord(
        world.participant, talk, "phq4.total", 1, NOW, reason="missing", items=("kanarienvogel",)
    )
    world.do(lambda uow: uow.memory.add_scores(AGENCY, [computed(world, talk, 11), left_out]))

    def raw(uow: UnitOfWork) -> list[bytes | None]:
        assert isinstance(uow, SqlUnitOfWork)
        # Past the column types, as somebody with the file or a dump sees it.
        rows = [
            *uow.connection.exec_driver_sql("SELECT value FROM participant_fact"),
            *uow.connection.exec_driver_sql("SELECT value FROM score"),
            *uow.connection.exec_driver_sql("SELECT items FROM score"),
        ]
        return [row[0] for row in rows]

    values = [bytes(value) for value in world.do(raw) if value is not None]
    assert len(values) == 4
    assert not any(b"anarienvogel" in value or b'"value"' in value for value in values)
