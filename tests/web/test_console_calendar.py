# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The calendar of the console, and the feed that needs nobody to sign in."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import icalendar
import pytest
from sqlalchemy import Connection, Engine, event

from bot.domain.agency import Agency
from bot.domain.appointments import Appointment, AppointmentKind, AppointmentState, Details
from bot.domain.people import Role, Standing
from bot.ports import UnitOfWork
from tests.web.building import MONDAY, Browser, Building

HOUR = timedelta(hours=1)


def settle(
    building: Building,
    coach: int | None,
    at: datetime,
    kind: AppointmentKind = AppointmentKind.COACH,
    state: AppointmentState = AppointmentState.AGREED,
    name: str = "Mia Muster",
) -> str:
    """An appointment of somebody new. Returns their case code."""

    def use_case(uow: UnitOfWork) -> str:
        person = uow.people.add_participant(1, Standing.ACTIVE, "de", coach, name)
        made = Appointment(
            *(0, 1, person, kind, state, at, "Europe/Berlin", HOUR, f"uid-{person}"),
            *(coach or 1, MONDAY, MONDAY, Details(place="Musterstraße 1")),
        )
        uow.appointments.add(made)
        return uow.people.participants_by([person])[person].case_code

    return building.do(use_case)


async def enters(building: Building, name: str, role: Role) -> Browser:
    browser = building.browser()
    await browser.open(f"/console/enter/{building.hire(name, role).console_code}")
    await browser.press("Weiter")
    return browser


async def test_a_week_of_ones_own_and_what_waits_on_top(building: Building, berta: Browser) -> None:
    karl = building.hire("Karl Kollege")
    settle(building, building.coach.id, MONDAY + 2 * HOUR)
    settle(building, karl.id, MONDAY + 3 * HOUR, name="Nora Nachbar")
    settle(building, None, MONDAY + 4 * HOUR, name="Otto Offen")
    settle(building, building.coach.id, MONDAY - 7 * 24 * HOUR, name="Vera Vorige")
    settle(building, building.coach.id, MONDAY + 500 * HOUR, state=AppointmentState.PROPOSED, name="Paul <b>")
    await berta.open("/console/calendar")
    assert "Mia Muster" in berta.words
    assert "Otto Offen" in berta.words
    assert "Nora Nachbar" not in berta.html
    assert "Vera Vorige" not in berta.html
    assert (
        berta.words.index("Vorschläge ohne Antwort")
        < berta.words.index("Paul <b>")
        < berta.words.index("Mia")
    )
    before = re.search(r'href="([^"]+)">Woche davor', berta.html)
    assert before is not None
    await berta.open(before[1])
    assert "Vera Vorige" in berta.words
    assert "Mia Muster" not in berta.words
    await berta.open("/console/calendar?view=list&amp;whose=team&day=nonsense")
    assert "Nora Nachbar" not in berta.html, "the team is for leads"
    lea = await enters(building, "Lea Leitung", Role.LEAD)
    await lea.open("/console/calendar?whose=team")
    assert "Nora Nachbar" in lea.words
    await lea.open("/console/calendar")
    assert "Nora Nachbar" not in lea.words


async def test_a_deputy_sees_the_calendar_of_whoever_is_away(building: Building, berta: Browser) -> None:
    karl = building.hire("Karl Kollege")
    settle(building, karl.id, MONDAY + 3 * HOUR, name="Nora Nachbar")
    building.do(lambda uow: uow.people.change_staff(karl.id, deputy_id=building.coach.id))
    await berta.open("/console/calendar")
    assert "Nora Nachbar" not in berta.words
    building.do(lambda uow: uow.people.change_staff(karl.id, left_at=MONDAY))
    await berta.open("/console/calendar")
    assert "Nora Nachbar" in berta.words


async def test_a_new_one_with_faults_kept_and_then_set(
    building: Building, berta: Browser, mia: Browser
) -> None:
    [person] = building.do(lambda uow: uow.people.participants(1))
    await berta.open(f"/console/calendar/new?person={person.id}")
    fields = {
        "person": str(person.id),
        "kind": "official",
        "day": "2026-11-24",
        "clock": "25:00",
        "place": "Amt & Co",
    }
    await berta.press("Termin eintragen", **fields, minutes="3", proposal="yes", rhythm="week")
    assert berta.status == 422
    for fault in ("gibt es nicht", "5 bis 1440", "Wann endet die Reihe?"):
        assert fault in berta.words
    assert 'value="Amt &amp; Co"' in berta.html
    assert building.do(lambda uow: uow.appointments.of_participant(person.id, MONDAY)) == []
    fields |= {"clock": "10:30", "minutes": "45"}
    await berta.press("Termin eintragen", **fields, proposal="yes")
    assert "legt allein die Behörde fest" in berta.words
    await berta.press("Termin eintragen", **fields, rhythm="fortnight", count="3", reminders="none")
    assert "ist eingetragen" in berta.words
    assert "10:30" in berta.words
    kept = building.do(lambda uow: uow.appointments.of_participant(person.id, MONDAY))
    assert [one.starts_at.isoformat() for one in kept][:2] == [
        "2026-11-24T09:30:00+00:00",
        "2026-12-08T09:30:00+00:00",
    ]
    assert (kept[0].length, kept[0].reminder_rule.days, kept[0].details.place) == (
        45 * HOUR / 60,
        (),
        "Amt & Co",
    )


