# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Conferences in the console: the whole way of one, and what those see who are invited or not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.conferences import Agenda, Conference, ConferenceKind, ConferenceState
from bot.domain.people import Participant, Role
from bot.house import DEFAULT_AGENCY
from tests.web.building import Browser, Building
from tests.web.test_console_calendar import statements
from tests.web.test_three_people import signed_in

HOME, ONE = "/console/conferences", "/console/conferences/1"
TOPIC = "Wege <b>aus</b> der Sackgasse"
FIELDS = {"topic": TOPIC, "place": "Raum 3", "items": "Lage\nIdeen", "time": "10:00", "minutes": "60"}


@pytest.fixture
async def person(building: Building, berta: Browser, mia: Browser) -> Participant:
    """Mia, who belongs to Berta and has agreed to be written to; her first questions are put off for good."""
    for _ in range(2):
        await mia.press("Ja, gern")
    await mia.press("Später")
    await mia.write("weiter")
    await mia.press("Später")
    [found] = building.do(lambda uow: uow.people.participants(DEFAULT_AGENCY))
    building.do(lambda uow: uow.people.change_participant(found.id, name="Mia Muster"))
    return found


async def test_the_whole_way(building: Building, berta: Browser, mia: Browser, person: Participant) -> None:
    paula = await signed_in(building, Role.PARTNER)
    guest = next(
        one.id
        for one in building.do(lambda uow: uow.people.all_staff(DEFAULT_AGENCY))
        if one.role is Role.PARTNER
    )
    await berta.open(HOME)
    assert "Für Sie steht keine Fachkonferenz an" in berta.words
    await berta.press("Ansetzen", **FIELDS, case="XXXXX", day="2026-11-26")
    assert berta.status == 422
    assert "Sackgasse" in berta.html
    await berta.press(
        "Ansetzen", **FIELDS, case=person.case_code, day="2026-11-26", **{f"guest-{guest}": "on"}
    )
    assert berta.at == ONE
    assert "<b>aus" not in berta.html
    await mia.open("/chat/")
    assert "Ihr Name wird dabei nicht genannt" in mia.words
    await berta.press("Ansehen", age="from_36", questions="Was hilft Mia?")
    assert "Das könnte verraten, um wen es geht: Mia." in berta.words
    await paula.open(ONE)
    assert "Was hilft" not in paula.words
    await berta.press("Fallblatt freigeben")
    assert berta.status == 422
    await berta.press("Ansehen", age="from_36", questions="Was hilft jetzt?")
    await berta.press("Fallblatt freigeben")
    await paula.open(ONE)
    for words in ("Konferenzfall 1", "36 bis 45 Jahre", "Was hilft jetzt?"):
        assert words in paula.words
    for secret in ("Mia Muster", person.case_code, "Absagen"):
        assert secret not in paula.html
    await paula.open(f"{ONE}/print")
    assert "Was hilft jetzt?" in paula.words
    building.clock.advance(timedelta(days=4))
    await berta.open(ONE)
    await berta.press("Hat stattgefunden")
    coach = str(building.coach.id)
    await berta.press("Beschluss eintragen", decision="Mia ruft an", owner=coach, until="2026-12-10")
    assert berta.status == 422
    await berta.press("Beschluss eintragen", decision="Kur beantragen", owner=coach, until="2026-12-10")
    assert "Kur beantragen" in berta.words
    await berta.open(HOME)
    await berta.press("Erledigt")
    await berta.open(ONE)
    assert "erledigt am" in berta.words
    await berta.press("Abschließen", words="Wir beantragen eine Kur.")
    assert "Die Fachkonferenz ist abgeschlossen." in berta.words
    await paula.open(ONE)
    assert "Was hilft jetzt?" not in paula.words
    await paula.close()


async def test_whoever_is_not_invited_learns_nothing(
    building: Building, berta: Browser, mia: Browser, person: Participant
) -> None:
    await berta.open(HOME)
    await berta.press("Ansetzen", **FIELDS, case=person.case_code, day="2026-11-26")
    for role in (Role.COACH, Role.ADMIN, Role.PARTNER, Role.EVALUATOR, Role.EMPLOYER_CONTACT):
        karl = await signed_in(building, role)
        for path in (ONE, f"{ONE}/print"):
            await karl.open(path)
            assert karl.status == 404
        await karl.open(HOME)
        assert "Sackgasse" not in karl.html
        await karl.close()


async def test_the_list_costs_the_same_for_three_and_for_thirty(building: Building, berta: Browser) -> None:
    def add(count: int) -> None:
        now = building.clock.now()
        new = Conference(
            *(0, DEFAULT_AGENCY, ConferenceKind.TOPIC, ConferenceState.PLANNED, now + timedelta(days=3)),
            *(timedelta(hours=1), Agenda(topic="Ein Thema"), building.coach.id, now, now),
        )
        for _ in range(count):
            building.do(lambda uow: uow.casework.conferences.add(new))

    add(3)
    few = await statements(lambda: berta.open(HOME))
    add(27)
    assert await statements(lambda: berta.open(HOME)) == few
    assert berta.words.count("Ein Thema") == 30
