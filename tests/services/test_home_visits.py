# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A visit at home: only after a yes, cancelled by one tap, and somebody asks whether all came back safely."""

from __future__ import annotations

import pytest

from bot.domain.appointments import AppointmentState
from bot.domain.home_visits import HomeVisit
from bot.domain.messages import IncomingKind
from bot.domain.people import Role
from bot.services.appointments import Telling
from bot.services.staff_home_visits import meet_elsewhere, visitors
from tests.services.stage import Actor, Stage
from tests.services.test_appointments import case, kept, sets, until
from tests.services.test_help_plans import at_work

DAY = "4.12.2026 14:00 hausbesuch Dauer: 60"


@pytest.fixture
def lea(stage: Stage, mia: Actor) -> Actor:
    """The lead."""
    return stage.staff("Lea Leitung", Role.LEAD)


@pytest.fixture
def karl(stage: Stage, mia: Actor) -> Actor:
    """A colleague who goes along."""
    return stage.staff("Karl Kollege", Role.COACH)


def visit(stage: Stage) -> HomeVisit:
    return stage.run(lambda uow: uow.casework.joint_appointments.home_visits([1]))[1]


def agreed(stage: Stage, berta: Actor, mia: Actor) -> None:
    sets(stage, berta, DAY)
    mia.presses("Ja, das passt")
    for actor in (mia, berta):
        actor.forgets()


def both_go(stage: Stage, berta: Actor, karl: Actor) -> None:
    found = kept(stage)
    at_work(stage, berta, lambda desk, _: visitors(desk, found, berta.id, karl.id))


def test_it_is_a_proposal_without_an_address_and_stands_only_after_a_yes(
    stage: Stage, mia: Actor, berta: Actor
) -> None:
    berta.writes(f"/termin {case(stage)} 4.12.2026 14:00 hausbesuch Ort: Musterweg 3")
    berta.hears("wird kein Ort aufgeschrieben")
    sets(stage, berta, DAY)
    mia.hears("Wo: bei Ihnen zu Hause\nDas ist freiwillig.")
    assert kept(stage).state is AppointmentState.PROPOSED
    mia.presses("Ja, das passt")
    mia.hears("Sie können bis zuletzt absagen")
    berta.hears("Der Besuch passt der Person.")
    assert kept(stage).state is AppointmentState.AGREED
    assert kept(stage).details.place == ""
    assert stage.concerns() == []


def test_rather_not_cancels_it_and_is_nobodys_concern(stage: Stage, mia: Actor, berta: Actor) -> None:
    sets(stage, berta, DAY)
    mia.presses("Lieber nicht")
    berta.hears("Die Person möchte lieber keinen Besuch.")
    assert kept(stage).state is AppointmentState.CANCELLED
    assert stage.concerns() == []


def test_somewhere_else_and_the_new_place_is_asked_again(stage: Stage, mia: Actor, berta: Actor) -> None:
    sets(stage, berta, DAY)
    mia.presses("Lieber woanders")
    mia.presses("Draußen")
    assert [one.reason for one in stage.concerns()] == ["other_place_wished"]
    assert kept(stage).words == "Lieber draußen"
    mia.forgets()
    found = kept(stage)
    place = "Am Brunnen im Musterpark"
    assert at_work(stage, berta, lambda desk, _: meet_elsewhere(desk, found, place)) is Telling.ON_ITS_WAY
    mia.hears(f"Wo: {place}\nDas ist freiwillig.")
    mia.presses("Ja, das passt")
    assert kept(stage).state is AppointmentState.AGREED


def test_cancelled_by_one_tap_until_it_begins_and_everybody_who_would_come_hears_of_it(
    stage: Stage, mia: Actor, berta: Actor, karl: Actor
) -> None:
    agreed(stage, berta, mia)
    both_go(stage, berta, karl)
    until(stage, "2.12.2026 10:00")
    mia.presses("Das passt")
    mia.forgets()
    until(stage, "4.12.2026 08:00")
    reminder = mia._take()[-1]
    assert "Heute ist Ihr Termin, um 14:00 Uhr." in reminder.text
    assert "esuch" not in reminder.text
    mia.presses("Das passt")
    mia.hears("genügt ein Tippen")
    until(stage, "4.12.2026 13:59")
    berta.forgets()
    mia.presses("Doch lieber nicht")
    assert "Sie müssen nicht öffnen." in mia._take()[0].text
    berta.hears("Die Person möchte lieber keinen Besuch.")
    karl.hears("Die Person möchte lieber keinen Besuch.")
    until(stage, "4.12.2026 20:00")
    assert kept(stage).state is AppointmentState.CANCELLED
    assert visit(stage).asked_at is None


def test_back_safely_or_the_lead_is_told_until_somebody_says_that_all_is_well(
    stage: Stage, mia: Actor, berta: Actor, lea: Actor, karl: Actor
) -> None:
    agreed(stage, berta, mia)
    both_go(stage, berta, karl)
    until(stage, "4.12.2026 14:59")
    for actor in (berta, lea, karl):
        actor.forgets()
    until(stage, "4.12.2026 15:00")
    berta.hears("Sind Sie gut zurück?")
    karl.hears("Sind Sie gut zurück?")
    until(stage, "4.12.2026 15:29")
    lea.hears_nothing()
    until(stage, "4.12.2026 15:30")
    (told,) = lea.hears("Bitte rufen Sie jetzt an.")
    assert "Berta Beispiel, Karl Kollege" in told.text
    until(stage, "4.12.2026 16:00")
    lea.hears("Bitte rufen Sie jetzt an.")
    mia.forgets()
    karl.presses("Ja, alles gut")
    assert visit(stage).back_at == stage.now
    until(stage, "5.12.2026 08:00")
    assert not [body for body in lea._take() if "rufen Sie jetzt an" in body.text]


def test_moved_the_question_comes_after_the_new_end(stage: Stage, mia: Actor, berta: Actor) -> None:
    agreed(stage, berta, mia)
    berta.writes("/verschieben 1 7.12.2026 10:00 abgesprochen")
    berta.presses("Stimmt so")
    until(stage, "4.12.2026 16:00")
    assert visit(stage).asked_at is None
    until(stage, "7.12.2026 11:00")
    berta.presses("Ja, alles gut")
    assert visit(stage).back_at == stage.now


def test_nobody_else_can_say_that_all_is_well(stage: Stage, mia: Actor, berta: Actor, karl: Actor) -> None:
    agreed(stage, berta, mia)
    until(stage, "4.12.2026 15:00")
    token, message = stage.key(berta.channel, berta.address, "Ja, alles gut")
    karl.does(IncomingKind.PRESS, press=token, message=message)
    assert visit(stage).back_at is None
