# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""One person in the console: what is shown, to whom, and what can be done from there."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial

import pytest

from bot.domain.appointments import AppointmentState
from bot.domain.concerns import Level, State
from bot.domain.messages import Incoming, IncomingKind
from bot.domain.people import Participant, Role
from bot.house import DEFAULT_AGENCY
from bot.ports import UnitOfWork
from tests.web.building import Browser, Building
from tests.web.test_area import live
from tests.web.test_console_calendar import statements

ACUTE = "Ich will nicht mehr leben."
NAME = "Mia Muster"


@pytest.fixture
async def person(building: Building, berta: Browser, mia: Browser) -> Participant:
    """Mia, by her number, with four check-ins and two appointments ahead."""
    [found] = building.do(lambda uow: uow.people.participants(DEFAULT_AGENCY))
    building.do(lambda uow: uow.people.change_participant(found.id, name=NAME))
    live(building, found.id)
    return found


@pytest.fixture
async def lea(building: Building, person: Participant) -> AsyncIterator[Browser]:
    """A lead, signed in."""
    browser = building.browser()
    await browser.open(f"/console/enter/{building.hire('Lea Leitung', Role.LEAD).console_code}")
    await browser.press("Weiter")
    yield browser
    await browser.close()


@pytest.fixture
async def karl(building: Building) -> AsyncIterator[Browser]:
    """A colleague who has nothing to do with Mia."""
    browser = building.browser()
    await browser.open(f"/console/enter/{building.hire('Karl Kollege').console_code}")
    await browser.press("Weiter")
    yield browser
    await browser.close()


def tabs(browser: Browser, path: str) -> list[str]:
    """The addresses of the tabs, in their order."""
    found = re.findall(r'<a href="([^"]+)"', browser.html.partition('class="tabs"')[2].partition("</nav>")[0])
    assert found[:1] == [path]
    return found


def says(building: Building, person: Participant, count: int) -> None:
    """The person has written so often, a minute apart until now."""
    start = building.clock.now()
    building.clock.advance(timedelta(minutes=count))

    def say(uow: UnitOfWork) -> None:
        for number in range(count):
            text, delivery = f"Nachricht Nummer {number}", f"{start}-{number}"
            one = Incoming("telegram", delivery, "mia", IncomingKind.TEXT, text=text)
            at = start + timedelta(minutes=number)
            uow.talks.record_incoming(one, DEFAULT_AGENCY, person.id, at)

    building.do(say)


def audited(building: Building, person: Participant) -> list[str]:
    return [action for _, _, action in building.do(lambda uow: uow.stories.looks(person, 50))]


async def test_every_tab_names_the_person_and_looking_is_written_down(
    building: Building, berta: Browser, person: Participant
) -> None:
    path = f"/console/people/{person.id}"
    await berta.open(path)
    # Folded as it is sent: on a phone it is one line also without scripts.
    assert '<details data-wide="48.01rem"><summary>Verlauf</summary>' in berta.html
    for tab in tabs(berta, path):
        before = len(audited(building, person))
        await berta.open(tab)
        assert (berta.status, tab) == (200, tab)
        assert NAME in berta.words
        assert person.case_code in berta.words
        named = (
            *("talk", "trend", "profile", "help-plan", "phases", "referrals", "applications", "handover"),
            *("expectations", "placement", "safety", "notes"),
        )
        shows_content = tab in (path, *(f"{path}/{name}" for name in named))
        assert len(audited(building, person)) - before == shows_content
        await berta.open(f"{tab}?live=1")
        assert len(audited(building, person)) - before == shows_content


async def test_what_happened_and_the_way_back(
    building: Building, berta: Browser, person: Participant
) -> None:
    says(building, person, 45)
    path = f"/console/people/{person.id}"
    await berta.open(path)
    assert "Nachricht Nummer 44" in berta.words
    assert "Nachricht Nummer 0 " not in berta.words
    seen = berta.words
    for _ in range(10):
        older = re.search(r'href="([^"]+before=\d+)"', berta.html)
        if older is None:
            break
        await berta.open(older[1])
        seen += berta.words
    for number in range(45):
        assert seen.count(f"Nachricht Nummer {number} ") == 1
    assert "Stimmung 6, Schlaf 7" in seen


