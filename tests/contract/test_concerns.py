# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

from __future__ import annotations

import asyncio
from dataclasses import fields, replace
from typing import cast

import pytest
from sqlalchemy import update

from bot.domain.concerns import Concern, Level, Outcome, QueueRow, State
from bot.domain.people import Standing
from bot.errors import NotFound
from bot.ports import UnitOfWork
from bot.services.escalate import TELL_KIND, TIMER_KIND
from bot.storage import tables
from bot.storage.columns import Sealed
from bot.storage.unit_of_work import SqlUnitOfWork
from tests.storage.stores import AGENCY, HOUR, MINUTE, NOW, World


def add(world: World, **changes: object) -> Concern:
    number = world.do(lambda uow: uow.concerns.add(world.concern(**changes)))
    found = world.do(lambda uow: uow.concerns.get(number))
    assert found is not None
    return found


def test_a_concern_comes_out_as_it_went_in(world: World) -> None:
    raised = world.concern(policy='{"a": "ä"}', rung=2, round=1, uncovered=True, next_step="anrufen")
    found = world.do(lambda uow: uow.concerns.get(uow.concerns.add(raised)))
    assert found is not None
    assert len(found.case_code) == 5
    assert found == replace(raised, id=found.id, case_code=found.case_code, language="de")
    assert world.do(lambda uow: uow.concerns.get(999)) is None


def test_a_saved_concern(world: World) -> None:
    first = add(world)
    closed = replace(
        first,
        level=Level.R3,
        state=State.CLOSED,
        next_action_at=None,
        owner_id=None,
        taken_by=world.coach,
        next_step="Anruf um drei",
        outcome=Outcome.REACHED,
        rung=3,
        round=2,
        uncovered=True,
        receipt_given=True,
    )
    world.do(lambda uow: uow.concerns.save(closed))
    assert world.do(lambda uow: uow.concerns.get(first.id)) == closed
    with pytest.raises(NotFound):
        world.do(lambda uow: uow.concerns.save(replace(first, id=999)))


def test_the_queue_lists_what_is_open_without_words(world: World) -> None:
    first = add(world, level=Level.R1, quote="Es geht nicht mehr.", next_step="anrufen", owner_id=world.coach)
    grave = add(world, level=Level.R3, uncovered=True)
    closed = add(world)
    world.do(lambda uow: uow.concerns.save(replace(closed, state=State.CLOSED, next_action_at=None)))
    rows = world.do(lambda uow: uow.concerns.queue(AGENCY))
    listed = {field.name for field in fields(QueueRow)}
    assert [{name: getattr(row, name) for name in listed} for row in rows] == [
        {name: getattr(one, name) for name in listed} for one in (grave, first)
    ]
    assert not any(isinstance(row, Concern) for row in rows)
    assert world.do(lambda uow: uow.concerns.several(rows)) == {grave.id: grave, first.id: first}
    assert world.do(lambda uow: uow.concerns.several([])) == {}
    assert world.do(lambda uow: uow.concerns.queue(AGENCY + 1)) == []


@pytest.mark.parametrize("change", [{"level": "R9"}, {"state": "lost"}])
def test_a_row_that_nobody_can_read_hides_no_other_and_is_there_to_be_taken(
    world: World, change: dict[str, str]
) -> None:
    other, strange = add(world, level=Level.R3), add(world, level=Level.R3, state=State.TAKEN)
    which = tables.concern.c.id == strange.id

    def plant(uow: UnitOfWork) -> None:
        cast("SqlUnitOfWork", uow).connection.execute(update(tables.concern).where(which).values(change))

    world.do(plant)
    as_it_is = replace(strange, state=State.OPEN) if "state" in change else strange
    assert {one.id for one in world.do(lambda uow: uow.concerns.queue(AGENCY))} == {other.id, strange.id}
    assert world.do(lambda uow: uow.concerns.get(strange.id)) == as_it_is
    assert world.do(lambda uow: uow.concerns.count_open()) == {(AGENCY, Level.R3): 2}
    assert world.do(lambda uow: uow.overview.open_by_age(AGENCY, [NOW])) == {Level.R3: (2, 0)}
    people = [world.participant]
    listed = world.do(lambda uow: uow.people_view.open_concerns(people))[world.participant]
    assert sorted(listed) == [(other.id, Level.R3), (strange.id, Level.R3)]


def test_an_outcome_that_does_not_exist_hides_no_other_case(world: World) -> None:
    closed = add(world, state=State.CLOSED, next_action_at=None)

    def plant(uow: UnitOfWork) -> None:
        cast("SqlUnitOfWork", uow).connection.execute(update(tables.concern).values(outcome="gone"))

    world.do(plant)
    assert world.do(lambda uow: uow.concerns.of_agency(AGENCY, open_only=False)) == [closed]


def test_where_and_when_it_was_raised_is_history(world: World) -> None:
    first = add(world)
    changed = replace(first, source="anders", raised_at=NOW + HOUR)
    world.do(lambda uow: uow.concerns.save(changed))
    assert world.do(lambda uow: uow.concerns.get(first.id)) == first