async def test_nobody_elses_people_can_be_chosen(building: Building, berta: Browser) -> None:
    karl = building.hire("Karl Kollege")
    number = building.do(lambda uow: uow.people.add_participant(1, Standing.ACTIVE, "de", karl.id, "Nora"))
    settle(building, building.coach.id, MONDAY + HOUR)
    await berta.open("/console/calendar/new")
    assert "Nora" not in berta.html
    fields = {"person": str(number), "kind": "coach", "day": "2026-11-24", "clock": "10:30"}
    await berta.press("Termin eintragen", **fields)
    assert berta.status == 422
    assert building.do(lambda uow: uow.appointments.of_participant(number, MONDAY)) == []


async def makes_a_feed(browser: Browser) -> str:
    await browser.open("/console/calendar/feed")
    label = "Adresse machen" if "noch keine Adresse" in browser.words else "Neue Adresse machen"
    await browser.press(label)
    found = re.search(r"/calendar/[\w-]{43,}\.ics", browser.words)
    assert found is not None
    return found[0]


async def test_a_feed_has_kinds_and_codes_but_no_names(building: Building, berta: Browser) -> None:
    code = settle(building, building.coach.id, MONDAY + 24 * HOUR, AppointmentKind.MEDICAL)
    summer = datetime.fromisoformat("2027-07-01T08:00:00+00:00")
    settle(building, building.coach.id, summer, state=AppointmentState.PROPOSED)
    settle(building, building.coach.id, MONDAY + HOUR, state=AppointmentState.CANCELLED)
    address = await makes_a_feed(berta)
    reader = building.browser()
    await reader.open(address)
    assert reader.status == 200
    for secret in ("Mia", "Muster", "Berta"):
        assert secret not in reader.html
    read = icalendar.Calendar.from_ical(reader.html)
    first, second = read.events
    assert str(first["summary"]) == f"Medizinischer Termin · Fall {code}"
    assert (first.DTSTART.isoformat(), first.DURATION, str(first["status"])) == (
        "2026-11-24T10:00:00+01:00",
        HOUR,
        "CONFIRMED",
    )
    assert (second.DTSTART.isoformat(), str(second["status"])) == ("2027-07-01T10:00:00+02:00", "TENTATIVE")
    assert first["uid"] != second["uid"]
    assert [str(zone["tzid"]) for zone in read.timezones] == ["Europe/Berlin"]


async def test_names_only_where_the_agency_allows_them(building: Building, berta: Browser) -> None:
    settle(building, building.coach.id, MONDAY + 24 * HOUR)
    address = await makes_a_feed(berta)
    agencies = dict(building.rulebook.agencies)
    agencies[1] = Agency(1, "Lotse", names_in_calendars=True)
    object.__setattr__(building.rulebook, "agencies", agencies)
    await berta.open(address)
    assert "Mia Muster" in berta.html
    await berta.open("/console/calendar/feed")
    assert "Ihre Stelle hat Namen erlaubt" in berta.words


async def test_a_feed_is_renewed_and_withdrawn_and_ends_with_the_work(
    building: Building, berta: Browser
) -> None:
    reader = building.browser()

    async def status(address: str) -> int:
        await reader.open(address)
        return reader.status

    first = await makes_a_feed(berta)
    assert first not in berta.words.replace(first, "", 1)
    second = await makes_a_feed(berta)
    assert [await status(address) for address in (first, second)] == [404, 200]
    await berta.press("Adresse zurückziehen")
    assert await status(second) == 404
    third = await makes_a_feed(berta)
    building.do(lambda uow: uow.people.change_staff(building.coach.id, left_at=MONDAY))
    assert await status(third) == 404


async def test_asking_too_often_and_guessing_wait(building: Building, berta: Browser) -> None:
    address = await makes_a_feed(berta)
    reader = building.browser()
    for _ in range(7):
        await reader.open(address)
    assert reader.status == 429
    building.clock.advance(timedelta(minutes=1))
    await reader.open(address)
    assert reader.status == 200
    for number in range(21):
        await reader.open(f"/calendar/{number:043}.ics")
    assert reader.status == 429
    await reader.open(address)
    assert reader.status == 200, "whoever guesses keeps no calendar from its own"


@pytest.mark.parametrize("path", ["/console/calendar?whose=team", "/console/calendar/new"])
async def test_as_many_statements_for_thirty_people_as_for_three(building: Building, path: str) -> None:
    lea = await enters(building, "Lea Leitung", Role.LEAD)
    counted = []
    for more in (3, 27):
        for number in range(more):
            settle(building, None, MONDAY + number * HOUR / 10)
        counted.append(await statements(lambda: lea.open(path)))
    assert counted[0] == counted[1]
    assert counted[0] < 30


async def statements(act: Callable[[], object]) -> int:
    """How many statements the database is asked while this happens."""
    seen: list[str] = []

    def count(conn: Connection, cursor: object, statement: str, *rest: object) -> None:
        del conn, cursor, rest
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", count)
    try:
        await act()  # type: ignore[misc]
    finally:
        event.remove(Engine, "before_cursor_execute", count)
    return len(seen)
