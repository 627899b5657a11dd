# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What staff keep for themselves in the console, and what its queue reads in one go."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import text

from bot.domain.concerns import Event, Level, State
from bot.domain.people import Role
from bot.domain.queue_views import Looking, SavedView, Wanted, Whose
from tests.storage.stores import AGENCY, HOUR, MINUTE, NOW, World

LATE = Wanted(Whose.MINE, Level.R3, State.OPEN, "uk")


def view(world: World, name: str = "Späte", *, number: int = 0, is_default: bool = False) -> SavedView:
    return SavedView(number, AGENCY, world.coach, name, LATE, is_default)


def test_views_are_kept_changed_and_dropped_by_their_own_staff_member_alone(world: World) -> None:
    first = world.do(lambda uow: uow.console.put_view(view(world)))
    second = world.do(lambda uow: uow.console.put_view(view(world, "Ruhige", is_default=True)))
    world.do(lambda uow: uow.console.put_view(view(world, "Frühe", number=first)))
    stranger = world.coach + 1
    world.do(lambda uow: uow.console.put_view(replace(view(world, "Fremd", number=first), staff_id=stranger)))
    assert world.do(lambda uow: uow.console.drop_view(stranger, first)) == 0
    kept = world.do(lambda uow: uow.console.views(world.coach))
    assert kept == [view(world, "Frühe", number=first), view(world, "Ruhige", number=second, is_default=True)]
    assert world.do(lambda uow: uow.console.drop_view(world.coach, first)) == 1
    assert len(world.do(lambda uow: uow.console.views(world.coach))) == 1
    read = text("SELECT name FROM saved_view")
    lies = bytes(world.do(lambda uow: uow.connection.execute(read).scalar_one()))  # type: ignore[attr-defined]
    assert b"Ruhige" not in lies


def test_who_has_a_case_open_is_known_until_it_is_over(world: World) -> None:
    karl = world.do(lambda uow: uow.people.add_staff(AGENCY, "Karl Kollege", Role.COACH, "", "de"))
    since = NOW - 2 * MINUTE
    for staff_id, at in ((world.coach, NOW - HOUR), (karl, NOW - MINUTE), (world.coach, NOW)):
        looking = Looking(AGENCY, 7, staff_id, at)
        world.do(lambda uow, one=looking: uow.console.look(one, since))
    found = world.do(lambda uow: uow.console.looking(7, since))
    assert {(one.staff_id, one.seen_at) for one in found} == {(karl, NOW - MINUTE), (world.coach, NOW)}
    assert world.do(lambda uow: uow.console.looking(8, since)) == []
    later = Looking(AGENCY, 8, karl, NOW + HOUR)
    world.do(lambda uow: uow.console.look(later, NOW + HOUR - 2 * MINUTE))
    assert world.do(lambda uow: uow.console.looking(7, since)) == []


def test_what_was_closed_of_late_comes_with_its_moment(world: World) -> None:
    numbers = [world.do(lambda uow: uow.concerns.add(world.concern())) for _ in range(4)]
    for number, days in zip(numbers, (30, 3, 1), strict=False):
        closed = world.do(lambda uow, n=number: uow.concerns.get(n))
        assert closed is not None
        closed = replace(closed, state=State.CLOSED, next_action_at=None)
        at = NOW - timedelta(days=days)
        world.do(lambda uow, c=closed: uow.concerns.save(c))
        world.do(lambda uow, n=number, t=at: uow.concerns.log(n, t, Event.CLOSE.value, "staff:1"))
    found = world.do(lambda uow: uow.concerns.closed_since(AGENCY, NOW - timedelta(days=14), 10))
    assert [(one.id, at) for one, at in found] == [
        (numbers[2], NOW - timedelta(days=1)),
        (numbers[1], NOW - timedelta(days=3)),
    ]
    assert len(world.do(lambda uow: uow.concerns.closed_since(AGENCY, NOW - timedelta(days=14), 1))) == 1
