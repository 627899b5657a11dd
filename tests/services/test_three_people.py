# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A participant, her coach, and somebody whom the case does not concern: who sees and does nothing.

All commands and buttons are found in the tables that the bot itself goes by, so none can be forgotten.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.domain.messages import IncomingKind
from bot.domain.people import Role
from bot.services import staff_appointments, staff_cases, staff_desk, staff_duty, staff_queue
from bot.services.break_glass import LASTS
from bot.services.staff_commands import COMMANDS
from tests.services.at_desk import is_away
from tests.services.outsiders import CONTENT, Case, Outsider, open_case
from tests.services.stage import Actor, Stage

#: What may stand behind an action of a case's button.
ARGUMENTS = ("", "call", "other", "over", "hour", "day", "R1", "R2", "reached", "not_reached")


@pytest.fixture
def case(stage: Stage, berta: Actor, mia: Actor) -> Case:
    """Mia's case."""
    return open_case(stage, berta, mia)


@pytest.fixture(params=Outsider)
def outsider(request: pytest.FixtureRequest, case: Case) -> Actor:
    """Somebody whom it does not concern."""
    actor = case.outsider(request.param)
    actor.forgets()
    return actor


def lines(case: Case, actor: Actor) -> Iterator[tuple[str, str]]:
    """Every command with everything that can stand behind it: the name and the line."""
    code, number = case.code, case.appointment
    for name in COMMANDS:
        # With a reason the emergency is meant to open the case for colleagues.
        more = (
            ("", code, code[:3], f"{code} kurz")
            if name == "notfall"
            else (
                *("", code, code.lower(), code[:3], str(number), "an", "aus"),
                f"{code} 24.11.2026",
                f"{code} 1.12.2026 31.1.2027",
                f"{code} mo-fr 9-17",
                f"{code} keine",
                f"{code} 24.11.2026 11:30 coach Ort: Musterstraße 1",
                f"{number} 25.11.2026 11:00 abgesprochen",
                f"{number} reihe",
            )
        )
        for words in more:
            yield words, f"/{name} {words}".strip()
    del actor


def hears_nothing_of_it(case: Case, actor: Actor, typed: str, toast: str = "") -> None:
    heard = case.stage.ears.pop((actor.channel, actor.address), [])
    said = " ".join([toast, *(f"{body} " for body in map(str, heard))])
    for secret in CONTENT:
        assert secret not in said
    if case.code.casefold() not in typed.casefold():
        assert case.code not in said


def test_no_command_shows_or_does_anything(case: Case, outsider: Actor) -> None:
    before = case.state()
    for words, line in lines(case, outsider):
        outsider.writes(line)
        hears_nothing_of_it(case, outsider, words)
    case.mia.hears_nothing()
    case.berta.hears_nothing()
    assert case.state() == before


def test_no_button_shows_or_does_anything(case: Case, outsider: Actor) -> None:
    case.berta.writes(f"/absagen {case.appointment}")
    case.berta.forgets()
    is_away_too = case.stage.run(lambda uow: uow.duty.absences(1, case.stage.now))
    before = case.state()
    tokens = [
        *(f"s:{case.concern_id}:{name}:{rest}" for name in staff_cases._ACTIONS for rest in ARGUMENTS),
        f"s:{case.concern_id}:to:{outsider.id}",
        *(f"{staff_queue.MARK}:{offset}" for offset in (0, 8)),
        *(f"{staff_appointments.MARK}:{entry}:{what}" for entry in (1, 2) for what in ("keep", "drop")),
        *(f"{staff_duty.MARK}:{verb}:{rest}" for verb in staff_duty._PRESSES for rest in ("", "1", "1:yes")),
    ]
    for token in tokens:
        receipt = outsider.does(IncomingKind.PRESS, press=token.removesuffix(":"), message="1")
        hears_nothing_of_it(case, outsider, "", receipt.toast)
        if token.startswith(f"s:{case.concern_id}"):
            assert receipt.toast, token
    case.mia.hears_nothing()
    assert case.state() == before
    assert case.stage.run(lambda uow: uow.duty.absences(1, case.stage.now)) == is_away_too


def test_every_kind_of_button_is_known_to_this_test() -> None:
    handled = {staff_queue.MARK, staff_appointments.MARK, staff_duty.MARK, "s"}
    source = staff_desk._press.__code__
    marks = {one for one in source.co_consts if isinstance(one, str) and len(one) == 1} - {":"}
    assert marks <= handled
    assert {name for name in source.co_names if name.endswith("MARK")} == {"MARK"}


@pytest.mark.parametrize("focus", ["reply", "step", "note", "lowerR1", "later", "pass", "canned"])
def test_words_that_were_meant_for_a_case_go_nowhere_when_it_is_not_theirs_any_more(
    case: Case, focus: str
) -> None:
    karl = case.outsider(Outsider.COLLEAGUE)
    karl.forgets()
    case.stage.run(lambda uow: uow.people.change_staff(karl.id, focus=f"{focus}:{case.concern_id}"))
    before = case.state()
    karl.writes("Das geht niemanden etwas an")
    [said] = karl.hears("Es wurde nichts gesendet.")
    assert not said.keys
    case.mia.hears_nothing()
    assert case.state() == before


# --- what opens it, and for how long


def test_a_deputy_has_the_case_as_long_as_they_stand_in(case: Case, stage: Stage) -> None:
    dirk = stage.staff("Dirk Dreher", deputy_of=case.berta.id)
    dirk.writes(f"/fall {case.code}")
    dirk.hears("Um diesen Fall kümmert sich jemand anderes")
    is_away(stage, case.berta)
    dirk.writes(f"/fall {case.code}")
    [card] = dirk.hears("Kanarienvogel")
    assert "Selbst übernehmen" in str(card.keys)
    case.berta.writes("/da")
    dirk.forgets()
    dirk.writes(f"/fall {case.code}")
    dirk.hears("Um diesen Fall kümmert sich jemand anderes")


