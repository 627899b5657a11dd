# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Data that is only kept: no questions, nothing shared or shown, until the person ends it or hears why."""

from __future__ import annotations

from bot.domain.concerns import Outcome
from bot.domain.consent import RESTRICTION, holding
from bot.services import console
from bot.services.access import Guard
from bot.services.handle_concern import close
from tests.services.at_desk import at_desk
from tests.services.stage import Actor, Stage


def restricts(mia: Actor, berta: Actor) -> None:
    mia.writes("/einschraenken")
    mia.presses("Ja, nur aufbewahren")
    mia.hears("nur aufbewahrt werden", "nur noch aufbewahren?", "bis Sie es aufheben")
    berta.hears("Lotse fragt sie nichts mehr")


def consents(stage: Stage) -> dict[str, bool]:
    given = stage.run(lambda uow: uow.talks.given(1))
    return dict(holding(given, stage.rules.book.meanings, stage.now))


def seen(stage: Stage, berta: Actor) -> console.Opened:
    """What the coach is shown of the newest concern."""
    number = stage.concerns()[-1].id
    staff = stage.run(lambda uow: uow.people.staff(berta.id))
    assert staff is not None
    found = stage.run(
        lambda uow: console.case(uow, Guard(uow, stage.rules, staff, stage.now), staff, number, stage.now)
    )
    assert found is not None
    return found


def test_no_questions_come_and_afterwards_they_do_again(stage: Stage, mia: Actor, berta: Actor) -> None:
    restricts(mia, berta)
    assert consents(stage) == {"contact": True, "health_checkins": False, "health_in_messenger": True}
    stage.pass_time(days=21)
    mia.hears_nothing()
    mia.writes("checkin")
    mia.hears("werden zurzeit nur aufbewahrt")
    mia.presses("Nein, aufheben")
    mia.hears("gilt wieder alles")
    berta.hears("nicht mehr eingeschränkt")
    assert all(consents(stage).values())
    kept = stage.run(lambda uow: uow.talks.consent_records(1))
    assert [one.granted for one in kept if one.purpose == RESTRICTION] == [True, False]
    stage.pass_time(days=8)
    assert stage.ears[mia.channel, mia.address], "the rhythm goes on"


def test_help_and_the_check_for_danger_stay(stage: Stage, mia: Actor, berta: Actor) -> None:
    restricts(mia, berta)
    mia.writes("Ich will nicht mehr leben")
    assert "112" in stage.ears[mia.channel, mia.address][0].text
    berta.hears("Meldung R3")


def test_staff_see_the_running_concern_and_nothing_older(stage: Stage, mia: Actor, berta: Actor) -> None:
    mia.writes("Gestern war ich beim Bäcker")
    stage.pass_time(hours=2)
    restricts_quietly(mia)
    mia.writes("/hilfe")
    mia.presses("Ja")
    case = seen(stage, berta)
    assert case.timeline
    assert not any("Bäcker" in line.text for line in case.timeline)
    number = case.case.concern.id
    berta.forgets()
    berta.presses("Übernehmen")
    at_desk(stage, berta, number, lambda desk, found: close(desk, found, Outcome.REACHED))
    case = seen(stage, berta)
    assert (case.timeline, case.history, case.case.concern.quote) == ((), (), "")


def restricts_quietly(mia: Actor) -> None:
    mia.writes("/einschraenken")
    mia.presses("Ja, nur aufbewahren")
    mia.forgets()


def test_staff_end_it_only_with_a_reason_that_the_person_hears(
    stage: Stage, mia: Actor, berta: Actor
) -> None:
    restricts(mia, berta)
    (person,) = stage.run(lambda uow: uow.people.participants(1))
    berta.writes(f"/aufheben {person.case_code} weil")
    berta.hears("in 10 bis 500 Zeichen")
    mia.hears_nothing()
    berta.writes(f"/aufheben {person.case_code} Ihr Widerspruch ist geklärt.")
    berta.hears("ist aufgehoben")
    mia.hears("Der Grund: Ihr Widerspruch ist geklärt.")
    assert all(consents(stage).values())
    mia.writes("/einschraenken")
    mia.presses("Ja, nur")
    mia.writes("STOPP")
    mia.forgets()
    berta.forgets()
    berta.writes(f"/aufheben {person.case_code} Ihr Widerspruch ist geklärt.")
    berta.hears("auf einem anderen Weg")
    assert consents(stage)["health_checkins"] is False
