# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A help plan from a draft to its end: written by staff, confirmed and ticked off by the person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

import pytest

from bot.domain.help_plans import Goal, HelpPlan, PlanContent, PlanEvent, PlanState, Step
from bot.domain.people import Participant
from bot.ports import UnitOfWork
from bot.services import enrolments, help_plans
from bot.services.appointment_dates import EntryFault
from bot.services.desk import Desk
from bot.services.help_plan_moves import shown_content
from tests.services.stage import MONDAY, Actor, Stage
from tests.services.test_programmes import install

T = TypeVar("T")

CALL = Step(words="Die Hausärztin anrufen", due=date(2026, 12, 4), helper="Frau Beispiel")
WALK = Step(words="Spazieren gehen")
CONTENT = PlanContent(
    goals=(Goal(words="Ich möchte wieder schlafen", steps=(CALL, WALK)),), review_on=date(2027, 1, 15)
)


def at_work(stage: Stage, actor: Actor, act: Callable[[Desk, Participant], T]) -> T:
    """Let a staff member do something with the plan of the only person, and deliver what follows."""

    def use_case(uow: UnitOfWork) -> T:
        found = uow.people.find_staff(actor.channel, actor.address)
        assert found is not None
        desk = Desk(uow, stage.rules, found, stage.now)
        result = act(desk, uow.people.participants(1)[0])
        desk.finish()
        return result

    result = stage.run(use_case)
    stage.deliver()
    return result


def plan_of(stage: Stage) -> HelpPlan:
    (plan,) = stage.run(lambda uow: uow.casework.help_plans.of_participant(1))
    return plan


def write(stage: Stage, berta: Actor, content: PlanContent = CONTENT) -> None:
    at_work(stage, berta, lambda desk, person: help_plans.write(desk, person, content))


def propose(stage: Stage, berta: Actor) -> None:
    at_work(stage, berta, help_plans.propose)


def test_both_confirm_and_the_person_ticks_off(stage: Stage, mia: Actor, berta: Actor) -> None:
    write(stage, berta)
    mia.writes("/hilfeplan")
    mia.hears("noch keinen Hilfeplan")
    mia.presses("Nein")
    mia.forgets()
    propose(stage, berta)
    (asked,) = mia.hears("Ich möchte wieder schlafen")
    for words in ("1. Die Hausärztin anrufen, bis 4. Dezember 2026 (dabei hilft: Frau Beispiel)", "2. Spaz"):
        assert words in asked.text
    mia.presses("Ja, er passt")
    mia.hears("Soll ich Sie an einen Schritt erinnern")
    berta.hears("Die Person hat dem Hilfeplan zugestimmt")
    mia.presses("Nein")
    mia.forgets()
    assert plan_of(stage).state is PlanState.AGREED
    mia.writes("Hilfeplan")
    mia.presses("Geschafft")
    mia.writes("2")
    mia.writes("/hilfeplan")
    assert "2. Spazieren gehen – geschafft" in mia.hears("", "", "Schritt 2 ist als geschafft", "")[3].text
    mia.presses("Geschafft")
    mia.writes("9")
    mia.hears("Welche Nummer", "Einen Schritt mit der Nummer 9 gibt es in Ihrem Plan nicht")
    mia.writes("/hilfeplan")
    mia.presses("Noch nicht")
    mia.presses("Ja")
    mia.writes("2")
    assert mia.hears("", "Das ist in Ordnung", "", "", "wieder offen")
    history = stage.run(lambda uow: uow.casework.help_plans.history(1))
    assert [(one.event.value, one.actor, one.step) for one in history] == [
        ("write", f"staff:{berta.id}", 0),
        ("propose", f"staff:{berta.id}", 0),
        ("confirm", "participant", 0),
        ("tick", "participant", 2),
        ("untick", "participant", 2),
    ]
    assert stage.concerns() == []


