# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Absences, own hours, shifts, swaps and tests of reachability, on every store."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from sqlalchemy import text

from bot.domain.concerns import State
from bot.domain.duty import (
    Absence,
    Caseload,
    ReachTest,
    ShiftChange,
    ShiftPattern,
    Span,
    Swap,
    SwapState,
    Takeover,
)
from bot.domain.people import Role, Standing
from bot.errors import NotFound
from bot.ports import UnitOfWork
from bot.storage.unit_of_work import SqlUnitOfWork
from tests.storage.stores import AGENCY, HOUR, NOW, World

DAY = timedelta(days=1)
TUESDAY = date(2026, 11, 24)
OTHER = 2


def colleague(world: World, name: str = "Karl Beispiel", agency: int = AGENCY) -> int:
    return world.do(lambda uow: uow.people.add_staff(agency, name, Role.COACH, "", "de"))


def absence(world: World, first: int, last: int | None, deputy: int | None = None) -> Absence:
    until = None if last is None else NOW + last * DAY
    return Absence(0, AGENCY, world.coach, NOW + first * DAY, until, deputy)


def absences(world: World, after: int = 0) -> list[Absence]:
    return world.do(lambda uow: uow.duty.absences(AGENCY, NOW + after * DAY))


def test_absences_that_are_not_over(world: World) -> None:
    karl = colleague(world)

    def put(new: Absence) -> int:
        return world.do(lambda uow: uow.duty.put_absence(new))

    later, over = put(absence(world, 5, None, karl)), put(absence(world, -3, 0))
    soon = put(absence(world, 1, 3))
    assert [one.id for one in absences(world)] == [soon, later], "one that ends at this moment is over"
    assert [one.id for one in absences(world, -1)] == [over, soon, later]
    kept = absences(world)[1]
    assert kept == Absence(later, AGENCY, world.coach, NOW + 5 * DAY, None, karl)
    assert world.do(lambda uow: uow.duty.absences(OTHER, NOW)) == []


def test_absences_are_replaced_ended_dropped_and_forgotten(world: World) -> None:
    old = world.do(lambda uow: uow.duty.put_absence(absence(world, 1, 3)))
    new = world.do(lambda uow: uow.duty.put_absence(absence(world, 1, 9), [old]))
    assert [one.id for one in absences(world)] == [new]
    world.do(lambda uow: uow.duty.end_absence(new, NOW + 2 * DAY))
    assert [one.until for one in absences(world)] == [NOW + 2 * DAY]
    world.do(lambda uow: uow.duty.forget_absences(OTHER, NOW + 9 * DAY))
    world.do(lambda uow: uow.duty.forget_absences(AGENCY, NOW + 2 * DAY))
    assert [one.id for one in absences(world)] == [new]
    world.do(lambda uow: uow.duty.forget_absences(AGENCY, NOW + 3 * DAY))
    assert absences(world) == []
    dropped = world.do(lambda uow: uow.duty.put_absence(absence(world, 1, None)))
    world.do(lambda uow: uow.duty.forget_absences(AGENCY, NOW + 99 * DAY))
    assert [one.id for one in absences(world)] == [dropped], "one without an end is never over"
    world.do(lambda uow: uow.duty.drop_absence(dropped))
    world.do(lambda uow: uow.duty.drop_absence(dropped))
    assert absences(world) == []
    with pytest.raises(NotFound):
        world.do(lambda uow: uow.duty.end_absence(dropped, NOW))


def test_own_hours(world: World) -> None:
    karl = colleague(world)
    week = {0: (time(8), time(12, 30)), 3: (time(13), time(16))}
    world.do(lambda uow: uow.duty.set_week(AGENCY, karl, {1: (time(9), time(10))}))
    world.do(lambda uow: uow.duty.set_week(AGENCY, karl, week))
    assert world.do(lambda uow: uow.duty.weeks(AGENCY)) == {karl: week}
    assert world.do(lambda uow: uow.duty.weeks(OTHER)) == {}
    world.do(lambda uow: uow.duty.set_week(AGENCY, karl, {}))
    assert world.do(lambda uow: uow.duty.weeks(AGENCY)) == {}


def pattern(staff_id: int, last_day: date | None = None) -> ShiftPattern:
    rule = "FREQ=WEEKLY;BYDAY=TU"
    return ShiftPattern(0, AGENCY, staff_id, rule, TUESDAY, time(16), time(8), "Europe/Berlin", last_day)


