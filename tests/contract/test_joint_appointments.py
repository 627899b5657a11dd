# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Who comes along and who visits, on each storage."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.accompaniment import Accompaniment, AccompanimentState, Companion
from bot.domain.appointments import Appointment, AppointmentKind, AppointmentState
from bot.domain.home_visits import HomeVisit
from bot.ports import UnitOfWork
from tests.storage.stores import AGENCY, HOUR, NOW, World


def an_appointment(world: World) -> int:
    new = Appointment(
        *(0, AGENCY, world.participant, AppointmentKind.HOME, AppointmentState.AGREED, NOW + 48 * HOUR),
        *("Europe/Berlin", timedelta(hours=1), "uid", world.coach, NOW, NOW),
    )
    return world.do(lambda uow: uow.appointments.add(new)) or 0


def test_what_is_kept_last_counts_and_a_promise_is_found_by_whoever_made_it(world: World) -> None:
    number = an_appointment(world)
    one = Accompaniment(AGENCY, world.participant, number, AccompanimentState.WISHED, NOW)
    companion = Companion(name="Berta Beispiel", meet="Vor dem Eingang")
    offered = replace(
        one,
        state=AccompanimentState.OFFERED,
        companion=companion,
        staff_id=world.coach,
        promised_for=NOW + 48 * HOUR,
        changed_at=NOW + HOUR,
    )

    def keep(kept: Accompaniment) -> list[Accompaniment]:
        def use_case(uow: UnitOfWork) -> list[Accompaniment]:
            joint = uow.casework.joint_appointments
            joint.keep_accompaniment(kept)
            assert joint.accompaniments([number, 99]) == {number: kept}
            return joint.promised_by(world.coach)

        return world.do(use_case)

    assert keep(one) == []
    assert keep(offered) == [offered]
    assert keep(replace(offered, state=AccompanimentState.NOT_NEEDED)) == []
    assert world.do(lambda uow: uow.casework.joint_appointments.accompaniments([])) == {}


def test_who_visits_and_when_they_are_back(world: World) -> None:
    number = an_appointment(world)
    one = HomeVisit(AGENCY, world.participant, number, world.coach)
    world.do(lambda uow: uow.casework.joint_appointments.keep_home_visit(one))
    back = replace(one, asked_at=NOW, told_at=NOW + HOUR, back_at=NOW + HOUR)
    world.do(lambda uow: uow.casework.joint_appointments.keep_home_visit(back))
    assert world.do(lambda uow: uow.casework.joint_appointments.home_visits([number])) == {number: back}
