# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A site with the people of the demonstration, so that every page of the console has something to show."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import cache

from playwright.async_api import Browser, Page

from bot.demo_people import LEA
from bot.demo_story import PROGRAMME, past
from bot.domain.access import Action
from bot.domain.accompaniment import Accompaniment, AccompanimentState, Companion
from bot.domain.applications import (
    Application,
    ApplicationContent,
    ApplicationEntry,
    ApplicationEvent,
    ApplicationState,
    Benefit,
    CarrierKind,
    Turn,
)
from bot.domain.appointments import Appointment, AppointmentKind, AppointmentState, Details
from bot.domain.concerns import Level
from bot.domain.conferences import (
    AgeBand,
    Agenda,
    Conference,
    ConferenceCase,
    ConferenceKind,
    ConferenceState,
    Sheet,
)
from bot.domain.consent import ConsentRecord, Purpose
from bot.domain.expectations import (
    Said,
    SheetSide,
    SheetTopic,
    Side,
    SideKind,
    Topic,
    TopicState,
)
from bot.domain.expectations import Sheet as ExpectationSheet
from bot.domain.groups import Dates, Group, GroupContent, GroupState
from bot.domain.help_plans import Goal, HelpPlan, PlanContent, PlanState, Step
from bot.domain.home_visits import HomeVisit
from bot.domain.invitations import Card
from bot.domain.partners import Partner, PartnerKind
from bot.domain.people import Role
from bot.domain.sharing import SharingAsk
from bot.house import DEFAULT_AGENCY
from bot.ports import UnitOfWork
from bot.services.access import Guard
from bot.services.invitation_cards import Wish, make
from bot.services.invite import Hired, NewStaff, hire, link_anew
from bot.services.policies import STANDARD
from bot.settings import without_environment
from bot.texts import Texts
from bot.web.console.invitations import SHEET
from bot.web.console.navigation import PLACEMENTS, SHARED
from bot.web.console.pages import ALL
from bot.web.console.seat import Page as ConsolePage
from tests.storage.stores import open_copy
from tests.web.building import KEYRING, MONDAY
from tests.web.site import Site, opened

_PART = re.compile(r"(\w+)/\{(\w+)(?::int)?\}")


@dataclass(frozen=True)
class Rich:
    """The site, the lead of its team, and what stands for each variable part of an address.

    `guests` are those from outside the team, by the one place of the console that is theirs.
    """

    site: Site
    lead: int
    parts: Mapping[str, str]
    cards: str
    guests: Mapping[str, int]

    def address(self, page: ConsolePage) -> str:
        """Of a page with somebody or something in it. A new kind of part must be given one: KeyError."""
        filled = _PART.sub(self._fill, page.path)
        return f"{filled}?{self.cards}" if page.path == SHEET else filled

    def _fill(self, found: re.Match[str]) -> str:
        place, part = found.groups()
        return f"{place}/{self.parts[place if part == 'name' else part]}"

    def visitor(self, page: ConsolePage) -> int:
        """Who may see this page. The lead sees everybody, and so breaks no glass."""
        if page.place in self.guests:
            return self.guests[page.place]
        return int(self.parts["staff"]) if page.needs is Action.BREAK_GLASS else self.lead

    async def sign_in(self, page: Page, staff_id: int) -> None:
        """Sign somebody of the team in."""
        building = self.site.building
        codes = building.do(lambda uow: link_anew(uow, building.rulebook, staff_id, building.clock.now()))
        await page.goto(f"/console/enter/{codes.console_code}")
        await page.get_by_role("button", name="Weiter").click()
        await page.wait_for_url("**/console/")


def pages() -> list[ConsolePage]:
    """All of them, as the program itself serves them."""
    return [page for page in ALL if isinstance(page, ConsolePage)]


@cache
def _past() -> tuple[bytes, Hired]:
    # Living through the weeks takes seconds; every site begins with a copy.
    return past(without_environment(), KEYRING, MONDAY)


