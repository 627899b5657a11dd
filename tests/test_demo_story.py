# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The demonstration begins with enough to see in the console, and its doors open."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from bot import house
from bot.demo_people import MEETINGS, PEOPLE
from bot.demo_story import PROGRAMME, write_past
from bot.domain.concerns import Level, State
from bot.domain.people import Standing
from bot.ports import UnitOfWork
from bot.settings import without_environment
from bot.storage.database import open_storage

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def test_the_weeks_before_the_demonstration(tmp_path: Path) -> None:
    settings = without_environment(data_dir=tmp_path)
    coach = write_past(settings, MONDAY)
    assert house.database_fault(settings) == ""
    storage = open_storage(settings.database, house.load_keys(settings))

    def look(uow: UnitOfWork) -> None:
        door = uow.people.find_invitation(coach.console_code)
        assert door is not None
        assert door.is_open(MONDAY)
        people = uow.people.participants(house.DEFAULT_AGENCY)
        assert [one.standing for one in people] == [Standing.ACTIVE] * len(PEOPLE)
        assert {one.programme for one in people} == {PROGRAMME}
        concerns = uow.concerns.of_agency(house.DEFAULT_AGENCY, open_only=False)
        states = {(one.level, one.state) for one in concerns}
        assert {(Level.R3, State.OPEN), (Level.R2, State.IN_HAND), (Level.R1, State.OPEN)} < states
        assert State.CLOSED in {state for _, state in states}
        # Nobody waits longer than promised, and nothing lies about undelivered.
        assert all(one.next_action_at > MONDAY for one in concerns if one.next_action_at)
        assert uow.timers.parked() == 0
        coming = [uow.appointments.of_participant(one.id, MONDAY) for one in people]
        assert sum(map(len, coming)) == len(MEETINGS)
        away = uow.duty.absences(house.DEFAULT_AGENCY, MONDAY)
        assert len(away) == 1

    try:
        storage.run_sync(look)
    finally:
        storage.close()
