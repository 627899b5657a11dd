# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Somebody comes along: nobody is named to the person before it is certain, and no wish is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.accompaniment import Accompaniment, AccompanimentState
from bot.domain.duty import Absence
from bot.domain.people import Role
from bot.services.absences import leave_team, set_absence
from tests.services.stage import Actor, Stage
from tests.services.test_appointments import sets, until

S = AccompanimentState
OFFICE = "4.12.2026 10:30 amt Ort: Musterstraße 1"
OPEN = "Ob jemand mitkommt, steht noch nicht fest."


@pytest.fixture
def karl(stage: Stage, mia: Actor) -> Actor:
    """A colleague."""
    return stage.staff("Karl Kollege", Role.COACH)


def now_is(stage: Stage, number: int = 1) -> Accompaniment:
    return stage.run(lambda uow: uow.casework.joint_appointments.accompaniments([number]))[number]


def calls(stage: Stage) -> list[str]:
    return [concern.reason for concern in stage.concerns()]


def an_offer(stage: Stage, berta: Actor, mia: Actor) -> None:
    sets(stage, berta, OFFICE)
    mia.forgets()
    berta.writes("/begleitung 1 ich Treffpunkt: Vor dem Eingang")
    berta.forgets()


def confirmed(stage: Stage, berta: Actor, mia: Actor) -> None:
    an_offer(stage, berta, mia)
    mia.presses("Ja, gern")
    mia.forgets()
    berta.forgets()


def test_a_wish_belongs_to_the_appointment_and_the_offer_is_asked_before_anybody_is_named(
    stage: Stage, mia: Actor, berta: Actor
) -> None:
    sets(stage, berta, OFFICE)
    mia.forgets()
    mia.writes("Kommen Sie mit?")
    mia.hears("Freitag, 4. Dezember, um 10:30 Uhr")
    mia.presses("Ja, zu diesem")
    assert now_is(stage).state is S.WISHED
    assert calls(stage) == ["company_wished_official"]
    mia.forgets()
    berta.forgets()
    berta.writes("/begleitung 1")
    berta.hears("Noch hat niemand zugesagt.")
    berta.writes("/begleitung 1 ich Treffpunkt: Vor dem Eingang")
    berta.hears("kommt mit, wenn die Person möchte")
    mia.hears("Berta", "Hier würden Sie sich vor dem Termin treffen: Vor dem Eingang", "Möchten Sie das?")
    mia.presses("Ja, gern")
    assert now_is(stage).state is S.CONFIRMED
    mia.hears("kommt mit. Vorher erinnere ich Sie daran.")
    berta.hears("Die Person möchte, dass Sie mitkommen.")
    until(stage, "2.12.2026 10:00")
    said = " ".join(body.text for body in mia._take())
    assert "kommt mit." in said
    assert "hier treffen Sie sich vor dem Termin: Vor dem Eingang" in said


def test_a_colleague_is_asked_first_and_the_person_only_then(
    stage: Stage, mia: Actor, berta: Actor, karl: Actor
) -> None:
    sets(stage, berta, OFFICE)
    mia.forgets()
    berta.writes("/begleitung 1 Karl")
    berta.hears("Karl Kollege ist gefragt, ob es geht. Die Person weiß noch nichts davon.")
    mia.hears_nothing()
    (asked,) = karl.hears("ob Sie zu diesem Termin mitkommen können")
    assert "Musterstraße" not in asked.text
    karl.presses("Ich komme mit")
    mia.hears("Karl Kollege kann mitkommen", "Möchten Sie das?")
    mia.presses("Nein, danke")
    assert now_is(stage).state is S.NOT_NEEDED
    karl.forgets()
    until(stage, "2.12.2026 10:00")
    assert not [body for body in mia._take() if "mitkommt" in body.text or "kommt mit" in body.text]
    assert calls(stage) == []