def test_a_yes_counts_only_for_what_was_seen(stage: Stage, mia: Actor, berta: Actor) -> None:
    write(stage, berta)
    propose(stage, berta)
    plan = plan_of(stage)
    kept = stage.run(lambda uow: shown_content(uow, plan))
    write(stage, berta, replace_goal(kept, "Ich möchte arbeiten"))
    mia.forgets()
    mia.presses("Ja, er passt")
    mia.hears("Ihr Plan hat sich inzwischen geändert", "")
    assert plan_of(stage).state is PlanState.CHANGED
    mia.presses("Nein")
    mia.writes("/hilfeplan")
    assert "wieder schlafen" in mia.hears("", "")[1].text
    mia.presses("Nichts")
    mia.forgets()
    propose(stage, berta)
    assert "Ich möchte arbeiten" in mia.hears("Vorschlag")[0].text
    # Whatever the way: what they have seen last was another version.
    stage.run(lambda uow: uow.memory.set_fact(1, 1, "help_plan.seen", "1", stage.now))
    mia.presses("Ja, er passt")
    mia.hears("Ihr Plan hat sich inzwischen geändert", "")
    assert plan_of(stage).state is PlanState.PROPOSED
    mia.presses("Nein")
    mia.writes("/hilfeplan")
    mia.presses("Etwas passt nicht")
    mia.writes("Der zweite Schritt ist mir zu groß.")
    mia.forgets()
    assert {one.reason for one in stage.concerns()} == {"help_plan_misfit"}
    assert plan_of(stage).state is PlanState.PROPOSED


def replace_goal(content: PlanContent, words: str) -> PlanContent:
    """The same steps under another goal."""
    return PlanContent(goals=(Goal(words=words, steps=content.goals[0].steps),), review_on=content.review_on)


def test_a_messenger_that_may_not_carry_it_gets_no_word(stage: Stage, mia: Actor, berta: Actor) -> None:
    agency = replace(stage.rules.agencies[1], health_in_messenger=False)
    stage.rules = replace(stage.rules, agencies={1: agency})
    write(stage, berta)
    propose(stage, berta)
    (told,) = mia.hears("unserer eigenen Seite")
    assert told.link
    mia.writes("/hilfeplan")
    said = [body.text for body in mia.hears("eigenen Seite")]
    assert not any("schlafen" in text or "anrufen" in text for text in said)


def test_reminders_only_for_who_wants_them_and_once(stage: Stage, mia: Actor, berta: Actor) -> None:
    write(stage, berta)
    propose(stage, berta)
    mia.presses("Ja, er passt")
    mia.presses("Ja")
    mia.forgets()
    stage.pass_time(days=10, hours=2)
    heard = [body.text for body in stage.ears.pop((mia.channel, mia.address), [])]
    assert [text for text in heard if "Die Hausärztin anrufen" in text] != []
    mia.presses("Das habe ich gemacht")
    history = stage.run(lambda uow: uow.casework.help_plans.history(1))
    assert [(one.event, one.step) for one in history[-2:]] == [(PlanEvent.REMIND, 1), (PlanEvent.TICK, 1)]


def test_of_each_step_the_person_is_reminded_once_although_the_timer_comes_again(
    stage: Stage, mia: Actor, berta: Actor
) -> None:
    walk = Step(words="Spazieren gehen", due=date(2026, 12, 5))
    write(stage, berta, PlanContent(goals=(Goal(words="Besser schlafen", steps=(CALL, walk)),)))
    propose(stage, berta)
    mia.presses("Ja, er passt")
    mia.presses("Ja")
    stage.pass_time(days=14)
    history = stage.run(lambda uow: uow.casework.help_plans.history(1))
    assert [one.step for one in history if one.event is PlanEvent.REMIND] == [1, 2]


def test_staff_say_when_to_look_at_it_again(stage: Stage, mia: Actor, berta: Actor) -> None:
    write(stage, berta)
    propose(stage, berta)
    mia.presses("Ja, er passt")
    mia.presses("Nein")
    stage.now = datetime(2027, 1, 15, 9, tzinfo=UTC)
    stage.pass_time(hours=1)
    berta.forgets()
    assert berta.presses("In 4 Wochen wieder").toast == "Ich frage in 4 Wochen noch einmal."
    assert berta.presses("In 4 Wochen wieder").toast.startswith("Das ist schon entschieden")
    stage.pass_time(days=27)
    berta.forgets()
    stage.pass_time(days=2)
    assert "Heute wollten Sie gemeinsam auf den Hilfeplan schauen" in berta.hears("Hilfeplan")[0].text
    assert berta.presses("Erledigt").toast == "Notiert: Das ist entschieden."
    assert stage.run(lambda uow: uow.casework.help_plans.to_review(1, stage.now + timedelta(days=99))) == []