async def test_words_to_somebody_without_a_concern_stay_with_whoever_wrote(
    building: Building, berta: Browser, mia: Browser, person: Participant
) -> None:
    await berta.open(f"/console/people/{person.id}/talk")
    await berta.press("Nachricht senden", text="Wie war Ihr Tag?")
    assert "ist unterwegs" in berta.words
    await mia.open("/chat/")
    assert "Wie war Ihr Tag?" in mia.words
    assert "gesehen und übernommen" not in mia.words
    [concern] = building.do(lambda uow: uow.concerns.of_participant(person.id))
    assert (concern.state, concern.taken_by, concern.level) == (State.IN_HAND, building.coach.id, Level.R1)
    assert concern.next_action_at is not None
    await mia.write("Ganz gut, danke.")
    await berta.open(f"/console/people/{person.id}/talk")
    assert "Ganz gut, danke." in berta.words
    await berta.press("Gespräch beenden")
    assert "Das Gespräch ist beendet" in berta.words


async def test_words_that_cannot_be_sent_stay_in_the_field(
    building: Building, berta: Browser, mia: Browser, person: Participant
) -> None:
    await mia.write("STOPP")
    await berta.open(f"/console/people/{person.id}/talk")
    await berta.press("Nachricht senden", text="Das kommt nicht an.")
    assert berta.status == 422
    assert "Das kommt nicht an.</textarea>" in berta.html
    assert building.do(lambda uow: uow.concerns.of_participant(person.id)) == []


async def test_a_concern_by_staff_calls_and_tells_the_person_nothing(
    building: Building, berta: Browser, mia: Browser, person: Participant
) -> None:
    path = f"/console/people/{person.id}"
    await berta.open(path)
    form = next(one for one in berta.page.forms if "Meldung anlegen" in one.buttons)
    await berta.post(form, level="R9", reason="")
    assert berta.status == 422
    assert berta.html.count('class="fault"') == 2
    await berta.post(form, level="R2", reason="Am Telefon sehr leise")
    assert berta.status == 200
    assert "Am Telefon sehr leise" in berta.words
    [concern] = building.do(lambda uow: uow.concerns.of_participant(person.id))
    assert (concern.level, concern.state, concern.receipt_given) == (Level.R2, State.OPEN, True)
    before = mia.words
    building.clock.advance(timedelta(days=1))
    await mia.open("/chat/")
    assert mia.words == before


async def test_a_note_is_for_the_team_and_for_the_copy(
    building: Building, berta: Browser, mia: Browser, lea: Browser, person: Participant
) -> None:
    await berta.open(f"/console/people/{person.id}/notes")
    await berta.press("Notiz speichern", text="Kommt gern <b>vormittags</b>")
    assert "&lt;b&gt;vormittags" in berta.html
    await mia.open("/chat/me")
    assert "vormittags" not in mia.html
    await berta.open(f"/console/people/{person.id}/copy.html")
    assert berta.status == 404
    await lea.open(f"/console/people/{person.id}/copy.html")
    assert "vormittags" in lea.html
    await lea.open(f"/console/people/{person.id}/access")
    for words in ("Kopie der Daten erstellt", "Notiz geschrieben", "Berta Beispiel", "Lea Leitung"):
        assert words in lea.words


async def test_an_appointment_is_proposed_anew_and_cancelled(
    building: Building, berta: Browser, person: Participant
) -> None:
    path = f"/console/people/{person.id}/appointments"
    await berta.open(path)
    moves = [one for one in berta.page.forms if "Verschieben" in one.buttons]
    await berta.post(moves[1], day="2026-12-01", clock="99:99", how="proposal")
    assert berta.status == 422
    await berta.post(moves[1], day="2026-12-01", clock="11:00", how="proposal")
    assert "vorgeschlagen: Dienstag, 1. Dezember 2026, 11:00 Uhr" in berta.words
    await berta.post(moves[0], day="2026-12-01", clock="11:00", how="proposal")
    assert "allein die Behörde" in berta.words
    await berta.open(path)
    cancels = [one for one in berta.page.forms if "Termin absagen" in one.buttons]
    for _ in range(2):
        await berta.post(cancels[1])
    numbers = [int(one.fields["number"]) for one in cancels]
    kept = building.do(lambda uow: [uow.appointments.get(number) for number in numbers])
    states = [one.state for one in kept if one is not None]
    assert states == [AppointmentState.AGREED, AppointmentState.CANCELLED]
    await berta.open(f"{path}/{numbers[0]}.ics")
    assert "BEGIN:VCALENDAR" in berta.html
    assert NAME not in berta.html


async def test_somebody_to_come_along_is_offered_and_called_off(
    building: Building, berta: Browser, person: Participant
) -> None:
    path = f"/console/people/{person.id}/appointments"
    await berta.open(path)
    offers = [one for one in berta.page.forms if "Begleitung anbieten" in one.buttons]
    await berta.post(offers[0], who="partner", partner="", meet="")
    assert berta.status == 422
    assert "Wer kommt mit? Bitte schreiben Sie einen Namen" in berta.words
    await berta.post(offers[0], who="partner", partner="<b>Frau Beispiel</b>", meet="Vor dem Eingang")
    await berta.open(path)
    assert "<b>Frau Beispiel</b> kommt mit, wenn die Person möchte." in berta.words
    assert "Treffpunkt: Vor dem Eingang" in berta.words
    needless = next(one for one in berta.page.forms if "Keine Begleitung nötig" in one.buttons)
    await berta.post(needless, action="along_let_go")
    await berta.open(path)
    assert "Es wird keine Begleitung gebraucht." in berta.words


