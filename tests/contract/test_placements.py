# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Internships and the hours worked in them, on each storage."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial

import msgspec
import pytest

from bot.domain.placements import EarlyEnd, Placement, PlacementTerms, WorkedWeek
from bot.domain.sharing import SharingAsk
from bot.errors import NotFound
from bot.ports import UnitOfWork
from tests.storage.stores import AGENCY, HOUR, NOW, World

TERMS = PlacementTerms(
    employer="Tischlerei Muster",
    shown_as="Mia",
    first_day=date(2026, 12, 1),
    last_day=date(2027, 1, 31),
    minutes=1200,
)


def enter(placement: Placement, worked: WorkedWeek, uow: UnitOfWork) -> None:
    uow.casework.placements.enter(placement, worked)


def test_an_internship_and_its_hours(world: World) -> None:
    ask = SharingAsk(0, AGENCY, world.participant, "Tischlerei Muster", "Tage", "x", world.coach, NOW)
    asked, anew = (world.do(lambda uow: uow.sharing.add(ask)) for _ in range(2))
    new = Placement(0, AGENCY, world.participant, asked, TERMS, world.coach, NOW, NOW)
    first = replace(new, id=world.do(lambda uow: uow.casework.placements.add(new)))
    second = replace(new, contact_id=world.coach)
    second = replace(second, id=world.do(lambda uow: uow.casework.placements.add(second)))
    assert world.do(lambda uow: uow.casework.placements.of_participant(world.participant)) == [first, second]
    assert world.do(lambda uow: uow.casework.placements.of_contact(world.coach)) == [second]
    assert world.do(lambda uow: uow.casework.placements.get(99)) is None
    ending = EarlyEnd(day=date(2026, 12, 24), reason="Der Weg war zu weit.")
    terms = msgspec.structs.replace(TERMS, times="Mo")
    ended = replace(
        first, terms=terms, ending=ending, contact_id=world.coach, ask_id=anew, changed_at=NOW + HOUR
    )
    world.do(lambda uow: uow.casework.placements.save(ended))
    assert world.do(lambda uow: uow.casework.placements.get(first.id)) == ended
    assert world.do(lambda uow: uow.casework.placements.of_contact(world.coach)) == [ended, second]
    with pytest.raises(NotFound):
        world.do(lambda uow: uow.casework.placements.save(replace(ended, id=99)))
    weeks = [WorkedWeek(date(2026, 12, day), 1200 + day, world.coach, NOW) for day in (7, 14)]
    for week in reversed(weeks):
        world.do(partial(enter, first, week))
    again = replace(weeks[0], minutes=0, entered_at=NOW + HOUR)
    world.do(partial(enter, first, again))
    worked = world.do(lambda uow: uow.casework.placements.worked([first.id, second.id]))
    assert worked == {first.id: [again, weeks[1]]}
    assert world.do(lambda uow: uow.casework.placements.worked([])) == {}