def test_a_raised_level_brings_its_own_reason(world: World) -> None:
    raised = replace(add(world), level=Level.R3, reason="suicide", quote="anders")
    world.do(lambda uow: uow.concerns.save(raised))
    assert world.do(lambda uow: uow.concerns.get(raised.id)) == raised


def test_a_reopened_concern_has_no_outcome_any_more(world: World) -> None:
    closed = replace(
        add(world), state=State.CLOSED, outcome=Outcome.NO_NEED, next_action_at=None, next_step="Anruf"
    )
    world.do(lambda uow: uow.concerns.save(closed))
    again = replace(closed, state=State.TAKEN, outcome=None, next_action_at=NOW, next_step="", policy="{}")
    world.do(lambda uow: uow.concerns.save(again))
    assert world.do(lambda uow: uow.concerns.get(closed.id)) == again
    assert world.do(lambda uow: uow.concerns.of_participant(world.participant)) == [again]


def test_what_staff_note_is_sealed_and_in_the_history_only(world: World) -> None:
    concern = add(world)
    words = "Wohnt bei der Schwester"
    world.do(lambda uow: uow.concerns.log(concern.id, NOW, "note", f"staff:{world.coach}", words))
    assert world.do(lambda uow: uow.concerns.history(concern.id)) == [
        (NOW, "note", f"staff:{world.coach}", words)
    ]
    assert isinstance(tables.concern_event.c.note.type, Sealed)
    lines = world.do(lambda uow: uow.talks.timeline(world.participant))
    assert words not in str(lines)


def test_the_history_keeps_its_order(world: World) -> None:
    first, other = add(world), add(world)
    events = [
        (NOW, "raised", "text", ""),
        (NOW, "take_over", "staff:1", "ruft an"),
        (NOW, "close", "staff:1", ""),
    ]
    for at, event, actor, note in events:
        world.do(lambda uow, e=(at, event, actor, note): uow.concerns.log(first.id, *e))  # type: ignore[misc]
    assert world.do(lambda uow: uow.concerns.history(first.id)) == events
    assert world.do(lambda uow: uow.concerns.history(other.id)) == []


def test_lists_of_concerns(world: World) -> None:
    quiet = add(world, level=Level.R1)
    mine = add(world, level=Level.R2, state=State.TAKEN, taken_by=world.coach)
    urgent = add(world, level=Level.R3, state=State.IN_HAND, taken_by=world.coach)
    done = add(world, level=Level.R3, state=State.CLOSED, taken_by=world.coach)
    other = world.do(lambda uow: uow.people.add_participant(AGENCY, Standing.ACTIVE, "de", None))
    elsewhere = add(world, participant_id=other, level=Level.R3)

    def read(uow: UnitOfWork) -> list[list[int]]:
        lists = (
            uow.concerns.of_participant(world.participant),
            uow.concerns.of_participant(world.participant, open_only=False),
            uow.concerns.of_agency(AGENCY),
            uow.concerns.of_agency(AGENCY, open_only=False),
            uow.concerns.of_agency(2),
            uow.concerns.taken_by(world.coach),
        )
        return [[concern.id for concern in found] for found in lists]

    assert world.do(read) == [
        [quiet.id, mine.id, urgent.id],
        [quiet.id, mine.id, urgent.id, done.id],
        [urgent.id, elsewhere.id, mine.id, quiet.id],
        [urgent.id, done.id, elsewhere.id, mine.id, quiet.id],
        [],
        [urgent.id, mine.id],
    ]
    counts = {(AGENCY, Level.R1): 1, (AGENCY, Level.R2): 1, (AGENCY, Level.R3): 2}
    assert world.do(lambda uow: uow.concerns.count_open()) == counts


@pytest.mark.parametrize(
    ("changes", "timer", "broken"),
    [
        ({}, "", 0),
        ({"next_action_at": None}, TIMER_KIND, 1),
        ({"next_action_at": NOW - HOUR}, "", 1),
        ({"next_action_at": NOW - HOUR}, TELL_KIND, 1),
        ({"next_action_at": NOW - HOUR}, TIMER_KIND, 0),
        ({"next_action_at": NOW - MINUTE}, "", 0),
        ({"next_action_at": None, "state": State.CLOSED}, "", 0),
        ({"next_action_at": None, "state": State.IN_HAND}, "", 1),
    ],
)
def test_concerns_that_break_the_promise(
    world: World, changes: dict[str, object], timer: str, broken: int
) -> None:
    concern = add(world, **changes)
    if timer:
        world.do(lambda uow: uow.timers.set(AGENCY, timer, concern.id, NOW, f"{timer}:{concern.id}"))
    assert world.do(lambda uow: uow.concerns.without_next_action(NOW)) == broken


async def test_of_two_who_take_over_at_once_one_sees_the_other(world: World) -> None:
    concern = add(world)

    def take(uow: UnitOfWork) -> bool:
        found = uow.concerns.get(concern.id)
        assert found is not None
        if found.taken_by is not None:
            return False
        uow.concerns.save(replace(found, state=State.TAKEN, taken_by=world.coach))
        return True

    won = await asyncio.gather(*(world.storage.run(take) for _ in range(10)))
    assert won.count(True) == 1
