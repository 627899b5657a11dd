# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Who expects what, in the console: side by side, quick to note, and on paper only after a yes."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.appointments import Appointment, AppointmentKind, AppointmentState, Details
from bot.domain.partners import Partner, PartnerKind
from bot.domain.people import Participant
from bot.house import DEFAULT_AGENCY
from tests.web.building import Browser, Building
from tests.web.test_console_referrals import person

__all__ = ["person"]

CLINIC, HOURS = "Klinik <b>Musterstadt</b>", "Arbeitsstunden am Tag"


async def test_noted_agreed_asked_and_printed(
    building: Building, berta: Browser, mia: Browser, person: Participant
) -> None:
    partner = Partner(0, DEFAULT_AGENCY, PartnerKind.CLINIC, CLINIC)
    building.do(lambda uow: uow.casework.partners.keep(DEFAULT_AGENCY, [partner], building.clock.now()))
    path, day = f"/console/people/{person.id}/expectations", building.clock.now().date().isoformat()
    await berta.open(path)
    assert "Erwarten Person, Klinik, Jobcenter und Betrieb nicht dasselbe?" in berta.words
    await berta.press("Thema eintragen", headline=HOURS, who="agency", words="Sechs.", day="2099-01-01")
    assert berta.status == 422
    assert "in der Zukunft" in berta.words
    assert "Sechs." in berta.html
    assert building.do(lambda uow: uow.casework.expectations.of_participant(person.id)) == []
    await berta.press("Thema eintragen", headline=HOURS, who="agency", words="Sechs.", day=day)
    assert "Das Thema ist eingetragen." in berta.words
    await berta.press("Speichern", who="partner:1", words="Höchstens drei.", day=day)
    assert "Höchstens drei." in berta.words
    assert "<b>Musterstadt" not in berta.html
    await berta.press("Speichern", who="partner:99", words="x", day=day)
    assert "wählen Sie etwas aus der Liste" in berta.words
    await berta.open(path)
    await berta.press("Die Person nach ihrer Sicht fragen")
    await mia.open("/chat/")
    assert "Hier geht es um ein Thema" in mia.words
    await mia.write("Vier traue ich mir zu.")
    await berta.open(path)
    assert berta.words.index("Vier traue ich mir zu.") < berta.words.index("Sechs.")
    assert "selbst geschrieben" in berta.words
    assert "Thema entfernen" not in berta.words
    chosen = {"partner": CLINIC, "topic-1": "on"}
    await berta.press("Die Person fragen, ob diese Stelle es lesen darf", **chosen)
    assert "Ohne das Ja der Person wird es nicht gedruckt." in berta.words
    await berta.open(f"{path}/sheet/1")
    assert berta.status == 404
    await mia.open("/chat/")
    await mia.press("Ja, gern")
    await berta.open(f"{path}/sheet/1")
    assert berta.status == 200
    assert (
        berta.words.index("Ich selbst") < berta.words.index("Sechs.") < berta.words.index("Höchstens drei.")
    )
    for secret in ("Mia Muster", person.case_code):
        assert secret not in berta.html
    await berta.open(path)
    await berta.press("Vereinbarung speichern", words="Vier.", day=day, with_whom="Mia, Frau Beispiel")
    assert "Die Vereinbarung ist eingetragen." in berta.words
    await berta.press("Wieder öffnen")
    assert "Vorher vereinbart: Vier." in berta.words
    await berta.press("Entfernen")
    assert "Sechs." not in berta.words


async def test_the_note_of_a_joint_appointment_is_one_click_away(
    building: Building, berta: Browser, mia: Browser, person: Participant
) -> None:
    now = building.clock.now()
    ended = Appointment(
        *(0, DEFAULT_AGENCY, person.id, AppointmentKind.PARTNER, AppointmentState.AGREED),
        *(now - timedelta(hours=3), "Europe/Berlin", timedelta(hours=1), "x", 1, now, now),
        details=Details(with_whom="Teilhabeberatung <b>Muster"),
    )
    building.do(lambda uow: uow.appointments.add(ended))
    path = f"/console/people/{person.id}"
    await berta.open(f"{path}/appointments")
    assert "Notieren, was vereinbart wurde" in berta.words
    link = f"{path}/expectations?appointment=1#joint"
    assert f'href="{link}"' in berta.html
    await berta.open(f"{path}/expectations?appointment=99")
    assert "Notiz zum gemeinsamen Termin" not in berta.words
    await berta.open(link)
    assert "Notiz zum gemeinsamen Termin" in berta.words
    assert "<b>Muster" not in berta.html
    typed = {"headline": "Gemeinsamer Termin", "with_whom": "Mia, Frau Beispiel"}
    await berta.press("Notiz speichern", words="Im Januar.", day="2099-01-01", **typed)
    assert berta.status == 422
    assert "in der Zukunft" in berta.words
    assert "Im Januar." in berta.html
    await berta.press("Notiz speichern", words="Im Januar.", day=now.date().isoformat(), **typed)
    assert "Die Notiz ist eingetragen." in berta.words
    assert "Notiz speichern" not in berta.words
    assert "Die Person fragen, ob es so stimmt" in berta.words
    await mia.open("/chat/")
    assert "Es gibt eine Notiz zu Ihrem gemeinsamen Termin." in mia.words
    await mia.press("Stimmt so")
    await berta.open(link)
    assert "Die Person sagt dazu: „Stimmt so“" in berta.words
    assert "Thema entfernen" not in berta.words
    await berta.open(f"{path}/appointments")
    assert f'href="{path}/expectations#topic-1"' in berta.html
