# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What leads see of the team says nothing about how anybody in it works."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from bot.domain.concerns import Concern, Event, Level, State
from bot.domain.people import Role, Staff, Standing
from bot.ports import UnitOfWork
from bot.services.team_view import TeamView, team_view
from tests.services.stage import Stage


def seen_by(stage: Stage, number: int) -> TeamView:
    def see(uow: UnitOfWork) -> TeamView:
        staff = uow.people.staff(number)
        assert isinstance(staff, Staff)
        return team_view(uow, stage.rules, staff, stage.now)

    return stage.run(see)


@pytest.mark.parametrize(("concerns", "people", "is_told"), [(5, 3, True), (4, 3, False), (9, 2, False)])
def test_an_average_is_told_only_where_it_is_nobodys_own(
    stage: Stage, concerns: int, people: int, is_told: bool
) -> None:
    lea = stage.hire("Lea Leitung", Role.LEAD)

    def take_over(uow: UnitOfWork) -> None:
        person = uow.people.add_participant(1, Standing.ACTIVE, "de", None)
        for number in range(concerns):
            at = stage.now - timedelta(hours=3)
            new = Concern(0, 1, person, Level.R2, "dialog", "wrote", State.IN_HAND, at, None, at)
            concern = uow.concerns.add(new)
            actor = f"staff:{100 + number % people}"
            uow.concerns.log(concern, at + timedelta(hours=1), Event.TAKE_OVER.value, actor)

    stage.run(take_over)
    found = seen_by(stage, lea.id).acknowledged
    assert [one.mean for one in found] == ([timedelta(hours=1)] if is_told else [])


def test_people_are_named_in_order_of_their_names_and_cases_only_to_leads(stage: Stage) -> None:
    """An order by load would be a ranking; an admin decides about no case."""
    lea, vera = stage.hire("Lea Leitung", Role.LEAD), stage.hire("Vera Verwaltung", Role.ADMIN)
    zoe, anna = stage.hire("Zoe Zufall"), stage.hire("anna Anfang")
    for coach_id, count in ((zoe.id, 3), (anna.id, 1), (None, 2)):
        for _ in range(count):
            stage.run(partial(_add, coach_id=coach_id))
    for number, decides in ((lea.id, True), (vera.id, False)):
        found = seen_by(stage, number)
        assert [(one.coach.name, one.people) for one in found.load] == [("anna Anfang", 1), ("Zoe Zufall", 3)]
        assert (found.without_coach, len(found.codes), found.decides) == (2, 2 if decides else 0, decides)


def _add(uow: UnitOfWork, coach_id: int | None) -> int:
    return uow.people.add_participant(1, Standing.ACTIVE, "de", coach_id)