@pytest.mark.parametrize("how", ["away", "left", "moved", "steps back"])
def test_a_promise_that_does_not_hold_any_more_is_a_question_to_the_team_again(
    stage: Stage, mia: Actor, berta: Actor, karl: Actor, how: str
) -> None:
    sets(stage, berta, "4.12.2026 10:30 partner")
    berta.writes("/begleitung 1 Karl")
    karl.presses("Ich komme mit")
    mia.presses("Ja, gern")
    for actor in (mia, berta, karl):
        actor.forgets()
    match how:
        case "away":
            start = stage.now + timedelta(days=10)
            away = Absence(0, 1, karl.id, start, start + timedelta(days=3))
            stage.run(lambda uow: set_absence(uow, away, stage.now))
        case "left":
            stage.run(lambda uow: leave_team(uow, karl.id, stage.now))
        case "moved":
            berta.writes("/verschieben 1 7.12.2026 11:00 abgesprochen")
            berta.presses("Stimmt so")
        case "steps back":
            karl.presses("Ich kann nicht")
    # What is true is said from the first moment on, before anybody has looked at it.
    until(stage, "24.11.2026 09:00")
    assert now_is(stage).state is S.OPEN_AGAIN
    assert calls(stage) == ["accompaniment_open"]
    mia.forgets()
    berta.forgets()
    until(stage, "7.12.2026 09:00" if how == "moved" else "2.12.2026 11:00")
    said = [body.text for body in mia._take()]
    assert OPEN in said
    assert not [text for text in said if "Karl" in text]
    assert any("/begleitung 1" in body.text for body in berta._take())


def test_a_yes_that_comes_too_late_is_not_told_as_certain(stage: Stage, mia: Actor, berta: Actor) -> None:
    an_offer(stage, berta, mia)
    start = stage.now + timedelta(days=9)
    away = Absence(0, 1, berta.id, start, start + timedelta(days=9))
    stage.run(lambda uow: set_absence(uow, away, stage.now))
    mia.forgets()
    mia.presses("Ja, gern")
    mia.hears("Da hat sich gerade etwas geändert.")
    assert now_is(stage).state is not S.CONFIRMED


def test_nobody_can_comes_with_a_way_out(stage: Stage, mia: Actor, berta: Actor) -> None:
    confirmed(stage, berta, mia)
    berta.writes("/begleitung 1 nein Ich rufe Sie vorher an")
    mia.hears("kann leider niemand mitkommen", "wenn Sie möchten: Ich rufe Sie vorher an", "Was würde")
    mia.presses("Vorher ein Anruf")
    assert calls(stage) == ["call_wished_official"]
    until(stage, "2.12.2026 10:00")
    assert not [body for body in mia._take() if "mitkomm" in body.text or "kommt mit" in body.text]


def test_a_name_that_was_only_written_down_holds_for_the_old_time(
    stage: Stage, mia: Actor, berta: Actor
) -> None:
    sets(stage, berta, "4.12.2026 10:30 partner Begleitung: Frau Beispiel")
    mia.forgets()
    berta.writes("/verschieben 1 7.12.2026 11:00 abgesprochen")
    berta.presses("Stimmt so")
    mia.hears("Für Ihren Termin gilt jetzt", OPEN)
    until(stage, "24.11.2026 09:00")
    assert calls(stage) == ["accompaniment_open"]


def test_an_appointment_that_is_cancelled_needs_nobody(stage: Stage, mia: Actor, berta: Actor) -> None:
    sets(stage, berta, "4.12.2026 10:30 partner")
    berta.writes("/begleitung 1 Frau Beispiel")
    mia.presses("Ja, gern")
    berta.writes("/absagen 1")
    berta.presses("Stimmt so")
    until(stage, "24.11.2026 09:00")
    assert now_is(stage).state is S.NOT_NEEDED
    assert calls(stage) == []


def test_only_whoever_looks_after_the_person_decides(
    stage: Stage, mia: Actor, berta: Actor, karl: Actor
) -> None:
    sets(stage, berta, OFFICE)
    mia.forgets()
    karl.writes("/begleitung 1 ich")
    karl.hears("Um diesen Fall kümmert sich jemand anderes im Team.")
    berta.writes("/begleitung 99")
    berta.hears("gibt es hier nicht")
    mia.hears_nothing()
