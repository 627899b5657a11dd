# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Every page and every form of staff, as somebody whom the case does not concern: nothing is seen or done.

The routes are those that the program itself serves, so none can be forgotten.
"""

from __future__ import annotations

import re
from datetime import date, time, timedelta

import pytest
from starlette.routing import Route

from bot.domain.appointments import Appointment, AppointmentKind, AppointmentState
from bot.domain.groups import Dates, Group, GroupContent, GroupState, Seat, SeatState
from bot.domain.people import TEAM, Role
from bot.ports import UnitOfWork
from bot.web.console.door import Door
from bot.web.console.frame import Frame
from bot.web.console.mail_entry import MailEntry
from bot.web.console.pages import ALL
from bot.web.console.seat import Page
from bot.web.console.sign_in import SignIn
from bot.web.console.staff_sessions import StaffSessions
from bot.web.entry import Entry
from bot.web.rendering import View
from bot.web.two_agencies import Switch
from tests.web.building import MONDAY, Browser, Building, Form

WORDS = "Ich will nicht mehr leben, sagt der Kanarienvogel"
NAME = "Mia Muster"
ROLES = (Role.COACH, Role.ADMIN, Role.EVALUATOR, Role.PARTNER, Role.EMPLOYER_CONTACT)
_DATES = Dates(first_day=date(2026, 11, 24), at=time(10), zone="Europe/Berlin", minutes=60)
GROUP = GroupContent(title="Nähtreff", what={"de": "Wir nähen."}, dates=_DATES)
#: Pages on which whoever works in the team sees their colleagues.
NAMING_COLLEAGUES = (
    "/console/conferences",
    "/console/duty",
    "/console/team",
    "/console/groups",
    "/console/admin",
)
ARGUMENTS = {"step": "call", "text": "Hallo", "outcome": "reached", "words": "Anrufen"}
#: What a form about an appointment of theirs has, so that only the right to act is missing.
JOINT = {"who": "partner", "partner": "Frau Beispiel", "instead": "Anruf", "first": "1", "place": "Park"}
AT_HOME = ("elsewhere", "visitors")


def routes(building: Building) -> list[Route]:
    """Everything below /console/."""
    office = building.office()
    view = View(office)
    parts = (
        Door(office),
        Switch(office),
        Entry(office, view),
        MailEntry(office, view),
        SignIn(office, view),
        StaffSessions(office, view),
    )
    found = [route for part in parts for route in part.routes()] + Frame(office, view).routes(ALL)
    return [route for route in found if route.path.startswith("/console")]


def path_of(path: str, numbers: dict[str, int]) -> str:
    """With the numbers of somebody else's case. A new kind of number must be given one: KeyError."""
    filled = re.sub(r"\{(\w+):int\}", lambda found: str(numbers[found.group(1)]), path)
    return filled.replace("{code}", "x" * 22)


def somebody_comes(uow: UnitOfWork, person: int) -> int:
    """A group of Berta's with the person in it; its number."""
    number = uow.casework.groups.add(Group(0, 1, GroupState.OPEN, 2, 1, 1, MONDAY, GROUP))
    uow.casework.groups.sit(Seat(0, 1, number, person, SeatState.COMES, MONDAY, 1))
    return number


def somebody_is_met(uow: UnitOfWork, person: int) -> dict[AppointmentKind, int]:
    """Two appointments of the person's with Berta, one of them at home; their numbers."""
    return {
        kind: uow.appointments.add(
            Appointment(
                *(0, 1, person, kind, AppointmentState.AGREED, MONDAY + timedelta(days=1), "Europe/Berlin"),
                *(timedelta(hours=1), kind.value, 1, MONDAY, MONDAY),
            )
        )
        or 0
        for kind in (AppointmentKind.COACH, AppointmentKind.HOME)
    }


def state(uow: UnitOfWork) -> list[object]:
    concerns = uow.concerns.of_agency(1, open_only=False)
    return [
        *concerns,
        *(uow.concerns.history(one.id) for one in concerns),
        *uow.talks.timeline(1),
        *uow.casework.groups.all_seats(1),
        *(uow.appointments.get(number) for number in (1, 2)),
        uow.casework.joint_appointments.accompaniments((1, 2)),
        uow.casework.joint_appointments.home_visits((1, 2)),
    ]


async def signed_in(building: Building, role: Role) -> Browser:
    browser = building.browser()
    await browser.open(f"/console/enter/{building.hire('Karl Kollege', role).console_code}")
    await browser.press("Weiter")
    assert browser.status == 200
    return browser


@pytest.mark.parametrize("role", ROLES)
async def test_no_page_and_no_form_shows_or_does_anything(
    building: Building, berta: Browser, mia: Browser, role: Role
) -> None:
    await mia.write(WORDS)
    [concern] = building.do(lambda uow: uow.concerns.of_agency(1))
    building.do(lambda uow: uow.people.change_participant(concern.participant_id, name=NAME))
    await berta.open(f"/console/{concern.id}")
    assert "Kanarienvogel" in berta.words
    assert NAME in berta.words
    form = next(one for one in berta.page.forms if "Antwort senden" in one.buttons)
    karl = await signed_in(building, role)
    own = next(one for one in karl.page.forms if one.fields.get("token")).fields["token"]
    met = building.do(lambda uow: somebody_is_met(uow, concern.participant_id))
    numbers = {
        "concern": concern.id,
        "person": concern.participant_id,
        "appointment": met[AppointmentKind.COACH],
        "staff": building.coach.id,
        "partner": 1,
        "rehearsal": 1,
        "conference": 1,
        "sheet": 1,
        "group": building.do(lambda uow: somebody_comes(uow, concern.participant_id)),
    }
    before = building.do(state)
    acts = {page.path: page.acts for page in ALL if isinstance(page, Page)}
    for route in routes(building):
        path = path_of(route.path, numbers)
        if "GET" in (route.methods or ()) and not path.endswith("/stream"):
            await karl.open(path)
            sees_nothing(karl, concern.case_code, role)
        if "POST" in (route.methods or ()) and not path.endswith("/leave"):
            for action in sorted(acts.get(route.path, {"": None})):
                kind = AppointmentKind.HOME if action in AT_HOME else AppointmentKind.COACH
                meant = {"token": own, "action": action, "number": str(met[kind])}
                sent = Form(path, form.fields | meant | ARGUMENTS | JOINT)
                await karl.post(sent)
                assert karl.status == 404 or "{concern" not in route.path
                sees_nothing(karl, concern.case_code, role)
    assert building.do(state) == before
    await karl.close()


def sees_nothing(browser: Browser, code: str, role: Role) -> None:
    """Who is there today is no secret among colleagues; whose a case is, is one."""
    is_colleague = role in TEAM and browser.at.startswith(NAMING_COLLEAGUES)
    for secret in ("Kanarienvogel", NAME, code, *(() if is_colleague else ("Berta",))):
        assert secret not in browser.html, browser.at


async def test_a_case_that_is_not_theirs_is_answered_kindly(building: Building, mia: Browser) -> None:
    await mia.write(WORDS)
    [concern] = building.do(lambda uow: uow.concerns.of_agency(1))
    karl = await signed_in(building, Role.COACH)
    await karl.open(f"/console/{concern.id}")
    assert karl.status == 404
    assert "Diese Seite gibt es hier nicht." in karl.words
    await karl.close()


async def test_a_lead_sees_every_case_of_the_agency(building: Building, mia: Browser) -> None:
    await mia.write(WORDS)
    lea = await signed_in(building, Role.LEAD)
    await lea.open("/console/")
    assert "Kanarienvogel" in lea.words
    await lea.close()
