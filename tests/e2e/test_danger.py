# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Words that mean danger: help first, then a human, and nothing that is not so."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.domain.people import Role
from tests.doubles.bot_api import FaultKind
from tests.e2e.stories import Team, Town

DANGER = "Ich will nicht mehr leben."
NUMBERS = "Rufen Sie jetzt 112 an."
SATURDAY = datetime(2026, 5, 9, 8, 0, tzinfo=UTC)
NEXT_MONDAY_MORNING = datetime(2026, 5, 11, 6, 0, tzinfo=UTC)


async def test_help_comes_first_and_the_coach_is_named_only_when_told(town: Town, team: Team) -> None:
    mia, berta = team.mia, team.berta
    town.api.fail_next(town.staff, "sendMessage", 901, kind=FaultKind.SERVER_ERROR)
    await mia.says(DANGER)
    await town.then(mia.hears(NUMBERS))
    assert "Berta" not in mia.last, "nobody has been told yet"
    await town.passes(seconds=2)
    await town.then(
        berta.hears("Meldung R3 · Fall "),
        mia.hears("Ich habe Ihre Nachricht gerade an Berta Beispiel geschickt. Unser Ziel: Bis 11:15 Uhr"),
    )
    await berta.presses("Übernehmen")
    await town.then(
        mia.hears("Berta Beispiel hat Ihre Meldung gesehen und übernommen."),
        berta.sees("Übernommen von Ihnen."),
        berta.hears("Was ist Ihr nächster Schritt?"),
    )
    await berta.presses("Ich rufe heute an")
    await town.then(berta.hears("notiert"))


async def test_danger_in_the_middle_of_a_check_in(town: Town, team: Team) -> None:
    mia, berta = team.mia, team.berta
    await mia.says("checkin", "6", "5")
    await town.then(
        mia.hears("Wie geht es Ihnen heute?"),
        mia.hears("Wie haben Sie geschlafen?"),
        mia.hears("Was ist Ihnen diese Woche gelungen?"),
    )
    await mia.says(DANGER)
    await town.then(mia.hears(NUMBERS), berta.hears("Meldung R3"), mia.hears("gerade an Berta Beispiel"))
    await mia.presses("Überspringen")
    await town.then(mia.reads("Dieser Knopf gehört zu einem früheren Gespräch."))


async def test_at_the_weekend_it_says_so_at_once(town: Town, team: Team) -> None:
    mia, berta, dirk = team.mia, team.berta, team.dirk
    await town.until(SATURDAY)
    await mia.says(DANGER)
    await town.then(mia.hears(NUMBERS), berta.hears("Meldung R3"))
    assert "Im Moment liest hier niemand mit." in mia.last
    assert "Berta Beispiel sieht Ihre Nachricht am Montag, 11. Mai ab 08:00 Uhr." in mia.last
    await town.until(NEXT_MONDAY_MORNING)
    await town.then(berta.hears("Ihr Tag"))
    await town.passes(minutes=15)
    await town.then(dirk.hears("Meldung R3"), mia.hears("Es hat sich noch niemand gemeldet."))


async def test_nobody_to_tell(town: Town) -> None:
    """A coach who never opened the staff bot: no promise that anybody was told."""
    berta = await town.hires("Berta", 901, Role.COACH)
    mia = town.meet("Mia", 500)
    await mia.opens(await town.invites(berta.hired))
    await mia.says("ja", "nein")
    await town.settled()
    town.forget()
    await mia.says(DANGER)
    await town.then(mia.hears(NUMBERS))
    assert "Im Moment kann ich hier niemanden erreichen." in mia.last
    assert "Berta" not in mia.last
    assert [concern.uncovered for concern in await town.do(lambda uow: uow.concerns.of_agency(1))] == [True]
    await berta.person.opens(berta.hired.messenger_code)
    await town.then(berta.person.hears("Willkommen"))
    await town.passes(minutes=15)
    await town.then(berta.person.hears("Meldung R3"), mia.hears("Es hat sich noch niemand gemeldet."))