def test_a_lead_of_the_agency_has_it_and_an_evaluator_is_turned_away(case: Case, stage: Stage) -> None:
    lea = stage.staff("Lea Lind", Role.LEAD)
    lea.writes(f"/fall {case.code}")
    lea.hears("Kanarienvogel")
    eva = case.outsider(Outsider.EVALUATOR)
    eva.forgets()
    eva.writes("/hilfe")
    eva.hears("Das gehört nicht zu Ihren Aufgaben bei Lotse.")


def test_whoever_is_called_has_it_until_it_is_closed(stage: Stage, berta: Actor, mia: Actor) -> None:
    dirk = stage.staff("Dirk Dreher")
    stage.run(lambda uow: uow.people.change_participant(1, coach_id=None))
    case = open_case_of_nobody(stage, mia)
    dirk.writes(f"/fall {case}")
    dirk.hears("Meldung R3")
    dirk.presses("Übernehmen")
    dirk.presses("Ich rufe heute an")
    berta.forgets()
    dirk.forgets()
    dirk.writes(f"/fall {case}")
    dirk.presses("Erledigt")
    dirk.presses("Gesprochen")
    berta.forgets()
    berta.writes(f"/fall {case}")
    stage.pass_time(days=15)
    dirk.forgets()
    number = stage.concerns()[0].id
    receipt = dirk.does(IncomingKind.PRESS, press=f"s:{number}:show", message="1")
    assert "kümmert sich jemand anderes" in receipt.toast


def open_case_of_nobody(stage: Stage, mia: Actor) -> str:
    mia.writes("Ich will nicht mehr leben")
    for actor in stage.ears.copy():
        stage.ears.pop(actor)
    return stage.concerns()[0].case_code


# --- the emergency


def test_in_an_emergency_a_colleague_sees_the_case_for_an_hour_and_others_know(
    case: Case, stage: Stage
) -> None:
    lea = stage.staff("Lea Lind", Role.LEAD)
    karl = case.outsider(Outsider.COLLEAGUE)
    for actor in (lea, karl):
        actor.forgets()
    karl.writes(f"/notfall {case.code} Anruf aus der Klinik")
    opened, card = karl.hears("ist für Sie offen bis 11:00", "Kanarienvogel")
    assert not opened.keys
    labels = {key.label for row in card.keys for key in row}
    assert labels == {"Antworten", "Notiz"}
    for told in (lea, case.berta):
        [said] = told.hears(f"Karl Kollege hat Fall {case.code} wegen eines Notfalls")
        assert not any(secret in said.text for secret in (*CONTENT, "Klinik"))
    case.mia.hears_nothing()
    receipt = karl.does(IncomingKind.PRESS, press=f"s:{case.concern_id}:take:over", message="1")
    assert receipt.toast
    assert stage.concerns()[0].taken_by == case.berta.id
    stage.now += LASTS
    karl.writes(f"/fall {case.code}")
    karl.hears("Um diesen Fall kümmert sich jemand anderes")
    log = stage.run(lambda uow: [(n.actor, n.action) for n in uow.audit_chain.waiting(200)])
    mine = [action for actor, action in log if actor == f"staff:{karl.id}"]
    assert mine[-3:] == ["glass_broken", "glass_see_content", "concern_shown"]


@pytest.mark.parametrize(
    ("who", "words", "said"),
    [
        (Outsider.COLLEAGUE, "", "Bitte schreiben Sie den Grund dazu"),
        (Outsider.COLLEAGUE, "kurz", "Bitte schreiben Sie den Grund dazu"),
        (Outsider.COLLEAGUE, "x" * 501, "Bitte schreiben Sie den Grund dazu"),
        (Outsider.STRANGER, "Anruf aus der Klinik", "gibt es hier nicht"),
        (Outsider.EVALUATOR, "Anruf aus der Klinik", "nicht zu Ihren Aufgaben"),
        (Outsider.PARTNER, "Anruf aus der Klinik", "nicht zu Ihren Aufgaben"),
    ],
)
def test_an_emergency_needs_a_reason_and_a_role(case: Case, who: Outsider, words: str, said: str) -> None:
    actor = case.outsider(who)
    actor.forgets()
    before = case.state()
    actor.writes(f"/notfall {case.code} {words}".strip())
    actor.hears(said)
    case.berta.hears_nothing()
    assert case.state() == before


def test_whose_case_it_is_needs_no_emergency(case: Case) -> None:
    case.berta.writes(f"/notfall {case.code} Anruf aus der Klinik")
    case.berta.hears("Diesen Fall sehen Sie schon")


def test_whoever_answered_in_an_emergency_hears_no_more_when_it_is_over(
    stage: Stage, berta: Actor, mia: Actor
) -> None:
    mia.writes("Können Sie mich bitte anrufen?")
    karl = stage.staff("Karl Kollege")
    code = stage.concerns()[0].case_code
    karl.writes(f"/notfall {code} Anruf aus der Klinik")
    karl.presses("Antworten")
    karl.writes("Ich bin gleich bei Ihnen.")
    for actor in (berta, mia, karl):
        actor.forgets()
    mia.writes("Danke, ich warte auf Sie")
    for actor in (berta, karl):
        actor.hears(f"Neue Nachricht · Fall {code}")
    stage.now += LASTS
    mia.forgets()
    mia.writes("Es geht mir schon besser")
    berta.hears(f"Neue Nachricht · Fall {code}")
    karl.hears_nothing()
