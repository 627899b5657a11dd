# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Dialogs that belong to one phase of a programme that ships are for people in it, and for nobody else."""

from __future__ import annotations

from bot.services import enrolments
from bot.services.enrolments import Outcome, Step
from tests.services.stage import Actor, Stage
from tests.services.test_programmes import arrives, by_staff, install, plans_on, theirs


def enters(stage: Stage, coach: Actor, person: int, *phases: str) -> None:
    [enrolment] = theirs(stage, person)
    for phase in phases:
        step = Step(enrolment.id, phase, "Besprochen")
        assert by_staff(stage, enrolments.enter, step, coach) is Outcome.DONE


def test_a_new_start_begins_the_day_after_with_no_word_about_what_was_not(stage: Stage, berta: Actor) -> None:
    install(stage, "pro-aktiv")
    mia, person = arrives(stage, berta, "pro-aktiv")
    mia.presses("Später")
    mia.writes("weiter")
    mia.presses("Später")
    mia.forgets()
    assert "new_start" not in plans_on(stage, person)
    enters(stage, berta, person, "second_chance")
    assert "new_start" in plans_on(stage, person)
    stage.pass_time(hours=26)
    mia.hears("Nicht jeder Weg passt beim ersten Mal.", "Was war beim letzten Mal gut für Sie?")
    for _ in range(2):
        mia.presses("Überspringen")
    mia.presses("Ein kurzes Gespräch")
    assert [one.reason for one in stage.concerns()] == ["contact_wish"]


def test_sick_notes_are_asked_about_in_prevention_only(stage: Stage, berta: Actor) -> None:
    install(stage, "kopf22")
    _, person = arrives(stage, berta, "kopf22")
    enters(stage, berta, person, "talk")
    assert "sick_notes" not in plans_on(stage, person)
    enters(stage, berta, person, "prevention")
    assert "sick_notes" in plans_on(stage, person)
    enters(stage, berta, person, "farewell")
    assert "sick_notes" not in plans_on(stage, person)