def _conference(uow: UnitOfWork, person: int, coach: int, now: datetime) -> int:
    """One about this case, with a sheet that guests may see."""
    agenda = Agenda(topic="Wie geht es weiter?", place="Raum 3", items=("Lage", "Ideen"))
    new = Conference(
        *(0, DEFAULT_AGENCY, ConferenceKind.CASE, ConferenceState.PLANNED, now + timedelta(days=2)),
        *(timedelta(hours=1), agenda, coach, now, now),
    )
    number = uow.casework.conferences.add(new)
    sheet = Sheet(age=AgeBand.FROM_36, month=3, goals=("Wieder schlafen",), questions="Was hilft jetzt?")
    uow.casework.conferences.keep_case(
        ConferenceCase(DEFAULT_AGENCY, number, person, sheet, 1, released_at=now)
    )
    return number


def _help_plan(uow: UnitOfWork, person: int, coach: int, now: datetime) -> None:
    """One that the person has been shown."""
    plan = HelpPlan(*(0, DEFAULT_AGENCY, person, PlanState.PROPOSED, 1, coach, now, now), shown=1)
    kept = replace(plan, id=uow.casework.help_plans.add(plan) or 0)
    goal = Goal(words="Wieder schlafen", steps=(Step(words="Um elf ins Bett", number=1),))
    uow.casework.help_plans.write(kept, PlanContent(goals=(goal,), last_step=1), f"staff:{coach}", now)


def _application(uow: UnitOfWork, person: int, coach: int, now: datetime) -> None:
    """One that was sent, with a day until which to look."""
    content = ApplicationContent(carrier=CarrierKind.PENSION, benefit=Benefit.MEDICAL, what="Reha am Meer")
    due = now.date() + timedelta(days=14)
    new = Application(
        *(0, DEFAULT_AGENCY, person, ApplicationState.FILED, content, coach, now, now),
        due_on=due,
        turn=Turn.CARRIER,
    )
    kept = replace(new, id=uow.casework.applications.add(new))
    entry = ApplicationEntry(now, now.date(), ApplicationEvent.FILE, f"staff:{coach}")
    uow.casework.applications.log(kept, entry)


def _joint(uow: UnitOfWork, person: int, coach: int, now: datetime) -> None:
    """An appointment to which somebody may come along, and a visit of which nobody has said all is well."""
    for number, kind, place in ((1, AppointmentKind.OFFICIAL, "Zimmer 3"), (2, AppointmentKind.HOME, "")):
        begin = now + timedelta(days=number)
        new = Appointment(
            *(0, DEFAULT_AGENCY, person, kind, AppointmentState.AGREED, begin, "Europe/Berlin"),
            *(timedelta(hours=1), f"{number:032x}", coach, now, now, Details(place=place)),
        )
        kept, joint = uow.appointments.add(new) or 0, uow.casework.joint_appointments
        if kind is AppointmentKind.HOME:
            joint.keep_home_visit(HomeVisit(DEFAULT_AGENCY, person, kept, coach, asked_at=now))
            continue
        companion = Companion(name="Karl Kollege", meet="Vor dem Eingang")
        offered = AccompanimentState.OFFERED
        joint.keep_accompaniment(
            Accompaniment(DEFAULT_AGENCY, person, kept, offered, now, companion, promised_for=begin)
        )


