# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Help plan, phases and what waits for a decision in the console, without scripts."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot import house
from bot.domain.enrolments import ProgrammeTask, TaskKind
from bot.domain.help_plans import HelpPlan, PlanState
from bot.domain.people import Role, Standing
from bot.ports import UnitOfWork
from bot.services import change_programmes, enrolments
from bot.services.change_plans import publish_shipped as publish_plans
from dialogs.shipped import shipped_programmes
from tests.web.building import Browser, Building, Form
from tests.web.test_console_people import add, form_of, signed_in
from tests.web.test_console_queue import statements

AGENCY = house.DEFAULT_AGENCY
PLAN, PHASES = "/console/people/{}/help-plan", "/console/people/{}/phases"


def filled(browser: Browser, action: str) -> Form:
    """The form with everything that is written in it, as a browser would send it."""
    form = form_of(browser, action)
    source = next(
        one for one in re.findall(r"<form.*?</form>", browser.html, re.DOTALL) if f'value="{action}"' in one
    )
    for tag in re.findall(r"<input[^>]*>", source):
        name, value = re.search(r' name="([^"]*)"', tag), re.search(r' value="([^"]*)"', tag)
        if name is not None and "checkbox" not in tag:
            form.fields[name[1]] = html.unescape(value[1] if value is not None else "")
    for name, options in re.findall(r'<select[^>]* name="([^"]*)"[^>]*>(.*?)</select>', source, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options) or re.search(r'value="([^"]*)"', options)
        form.fields[name] = chosen[1] if chosen is not None else ""
    return form


@pytest.fixture
def mia_id(building: Building) -> int:
    """Somebody in GeCKo whom Berta looks after, without a messenger."""
    number = add(building, "Mia Muster", building.coach.id)

    def begin(uow: UnitOfWork) -> None:
        now = building.clock.now()
        publish_plans(uow, AGENCY, house.plans_source(), now)
        file = (shipped_programmes()["gecko"], "gecko")
        change_programmes.install(uow, building.rulebook, AGENCY, file, now)
        person = uow.plans.lock(number)
        assert person is not None
        enrolments.begin(uow, building.rulebook, person, "gecko", "staff:1", now)

    building.do(begin)
    return number


@pytest.fixture
async def lea(building: Building) -> AsyncIterator[Browser]:
    browser, _ = await signed_in(building, "Lea Leitung", Role.LEAD)
    yield browser
    await browser.close()


def plan_of(building: Building, person: int) -> HelpPlan | None:
    return building.do(lambda uow: uow.casework.help_plans.open_of(person))


async def test_a_help_plan_is_written_proposed_ticked_and_closed(
    building: Building, berta: Browser, mia_id: int
) -> None:
    await berta.open(PLAN.format(mia_id))
    assert "Ziele in den Worten der Person" in berta.words
    # One more step and goal: the page is drawn again, nothing is kept and nothing typed is lost.
    words = {"goal-0": "Besser <b>schlafen</b>", "goal-0-step-0": "Die Hausärztin anrufen"}
    await berta.post(filled(berta, "write"), **words, do="add-step-0")
    await berta.post(filled(berta, "write"), do="add-goal")
    assert berta.status == 200
    assert plan_of(building, mia_id) is None
    form = filled(berta, "write")
    assert (form.fields["goal-0"], form.fields["goal-0-step-0"]) == tuple(words.values())
    assert "<b>schlafen" not in berta.html
    # After the end of the programme (24 months) no step can be due; it says so at that step.
    late = {"goal-0-step-1": "Spazieren", "goal-0-step-1-due": "2030-01-01"}
    await berta.post(form, **late, do="save")
    assert berta.status == 422
    assert 'id="goal-0-step-1-due-fault"' in berta.html
    assert "Das Programm endet am" in berta.words
    assert filled(berta, "write").fields["goal-0-step-1"] == "Spazieren"
    await berta.post(
        filled(berta, "write"), **{"goal-0-step-1-due": "2026-12-04"}, review="2027-01-15", do="save"
    )
    assert "Gespeichert. Die Person sieht es erst, wenn Sie es vorschlagen." in berta.words
    plan = plan_of(building, mia_id)
    assert plan is not None
    assert (plan.state, plan.shown) == (PlanState.DRAFT, 0)
    await berta.post(form_of(berta, "propose"))
    assert "bekommt gerade keine Nachrichten von mir" in berta.words
    assert "Stand: vorgeschlagen" in berta.words
    await berta.post(form_of(berta, "tick"))
    assert "Berta Beispiel hat Schritt 1 als geschafft notiert." in berta.words
    await berta.open(PLAN.format(mia_id) + "/print")
    for text in ("Mein Hilfeplan", "Besser <b>schlafen</b>", "Mia Muster", "bis 4. Dezember 2026"):
        assert text in berta.words
    await berta.open(PLAN.format(mia_id))
    stale = filled(berta, "write")
    await berta.post(form_of(berta, "close"))
    assert "Abgeschlossene Hilfepläne: 1" in berta.words
    # Whoever still had the form open is told, and what they typed is there.
    await berta.post(stale, do="save")
    assert "Inzwischen hat sich der Plan geändert." in berta.words


