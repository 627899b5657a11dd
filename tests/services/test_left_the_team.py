# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Whoever has left the team hears nothing more, not even by a change of what they were told before."""

from __future__ import annotations

from bot.domain.delivery import RetryAfter
from bot.domain.people import Role
from bot.services.absences import leave_team
from bot.services.duty_watch import leave_and_tell, tell_without_coach
from bot.services.handle_concern import take_over
from tests.services.at_desk import at_desk
from tests.services.stage import Actor, Stage


def test_who_takes_over_is_not_told_to_somebody_who_has_left(stage: Stage, berta: Actor, mia: Actor) -> None:
    karl = stage.staff("Karl Kollege", deputy_of=berta.id)
    mia.writes("Ich will nicht mehr leben")
    number = stage.concerns()[0].id
    stage.pass_time(minutes=20)
    berta.forgets()
    karl.forgets()
    stage.run(lambda uow: leave_team(uow, berta.id, stage.now))

    at_desk(stage, karl, number, lambda desk, found: take_over(desk, found, None))

    assert stage.concerns()[0].taken_by == karl.id
    berta.hears_nothing()


def test_who_comes_in_by_the_invitation_of_somebody_who_has_left_has_no_coach(
    stage: Stage, berta: Actor
) -> None:
    lea = stage.staff("Lea Lind", Role.LEAD)
    code = stage.invitation(berta)
    stage.run(lambda uow: leave_and_tell(uow, stage.rules, berta.id, stage.now))
    mia = stage.person()
    mia.starts(code)
    mia.forgets()
    [person] = stage.run(lambda uow: uow.people.participants(1))
    assert person.coach_id is None
    stage.run(lambda uow: uow.outbox.post(tell_without_coach(uow, stage.rules, 1, stage.now), stage.now))
    stage.deliver()
    lea.hears(f"Fall-Codes ohne Coach: {person.case_code}")


def test_leads_hear_of_a_person_whose_next_coach_leaves_as_well(
    stage: Stage, berta: Actor, mia: Actor
) -> None:
    lea, karl = stage.staff("Lea Lind", Role.LEAD), stage.staff("Karl Kollege")
    [person] = stage.run(lambda uow: uow.people.participants(1))
    for coach in (berta, karl):
        stage.run(lambda uow, c=coach: uow.people.change_participant(person.id, coach_id=c.id))  # type: ignore[misc]
        stage.run(lambda uow, c=coach: leave_and_tell(uow, stage.rules, c.id, stage.now))  # type: ignore[misc]
        stage.deliver()
        lea.hears(f"Fall-Codes ohne Coach: {person.case_code}")


def test_what_was_held_back_when_somebody_left_does_not_reach_them_afterwards(
    stage: Stage, berta: Actor, mia: Actor
) -> None:
    stage.refuse = lambda message: (
        RetryAfter(120, reason="timeout") if message.address == berta.address else None
    )
    mia.writes("Ich will nicht mehr leben")
    stage.run(lambda uow: leave_team(uow, berta.id, stage.now))
    stage.refuse = lambda _: None
    stage.pass_time(minutes=10)
    berta.hears_nothing()
