# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Appointments, series and what waits for confirmation, on every store."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from bot.calendar_ports import Whose
from bot.domain.appointments import (
    Appointment,
    AppointmentKind,
    AppointmentState,
    Coming,
    Details,
    ReminderRule,
    Series,
)
from bot.domain.duty import Span
from bot.domain.people import Standing
from bot.errors import NotFound
from bot.ports import UnitOfWork
from bot.storage.unit_of_work import SqlUnitOfWork
from tests.storage.stores import AGENCY, HOUR, NOW, World

DETAILS = Details(
    "Musterstraße 1, Raum 12", "https://karte.example/1", "Frau Beispiel", "Herr Muster", "Ausweis"
)


def an_appointment(world: World, **changes: Any) -> Appointment:
    values: dict[str, Any] = {
        "id": 0,
        "agency_id": AGENCY,
        "participant_id": world.participant,
        "kind": AppointmentKind.OFFICIAL,
        "state": AppointmentState.AGREED,
        "starts_at": NOW + 48 * HOUR,
        "zone": "Europe/Berlin",
        "length": timedelta(minutes=45),
        "uid": "abc",
        "set_by": world.coach,
        "set_at": NOW,
        "changed_at": NOW,
        "details": DETAILS,
    }
    return Appointment(**(values | changes))


def a_series(world: World, **changes: Any) -> Series:
    values: dict[str, Any] = {
        "id": 0,
        "agency_id": AGENCY,
        "participant_id": world.participant,
        "kind": AppointmentKind.GROUP,
        "rule": "FREQ=WEEKLY;INTERVAL=1",
        "first_day": date(2026, 11, 24),
        "at": time(10, 30),
        "zone": "Europe/Berlin",
        "length": timedelta(minutes=90),
        "uid": "xyz",
        "set_by": world.coach,
        "set_at": NOW,
        "details": DETAILS,
        "last_day": date(2027, 1, 31),
    }
    return Series(**(values | changes))


def add(world: World, **changes: Any) -> int:
    number = world.do(lambda uow: uow.appointments.add(an_appointment(world, **changes)))
    assert number is not None
    return number


def get(world: World, number: int) -> Appointment | None:
    return world.do(lambda uow: uow.appointments.get(number))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"details": Details(), "reminders": ReminderRule((14, 1), morning=False)},
        {
            "state": AppointmentState.MOVED,
            "held_at": NOW + HOUR,
            "coming": Coming.UNSURE,
            "words": "lieber um 11",
        },
        {"told": True, "sequence": 3, "kind": AppointmentKind.MEDICAL},
    ],
)
def test_an_appointment_comes_back_as_it_was(world: World, changes: dict[str, Any]) -> None:
    number = add(world, **changes)
    assert get(world, number) == an_appointment(world, id=number, **changes)


def test_what_changes_is_saved_and_what_is_history_is_not(world: World) -> None:
    number = add(world)
    kept = get(world, number)
    assert kept is not None
    changed = replace(
        kept,
        state=AppointmentState.CANCELLED,
        starts_at=NOW + HOUR,
        changed_at=NOW + HOUR,
        details=Details("Haus 2"),
        coming=Coming.NO,
        words="Ich bin krank",
        told=True,
        sequence=4,
    )
    world.do(lambda uow: uow.appointments.save(replace(changed, uid="other", set_by=99)))
    assert get(world, number) == changed


def test_an_unknown_number(world: World) -> None:
    assert get(world, 99) is None
    with pytest.raises(NotFound):
        world.do(lambda uow: uow.appointments.save(an_appointment(world, id=99)))
    assert world.do(lambda uow: uow.appointments.series(99)) is None
    with pytest.raises(NotFound):
        world.do(lambda uow: uow.appointments.save_series(a_series(world, id=99)))


