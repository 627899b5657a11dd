# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Invitations of the console, from the wish to whoever comes in by them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TypeVar

import pytest

from bot.domain.concerns import Level
from bot.domain.invitations import Card, CardState, typed_code
from bot.domain.people import Role, Staff, Standing
from bot.house import DEFAULT_AGENCY
from bot.ports import UnitOfWork
from bot.services import change_programmes, invitation_cards
from bot.services.access import Guard
from bot.services.invitation_cards import Fault, Wish
from dialogs.shipped import shipped_programmes
from tests.services.stage import Actor, Stage

T = TypeVar("T")


def does(stage: Stage, actor: Actor, deed: Callable[[UnitOfWork, Guard, Staff], T]) -> T:
    def carry_out(uow: UnitOfWork) -> T:
        staff = uow.people.staff(actor.id)
        assert staff is not None
        return deed(uow, Guard(uow, stage.rules, staff, stage.now), staff)

    return stage.run(carry_out)


def make(stage: Stage, actor: Actor, wish: Wish) -> list[Card] | list[Fault]:
    return does(
        stage,
        actor,
        lambda uow, guard, staff: invitation_cards.make(uow, stage.rules, (guard, staff), wish, stage.now),
    )


def made(stage: Stage, actor: Actor, wish: Wish) -> Card:
    [card] = make(stage, actor, wish)
    assert isinstance(card, Card)
    return card


def cards(stage: Stage, actor: Actor) -> list[Card]:
    return does(stage, actor, invitation_cards.listed)


def withdrawn(stage: Stage, actor: Actor, card: Card) -> Card | None:
    return does(
        stage,
        actor,
        lambda uow, guard, staff: invitation_cards.withdraw(uow, guard, staff, card.id, stage.now),
    )


def enrolled(stage: Stage) -> int:
    return len(stage.run(lambda uow: uow.people.participants(DEFAULT_AGENCY)))


def test_a_card_for_one_lets_one_in_and_forgets_its_code(stage: Stage, berta: Actor) -> None:
    card = made(stage, berta, Wish(berta.id, "de", note="Sprechstunde"))
    for name in ("erste", "zweite"):
        stage.person(name).starts(card.code)
    [seen] = cards(stage, berta)
    assert (seen.opened, seen.code, seen.note) == (1, "", "Sprechstunde")
    assert seen.state(stage.now) is CardState.USED
    assert enrolled(stage) == 1


def test_a_door_lets_in_as_many_as_were_said_and_counts_each_once(stage: Stage, berta: Actor) -> None:
    card = made(stage, berta, Wish(berta.id, "de", most=2))
    mia = stage.person("mia")
    for _ in range(3):
        mia.starts(card.code)
    assert [one.opened for one in cards(stage, berta)] == [1]
    for name in ("zweite", "dritte"):
        stage.person(name).starts(card.code)
    [seen] = cards(stage, berta)
    assert (seen.opened, seen.state(stage.now)) == (2, CardState.USED)
    assert enrolled(stage) == 2


def install(stage: Stage, *names: str) -> None:
    for name in names:
        file = (shipped_programmes()[name], name)
        stage.run(
            partial(
                change_programmes.install,
                rules=stage.rules,
                agency_id=DEFAULT_AGENCY,
                file=file,
                now=stage.now,
            )
        )


@pytest.mark.parametrize(
    ("programme", "most", "begins"),
    [
        ("kopra", 2, "Hier können Sie sagen, dass Sie mit einem Menschen"),
        ("kopra", 1, "in Kontakt bleiben"),
        ("gecko", 2, "in Kontakt bleiben"),
        ("", 2, "in Kontakt bleiben"),
    ],
)
def test_a_door_begins_with_the_open_door_where_the_programme_names_it(
    stage: Stage, berta: Actor, programme: str, most: int, begins: str
) -> None:
    install(stage, *filter(None, [programme]))
    card = made(stage, berta, Wish(berta.id, "de", programme, most=most))
    mia = stage.person("mia")
    mia.starts(card.code)
    said = [body.text for body in stage.ears.pop((mia.channel, mia.address))]
    assert any(begins in text for text in said), said