async def test_a_template_is_a_beginning_and_buttons_that_mean_nothing_do_nothing(
    building: Building, berta: Browser, mia_id: int
) -> None:
    await berta.open(PLAN.format(mia_id))
    await berta.post(filled(berta, "template"))
    assert filled(berta, "write").fields["goal-0"] == "Ich habe jemanden, der mich ärztlich begleitet"
    assert plan_of(building, mia_id) is None
    for wish in ("drop-goal-9", "drop-step-0", "drop-step-0-x", "add-", "moon", "drop-step-0-0"):
        await berta.post(filled(berta, "write"), do=wish)
        assert berta.status == 200
    await berta.open(PLAN.format(mia_id) + "/print")
    assert berta.status == 404


async def test_phases_change_for_a_reason_and_out_of_order_on_purpose(
    building: Building, berta: Browser, mia_id: int
) -> None:
    await berta.open(PHASES.format(mia_id))
    for text in ("Zusteuerung", "Monat 1 von 24", "liegt nicht vor", "Monat 18", "Monat 24"):
        assert text in berta.words
    await berta.post(filled(berta, "enter"), phase="handover")
    assert "Bitte schreiben Sie kurz, warum." in berta.words
    await berta.post(filled(berta, "enter"), phase="handover", reason="Neue Stelle")
    assert "Das Programm sieht vorher eine andere Phase vor." in berta.words
    assert filled(berta, "enter").fields["reason"] == "Neue Stelle"
    await berta.post(filled(berta, "enter"), phase="handover", reason="Neue Stelle", sure="yes")
    assert "Die Phase ist gewechselt." in berta.words
    assert "Neue Stelle" in berta.words
    await berta.post(filled(berta, "leave"), reason="Geschafft")
    assert "Gerade in keiner Phase." in berta.words
    await berta.post(form_of(berta, "end"), reason="Umzug")
    assert "Das Programm ist beendet." in berta.words
    # Nobody could be written to, so nothing waits for a goodbye.
    (person,) = building.do(lambda uow: uow.people.participants(AGENCY))
    assert person.standing is Standing.LEFT
    await berta.open(PHASES.format(mia_id))
    await berta.post(filled(berta, "enrol"))
    assert "In ein Programm kommt nur, wer dazu Ja gesagt hat." in berta.words


async def test_what_overlaps_goes_on_beside_the_next_phase_and_is_named(
    building: Building, berta: Browser, mia_id: int
) -> None:
    def begin(uow: UnitOfWork) -> None:
        now = building.clock.now()
        file = (shipped_programmes()["kopf22"], "kopf22")
        change_programmes.install(uow, building.rulebook, AGENCY, file, now)
        person = uow.plans.lock(mia_id)
        assert person is not None
        for one in uow.programmes.of_participant(mia_id):
            enrolments.close(uow, one, "Umzug", "staff:1", now)
        enrolments.begin(uow, building.rulebook, person, "kopf22", "staff:1", now)

    building.do(begin)
    beside = "Daneben läuft weiter: Gruppe. Das endet erst, wenn Sie es hier beenden."
    await berta.open(PHASES.format(mia_id))
    for phase in ("talk", "group", "prevention"):
        await berta.post(filled(berta, "enter"), phase=phase, reason="Passt jetzt")
        assert "Die Phase ist gewechselt." in berta.words
        assert (beside in berta.words) == (phase == "prevention")
        assert ("Daneben läuft weiter: Gespräch darüber." in berta.words) == (phase == "group")
    await berta.post(filled(berta, "leave"), phase="group", reason="Vorbei")
    assert "Daneben läuft weiter" not in berta.words