def test_whose_they_are_and_in_which_order(world: World) -> None:
    late, soon = add(world, starts_at=NOW + 9 * HOUR), add(world, starts_at=NOW + 2 * HOUR)
    add(world, starts_at=NOW - HOUR)
    cancelled = add(world, starts_at=NOW + 3 * HOUR, state=AppointmentState.CANCELLED)
    other = world.do(lambda uow: uow.people.add_participant(AGENCY, Standing.ACTIVE, "de", None))
    add(world, participant_id=other, starts_at=NOW + HOUR)
    theirs = world.do(lambda uow: uow.appointments.of_participant(world.participant, NOW))
    assert [one.id for one in theirs] == [soon, cancelled, late]
    own, ahead = Whose(AGENCY, frozenset({world.coach})), Span(NOW, NOW + 10 * HOUR)
    states = [AppointmentState.PROPOSED, AppointmentState.AGREED, AppointmentState.MOVED]
    mine = world.do(lambda uow: uow.calendars.between(own, ahead, states, 10))
    assert [one.id for one in mine] == [soon, late], "open ones, of one's own people"
    assert len(world.do(lambda uow: uow.calendars.between(own, ahead, states, 1))) == 1


def test_a_series_makes_a_day_once(world: World) -> None:
    series = world.do(lambda uow: uow.appointments.add_series(a_series(world)))
    second = add(world, series_id=series, series_day=date(2026, 12, 1))
    first = add(world, series_id=series, series_day=date(2026, 11, 24))
    again = an_appointment(world, series_id=series, series_day=date(2026, 12, 1))
    assert world.do(lambda uow: uow.appointments.add(again)) is None
    found = world.do(lambda uow: uow.appointments.of_series(series))
    assert [(one.id, one.series_day) for one in found] == [
        (first, date(2026, 11, 24)),
        (second, date(2026, 12, 1)),
    ]
    assert add(world) != add(world), "single ones stand beside each other"


async def test_two_workers_make_a_day_once(world: World) -> None:
    series = world.do(lambda uow: uow.appointments.add_series(a_series(world)))
    new = an_appointment(world, series_id=series, series_day=date(2026, 12, 1))

    def make(uow: UnitOfWork) -> int | None:
        return uow.appointments.add(new)

    made = await asyncio.gather(*(world.storage.run(make) for _ in range(10)))
    assert len([number for number in made if number is not None]) == 1


@pytest.mark.parametrize("changes", [{}, {"last_day": None, "count": 10, "reminders": ReminderRule((1,))}])
def test_a_series_comes_back_as_it_was(world: World, changes: dict[str, Any]) -> None:
    number = world.do(lambda uow: uow.appointments.add_series(a_series(world, **changes)))
    kept = world.do(lambda uow: uow.appointments.series(number))
    assert kept == a_series(world, id=number, **changes)
    made = replace(kept, made_until=date(2027, 1, 19), is_cancelled=True)
    world.do(lambda uow: uow.appointments.save_series(made))
    assert world.do(lambda uow: uow.appointments.series(number)) == made


def test_an_entry_is_taken_once_and_only_by_whoever_typed_it(world: World) -> None:
    def keep(typed: str) -> int:
        return world.do(lambda uow: uow.appointments.keep_entry(AGENCY, world.coach, typed, NOW))

    def take(number: int, staff: int) -> str | None:
        return world.do(lambda uow: uow.appointments.take_entry(number, staff))

    old, new = keep("old"), keep("new")
    assert old != new
    assert take(old, world.coach) is None, "one at a time: the newest"
    assert take(new, world.coach + 1) is None
    assert take(new, world.coach) == "new"
    assert take(new, world.coach) is None


def test_no_content_lies_open(world: World) -> None:
    number = add(world, words="Mir geht es nicht gut", coming=Coming.NO)
    world.do(lambda uow: uow.appointments.add_series(a_series(world)))
    world.do(lambda uow: uow.appointments.keep_entry(AGENCY, world.coach, "Musterstraße 1", NOW))

    def raw(uow: UnitOfWork) -> str:
        assert isinstance(uow, SqlUnitOfWork)
        tables = ("appointment", "appointment_series", "appointment_entry")
        return repr(
            [[*row] for name in tables for row in uow.connection.execute(text(f"SELECT * FROM {name}"))]
        )

    rows = world.do(raw)
    assert number
    for word in ("Muster", "Beispiel", "karte.example", "Ausweis", "nicht gut", '"no"', "Musterstra"):
        assert word not in rows