async def test_a_stranger_in_danger_is_helped_and_kept(town: Town, team: Team) -> None:
    nobody = town.meet("Unbekannt", 700)
    await nobody.says(DANGER)
    await town.then(
        nobody.hears(NUMBERS),
        *(coach.hears("Meldung R3") for coach in (team.berta, team.dirk, team.karl)),
        nobody.hears("Ich habe Ihre Nachricht gerade an "),
    )


async def test_the_ladder(town: Town, team: Team) -> None:
    """Owner, deputy, lead, every coach, and then from the beginning, with the lead told each time."""
    mia, berta, dirk, lea, karl = team.mia, team.berta, team.dirk, team.lea, team.karl
    await mia.says(DANGER)
    await town.then(mia.hears(NUMBERS), berta.hears("Meldung R3"), mia.hears("Bis 11:15 Uhr"))
    await town.passes(minutes=14)
    await town.then()
    await town.passes(minutes=1)
    await town.then(dirk.hears("Meldung R3"), mia.hears("Es hat sich noch niemand gemeldet."))
    await town.passes(minutes=15)
    await town.then(lea.hears("Meldung R3"))
    await town.passes(minutes=15)
    await town.then(*(coach.hears("Noch hat niemand übernommen.") for coach in (berta, dirk, karl)))
    await town.passes(minutes=15)
    await town.then(berta.hears("Noch hat niemand übernommen."), lea.hears("Noch hat niemand übernommen."))
    await town.passes(minutes=15)
    await town.then(dirk.hears("Noch hat niemand übernommen."), lea.hears("Noch hat niemand übernommen."))

    await dirk.presses("Übernehmen", older=1)
    await town.then(
        mia.hears("Dirk Beispiel hat Ihre Meldung gesehen und übernommen."),
        dirk.sees("Übernommen von Ihnen."),
        dirk.hears("Was ist Ihr nächster Schritt?"),
        berta.sees("übernommen von Dirk Beispiel."),
        berta.sees("übernommen von Dirk Beispiel."),
        berta.sees("übernommen von Dirk Beispiel."),
        karl.sees("übernommen von Dirk Beispiel."),
        lea.sees("übernommen von Dirk Beispiel."),
        lea.sees("übernommen von Dirk Beispiel."),
        lea.sees("übernommen von Dirk Beispiel."),
    )
    await dirk.presses("Ich rufe heute an")
    await town.then(dirk.hears("notiert"))
    await town.passes(hours=4)
    await town.then()


async def test_taken_over_without_a_next_step_comes_back(town: Town, team: Team) -> None:
    mia, berta, dirk = team.mia, team.berta, team.dirk
    await mia.says("Ich habe keine Hoffnung mehr")
    await town.then(mia.hears("Ich gebe sie an Berta Beispiel weiter."), berta.hears("Meldung R2"))
    await berta.presses("Übernehmen")
    await town.then(
        mia.hears("gesehen und übernommen"),
        berta.sees("Übernommen von Ihnen."),
        berta.hears("nächster Schritt?"),
    )
    await town.passes(minutes=59)
    await town.then()
    await town.passes(minutes=1)
    await town.then(berta.hears("Meldung R2"))
    await town.passes(hours=2)
    await town.then(dirk.hears("Meldung R2"))


async def test_a_next_step_whose_day_has_passed_asks_again(town: Town, team: Team) -> None:
    mia, berta = team.mia, team.berta
    await mia.says("Ich habe keine Hoffnung mehr")
    await town.settled()
    await berta.presses("Übernehmen")
    await town.settled()
    await berta.presses("Anderer Schritt")
    await town.settled()
    town.forget()
    await berta.says("Ich frage bei der Beratungsstelle nach.")
    await town.then(berta.hears("Wenn er bis Montag, 4. Mai, 15:00 Uhr nicht erledigt ist, frage ich nach."))
    await town.passes(hours=4)
    await town.then(berta.hears("Meldung R2"))
