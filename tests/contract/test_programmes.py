# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.appointments import Appointment, AppointmentKind, AppointmentState
from bot.domain.delivery import SendState
from bot.domain.editions import Origin
from bot.domain.enrolments import Enrolment, Move, PhaseEvent, ProgrammeEdition, ProgrammeTask, TaskKind
from bot.domain.messages import Kind
from bot.errors import NotFound
from bot.ports import UnitOfWork
from tests.storage.stores import AGENCY, HOUR, NOW, World

DAY = timedelta(days=1)


def edition(name: str, version: int, agency: int = AGENCY) -> ProgrammeEdition:
    return ProgrammeEdition(agency, name, version, f"{name} {version}", "format: 1", Origin.ADMIN, NOW)


def enrol(world: World, programme: str = "gecko") -> Enrolment:
    new = Enrolment(0, AGENCY, world.participant, programme, 1, NOW, is_over_key=True)
    number = world.do(lambda uow: uow.programmes.enrol(new))
    assert number is not None
    return replace(new, id=number)


def test_versions_are_kept_for_each_agency_by_itself(world: World) -> None:
    """Two job centres in one installation: each has its own version of the same programme."""
    ours = [edition("gecko", 1), edition("gecko", 2), edition("pro-aktiv", 1)]
    theirs = [edition("pro-aktiv", number, AGENCY + 1) for number in (1, 2, 3)]
    world.do(lambda uow: [uow.programmes.publish(one) for one in (*theirs, *ours)])
    assert world.do(lambda uow: uow.programmes.versions_in_force(AGENCY)) == {"gecko": 2, "pro-aktiv": 1}
    assert world.do(lambda uow: uow.programmes.versions_in_force(AGENCY + 1)) == {"pro-aktiv": 3}
    assert world.do(lambda uow: uow.programmes.edition(AGENCY, "gecko", 1)) == ours[0]
    assert world.do(lambda uow: uow.programmes.edition(AGENCY, "gecko", 3)) is None
    assert world.do(lambda uow: uow.programmes.editions(AGENCY)) == ours


def test_an_enrolment_is_open_once_and_a_closed_one_stays(world: World) -> None:
    first = enrol(world)
    assert world.do(lambda uow: uow.programmes.enrol(replace(first, began_at=NOW + DAY))) is None
    other = enrol(world, "kopra")
    assert world.do(lambda uow: uow.programmes.open_in(AGENCY)) == [first, other]
    ended = replace(first, ended_at=NOW + DAY, version=2, is_over_key=False, confirmed_by=world.coach)
    world.do(lambda uow: uow.programmes.save(ended))
    second = enrol(world)
    assert world.do(lambda uow: uow.programmes.of_participant(world.participant)) == [ended, other, second]
    assert world.do(lambda uow: uow.programmes.open_in(AGENCY, "gecko")) == [second]
    assert world.do(lambda uow: uow.programmes.open_in(AGENCY + 1)) == []
    assert world.do(lambda uow: uow.programmes.enrolment(first.id)) == ended
    assert world.do(lambda uow: uow.programmes.enrolment(0)) is None
    with pytest.raises(NotFound):
        world.do(lambda uow: uow.programmes.save(replace(first, id=999)))


def test_history_and_tasks(world: World) -> None:
    one = enrol(world)
    lived = [
        PhaseEvent(one.id, NOW, Move.BEGIN, "", "participant"),
        PhaseEvent(one.id, NOW, Move.ENTER, "support", f"staff:{world.coach}", "So besprochen"),
    ]
    world.do(lambda uow: uow.programmes.add_events(AGENCY, world.participant, lived))
    assert world.do(lambda uow: uow.programmes.history([one.id, 999])) == {one.id: lived}
    task = ProgrammeTask(0, AGENCY, world.participant, one.id, TaskKind.LIMIT_NEAR, "limit:18", NOW)
    assert world.do(lambda uow: uow.programmes.raise_task(task))
    assert not world.do(lambda uow: uow.programmes.raise_task(replace(task, raised_at=NOW + DAY)))
    (kept,) = world.do(lambda uow: uow.programmes.tasks(AGENCY))
    assert kept == replace(task, id=kept.id)
    assert world.do(lambda uow: uow.programmes.settle([kept.id], "staff:1", NOW + HOUR)) == 1
    assert world.do(lambda uow: uow.programmes.settle([kept.id], "staff:2", NOW + DAY)) == 0
    assert world.do(lambda uow: uow.programmes.tasks(AGENCY)) == []
    (settled,) = world.do(lambda uow: uow.programmes.tasks(AGENCY, open_only=False))
    assert settled == replace(kept, settled_at=NOW + HOUR, settled_by="staff:1")


def test_the_last_contact_with_a_human(world: World) -> None:
    person = world.participant
    assert world.do(lambda uow: uow.programmes.last_contacts(AGENCY)) == {}

    def note(uow: UnitOfWork) -> None:
        number = uow.concerns.add(world.concern())
        uow.concerns.log(number, NOW, "note", f"staff:{world.coach}", "Angerufen")
        uow.concerns.log(number, NOW + 9 * DAY, "called", "system")

    world.do(note)
    assert world.do(lambda uow: uow.programmes.last_contacts(AGENCY)) == {person: NOW}

    def meet(uow: UnitOfWork, kind: AppointmentKind, state: AppointmentState, days: int) -> None:
        uow.appointments.add(
            Appointment(
                *(0, AGENCY, person, kind, state, NOW + days * DAY, "Europe/Berlin", HOUR, f"u{days}"),
                *(world.coach, NOW, NOW),
            )
        )

    world.do(lambda uow: meet(uow, AppointmentKind.COACH, AppointmentState.OVER, 1))
    world.do(lambda uow: meet(uow, AppointmentKind.COACH, AppointmentState.CANCELLED, 7))
    world.do(lambda uow: meet(uow, AppointmentKind.OFFICIAL, AppointmentState.OVER, 8))
    assert world.do(lambda uow: uow.programmes.last_contacts(AGENCY)) == {person: NOW + DAY}
    # Words that were delivered count when they were; those that still wait do not, nor does what we said.
    for kind in (Kind.RELAY, Kind.REPLY):
        world.post(kind)
        (sending,) = world.do(lambda uow: uow.outbox.claim("telegram", NOW, 9, NOW + HOUR))
        result = (sending.id, SendState.SENT, "1", None)
        world.do(lambda uow, r=result: uow.outbox.settle([r], NOW + 2 * DAY))
    world.post(Kind.RELAY)
    assert world.do(lambda uow: uow.programmes.last_contacts(AGENCY)) == {person: NOW + 2 * DAY}
    assert world.do(lambda uow: uow.programmes.last_contacts(AGENCY + 1)) == {}
