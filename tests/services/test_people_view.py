# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Who is in whose list, in which order, and that a long list takes no more statements than a short one."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from typing import cast

import pytest

from bot.domain.concerns import Concern, Level, State
from bot.domain.consent import RESTRICTION, ConsentRecord
from bot.domain.people import Role, Staff, Standing
from bot.domain.scores import ScoreRecord
from bot.house import DEFAULT_AGENCY as AGENCY
from bot.ports import Answer, UnitOfWork
from bot.services.people_view import PACK, SCALE, Listing, Order, Whose, Wish, listing
from bot.storage.unit_of_work import SqlUnitOfWork
from tests.services.at_desk import is_away
from tests.services.stage import MONDAY, Actor, Stage

DAY = timedelta(days=1)


def staff(stage: Stage, actor: Actor) -> Staff:
    found = stage.run(lambda uow: uow.people.staff(actor.id))
    assert found is not None
    return found


def looks(stage: Stage, actor: Actor, wish: Wish | None = None) -> Listing:
    who = staff(stage, actor)
    return stage.run(lambda uow: listing(uow, stage.rules, who, wish or Wish(), stage.now))


def names(found: Listing) -> list[str]:
    return [row.name for row in found.rows]


def add(stage: Stage, coach: Actor | None, *people: str, language: str = "de") -> list[int]:
    coach_id = coach.id if coach else None

    def join(uow: UnitOfWork) -> list[int]:
        return [
            uow.people.add_participant(AGENCY, Standing.ACTIVE, language, coach_id, name) for name in people
        ]

    return stage.run(join)


def check_in(stage: Stage, person: int, *values: int) -> None:
    version = stage.rules.book.packs[PACK].version

    def settle(uow: UnitOfWork) -> None:
        for value in values:
            talk = uow.talks.open_conversation(AGENCY, person, "mood", "{}", stage.now)
            uow.talks.end_conversation(talk, "{}", "done", stage.now)
            uow.talks.add_answers(AGENCY, [Answer(person, talk, "mood", "a", "mood", "1")], stage.now)
            record = ScoreRecord(person, talk, f"{PACK}.{SCALE}", version, stage.now, value)
            uow.memory.add_scores(AGENCY, [record])

    stage.run(settle)


def concern(stage: Stage, person: int, level: Level, note_at: timedelta | None = None) -> None:
    def settle(uow: UnitOfWork) -> None:
        new = Concern(
            *(0, AGENCY, person, level, "text", "wrote", State.OPEN, stage.now, None, stage.now + DAY),
            policy='{"rungs": []}',
        )
        number = uow.concerns.add(new)
        if note_at is not None:
            uow.concerns.log(number, stage.now - note_at, "note", "staff:1", "Angerufen")

    stage.run(settle)


