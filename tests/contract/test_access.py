# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

from __future__ import annotations

from dataclasses import replace

from bot.domain.access import BrokenGlass
from bot.domain.concerns import State
from bot.domain.messages import Body, Kind
from bot.domain.people import Role
from bot.ports import UnitOfWork
from tests.storage.stores import AGENCY, HOUR, MINUTE, NOW, World


def test_who_looks_after_whom(world: World) -> None:
    assert world.do(lambda uow: uow.access.coach_of(world.participant)) == world.coach
    assert world.do(lambda uow: uow.access.coach_of(99)) is None
    assert world.do(lambda uow: uow.access.coaches(AGENCY)) == {world.participant: world.coach}
    assert world.do(lambda uow: uow.access.coaches(2)) == {}


def test_who_was_called_for_what_is_open(world: World) -> None:
    def settle(uow: UnitOfWork) -> tuple[int, int]:
        other = uow.people.add_staff(AGENCY, "Dirk Dreher", Role.COACH, "", "de")
        number = uow.concerns.add(world.concern())
        draft = world.draft(
            Kind.STAFF_ALERT,
            address_id=world.coach_address,
            channel="telegram_staff",
            body=Body("Meldung R2"),
            participant_id=None,
            concern_id=number,
            staff_id=world.coach,
        )
        notice = replace(draft, kind=Kind.STAFF_NOTICE, staff_id=other)
        uow.outbox.post([draft, draft, notice], NOW)
        return number, other

    number, other = world.do(settle)
    assert world.do(lambda uow: uow.access.called(AGENCY, world.coach)) == {number}
    assert world.do(lambda uow: uow.access.called(AGENCY, other)) == frozenset()
    assert world.do(lambda uow: uow.access.called(2, world.coach)) == frozenset()
    world.do(lambda uow: uow.concerns.save(world.concern(id=number, state=State.CLOSED)))
    assert world.do(lambda uow: uow.access.called(AGENCY, world.coach)) == frozenset()


def test_a_glass_is_broken_until_its_moment_and_no_longer(world: World) -> None:
    new = BrokenGlass(0, AGENCY, world.coach, world.participant, "Anruf", NOW, NOW + HOUR)
    number = world.do(lambda uow: uow.access.break_glass(new))
    found = world.do(lambda uow: uow.access.glasses(world.coach, NOW + HOUR - MINUTE))
    assert found == [replace(new, id=number)]
    assert world.do(lambda uow: uow.access.glasses(world.coach, NOW + HOUR)) == []
    assert world.do(lambda uow: uow.access.glasses(world.coach + 1, NOW)) == []
