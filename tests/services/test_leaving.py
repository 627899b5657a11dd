# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The end of a phase and of a participation: goodbye comes once, in its turn, to nobody who said STOPP."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.concerns import Level
from bot.domain.people import Role, Standing
from bot.ports import UnitOfWork
from bot.services import assignments, enrolments
from bot.services.enrolments import Outcome, Step
from bot.services.escalate import raise_concern
from bot.services.visit import Visit
from tests.services.stage import Actor, Stage
from tests.services.test_programmes import arrives, by_staff, install, people, plans_on, theirs

GOODBYE = "Danke, dass Sie in dieser Zeit dabei waren. Ihre Zeit in G-A-L geht zu Ende."
WHAT = "Was haben Sie in dieser Zeit geschafft?"


@pytest.fixture
def mia(stage: Stage, berta: Actor) -> Actor:
    """Somebody in the last phase of a programme."""
    install(stage, "g-a-l")
    actor, person = arrives(stage, berta, "g-a-l")
    actor.presses("Später")
    actor.writes("weiter")
    actor.presses("Später")
    (one,) = theirs(stage, person)
    step = Step(one.id, "working_life", "Neue Stelle", is_confirmed=True)
    assert by_staff(stage, enrolments.enter, step, berta) is Outcome.DONE
    actor.forgets()
    return actor


def ends(stage: Stage, berta: Actor) -> None:
    (person,) = people(stage)
    (one,) = (each for each in theirs(stage, person.id) if each.is_open)
    assert by_staff(stage, assignments.end, (one.id, "Fertig"), berta) is Outcome.DONE
    stage.pass_time(minutes=1)


def standing(stage: Stage) -> Standing:
    return people(stage)[0].standing


def test_goodbye_is_said_once_and_then_it_is_over(stage: Stage, mia: Actor, berta: Actor) -> None:
    ends(stage, berta)
    mia.hears(GOODBYE, WHAT)
    # Until it is said nothing is over, and no plan asks anything.
    assert standing(stage) is Standing.ACTIVE
    assert plans_on(stage, 1) == set()
    mia.writes("Ich habe wieder Arbeit.")
    mia.presses("Niemand")
    mia.hears(
        "ist Berta Beispiel für Sie da",
        "Es kann eine Übergabe geben",
        "dann gibt es keine Übergabe",
        "bleiben gespeichert",
        "Von jetzt an schreibe ich Ihnen nicht mehr von mir aus.",
    )
    stage.pass_time(days=2)
    assert standing(stage) is Standing.LEFT
    stage.pass_time(days=30)
    mia.hears_nothing()


def test_without_an_answer_it_is_over_too(stage: Stage, mia: Actor, berta: Actor) -> None:
    ends(stage, berta)
    mia.hears(GOODBYE, WHAT)
    stage.pass_time(days=8)
    assert "Von jetzt an" in stage.ears[mia.channel, mia.address][-1].text
    assert standing(stage) is Standing.LEFT


def test_after_stopp_nothing_is_said_and_it_is_over_at_once(stage: Stage, mia: Actor, berta: Actor) -> None:
    mia.writes("STOPP")
    mia.forgets()
    ends(stage, berta)
    mia.hears_nothing()
    assert standing(stage) is Standing.LEFT


def test_a_serious_concern_goes_first(stage: Stage, mia: Actor, berta: Actor) -> None:
    (person,) = people(stage)

    def worry(uow: UnitOfWork) -> None:
        contact = uow.people.contact_of(person.id)
        assert contact is not None
        visit = Visit(uow, stage.rules, contact, stage.now)
        raise_concern(visit, Level.R2, "text", "unread")
        visit.finish()

    stage.run(worry)
    ends(stage, berta)
    mia.hears_nothing()
    stage.pass_time(days=13)
    mia.forgets()
    assert standing(stage) is Standing.ACTIVE
    # No opportunity for two weeks: it is over then, and the concern goes on.
    stage.pass_time(days=3)
    assert standing(stage) is Standing.LEFT
    assert len(stage.run(lambda uow: uow.concerns.of_participant(person.id))) == 1


def test_leaving_the_last_phase_asks_as_well_and_only_once(stage: Stage, mia: Actor, berta: Actor) -> None:
    (one,) = theirs(stage, 1)
    assert by_staff(stage, enrolments.leave, Step(one.id, "working_life", "Geschafft"), berta) is Outcome.DONE
    stage.pass_time(minutes=1)
    mia.hears(GOODBYE, WHAT)
    mia.presses("Überspringen")
    mia.presses("Niemand")
    # They are in the programme still: it would not be true that nobody writes to them any more.
    assert "Ich bin weiter für Sie da" in mia.hears("", "", "", "", "Ich bin weiter")[-1].text
    for act in (enrolments.enter, enrolments.leave):
        step = Step(one.id, "working_life", "Doch noch einmal", is_confirmed=True)
        assert by_staff(stage, act, step, berta) is Outcome.DONE
    stage.pass_time(minutes=1)
    mia.hears_nothing()
    ends(stage, berta)
    mia.hears_nothing()
    assert standing(stage) is Standing.LEFT


def test_a_new_coach_is_named_once_it_is_so(stage: Stage, mia: Actor, berta: Actor) -> None:
    karl, lead = stage.staff("Karl Kollege"), stage.staff("Lea Leitung", Role.LEAD)
    by_staff(stage, assignments.assign, (1, karl.id), berta)
    mia.hears("Ab jetzt begleitet Sie Karl Kollege.")
    by_staff(stage, assignments.assign, (1, karl.id), lead)
    mia.hears_nothing()
    # In the night it waits for the morning.
    stage.now += timedelta(hours=14)
    by_staff(stage, assignments.assign, (1, berta.id), lead)
    mia.hears_nothing()
    stage.pass_time(hours=10)
    assert "Ab jetzt begleitet Sie Berta Beispiel." in [
        body.text[:38] for body in stage.ears[mia.channel, mia.address]
    ]
    mia.writes("STOPP")
    mia.forgets()
    by_staff(stage, assignments.assign, (1, karl.id), lead)
    mia.hears_nothing()