async def test_the_26th_person_needs_the_lead(
    building: Building, berta: Browser, lea: Browser, mia_id: int
) -> None:
    karl, karl_id = await signed_in(building, "Karl Kollege", Role.COACH)
    for _ in range(25):
        add(building, "", karl_id)
    await berta.open(PHASES.format(mia_id))
    wish = {"coach": str(karl_id), "why": "wish"}
    await berta.post(form_of(berta, "assign"), **wish)
    assert "Das bestätigt die Leitung." in berta.words
    assert "über dem Schlüssel" not in berta.words
    await lea.open(PHASES.format(mia_id))
    await lea.post(form_of(lea, "assign"), **wish)
    await lea.post(form_of(lea, "assign"), **wish, sure="yes")
    assert "Karl Kollege begleitet jetzt Fall" in lea.words
    await berta.open(PHASES.format(mia_id))
    assert berta.status == 404
    await karl.close()


async def test_what_waits_for_a_decision_is_above_the_list(
    building: Building, berta: Browser, mia_id: int
) -> None:
    def asks(uow: UnitOfWork) -> None:
        (one,) = uow.programmes.of_participant(mia_id)
        for kind, mark in (
            (TaskKind.PHASE_PROPOSED, "propose:situation"),
            (TaskKind.LIMIT_NEAR, "limit:18"),
            (TaskKind.PHASE_LONG, "long:referral_in:2026-11-01"),
            (TaskKind.OVER_KEY, "key:x"),
        ):
            task = ProgrammeTask(0, AGENCY, mia_id, one.id, kind, mark, building.clock.now())
            assert uow.programmes.raise_task(task)

    building.do(asks)
    await berta.open("/console/people")
    for text in (
        "Ist es Zeit für die Phase „Situations- und Bedarfsanalyse“?",
        "Monat 18 im Programm",
        "„Zusteuerung“",
    ):
        assert text in berta.words
    # That is a lead's to confirm.
    assert "mehr Menschen, als das Programm vorsieht" not in berta.words
    first = form_of(berta, "later")
    await berta.post(first, weeks="99")
    assert "Bitte wählen Sie, in wie vielen Wochen." in berta.words
    await berta.post(filled(berta, "enter"))
    assert "Die Phase ist gewechselt." in berta.words
    assert "Ist es Zeit" not in berta.words
    later = form_of(berta, "later")
    await berta.post(later, weeks="8")
    assert "Lotse fragt wieder: 18. Januar 2027." in berta.words
    await berta.post(form_of(berta, "done") if "Erledigt" in berta.words else first)
    building.clock.advance(timedelta(minutes=1))
    await berta.open("/console/people")
    assert "Wartet auf Ihre Entscheidung" not in berta.words


async def test_statements_do_not_grow_with_people(building: Building, berta: Browser, mia_id: int) -> None:
    def asks(count: int) -> None:
        for number in range(count):
            person = add(building, f"Mensch {number}", building.coach.id)

            def one(uow: UnitOfWork, who: int = person) -> None:
                found = uow.plans.lock(who)
                assert found is not None
                begun = enrolments.begin(uow, building.rulebook, found, "gecko", "x", building.clock.now())
                assert begun is not None
                uow.programmes.raise_task(
                    ProgrammeTask(
                        0, AGENCY, who, begun.id, TaskKind.LIMIT_NEAR, "limit:18", building.clock.now()
                    )
                )

            building.do(one)

    counts = []
    for more in (3, 27):
        asks(more)
        await berta.open("/console/people")
        counts.append(await statements(building, berta, "/console/people"))
    assert counts[0] == counts[1]
