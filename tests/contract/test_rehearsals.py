# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Rehearsals and who has one in hand, on every store."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from bot.domain.rehearsals import Rehearsal, RehearsalFault, RehearsalState, RehearsalWish
from bot.ports import UnitOfWork
from bot.services import rehearsals
from tests.storage.stores import AGENCY, MINUTE, NOW, World

WISH = RehearsalWish("gecko", 0, people=2, months=1, staff=1, against_staff=2, language="en")
LEASE = timedelta(seconds=90)
S = RehearsalState


def asked(world: World, agency: int = AGENCY) -> int:
    new = Rehearsal(0, agency, world.coach, NOW, WISH)
    return world.do(lambda uow: uow.casework.rehearsals.add(new))


def get(world: World, number: int) -> Rehearsal:
    found = world.do(lambda uow: uow.casework.rehearsals.get(number))
    assert found is not None
    return found


def claim(world: World, after: timedelta = timedelta()) -> Rehearsal | None:
    job = world.do(lambda uow: rehearsals.claim(uow, NOW + after, LEASE))
    if job is None:
        return None
    assert "programme: gecko" in job.source
    return job.rehearsal


def test_what_was_asked_for_is_kept_and_belongs_to_one_agency(world: World) -> None:
    number = asked(world)
    one = get(world, number)
    assert one == Rehearsal(number, AGENCY, world.coach, NOW, WISH)

    def listed(uow: UnitOfWork) -> list[list[Rehearsal]]:
        return [uow.casework.rehearsals.of_agency(agency) for agency in (AGENCY, AGENCY + 1)]

    assert world.do(listed) == [[one], []]
    assert world.do(lambda uow: uow.casework.rehearsals.drop(AGENCY + 1, number)) == 0
    assert world.do(lambda uow: uow.casework.rehearsals.drop(AGENCY, number)) == 1
    assert world.do(lambda uow: uow.casework.rehearsals.get(number)) is None


def test_one_runs_at_a_time_in_the_whole_installation(world: World) -> None:
    first, second = asked(world), asked(world, AGENCY + 1)
    mine = claim(world)
    assert mine is not None
    assert (mine.id, mine.tries, mine.state) == (first, 1, S.RUNNING)
    assert claim(world, MINUTE) is None
    assert world.do(lambda uow: rehearsals.finish(uow, mine, "<p>ä</p>", NOW + MINUTE))
    done = get(world, first)
    assert (done.state, done.ended_at, done.lease_until) == (S.DONE, NOW + MINUTE, None)
    assert world.do(lambda uow: uow.casework.rehearsals.report(first)) == "<p>ä</p>"
    next_one = claim(world, MINUTE)
    assert next_one is not None
    assert next_one.id == second


def test_after_a_crash_it_is_begun_once_more_and_then_has_failed(world: World) -> None:
    number, second = asked(world), asked(world)
    before = claim(world)
    assert before is not None
    assert world.do(lambda uow: rehearsals.hold(uow, before, NOW + MINUTE, LEASE))
    assert claim(world, 2 * MINUTE) is None
    again = claim(world, 3 * MINUTE)
    assert again is not None
    assert (again.id, again.tries) == (number, 2)
    # Whoever had it before and lives after all neither keeps it nor writes anything down.
    assert not world.do(lambda uow: rehearsals.hold(uow, before, NOW + 4 * MINUTE, LEASE))
    assert not world.do(lambda uow: rehearsals.finish(uow, before, "too late", NOW + 4 * MINUTE))
    after = claim(world, 10 * MINUTE)
    assert after is not None
    assert after.id == second
    failed = get(world, number)
    assert (failed.state, failed.fault) == (S.FAILED, RehearsalFault.STOPPED)


def test_a_process_that_ends_gives_it_back_and_that_is_no_try(world: World) -> None:
    number = asked(world)
    for _ in range(4):
        mine = claim(world)
        assert mine is not None
        assert world.do(partial(rehearsals.give_back, mine=mine))
        assert get(world, number) == Rehearsal(number, AGENCY, world.coach, NOW, WISH)


def test_a_clock_that_was_set_back_holds_nothing_up(world: World) -> None:
    number = asked(world)
    first = claim(world, timedelta(days=1))
    again = claim(world)
    assert first is not None
    assert again is not None
    assert (again.id, again.tries) == (number, 2)


def test_a_version_that_is_not_there_is_no_reason_to_stand_still(world: World) -> None:
    gone = Rehearsal(
        0, AGENCY, world.coach, NOW, RehearsalWish("gone", 3, WISH.people, WISH.months, WISH.staff)
    )
    number = world.do(lambda uow: uow.casework.rehearsals.add(gone))
    assert claim(world) is None
    assert get(world, number).fault is RehearsalFault.PROGRAMME


def test_removed_while_it_runs_means_nobodys(world: World) -> None:
    number = asked(world)
    mine = claim(world)
    assert mine is not None
    world.do(lambda uow: uow.casework.rehearsals.drop(AGENCY, number))
    assert not world.do(lambda uow: rehearsals.fail(uow, mine, RehearsalFault.TOO_LONG, NOW))
