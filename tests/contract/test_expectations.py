# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What each side expects, by topic, and the sheets made of it, on each storage."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TypeVar

import pytest

from bot.domain.expectations import (
    Agreement,
    Said,
    Sheet,
    SheetSide,
    SheetTopic,
    Side,
    SideKind,
    Topic,
    TopicState,
)
from bot.domain.sharing import SharingAsk
from bot.errors import NotFound
from bot.expectation_ports import Expectations
from tests.contract.test_joint_appointments import an_appointment
from tests.storage.stores import AGENCY, HOUR, NOW, World

T = TypeVar("T")
SAID = Said(words="Drei Stunden sind genug.", day=date(2026, 11, 20), name="Klinik Musterstadt")


def do(world: World, act: Callable[[Expectations], T]) -> T:
    return world.do(lambda uow: act(uow.casework.expectations))


def test_topics_with_their_sides_and_sheets(world: World) -> None:
    person = world.participant
    new = Topic(0, AGENCY, person, TopicState.OPEN, "Arbeitsstunden pro Tag", world.coach, NOW, NOW)
    own = replace(new, headline="Der Weg dorthin", made_by=None)
    new = replace(new, appointment_id=an_appointment(world))
    first = replace(new, id=do(world, lambda kept: kept.add(new)))
    second = replace(own, id=do(world, lambda kept: kept.add(own)))
    assert do(world, lambda kept: kept.of_participant(person)) == [first, second]
    assert do(world, lambda kept: kept.get(99)) is None
    agreement = Agreement(
        words="Vier Stunden", day=date(2026, 11, 23), with_whom="alle zusammen", confirmed_on=NOW.date()
    )
    agreed = replace(first, state=TopicState.AGREED, agreement=agreement, changed_at=NOW + HOUR)
    do(world, lambda kept: kept.save(agreed))
    assert do(world, lambda kept: kept.get(first.id)) == agreed
    with pytest.raises(NotFound):
        do(world, lambda kept: kept.save(replace(agreed, id=99)))

    clinic = Side(0, AGENCY, person, first.id, SideKind.PARTNER, SAID, world.coach, NOW)
    clinic = replace(clinic, id=do(world, lambda kept: kept.put(clinic)))
    mine = Side(0, AGENCY, person, first.id, SideKind.PERSON, words_of("Vier."), None, NOW)
    mine = replace(mine, id=do(world, lambda kept: kept.put(mine)))
    assert do(world, lambda kept: kept.sides([first.id, second.id])) == {first.id: [mine, clinic]}
    later = replace(clinic, said=words_of("Fünf."), noted_at=NOW + HOUR)
    assert do(world, lambda kept: kept.put(later)) == clinic.id
    with pytest.raises(NotFound):
        do(world, lambda kept: kept.put(replace(later, id=99)))
    assert do(world, lambda kept: kept.sides([first.id])) == {first.id: [mine, later]}
    do(world, lambda kept: kept.take(mine.id))
    assert do(world, lambda kept: kept.sides([first.id])) == {first.id: [later]}

    ask = SharingAsk(0, AGENCY, person, "Klinik Musterstadt", "Blatt", "Gespräch", world.coach, NOW)
    asked = world.do(lambda uow: uow.sharing.add(ask))
    topics = (
        SheetTopic(headline="x", sides=(SheetSide(kind=SideKind.PARTNER, said=SAID),), agreement=agreement),
    )
    sheet = Sheet(0, AGENCY, person, asked, topics, world.coach, NOW)
    sheet = replace(sheet, id=do(world, lambda kept: kept.add_sheet(sheet)))
    do(world, lambda kept: kept.remove(first.id))
    assert do(world, lambda kept: kept.of_participant(person)) == [second]
    assert do(world, lambda kept: kept.sides([first.id])) == {}
    assert do(world, lambda kept: kept.sides([])) == {}
    assert do(world, lambda kept: kept.sheets(person)) == [sheet], "what was shown once stays as it was"


def words_of(words: str) -> Said:
    """Somebody's words, without a name."""
    return Said(words=words, day=date(2026, 11, 23))