def add_pattern(world: World, last_day: date | None = None) -> int:
    return world.do(lambda uow: uow.duty.add_pattern(pattern(world.coach, last_day)))


def test_patterns_and_changes_of_days(world: World) -> None:
    first, second = add_pattern(world), add_pattern(world, date(2027, 1, 5))
    karl = colleague(world)
    kept = world.do(lambda uow: uow.duty.patterns(AGENCY))
    assert [one.id for one in kept] == [first, second]
    assert kept[1] == replace(pattern(world.coach, date(2027, 1, 5)), id=second)
    assert (kept[0].begins, kept[0].ends, kept[0].last_day) == (time(16), time(8), None)
    world.do(lambda uow: uow.duty.end_pattern(first, TUESDAY))
    assert world.do(lambda uow: uow.duty.patterns(AGENCY))[0].last_day == TUESDAY
    with pytest.raises(NotFound):
        world.do(lambda uow: uow.duty.end_pattern(99, TUESDAY))
    for staff_id in (karl, None):
        world.do(lambda uow, s=staff_id: uow.duty.set_change(AGENCY, ShiftChange(first, TUESDAY, s)))
    world.do(lambda uow: uow.duty.set_change(AGENCY, ShiftChange(first, TUESDAY + 7 * DAY, karl)))
    found = world.do(lambda uow: uow.duty.changes(AGENCY, TUESDAY, TUESDAY + 6 * DAY))
    assert found == [ShiftChange(first, TUESDAY, None)], "the later change of a day counts, other days do not"
    assert world.do(lambda uow: uow.duty.changes(OTHER, TUESDAY, TUESDAY)) == []


def test_takeovers_that_touch_a_time(world: World) -> None:
    karl = colleague(world)
    early, late = Takeover(world.coach, Span(NOW, NOW + HOUR)), Takeover(karl, Span(NOW, NOW + 2 * HOUR))
    for one in (early, late):
        world.do(lambda uow, t=one: uow.duty.add_takeover(AGENCY, t))

    def touching(first: int, last: int, agency: int = AGENCY) -> list[Takeover]:
        during = Span(NOW + first * HOUR, NOW + last * HOUR)
        return world.do(lambda uow: uow.duty.takeovers(agency, during))

    assert touching(0, 1) == [early, late]
    assert touching(1, 2) == [late]
    assert touching(2, 3) == touching(-1, 0) == touching(0, 1, OTHER) == []


def test_a_swap_is_asked_once_a_shift(world: World) -> None:
    number, karl = add_pattern(world), colleague(world)
    new = Swap(0, AGENCY, number, TUESDAY, world.coach, karl)
    first = world.do(lambda uow: uow.duty.propose_swap(new, NOW))
    second = world.do(lambda uow: uow.duty.propose_swap(new, NOW + HOUR))
    states = [world.do(lambda uow, n=n: uow.duty.swap(n)) for n in (first, second)]
    assert [one.state for one in states if one] == [SwapState.WITHDRAWN, SwapState.PROPOSED]
    assert states[1] == Swap(second, AGENCY, number, TUESDAY, world.coach, karl)
    for staff_id in (new.from_id, new.to_id):
        asked = world.do(lambda uow, who=staff_id: uow.duty.open_swaps(who))
        assert [one.id for one in asked] == [second]
    world.do(lambda uow: uow.duty.save_swap(second, SwapState.ACCEPTED))
    assert world.do(lambda uow: uow.duty.open_swaps(new.to_id)) == []
    world.do(lambda uow: uow.duty.propose_swap(new, NOW))
    settled = world.do(lambda uow: uow.duty.swap(second))
    assert settled is not None
    assert settled.state is SwapState.ACCEPTED, "what is decided stays"
    assert world.do(lambda uow: uow.duty.swap(99)) is None
    with pytest.raises(NotFound):
        world.do(lambda uow: uow.duty.save_swap(99, SwapState.ACCEPTED))


