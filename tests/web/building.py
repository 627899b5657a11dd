# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The web side with the real storage behind it, and browsers that read its forms."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from html.parser import HTMLParser
from typing import TypeVar

import httpx

from bot import house
from bot.domain.people import Role
from bot.errors import StoreUnavailable
from bot.ports import Receipt, UnitOfWork
from bot.services import live
from bot.services.inbox import StorageInbox
from bot.services.invite import Hired, NewStaff, hire, invite
from bot.services.publish import open_book, publish_shipped
from bot.services.rulebook import Rulebook
from bot.settings import without_environment
from bot.storage.inline import InlineDatabase
from bot.storage.sealing import Keyring
from bot.texts import Texts
from bot.web.app import Demo, Office, build_web
from dialogs.book import DialogBook
from scheduler.clock import AdvanceableClock
from tests.storage.stores import open_copy

T = TypeVar("T")

#: A Monday in office hours.
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PUBLIC_URL = "https://lotse.example"
KEYRING = Keyring({"k1": bytes(range(32))}, "k1")


@cache
def _furnished() -> tuple[bytes, DialogBook]:
    # Reading and publishing all dialogs takes half a second; every building begins with a copy.
    database = InlineDatabase(KEYRING)
    database.carry_out(lambda uow: uow.ledger.ensure_agency(house.DEFAULT_AGENCY, "Lotse", MONDAY))
    database.carry_out(partial(publish_shipped, sources=house.dialog_sources(), now=MONDAY))
    made = database.image(), database.carry_out(open_book)
    database.close()
    return made


class BreakableStorage:
    """The real storage, and a switch that takes it away."""

    def __init__(self) -> None:
        self.real = open_copy(_furnished()[0], KEYRING)
        self.is_down = False

    async def run(self, use_case: Callable[[UnitOfWork], T]) -> T:
        if self.is_down:
            raise StoreUnavailable("switched off by a test")
        return await self.real.run(use_case)

    async def healthy(self) -> str:
        return "switched off" if self.is_down else await self.real.healthy()


class TickingClock(AdvanceableClock):
    """Moves only when told to, but no two looks at it are the same: messages come one after another."""

    def __init__(self, at: datetime) -> None:
        super().__init__(at)
        self._looks = itertools.count()

    def now(self) -> datetime:
        return super().now() + timedelta(microseconds=next(self._looks))


class DemoClock:
    """A demo whose clock is the building's."""

    def __init__(self, clock: AdvanceableClock) -> None:
        self.clock = clock
        self.participant_entry = "/p/unknown"
        self.console_entry = "/console/enter/unknown"

    async def furnished(self) -> None:
        """Nothing is built first."""

    def now(self) -> datetime:
        return self.clock.now()

    async def advance(self, by: timedelta) -> None:
        self.clock.advance(by)

    async def to_next(self) -> None:
        self.clock.advance(timedelta(minutes=5))


class Building:
    """Everything that pages need, with nobody in it yet."""

    def __init__(
        self, *, demo: bool = False, texts: Texts | None = None, public_url: str = PUBLIC_URL
    ) -> None:
        self.storage = BreakableStorage()
        self.clock = TickingClock(MONDAY)
        self.live = live.Live()
        self.public_url = public_url
        self.problems: list[str] = []
        self.coach = Hired(0, "", "")
        self.deliveries: list[tuple[str | None, bytes]] = []
        settings = without_environment(public_url=public_url)
        # As at a real start: otherwise the first words of all that are read wait for the rules.
        house.load_concern_rules(settings)
        self.pictures = house.open_pictures(settings)
        self.rulebook = house.build_rulebook(settings, _furnished()[1])
        if texts is not None:
            parts = {name: getattr(self.rulebook, name) for name in Rulebook.__slots__}
            self.rulebook = Rulebook(**(parts | {"texts": texts}))
        self.demo: Demo | None = DemoClock(self.clock) if demo else None
        self.app = build_web(self.office())

    def office(self) -> Office:
        return Office(
            storage=self.storage,
            rules=lambda: self.rulebook,
            inbox=StorageInbox(self.storage, lambda: self.rulebook, self.clock, self.committed),
            live=self.live,
            pictures=self.pictures,
            clock=self.clock,
            public_url=self.public_url,
            wake=self.committed,
            ready=self.ready,
            webhooks={"telegram": self.deliver},
            metrics=self.metrics,
            demo=self.demo,
        )

    def close(self) -> None:
        self.storage.real.close()

    def do(self, use_case: Callable[[UnitOfWork], T]) -> T:
        return self.storage.real.run_sync(use_case)

    def committed(self, receipt: Receipt) -> None:
        if receipt.changed:
            self.live.publish([live.STAFF, *map(live.person, receipt.changed)])

    async def metrics(self) -> bytes:
        return b"lotse_up 1\n"

    async def ready(self) -> list[str]:
        return self.problems

    async def deliver(self, secret: str | None, body: bytes) -> int:
        self.deliveries.append((secret, body))
        return 200 if secret == "geheim" else 401

    def hire(self, name: str = "Berta Beispiel", role: Role = Role.COACH) -> Hired:
        person = NewStaff(house.DEFAULT_AGENCY, name, role)
        return self.do(lambda uow: hire(uow, self.rulebook, person, self.clock.now()))

    def invite(self, coach: Hired, language: str = "de") -> str:
        return self.do(lambda uow: invite(uow, self.rulebook, coach.id, "", language, self.clock.now()))

    def browser(self, language: str = "de") -> Browser:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        client = httpx.AsyncClient(
            transport=transport, base_url=PUBLIC_URL, headers={"Accept-Language": language}
        )
        return Browser(client)


@dataclass
class Form:
    """A form as a browser sees it."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: dict[str, tuple[str, str]] = field(default_factory=dict)
    has_text: bool = False


class Reading(HTMLParser):
    """The forms, the words and the ids of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.words: list[str] = []
        self.ids: list[str] = []
        self._button: tuple[str, str] | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if "id" in found:
            self.ids.append(found["id"])
        if tag == "form":
            self.forms.append(Form(found.get("action", "")))
        elif tag == "input" and found.get("type") == "hidden" and "name" in found:
            self.forms[-1].fields[found["name"]] = found["value"]
        elif tag == "textarea":
            self.forms[-1].has_text = True
        elif tag == "button":
            self._button = (found.get("name", ""), found.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._button is not None and data.strip():
            self.forms[-1].buttons[data.strip()] = self._button
            self._button = None
        self.words.append(data)


class Browser:
    """A person's browser without scripts: opens, presses, types, follows redirects."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.at = "/"
        self.html = ""
        self.status = 0

    async def close(self) -> None:
        await self.client.aclose()

    @property
    def page(self) -> Reading:
        return Reading(self.html)

    @property
    def words(self) -> str:
        return " ".join("".join(self.page.words).split())

    async def open(self, path: str) -> None:
        self._see(await self.client.get(path, follow_redirects=True))

    async def press(self, label: str, **more: str) -> None:
        form = next(one for one in self.page.forms if label in one.buttons)
        name, value = form.buttons[label]
        await self.post(form, **({name: value} if name else {}), **more)

    async def write(self, text: str) -> None:
        form = next(one for one in self.page.forms if one.has_text)
        await self.post(form, text=text)

    async def post(self, form: Form, **more: str) -> None:
        url = form.action or self.at
        self._see(await self.client.post(url, data=form.fields | more, follow_redirects=True))

    def _see(self, response: httpx.Response) -> None:
        self.status, self.html = response.status_code, response.text
        self.at = response.url.raw_path.decode()
