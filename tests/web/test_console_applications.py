# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Applications in the console: one person's with every step, and what is due first among all."""

from __future__ import annotations

from datetime import date, timedelta

from bot.domain.applications import (
    Application,
    ApplicationContent,
    ApplicationState,
    Benefit,
    CarrierKind,
    Turn,
)
from bot.domain.partners import Partner, PartnerKind
from bot.domain.people import Participant, Standing
from bot.house import DEFAULT_AGENCY
from bot.ports import UnitOfWork
from tests.web.building import Browser, Building
from tests.web.test_console_calendar import statements
from tests.web.test_console_referrals import person

__all__ = ["person"]
NEW = {"benefit": "medical_rehab", "carrier": "pension_insurance", "what": "Reha am Meer", "turn": "person"}
SECRET = "Träger <b>Kanarienvogel</b>"


def kept(building: Building) -> Application:
    return building.do(lambda uow: uow.casework.applications.of_participant(1))[-1]


async def test_from_the_list_to_the_decision(
    building: Building, berta: Browser, mia: Browser, person: Participant
) -> None:
    known = Partner(0, DEFAULT_AGENCY, PartnerKind.CARRIER, "Rentenversicherung Musterland")
    building.do(lambda uow: uow.casework.partners.keep(DEFAULT_AGENCY, [known], building.clock.now()))
    path = f"/console/people/{person.id}/applications"
    await berta.open(path)
    assert "Es ist kein Antrag offen" in berta.words
    await berta.press("Auf die Liste setzen", **NEW, due_on="2020-01-01")
    assert berta.status == 422
    assert "einen Tag ab heute" in berta.words
    assert "Reha am Meer" in berta.html
    await berta.press("Auf die Liste setzen", **NEW, partner="1", due_on="")
    assert "Medizinische Reha bei: Rentenversicherung Musterland" in berta.words
    assert "Entscheidung eintragen" not in berta.words
    today = building.clock.now().date()
    await berta.press("Eintragen", event="file", day=today.isoformat(), words="Mit der Post.", due_on="")
    for line in ("abgeschickt", "Zum Nachsehen vorgemerkt", "Lotse gibt keine Rechtsberatung", "§ 14 SGB IX"):
        assert line in berta.words
    assert kept(building).due_on == today + timedelta(weeks=2)
    day = {"day": today.isoformat(), "words": "", "next_step": "", "due_on": ""}
    await berta.press("Weiterleitung eintragen", **day | {"carrier": "health_insurance", "place": SECRET})
    assert "<b>Kanarienvogel" not in berta.html
    assert kept(building).content.carrier is CarrierKind.HEALTH
    again = next(one for one in berta.page.forms if "Entscheidung eintragen" in one.buttons)
    await berta.press("Entscheidung eintragen", **day | {"decision": "not_granted"})
    assert "Entscheidung ist da (nicht bewilligt)" in berta.words
    assert "§ 84 SGG" in berta.words
    await berta.press("Speichern", **NEW, next_step="Bescheid gemeinsam lesen")
    assert kept(building).content.next_step == "Bescheid gemeinsam lesen"
    await mia.open("/chat/")
    await mia.write("/antraege")
    assert "Bescheid gemeinsam lesen" in mia.words
    await berta.press("Antrag abschließen", words="Widerspruch war nicht nötig.")
    assert "Widerspruch war nicht nötig." in berta.words
    await berta.post(again, **day | {"decision": "granted"})
    assert berta.status == 422
    assert "beim jetzigen Stand des Antrags nicht" in berta.words


async def test_the_list_begins_with_what_is_due_and_names_no_carrier(
    building: Building, berta: Browser, person: Participant
) -> None:
    await berta.open("/console/people/applications")
    assert "Kein Antrag ist offen" in berta.words

    def add(uow: UnitOfWork) -> None:
        now = building.clock.now()
        content = ApplicationContent(carrier=CarrierKind.OTHER, benefit=Benefit.OTHER, place=SECRET)
        for days in range(30):
            other = uow.people.add_participant(DEFAULT_AGENCY, Standing.ACTIVE, "de", building.coach.id, "")
            new = Application(
                *(0, DEFAULT_AGENCY, other, ApplicationState.FILED, content, building.coach.id, now, now),
                due_on=date(2026, 12, 30) - timedelta(days=days) if days else None,
                turn=Turn.CARRIER,
            )
            uow.casework.applications.add(new)

    few = await statements(lambda: berta.open("/console/people/applications"))
    building.do(add)
    many = await statements(lambda: berta.open("/console/people/applications"))
    assert many - few <= 2
    found = [berta.words.index(f"{day}. Dezember 2026") for day in (2, 10, 29)]
    assert found == sorted(found)
    assert "Kanarienvogel" not in berta.words
    await berta.open("/console/people/applications?of=team")
    assert berta.status == 404
