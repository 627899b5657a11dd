# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Appointments by day and feeds, on every store."""

from __future__ import annotations

from datetime import timedelta

from bot.calendar_ports import CalendarFeed, Whose
from bot.domain.appointments import Appointment, AppointmentKind, AppointmentState
from bot.domain.duty import Span
from bot.domain.people import Role, Standing
from bot.ports import UnitOfWork
from tests.storage.stores import AGENCY, HOUR, NOW, World

WEEK = Span(NOW, NOW + timedelta(days=7))
OPEN = (AppointmentState.AGREED, AppointmentState.PROPOSED)


def settle(
    uow: UnitOfWork, person: int, hours: int, state: AppointmentState = AppointmentState.AGREED
) -> None:
    new = Appointment(
        *(0, AGENCY, person, AppointmentKind.COACH, state, NOW + hours * HOUR, "Europe/Berlin", HOUR),
        *(f"uid-{person}-{hours}", 1, NOW, NOW),
    )
    uow.appointments.add(new)


def test_appointments_of_a_time_by_whose_people_they_are(world: World) -> None:
    other = world.do(lambda uow: uow.people.add_staff(AGENCY, "Karl Beispiel", Role.COACH, "", "de"))
    add = world.do
    karls = add(lambda uow: uow.people.add_participant(AGENCY, Standing.ACTIVE, "de", other))
    nobodys = add(lambda uow: uow.people.add_participant(AGENCY, Standing.ACTIVE, "de", None))
    gone = add(lambda uow: uow.people.add_participant(AGENCY, Standing.LEFT, "de", world.coach))

    def fill(uow: UnitOfWork) -> None:
        for person in (world.participant, karls, nobodys, gone):
            settle(uow, person, 3)
        settle(uow, world.participant, 2, AppointmentState.PROPOSED)
        settle(uow, world.participant, 1, AppointmentState.CANCELLED)
        settle(uow, world.participant, -1)
        settle(uow, world.participant, 7 * 24)

    world.do(fill)

    def found(whose: Whose, limit: int = 9) -> list[tuple[int, int]]:
        kept = world.do(lambda uow: uow.calendars.between(whose, WEEK, OPEN, limit))
        return [(one.participant_id, (one.starts_at - NOW) // HOUR) for one in kept]

    mine = [(world.participant, 2), (world.participant, 3)]
    assert found(Whose(AGENCY, frozenset({world.coach}))) == mine
    assert found(Whose(AGENCY, frozenset({world.coach})), 1) == mine[:1]
    assert found(Whose(AGENCY, frozenset({world.coach}), with_pool=True)) == [*mine, (nobodys, 3)]
    assert found(Whose(AGENCY)) == [*mine, (karls, 3), (nobodys, 3)]
    assert found(Whose(AGENCY, frozenset())) == []
    assert found(Whose(AGENCY + 1)) == []


def test_one_feed_for_each_whose_newest_secret_opens_it(world: World) -> None:
    def renew(uow: UnitOfWork) -> None:
        for letter in "ab":
            uow.calendars.make_feed(AGENCY, world.coach, letter * 43, NOW)

    world.do(renew)
    assert world.do(lambda uow: uow.calendars.feed("a" * 43)) is None
    feed = world.do(lambda uow: uow.calendars.feed("b" * 43))
    assert (
        feed
        == CalendarFeed(1, AGENCY, world.coach, NOW)
        == world.do(lambda u: u.calendars.feed_of(world.coach))
    )
    world.do(lambda uow: uow.calendars.read_feed(1, NOW + HOUR))
    seen = world.do(lambda uow: uow.calendars.feed_of(world.coach))
    assert seen is not None
    assert seen.read_at == NOW + HOUR
    assert world.do(lambda uow: uow.calendars.drop_feed(world.coach))
    assert not world.do(lambda uow: uow.calendars.drop_feed(world.coach))
    assert world.do(lambda uow: uow.calendars.feed("b" * 43)) is None