async def test_plan_dates_window_and_pause(
    building: Building, berta: Browser, mia: Browser, person: Participant
) -> None:
    path = f"/console/people/{person.id}/plan"
    await berta.open(path)
    dates = next(one for one in berta.page.forms if one.fields.get("action") == "dates")
    await berta.post(dates, discharge="1999-01-01", internship_start="", internship_end="2026-12-24")
    assert berta.html.count('class="fault"') == 2
    await berta.post(dates, discharge="2026-11-20", internship_start="", internship_end="")
    assert 'value="2026-11-20"' in berta.html
    window = next(one for one in berta.page.forms if one.fields.get("action") == "window")
    await berta.post(window, window="irgendwann")
    assert "mo-fr 9-17" in berta.words
    await berta.post(window, window="mo-fr 9-17")
    assert "mon 9:00-17:00" in berta.html
    pause = next(one for one in berta.page.forms if one.fields.get("action") == "pause")
    await berta.post(pause, until="2026-11-01")
    assert berta.status == 422
    building.do(lambda uow: uow.people.change_participant(person.id, standing="active"))
    await berta.post(pause, until="2026-12-01")
    assert "Pause bis Dienstag, 1. Dezember" in berta.words
    assert "Pause eintragen" not in berta.words
    await mia.open("/chat/")
    assert "Berta Beispiel hat für Sie eine Pause" in mia.words


async def test_numbers_stand_in_words_and_in_a_table(berta: Browser, person: Participant) -> None:
    await berta.open(f"/console/people/{person.id}/trend")
    told = "Zuletzt 5 auf der Skala von 0 bis 10. Das eigene Mittel aus 4 Antworten: 5,5."
    assert told in berta.words
    assert berta.html.count('<svg class="trend"') == 2


async def test_in_an_emergency_the_glass_is_broken_and_seen(
    building: Building, berta: Browser, lea: Browser, karl: Browser, person: Participant
) -> None:
    path = f"/console/people/{person.id}"
    await karl.open(path)
    assert karl.status == 404
    await karl.open("/console/people/emergency")
    await karl.press("Öffnen", code=person.case_code.lower(), reason="kurz")
    assert karl.status == 422
    await karl.press("Öffnen", code=person.case_code.lower(), reason="Anruf aus der Klinik")
    assert NAME in karl.words
    assert "wegen eines Notfalls" in karl.words
    assert "Termine" not in [one for one in karl.page.words if one == "Einwilligungen"]
    await karl.open(f"{path}/appointments")
    assert karl.status == 404
    await karl.open(path)
    await lea.open(path)
    assert "Anruf aus der Klinik" in lea.words
    building.clock.advance(timedelta(minutes=61))
    await karl.open(path)
    assert karl.status == 404


async def test_consents_and_a_link_to_the_own_page(
    building: Building, berta: Browser, person: Participant
) -> None:
    await berta.open(f"/console/people/{person.id}/consents")
    assert "Lotse darf der Person schreiben" in berta.words
    await berta.press("Fragen", partner="Beratungsstelle", what="", why="")
    assert berta.status == 422
    assert 'value="Beratungsstelle"' in berta.html
    await berta.open(f"/console/people/{person.id}/documents")
    await berta.press("Neuer Link")
    link = re.search(r"https://lotse\.example(/p/\S+?)<", berta.html)
    assert link is not None
    await berta.open(f"/console/people/{person.id}/documents")
    assert link[1] not in berta.html


async def test_a_page_takes_as_many_statements_for_much_as_for_little(
    building: Building, berta: Browser, mia: Browser, person: Participant
) -> None:
    path, counted = f"/console/people/{person.id}", []
    await mia.write(ACUTE)
    await berta.open(path)
    pages = tabs(berta, path)
    for tab in pages:
        # Plans in force are read once a version.
        await berta.open(tab)
    for _ in range(2):
        # A session's last use is written down now and then.
        await berta.open(path)
        counted.append([await statements(partial(berta.open, tab)) for tab in pages])
        says(building, person, 30)
        for _ in range(30):
            building.do(lambda uow: uow.people.add_participant(DEFAULT_AGENCY, person.standing, "de", None))
    assert counted[0] == counted[1]
    assert max(counted[0]) < 60