def test_at_the_open_door_a_wish_reaches_the_coach_and_an_invitation_of_their_own_welcomes(
    stage: Stage, berta: Actor
) -> None:
    install(stage, "kopra")
    card = made(stage, berta, Wish(berta.id, "de", "kopra", most=5))
    mia = stage.person("mia")
    mia.starts(card.code)
    mia.starts(card.code)
    assert stage.concerns() == []
    mia.presses("Mit einem Menschen sprechen")
    mia.presses("Ja, gern")
    assert [(one.level, one.reason) for one in stage.concerns()] == [(Level.R1, "wants_to_join")]
    berta.hears("Meldung R1")
    mia.writes("0331 0000000, nachmittags")
    [person] = stage.run(lambda uow: uow.people.participants(DEFAULT_AGENCY))
    assert (person.standing, person.coach_id) == (Standing.INVITED, berta.id)
    mia.forgets()
    mia.starts(made(stage, berta, Wish(berta.id, "de", "kopra")).code)
    said = [body.text for body in stage.ears.pop((mia.channel, mia.address))]
    assert any("in Kontakt bleiben" in text for text in said), said


def test_a_door_that_is_withdrawn_or_too_old_lets_nobody_in(stage: Stage, berta: Actor) -> None:
    shut, old = (made(stage, berta, Wish(berta.id, "de", most=9, days=days)) for days in (30, 2))
    assert withdrawn(stage, berta, shut) == shut
    again = withdrawn(stage, berta, shut)
    assert again is not None
    assert again.state(stage.now) is CardState.WITHDRAWN
    stage.now += timedelta(days=2)
    for number, card in enumerate((shut, old)):
        stage.person(f"person {number}").starts(card.code)
    assert enrolled(stage) == 0
    states = {card.id: card.state(stage.now) for card in cards(stage, berta)}
    assert states == {shut.id: CardState.WITHDRAWN, old.id: CardState.OVER}


def test_coaches_have_their_own_cards_leads_all_and_notes_are_their_makers(
    stage: Stage, berta: Actor
) -> None:
    karl, lea = stage.staff("Karl Kollege"), stage.staff("Lea Lind", Role.LEAD)
    card = made(stage, lea, Wish(berta.id, "de", note="vom Aushang"))
    assert [one.note for one in cards(stage, lea)] == ["vom Aushang"]
    assert cards(stage, berta) == [replace(card, note="")]
    assert cards(stage, karl) == []
    assert withdrawn(stage, karl, card) is None
    found = does(
        stage, karl, lambda uow, guard, staff: invitation_cards.some(uow, guard, staff, [card.id], stage.now)
    )
    assert found == []
    assert make(stage, karl, Wish(berta.id, "de")) == [Fault.COACH]


@pytest.mark.parametrize(
    ("wish", "fault"),
    [
        (Wish(1, "xx"), Fault.LANGUAGE),
        (Wish(1, "de", programme="nirgends"), Fault.PROGRAMME),
        (Wish(1, "de", count=41), Fault.COUNT),
        (Wish(1, "de", count=-1), Fault.COUNT),
        (Wish(1, "de", most=501), Fault.MOST),
        (Wish(1, "de", days=0), Fault.DAYS),
        (Wish(1, "de", days=366), Fault.DAYS),
        (Wish(1, "de", note="x" * 121), Fault.NOTE),
    ],
)
def test_what_cannot_be_makes_nothing(stage: Stage, berta: Actor, wish: Wish, fault: Fault) -> None:
    assert make(stage, berta, replace(wish, coach_id=berta.id)) == [fault]
    assert cards(stage, berta) == []


def test_a_code_can_be_typed() -> None:
    codes = {typed_code(str(number)) for number in range(500)}
    assert len(codes) == 500
    letters = set("".join(codes))
    assert letters.isdisjoint("lo01")
    assert all(len(code) == 14 and code.isascii() and code == code.lower() for code in codes)