def test_whose_people_are_in_which_list(stage: Stage, berta: Actor) -> None:
    karl, lea = stage.staff("Karl Kollege"), stage.staff("Lea Leitung", Role.LEAD)
    admin = stage.staff("Ada Admin", Role.ADMIN)
    add(stage, berta, "Mia Muster", "Bernd Beispiel")
    add(stage, karl, "Käthe Karlsen")
    add(stage, None, "Otto Ohne")
    stage.run(lambda uow: uow.people.change_staff(karl.id, deputy_id=berta.id))

    def seen(actor: Actor) -> list[list[str]]:
        return [sorted(names(looks(stage, actor, Wish(whose)))) for whose in Whose]

    assert seen(berta) == [["Bernd Beispiel", "Mia Muster"], [], ["Otto Ohne"], []]
    assert seen(lea) == [
        [],
        [],
        ["Otto Ohne"],
        ["Bernd Beispiel", "Käthe Karlsen", "Mia Muster", "Otto Ohne"],
    ]
    assert seen(admin) == [[], [], [], []]
    is_away(stage, karl, stage.now + DAY)
    found = looks(stage, berta, Wish(Whose.STANDING_IN))
    assert names(found) == ["Käthe Karlsen"]
    assert found.counts == {Whose.MINE: 2, Whose.STANDING_IN: 1, Whose.POOL: 1, Whose.TEAM: 0}
    stage.now += 2 * DAY
    assert names(looks(stage, berta, Wish(Whose.STANDING_IN))) == [], "from the moment at which Karl is back"
    assert names(looks(stage, lea, Wish(Whose.TEAM, coach_id=karl.id))) == ["Käthe Karlsen"]


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        (Wish(), ["Bernd Beispiel", "Şule Muster", "Mia Muster"]),
        (Wish(order=Order.CONCERNS), ["Şule Muster", "Mia Muster", "Bernd Beispiel"]),
        (Wish(order=Order.NAME), ["Bernd Beispiel", "Mia Muster", "Şule Muster"]),
        (Wish(order=Order.APPOINTMENT), ["Mia Muster", "Bernd Beispiel", "Şule Muster"]),
        (Wish(order=Order.MONTH), ["Mia Muster", "Bernd Beispiel", "Şule Muster"]),
        (Wish(language="tr"), ["Şule Muster"]),
        (Wish(words="MUST"), ["Şule Muster", "Mia Muster"]),
        (Wish(words="niemand"), []),
        (Wish(quiet_days=7), ["Bernd Beispiel", "Şule Muster"]),
        (Wish(is_paused=True), ["Bernd Beispiel"]),
        (Wish(page=99), ["Bernd Beispiel", "Şule Muster", "Mia Muster"]),
    ],
)
def test_orders_and_what_a_list_can_be_asked(
    stage: Stage, berta: Actor, wish: Wish, expected: list[str]
) -> None:
    mia, bernd = add(stage, berta, "Mia Muster", "Bernd Beispiel")
    (sule,) = add(stage, berta, "Şule Muster", language="tr")
    concern(stage, mia, Level.R1, note_at=2 * DAY)
    concern(stage, sule, Level.R3, note_at=10 * DAY)
    stage.run(lambda uow: uow.people.change_participant(bernd, paused_until=stage.now + DAY))
    assert names(looks(stage, berta, wish)) == expected


def test_a_case_code_finds_its_person_and_nobody_is_found_through_a_name_that_may_not_be_seen(
    stage: Stage, berta: Actor
) -> None:
    (mia,) = add(stage, berta, "Mia Muster")
    code = stage.run(lambda uow: uow.people.participants_by([mia])[mia].case_code)
    assert names(looks(stage, berta, Wish(words=code.lower()))) == ["Mia Muster"]
    karl = stage.staff("Karl Kollege")
    for whose in Whose:
        assert looks(stage, karl, Wish(whose, words="Mia")).rows == []


def test_what_is_only_kept_is_not_shown(stage: Stage, berta: Actor) -> None:
    (mia,) = add(stage, berta, "Mia Muster")
    check_in(stage, mia, 4, 6, 5)
    (row,) = looks(stage, berta).rows
    assert (list(row.values), row.answered_at, row.is_restricted) == ([4, 6, 5], MONDAY, False)
    record = ConsentRecord(mia, RESTRICTION, True, "", "participant", "de", "web_chat", stage.now)
    stage.run(lambda uow: uow.talks.add_consent(AGENCY, record))
    (row,) = looks(stage, berta).rows
    assert (list(row.values), row.answered_at, row.is_restricted) == ([], None, True)


@pytest.mark.parametrize("order", Order)
def test_thirty_people_take_as_many_statements_as_three(stage: Stage, berta: Actor, order: Order) -> None:
    who, seen = staff(stage, berta), list[str]()
    wish = Wish(order=order, words="m", quiet_days=0)

    def count() -> int:
        def traced(uow: UnitOfWork) -> int:
            assert isinstance(uow, SqlUnitOfWork)
            driver = cast("sqlite3.Connection", uow.connection.connection.dbapi_connection)
            seen.clear()
            driver.set_trace_callback(seen.append)
            try:
                return len(listing(uow, stage.rules, who, wish, stage.now).rows)
            finally:
                driver.set_trace_callback(None)

        assert stage.run(traced) == people
        return len(seen)

    def come(number: int) -> None:
        for person in add(stage, berta, *(f"Mensch {one}" for one in range(number))):
            check_in(stage, person, 3, 4, 5)
            concern(stage, person, Level.R1)
        # As after a restart: no key of anybody is at hand.
        stage.run(lambda uow: cast("SqlUnitOfWork", uow)._link.seals._held.clear())

    people = 3
    come(3)
    few = count()
    people = 30
    come(27)
    assert count() == few