def _expectations(uow: UnitOfWork, person: int, coach: int, now: datetime) -> int:
    """A topic with three sides, and a sheet of it that the person has agreed to; its number."""
    kept, place = uow.casework.expectations, "Klinik Musterstadt"
    topic = Topic(0, DEFAULT_AGENCY, person, TopicState.OPEN, "Arbeitsstunden am Tag", coach, now, now)
    number, sides = kept.add(topic), []
    for kind, words, by in (
        (SideKind.PERSON, "Vier Stunden traue ich mir zu.", None),
        (SideKind.AGENCY, "Sechs Stunden bis zum Sommer.", coach),
        (SideKind.PARTNER, "Höchstens drei, mit Pausen.", coach),
    ):
        said = Said(words=words, day=now.date(), name=place if kind is SideKind.PARTNER else "")
        kept.put(Side(0, DEFAULT_AGENCY, person, number, kind, said, by, now))
        sides.append(SheetSide(kind=kind, said=said))
    ask = SharingAsk(0, DEFAULT_AGENCY, person, place, "Ein Blatt", "Ein Gespräch", coach, now)
    asked = uow.sharing.add(ask)
    given = ConsentRecord(person, Purpose.SHARING, True, "Ja", "1", "de", "telegram", now, object=place)
    uow.talks.add_consent(DEFAULT_AGENCY, given)
    paper = (SheetTopic(headline=topic.headline, sides=tuple(sides)),)
    return kept.add_sheet(ExpectationSheet(0, DEFAULT_AGENCY, person, asked, paper, coach, now))


def _partner(uow: UnitOfWork, now: datetime) -> int:
    """The last in the directory."""
    known = Partner(0, DEFAULT_AGENCY, PartnerKind.COUNSELLING, "Beratungsstelle Musterstadt", "Mitte")
    uow.casework.partners.keep(DEFAULT_AGENCY, [known], now)
    return uow.casework.partners.of_agency(DEFAULT_AGENCY)[-1].id


def case_work(uow: UnitOfWork, person: int, coach: int, now: datetime) -> dict[str, str]:
    """Something of each kind that pages of case work are about, with its number by part of an address."""
    _help_plan(uow, person, coach, now)
    _application(uow, person, coach, now)
    _joint(uow, person, coach, now)
    dates = Dates(first_day=now.date(), at=time(23), zone="Europe/Berlin", minutes=30)
    content = GroupContent(title="Nähtreff", what={"de": "Wir nähen zusammen."}, dates=dates)
    group = Group(0, DEFAULT_AGENCY, GroupState.OPEN, 8, coach, coach, now, content)
    return {
        "group": str(uow.casework.groups.add(group)),
        "partner": str(_partner(uow, now)),
        "sheet": str(_expectations(uow, person, coach, now)),
        "conference": str(_conference(uow, person, coach, now)),
    }


@asynccontextmanager
async def rich_site(browser: Browser, texts: Texts | None = None) -> AsyncIterator[Rich]:
    """A site after the weeks of the demonstration."""
    image, coach = _past()
    async with opened(browser, texts=texts) as site:
        site.building.storage.real.close()
        site.building.storage.real = open_copy(image, KEYRING)

        def look(uow: UnitOfWork) -> Rich:
            concerns = uow.concerns.of_agency(DEFAULT_AGENCY)
            [first] = [one for one in concerns if one.level is Level.R3]
            team = {one.name: one.id for one in uow.people.all_staff(DEFAULT_AGENCY)}
            lead = uow.people.staff(team[LEA])
            assert lead is not None
            rules, now = site.building.rulebook, site.building.clock.now()
            guard = Guard(uow, rules, lead, now)
            wish = Wish(coach.id, "de", PROGRAMME, "Aushang im Jobcenter", most=20)
            [card] = make(uow, rules, (guard, lead), wish, now)
            assert isinstance(card, Card)
            parts = {
                "concern": str(first.id),
                "person": str(first.participant_id),
                "staff": str(coach.id),
                "appointment": "1",
                "programmes": PROGRAMME,
                "ladders": STANDARD,
                "dialogs": "weekly_checkin",
                **case_work(uow, first.participant_id, coach.id, now),
            }
            guests = {
                place: hire(uow, rules, NewStaff(DEFAULT_AGENCY, "Gisela Gast", role), now).id
                for place, role in ((SHARED, Role.PARTNER), (PLACEMENTS, Role.EMPLOYER_CONTACT))
            }
            return Rich(site, lead.id, parts, f"card-{card.id}=on", guests)

        yield site.building.do(look)
