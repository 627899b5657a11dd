# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Group offers in the console: made, invited to, who comes, who was there, and what others see of it."""

from __future__ import annotations

import itertools
from datetime import timedelta
from functools import partial

from bot.domain.groups import Group, Seat, SeatState
from bot.domain.partners import Partner, PartnerKind
from bot.domain.people import Participant, Standing
from bot.house import DEFAULT_AGENCY
from bot.ports import UnitOfWork
from tests.web.building import Browser, Building
from tests.web.test_console_calendar import statements
from tests.web.test_console_referrals import person

__all__ = ["person"]

TITLE = "Nähtreff <b>für alle</b>"
FORM = {
    "title": TITLE,
    "what-de": "Wir nähen zusammen.",
    "capacity": "2",
    "day": "2026-11-24",
    "clock": "10:00",
    "minutes": "60",
    "place": "Haus Muster",
    "rhythm": "week",
    "until": "",
    "count": "3",
}


async def made(building: Building, berta: Browser, **changes: str) -> Group:
    await berta.open("/console/groups")
    await berta.press("Gruppe anlegen", **(FORM | {"led_by": str(building.coach.id)} | changes))
    return building.do(lambda uow: uow.casework.groups.of_agency(DEFAULT_AGENCY))[0]


async def test_made_invited_and_there(
    building: Building, berta: Browser, mia: Browser, person: Participant
) -> None:
    await berta.open("/console/calendar")
    assert "/console/groups" in berta.html
    await berta.open("/console/groups")
    assert "Legen Sie unten die erste an" in berta.words
    await berta.press("Gruppe anlegen", **(FORM | {"title": "", "day": "", "languages": "x/y"}))
    assert berta.status == 422
    assert "Wir nähen zusammen." in berta.html
    led, group = {"led_by": str(building.coach.id)}, await made(building, berta)
    assert berta.at == f"/console/groups/{group.id}"
    assert "<b>für alle" not in berta.html
    await berta.press("Einladen")
    assert "Bitte wählen Sie 1 bis 300 Menschen aus" in berta.words
    await berta.press("Einladen", **{f"person-{person.id}": "on"})
    assert "Gefragt werden, sobald es passt: 1." in berta.words
    await mia.open("/chat/")
    assert "Haus Muster" in mia.words
    await mia.press("Ja, ich komme")
    await mia.open("/chat/")
    assert "Sie haben einen Platz" in mia.words
    await berta.open(f"/console/groups/{group.id}")
    assert "Mia Muster" in berta.words
    assert "1 von 2 Plätzen vergeben" in berta.words
    await berta.press("Speichern", capacity="0", **led)
    assert berta.status == 422
    await berta.press("Speichern", capacity="3", **led)
    await berta.open(f"/console/groups/{group.id}/sheet")
    assert "Mia Muster" in berta.words
    building.clock.advance(timedelta(days=1, hours=1))
    await berta.open(f"/console/groups/{group.id}")
    await berta.press("Eintragen", **{f"came-{person.id}": "on"})
    assert "Eingetragen: 1 waren da." in berta.words
    await berta.press("Gruppe absagen")
    assert "Die Gruppe ist abgesagt" in berta.words
    await berta.open("/console/groups")
    assert "abgesagt" in berta.words


async def test_as_many_statements_for_three_as_for_thirty(building: Building, berta: Browser) -> None:
    group = await made(building, berta, capacity="50")
    places = iter(range(1, 51))

    def fill(uow: UnitOfWork, count: int) -> None:
        for place in itertools.islice(places, count):
            other = uow.people.add_participant(DEFAULT_AGENCY, Standing.ACTIVE, "de", building.coach.id, "")
            now = building.clock.now()
            seat = Seat(0, DEFAULT_AGENCY, group.id, other, SeatState.COMES, now, place)
            uow.casework.groups.sit(seat)

    async def look() -> None:
        for path in ("/console/groups", f"/console/groups/{group.id}", f"/console/groups/{group.id}/sheet"):
            await berta.open(path)
            assert berta.status == 200

    building.do(partial(fill, count=3))
    few = await statements(look)
    building.do(partial(fill, count=30))
    assert await statements(look) == few


async def test_a_card_from_the_catalogue(
    building: Building, berta: Browser, mia: Browser, person: Participant
) -> None:
    club = Partner(0, DEFAULT_AGENCY, PartnerKind.SPORTS, "Sportverein Beispiel", offer="montags")
    building.do(lambda uow: uow.casework.partners.keep(DEFAULT_AGENCY, [club], building.clock.now()))
    await berta.open(f"/console/people/{person.id}/referrals")
    await berta.press("Vorschlag schicken", offer="")
    assert berta.status == 422
    await berta.press("Vorschlag schicken", offer="1")
    assert "Der Vorschlag geht hinaus." in berta.words
    await mia.open("/chat/")
    assert "Sportverein Beispiel" in mia.words
