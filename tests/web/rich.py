# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A site with the people of the demonstration, so that every page of the console has something to show."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache

from playwright.async_api import Browser, Page

from bot.demo_people import LEA
from bot.demo_story import PROGRAMME, past
from bot.domain.access import Action
from bot.domain.concerns import Level
from bot.domain.invitations import Card
from bot.house import DEFAULT_AGENCY
from bot.ports import UnitOfWork
from bot.services.access import Guard
from bot.services.invitation_cards import Wish, make
from bot.services.invite import Hired, link_anew
from bot.services.policies import STANDARD
from bot.settings import without_environment
from bot.texts import Texts
from bot.web.console import conferences
from bot.web.console.invitations import SHEET
from bot.web.console.navigation import SHARED
from bot.web.console.pages import ALL
from bot.web.console.person_head import EXPECTATIONS, PATH
from bot.web.console.seat import Page as ConsolePage
from tests.storage.stores import open_copy
from tests.web.building import KEYRING, MONDAY
from tests.web.case_work import case_work
from tests.web.guests import guests, invited
from tests.web.site import Site, opened

_PART = re.compile(r"(\w+)/\{(\w+)(?::int)?\}")
#: What pages show besides when the address asks for it, or to a guest: name, path, end of the address.
_NOTE = ("note", f"{PATH}/{EXPECTATIONS}", "?appointment={over}")
_TO_GUESTS = (("guest", conferences.HOME), ("guest", conferences.PATH))


@dataclass(frozen=True)
class Look:
    """A page as somebody sees it. `name` tells it from the first look at the same page, which has none."""

    page: ConsolePage
    visitor: int
    address: str
    name: str = ""


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

    def looks(self) -> list[Look]:
        """At every page, and what else some of them show; those of one visitor come together."""
        name, path, end = _NOTE
        by_path = {one.path: one for one in pages()}
        note, guest = by_path[path], self.guests[SHARED]
        found = [Look(one, self.visitor(one), self.address(one)) for one in pages()]
        found.append(Look(note, self.lead, self.address(note) + end.format(**self.parts), name))
        for name, path in _TO_GUESTS:
            found.append(Look(by_path[path], guest, self.address(by_path[path]), name))
        return sorted(found, key=lambda one: one.visitor)

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
            people = [first.participant_id]
            people += [
                one.id for one in uow.people.participants(DEFAULT_AGENCY) if one.id != first.participant_id
            ]
            known = guests(uow, rules, people, coach.id, now)
            invited(uow, int(parts["conference"]), (coach.id, known[SHARED]), lead.id, now)
            return Rich(site, lead.id, parts, f"card-{card.id}=on", known)

        yield site.building.do(look)