def test_without_the_wish_nobody_is_reminded_and_staff_are_asked_to_review(
    stage: Stage, mia: Actor, berta: Actor
) -> None:
    write(stage, berta)
    propose(stage, berta)
    mia.presses("Ja, er passt")
    mia.presses("Nein")
    mia.forgets()
    berta.forgets()
    stage.now = MONDAY + timedelta(days=53)
    stage.pass_time(hours=8)
    heard = [body.text for body in stage.ears.get((mia.channel, mia.address), [])]
    assert not any("anrufen" in text for text in heard)
    told = [body.text for body in stage.ears.get((berta.channel, berta.address), [])]
    assert len([text for text in told if "gemeinsam auf den Hilfeplan schauen" in text]) == 1
    assert [one.id for one in stage.run(lambda uow: uow.casework.help_plans.to_review(1, stage.now))] == [1]


def test_what_cannot_be_kept_says_why(stage: Stage, mia: Actor, berta: Actor) -> None:
    person = stage.run(lambda uow: uow.people.participants(1)[0])
    install(stage, "gecko")
    stage.run(lambda uow: enrolments.begin(uow, stage.rules, person, "gecko", "command", stage.now))
    end = date(2028, 11, 23)
    for due, is_kept in ((end, True), (end + timedelta(days=1), False)):
        content = PlanContent(goals=(Goal(words="Ziel", steps=(Step(words="Schritt", due=due),)),))
        if is_kept:
            write(stage, berta, content)
            continue
        with pytest.raises(EntryFault) as fault:
            write(stage, berta, content)
        assert "Das Programm endet am 23. November 2028" in fault.value.say(stage.rules.voice("de"))
    for content in (
        PlanContent(),
        PlanContent(goals=(Goal(words=" "),)),
        PlanContent(goals=(Goal(words="Ziel", steps=(Step(words="x" * 201),)),)),
        PlanContent(goals=(Goal(words="Ziel", steps=(Step(words="x", who="niemand"),)),)),
        PlanContent(goals=(Goal(words="Ziel"),) * 6),
        PlanContent(goals=(Goal(words="Ziel"),), review_on=end + timedelta(days=1)),
    ):
        with pytest.raises(EntryFault):
            write(stage, berta, content)
    assert plan_of(stage).version == 1
    mia.hears_nothing()


def test_staff_begin_from_a_template_propose_tick_and_close(stage: Stage, mia: Actor, berta: Actor) -> None:
    person = stage.run(lambda uow: uow.people.participants(1)[0])
    install(stage, "pro-aktiv")
    stage.run(lambda uow: enrolments.begin(uow, stage.rules, person, "pro-aktiv", "command", stage.now))
    plan = f"/hilfeplan {person.case_code}"
    berta.forgets()
    for typed, answer in (
        ("", "Es gibt noch keinen Hilfeplan"),
        (" vorschlagen", "noch keinen Hilfeplan"),
        (" vorlage", "Vorlagen für diese Person: into_work, second_chance, what_helps_me"),
        (" vorlage what_helps_me", "Fassung 1: Entwurf"),
        (" vorlage what_helps_me", "Es gibt schon einen Hilfeplan"),
        (" tanzen", "Das verstehe ich nicht"),
        (" vorschlagen", "Die Person bekommt eine Nachricht"),
        (" vorschlagen", "Das geht beim jetzigen Stand des Hilfeplans nicht"),
        (" geschafft zwei", "die Nummer des Schritts"),
        (" geschafft 7", "Einen Schritt 7 gibt es"),
        (" geschafft 2", "Geschafft: 1 von 2 Schritten"),
        (" offen 2", "Geschafft: 0 von 2 Schritten"),
    ):
        berta.writes(plan + typed)
        (said,) = berta.hears(answer)
        assert "Angebot" not in said.text
    mia.forgets()
    karl = stage.staff("Karl Klause")
    karl.writes(plan)
    karl.hears("kümmert sich jemand anderes")
    berta.writes(plan + " abschließen")
    berta.hears("Der Hilfeplan ist abgeschlossen")
    assert plan_of(stage).state is PlanState.CLOSED
    mia.writes("/hilfeplan")
    mia.hears("noch keinen Hilfeplan")