def test_a_test_is_asked_missed_and_confirmed(world: World) -> None:
    way = world.coach_address

    def known() -> ReachTest:
        return world.do(lambda uow: uow.duty.reach_tests(AGENCY))[way]

    assert not world.do(lambda uow: uow.duty.confirm(way, NOW)), "nobody asked"
    world.do(lambda uow: uow.duty.ask(AGENCY, way, NOW))
    assert known() == ReachTest(way, NOW)
    assert known().is_open
    world.do(lambda uow: uow.duty.miss([way], NOW + DAY))
    world.do(lambda uow: uow.duty.ask(AGENCY, way, NOW + 7 * DAY))
    assert known() == ReachTest(way, NOW + 7 * DAY, None, NOW + DAY), "missed until somebody confirms"
    assert not known().is_open
    assert world.do(lambda uow: uow.duty.confirm(way, NOW + 8 * DAY))
    assert known() == ReachTest(way, NOW + 7 * DAY, NOW + 8 * DAY)
    assert not known().is_open
    assert world.do(lambda uow: uow.duty.reach_tests(OTHER)) == {}


def test_the_caseload_counts_people_once_and_open_concerns(world: World) -> None:
    karl = colleague(world)
    world.neighbours(2)

    def settle(uow: UnitOfWork) -> str:
        for state in (State.OPEN, State.TAKEN, State.CLOSED):
            uow.concerns.add(world.concern(state=state))
        uow.people.add_participant(AGENCY, Standing.STOPPED, "de", karl)
        for standing in (Standing.LEFT, Standing.VISITOR):
            uow.people.add_participant(AGENCY, standing, "de", karl)
            uow.people.add_participant(AGENCY, standing, "de", None)
        alone = uow.people.add_participant(AGENCY, Standing.ACTIVE, "de", None)
        return next(one.case_code for one in uow.people.participants(AGENCY) if one.id == alone)

    code = world.do(settle)
    assert world.do(lambda uow: uow.duty.caseload(AGENCY)) == [
        Caseload(world.coach, 3, 2),
        Caseload(karl, 1, 0),
    ]
    assert world.do(lambda uow: uow.duty.without_coach(AGENCY)) == [code]
    assert world.do(lambda uow: uow.duty.caseload(OTHER)) == []


async def test_leads_are_told_once(world: World) -> None:
    def tell(uow: UnitOfWork) -> bool:
        return uow.duty.first_time(AGENCY, "gap:1", NOW)

    told = await asyncio.gather(*(world.storage.run(tell) for _ in range(8)))
    assert sum(told) == 1
    assert world.do(lambda uow: uow.duty.first_time(OTHER, "gap:1", NOW))
    world.do(lambda uow: uow.duty.forget_told(AGENCY, "gap:1"))
    assert world.do(tell)
    assert not world.do(tell)


def test_what_holds_no_more_may_be_told_again(world: World) -> None:
    def tell(uow: UnitOfWork, *subjects: str) -> list[bool]:
        return [uow.duty.first_time(AGENCY, subject, NOW) for subject in subjects]

    told = ("gap:1", "gap:2", "gap_soon:2", "gapless:3", "shift:7:1")
    assert all(world.do(lambda uow: tell(uow, *told)))
    world.do(lambda uow: uow.duty.first_time(OTHER, "gap:1", NOW))
    world.do(lambda uow: uow.duty.forget_all_told_but(AGENCY, "gap_", ["gap:2"]))
    assert world.do(lambda uow: tell(uow, *told)) == [False, False, True, False, False]
    world.do(lambda uow: uow.duty.forget_all_told_but(AGENCY, "gap", []))
    assert world.do(lambda uow: tell(uow, *told)) == [True, True, True, True, False]
    assert not world.do(lambda uow: uow.duty.first_time(OTHER, "gap:1", NOW))


def test_whoever_has_left_is_never_called(world: World) -> None:
    assert world.do(lambda uow: uow.people.find_staff("telegram_staff", "900")) is not None
    world.do(lambda uow: uow.people.change_staff(world.coach, left_at=NOW))
    assert world.do(lambda uow: uow.people.find_staff("telegram_staff", "900")) is None
    assert world.do(lambda uow: uow.people.staff_addresses([world.coach])) == []
    kept = world.do(lambda uow: uow.people.all_staff(AGENCY))
    assert [one.left_at for one in kept] == [NOW], "their name stays in the histories"


def test_no_reason_is_kept_for_an_absence(world: World) -> None:
    world.do(lambda uow: uow.duty.put_absence(absence(world, 1, 3)))

    def columns(uow: UnitOfWork) -> set[str]:
        assert isinstance(uow, SqlUnitOfWork)
        return set(uow.connection.execute(text("SELECT * FROM absence")).keys())

    assert world.do(columns) == {"id", "agency_id", "staff_id", "since", "until", "deputy_id"}
