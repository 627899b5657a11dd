# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Internships in the console: the team enters them, and the firm's contact sees days and hours alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.people import Participant, Role
from bot.domain.placements import monday_of
from bot.house import DEFAULT_AGENCY
from tests.web.building import Browser, Building, Form

FIRM = "Tischlerei <b>Muster</b>"
REASON = "Kanarienvogel war zu laut"
FIELDS = {
    "employer": FIRM,
    "district": "Musterstadt",
    "hours": "20",
    "times": "Mo–Do 8–13 Uhr",
    "contact": "Frau Beispiel, 0123 456",
    "shown_as": "M. M.",
}


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


@pytest.fixture
async def emil(building: Building, person: Participant) -> Browser:
    """The contact at the firm, signed in."""
    browser = building.browser()
    await browser.open(f"/console/enter/{building.hire('Emil Beispiel', Role.EMPLOYER_CONTACT).console_code}")
    await browser.press("Weiter")
    return browser


def days(building: Building) -> dict[str, str]:
    today = building.clock.now().date()
    return {"first_day": today.isoformat(), "last_day": (today + timedelta(days=60)).isoformat()}


def monday(building: Building) -> str:
    return monday_of(building.clock.now().date()).isoformat()


def contact_of(building: Building) -> str:
    everybody = building.do(lambda uow: uow.people.all_staff(DEFAULT_AGENCY))
    return str(next(one.id for one in everybody if one.role is Role.EMPLOYER_CONTACT))


async def test_the_whole_way_and_the_firm_sees_only_that(
    building: Building, berta: Browser, mia: Browser, person: Participant, emil: Browser
) -> None:
    assert "Praktika bei Ihnen" in emil.words
    await emil.open("/console/placements")
    assert "Gerade steht hier kein Praktikum" in emil.words
    path = f"/console/people/{person.id}/placement"
    await berta.open(path)
    assert "Noch ist kein Praktikum eingetragen" in berta.words
    await berta.press("Eintragen", **(FIELDS | days(building) | {"hours": "viel"}))
    assert berta.status == 422
    assert "Bitte schreiben Sie Stunden" in berta.words
    assert "0123 456" in berta.html
    await berta.press("Eintragen", **(FIELDS | days(building)), contact_id=contact_of(building))
    assert "Das Praktikum ist eingetragen." in berta.words
    assert "Erst wenn die Person Ja gesagt hat, sieht Emil Beispiel" in berta.words
    assert "<b>Muster" not in berta.html
    await mia.open("/chat/")
    assert "hat Ihr Praktikum eingetragen" in mia.words
    await emil.open("/console/placements")
    assert "M. M." not in emil.words
    await mia.press("Ja, das passt")
    await mia.press("Ja, gern")
    await emil.open("/console/placements")
    assert "M. M." in emil.words
    assert "Mo–Do 8–13 Uhr" in emil.words
    await emil.press("Stunden eintragen", week=monday(building), hours="70")
    assert emil.status == 422
    assert "Stunden von 0 bis 60" in emil.words
    await emil.press("Stunden eintragen", week=monday(building), hours="7,5")
    assert "Die Stunden sind eingetragen." in emil.words
    # Its days are changed where it stands, not among the other days of the plan.
    await berta.open(f"/console/people/{person.id}/plan")
    assert "ändern Sie beim Praktikum" in berta.words
    form = next(one for one in berta.page.forms if one.fields.get("action") == "dates")
    await berta.post(form, discharge="", internship_start="", internship_end="")
    facts = building.do(lambda uow: uow.memory.facts(person.id))
    assert days(building)["first_day"] in facts["internship_since"]
    # The person, their case, the firm's own contact and the reason are nowhere on the firm's page.
    await berta.open(path)
    assert "gezeigt für Emil Beispiel" in berta.words
    assert "7,5" in berta.words
    today = building.clock.now().date().isoformat()
    await berta.press("Praktikum beenden", day=today, reason=REASON)
    assert "früher zu Ende" in berta.words
    assert REASON in berta.words
    await emil.open("/console/placements")
    for secret in ("Mia Muster", person.case_code, "Berta", "0123 456", "Kanarienvogel", "früher"):
        assert secret not in emil.html
    for other in (
        "/console/people",
        f"/console/people/{person.id}",
        path,
        "/console/shared",
        "/console/team",
    ):
        await emil.open(other)
        assert emil.status == 404
    await berta.open("/console/placements")
    assert berta.status == 404
    await emil.close()


async def test_a_form_for_an_internship_that_is_over_or_of_another_firm_changes_nothing(
    building: Building, berta: Browser, person: Participant, emil: Browser
) -> None:
    path = f"/console/people/{person.id}/placement"
    await berta.open(path)
    await berta.press("Eintragen", **(FIELDS | days(building)))
    form = next(one for one in berta.page.forms if "Praktikum beenden" in one.buttons)
    today = building.clock.now().date().isoformat()
    await berta.press("Praktikum beenden", day=today)
    await berta.post(form, day=today, reason="x")
    assert berta.status == 422
    assert "schon zu Ende" in berta.words
    await emil.open("/console/placements")
    own = next(one for one in emil.page.forms if one.fields.get("token"))
    sent = Form("/console/placements", own.fields | {"action": "hours", "number": "1"})
    await emil.post(sent, week=today, hours="5")
    assert emil.status == 422
    assert "nicht mehr zu sehen" in emil.words
    await emil.close()
