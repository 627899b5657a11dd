# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A whole time in a programme, lived through and written down, so that people can read what Lotse does in it.

Time jumps from one moment at which something is due for a person to the next. Everything that anybody hears
is in the chronicle and compared with the one that is committed: a message too many, too few or a changed
word fails. `LOTSE_TEST_WRITE=1` writes it anew, for a human to read.
"""

from __future__ import annotations

import difflib
import html
import os
import re
import shutil
from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
from sqlalchemy import Engine, create_engine, func, select

from bot.domain.partners import Partner
from bot.domain.people import Role
from bot.house import DEFAULT_AGENCY
from bot.ports import UnitOfWork
from bot.services import change_programmes
from bot.services.invite import invite, link_anew
from bot.storage.tables import WAITING, timer
from dialogs.shipped import shipped_programmes
from scheduler.clock import AdvanceableClock
from tests.doubles.bot_api import BotApiDouble
from tests.e2e.conftest import FirstStart
from tests.e2e.stories import MONDAY, Colleague, Happening, Someone, Town, settings_for
from tests.web.building import Browser, Form
from tests.web.test_console_casework import filled

TRANSCRIPTS = Path(__file__).parent / "transcripts"
BERLIN = ZoneInfo("Europe/Berlin")
#: Timers of the house that are no news to anybody in the story. One that is late fires with the next jump.
_OF_THE_HOUSE = ("duty_day", "digest", "retention")
#: The weekly test of every way to staff has its own tests; here it would hide what happens.
_OF_THE_WAYS = ("Probe:", "Eine Probe wurde nicht bestätigt")
_TAG = re.compile(r"</?[a-z]+[^>]*>")
_CODE = re.compile(r"/p/[\w-]+")
_HEAD = """<!--
SPDX-FileCopyrightText: 2026 The Lotse authors
SPDX-License-Identifier: EUPL-1.2
-->

# {title}

Geschrieben von `tests/e2e/{test}.py`: das ganze Programm mit beiden Bots, der eigenen Seite und der
Konsole, in vorgestellter Zeit. Alle Menschen sind erfunden. ⏰ heißt: Lotse schreibt von sich aus. Was Mia
und das Team tun, steht kursiv. Nicht dabei steht die wöchentliche Probe der Wege zum Team.
"""


#: How somebody usually answers what Lotse asks again and again: the newest question has one of these words.
USUAL: Mapping[str, str] = {
    "Wie geht es Ihnen heute?": "6",
    "geschlafen?": "6",
    "gelungen?": "überspringen",
    "Kraft haben Sie?": "5",
    "arbeiten?": "4",
    "Soll sich Ihr Coach bei Ihnen melden?": "nein",
    "Wir haben länger nichts von Ihnen gehört.": "Alles in Ordnung",
    "In den letzten zwei Wochen": "meistens",
    "Wie ist es gerade?": "Gerade ist alles gut",
    "Können Sie kommen?": "Ich komme",
    "Wie ist es gelaufen?": "überspringen",
    "Geht es gerade noch?": "ja",
    "Medikamente für die nächsten Tage": "ja",
    "einen Termin in einer Praxis, die Sie weiter begleitet?": "ja",
    "Wie läuft der Alltag": "Es läuft",
    "gutgetan?": "überspringen",
    "wie es weitergeht?": "im Moment nicht",
    "Wie ist es für Sie mit der Arbeit?": "Es ist gut so",
    "Wie viele Stunden waren Sie": "überspringen",
    "krankgeschrieben?": "0",
}


@dataclass
class Story:
    """A town in which one programme is installed, and what has happened in it so far."""

    town: Town
    programme: str
    test: str
    title: str
    engine: Engine
    most_a_week: int
    client: httpx.AsyncClient
    lines: list[str] = field(default_factory=list)
    heard: list[Happening] = field(default_factory=list)
    usual: dict[str, str] = field(default_factory=dict)
    pages: list[Browser] = field(default_factory=list)
    asked: dict[tuple[str, int, int], set[datetime]] = field(default_factory=lambda: defaultdict(set))
    names: dict[str, str] = field(default_factory=dict)
    _day: str = ""
    _news: list[Happening] = field(default_factory=list)

    # --- who is there ---

    async def staff(self, name: str, number: int, role: Role, deputy_of: int | None = None) -> Actor:
        """A colleague who has opened the staff bot and wants no overview in the morning."""
        colleague = await self.town.hires(name, number, role, deputy_of)
        await colleague.person.opens(colleague.hired.messenger_code)
        await colleague.person.says("/tagesblick aus")
        await self.town.settled()
        self.town.forget()
        return Actor(self, colleague.person, colleague)

    async def arrives(self, name: str, number: int, coach: Actor) -> Actor:
        """Somebody opens an invitation of this coach to the programme."""
        actor = Actor(self, self.town.meet(name, number))
        await actor.opens(await self.invited(coach), "öffnet die Einladung")
        return actor

    async def invited(self, coach: Actor) -> str:
        """The code of a fresh invitation to the programme."""
        made = partial(invite, rules=self.town.app.rules(), coach_id=coach.number)
        now = self.town.clock.now()
        return await self.town.do(lambda uow: made(uow, programme=self.programme, language="de", now=now))

    async def knows(self, *partners: Partner) -> None:
        """The agency's directory of partners."""
        now = self.town.clock.now()
        await self.town.do(lambda uow: uow.casework.partners.keep(DEFAULT_AGENCY, list(partners), now))

    # --- what happens ---

    def chapter(self, title: str) -> None:
        """A heading."""
        self.lines += ["", f"## {title}", ""]
        self._day = ""

    def tells(self, text: str) -> None:
        """A line that says who did what; behind it stands what they heard because of it."""
        self._date()
        self.lines.append(f"- *{self._plain(text)}*")

    async def happens(self, *, by_itself: bool = False) -> list[Happening]:
        """Wait until nothing is left to do now, and write down what was heard."""
        await self.town.settled()
        found = [one for one in self.town._happened() if not one.text.startswith(_OF_THE_WAYS)]
        self.heard = found
        for one in found:
            self._write(one, by_itself)
        return found

    async def goes_on(self, **span: float) -> list[Happening]:
        """Let time pass, from one moment at which something is due to the next. Everything that was heard."""
        end = self.town.clock.now() + timedelta(**span)
        found: list[Happening] = []
        while (due := await self._next()) is not None and due <= end:
            await self.town.until(max(due, self.town.clock.now()))
            happened = await self.happens(by_itself=True)
            found += happened
            await self._keep_rhythm(happened)
        await self.town.until(max(end, self.town.clock.now()))
        await self.happens(by_itself=True)
        self.heard = found
        return found

    async def goes_on_to(self, moment: datetime) -> list[Happening]:
        """As `goes_on`, until then."""
        return await self.goes_on(seconds=(moment - self.town.clock.now()).total_seconds())

    async def _next(self) -> datetime | None:
        """When something is due that is about a person, or a message waits to be sent."""
        statement = select(func.min(timer.c.due_at)).where(
            timer.c.state == WAITING, timer.c.kind.not_in(_OF_THE_HOUSE)
        )
        with self.engine.connect() as connection:
            moments = [connection.execute(statement).scalar_one()]
        now, channels = self.town.clock.now(), list(self.town.app.pumps)

        def waiting(uow: UnitOfWork) -> list[datetime | None]:
            return [uow.outbox.next_due(channel, now) for channel in channels]

        moments += await self.town.do(waiting)
        return min((one for one in moments if one is not None), default=None)

    async def _keep_rhythm(self, happened: Sequence[Happening]) -> None:
        """Whoever was asked by Lotse answers as usual, until something comes that has no usual answer."""
        for name in sorted({one.who for one in happened if one.how == "hears"}):
            person, given = self.town.people[name], list[str]()
            while person.bot is self.town.participants and (answer := self._usual(person.last)):
                given.append(answer)
                await person.says(answer)
                await self.town.settled()
                self._news = self.town._happened()
                if not any(one.who == name for one in self._news):
                    break
            if given:
                self.tells(f"{name} antwortet: {', '.join(given)}")
                for one in self._news:
                    self._write(one, by_itself=False)

    def _usual(self, question: str) -> str:
        return next((answer for words, answer in self.usual.items() if words in question), "")

    # --- what is written ---

    def _date(self) -> None:
        at = self.town.clock.now().astimezone(BERLIN)
        day = f"{_WEEKDAYS[at.weekday()]}, {at.day}.{at.month}.{at.year}, {at:%H:%M} Uhr"
        if day != self._day:
            self.lines += ["", f"**{day}**", ""]
            self._day = day

    def _write(self, one: Happening, by_itself: bool) -> None:
        person = self.town.people[one.who]
        if by_itself and one.how == "hears" and person.bot is self.town.participants:
            now = self.town.clock.now()
            year, week, _ = now.astimezone(BERLIN).isocalendar()
            self.asked[one.who, year, week].add(now)
        self._date()
        mark = "⏰ " if by_itself else ""
        how = {"hears": "", "sees": " (geändert)", "reads": " (kurz)"}[one.how]
        self.lines.append(f"- {mark}**Lotse an {one.who}**{how}: {self._plain(one.text)}")

    def _plain(self, text: str) -> str:
        """Without markup, and without what is another at each time: codes and addresses."""
        text = html.unescape(_TAG.sub("", text)).replace(self.town.address, "https://lotse.example")
        text = _CODE.sub("/p/…", text)
        for code, name in self.names.items():
            text = text.replace(code, name)
        return " / ".join(line.strip() for line in text.splitlines() if line.strip())

    async def learns_codes(self) -> None:
        """Case codes are drawn by chance; in the chronicle they have names."""
        for one in await self.town.do(lambda uow: uow.people.participants(DEFAULT_AGENCY)):
            self.names.setdefault(one.case_code, f"F000{len(self.names) + 1}")

    def at(self, year: int, month: int, day: int, hour: int = 12) -> datetime:
        """A moment by the clock of the agency."""
        return datetime(year, month, day, hour, tzinfo=BERLIN)

    def next_morning(self) -> datetime:
        """Eight o'clock on the next weekday."""
        day = self.town.clock.now().astimezone(BERLIN) + timedelta(days=1)
        while day.weekday() >= 5:
            day += timedelta(days=1)
        return day.replace(hour=8, minute=0, second=0, microsecond=0)

    @property
    def case(self) -> str:
        """The case code of the first person."""
        return next(iter(self.names))

    def check(self) -> None:
        """Compare with what is committed; nobody was written to at more moments of a week than may be."""
        busy = {one: len(moments) for one, moments in self.asked.items() if len(moments) > self.most_a_week}
        assert not busy, f"written to too often in a week (who, year, week): {busy}"
        lines = _HEAD.format(title=self.title, test=self.test).splitlines() + self.lines
        written = "\n".join(lines).rstrip() + "\n"
        path = TRANSCRIPTS / f"{self.programme}.md"
        if os.environ.get("LOTSE_TEST_WRITE"):
            path.write_text(written, encoding="utf-8")
            return
        kept = path.read_text(encoding="utf-8")
        found = difflib.unified_diff(
            kept.splitlines(), written.splitlines(), "committed", "now", lineterm="", n=1
        )
        assert kept == written, "\n".join(found)


_WEEKDAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")


@dataclass
class Actor:
    """Somebody in a story; staff also have a browser for the console."""

    story: Story
    one: Someone
    colleague: Colleague | None = None
    browser: Browser | None = None
    page: Browser | None = None
    _signed_in: datetime | None = None
    _link: str = ""

    @property
    def number(self) -> int:
        """The number of a colleague."""
        assert self.colleague is not None
        return self.colleague.hired.id

    async def opens(self, code: str, what: str) -> None:
        """Follow a link into the bot."""
        self.story.tells(f"{self.one.name} {what}")
        await self.one.opens(code)
        await self._then()

    async def says(self, *texts: str) -> None:
        """Write, each after the answer to the one before."""
        for text in texts:
            self.story.tells(f"{self.one.name} schreibt: {text}")
            await self.one.says(text)
            await self._then()

    async def presses(self, *labels: str) -> None:
        """Press buttons, each after the answer to the one before."""
        for label in labels:
            self.story.tells(f"{self.one.name} drückt „{label}“")
            await self.one.presses(label)
            await self._then()

    async def at_console(self, path: str) -> Browser:
        """Open a page of the console, with a fresh link if the last one is from another day."""
        now, number = self.story.town.clock.now(), self.number
        if self.browser is None or self._signed_in is None or now - self._signed_in > timedelta(hours=4):
            rules = self.story.town.app.rules()
            hired = await self.story.town.do(lambda uow: link_anew(uow, rules, number, now))
            self.browser = Browser(self.story.client)
            self.story.client.cookies.clear()
            await self.browser.open(f"/console/enter/{hired.console_code}")
            await self.browser.press("Weiter")
            self._signed_in = now
        await self.browser.open(path)
        assert self.browser.status == 200, (path, self.browser.status)
        return self.browser

    async def does(self, act: str, label: str, /, **fields: str) -> str:
        """Press a button of the page that is open; the words of the page that comes back."""
        form = next(one for one in self._page.page.forms if label in one.buttons)
        name, value = form.buttons[label]
        return await self.sends(act, form, **({name: value} if name else {}), **fields)

    async def sends(self, act: str, form: Form, /, **fields: str) -> str:
        """Send a form of the page that is open; the words of the page that comes back."""
        self.story.tells(f"{self.one.name} in der Konsole: {act}")
        await self._page.post(form, **fields)
        assert self._page.status == 200, (self._page.at, self._page.status, self._page.words[-600:])
        await self._then()
        return self._page.words

    async def enters(self, phase: str, reason: str, person: int = 1, **fields: str) -> None:
        """Let somebody into another phase, in the console."""
        page = await self.at_console(f"/console/people/{person}/phases")
        what = f"neue Phase „{phase}“. Grund: {reason}"
        words = await self.sends(what, filled(page, "enter"), phase=phase, reason=reason, **fields)
        assert "Die Phase ist gewechselt." in words

    async def leaves(self, phase: str, reason: str, person: int = 1) -> None:
        """Let somebody out of a phase that runs beside others, in the console."""
        page = await self.at_console(f"/console/people/{person}/phases")
        what = f"Ende der Phase „{phase}“. Grund: {reason}"
        words = await self.sends(what, filled(page, "leave"), phase=phase, reason=reason)
        assert "Die Phase ist beendet." in words

    async def proposes_plan(self, template: str = "", person: int = 1) -> None:
        """Write a help plan from a template of the programme, and propose it, in the console."""
        page = await self.at_console(f"/console/people/{person}/help-plan")
        await page.post(filled(page, "template"), **({"template": template} if template else {}))
        assert page.status == 200, page.words[-600:]
        await self.sends("Hilfeplan aus der Vorlage", filled(page, "write"), do="save")
        await self.does("schlägt den Hilfeplan vor", "Der Person vorschlagen")

    async def refers(self, place: str, why: str, what: str) -> None:
        """Propose a place to somebody, in the console."""
        await self.at_console("/console/people/1/referrals")
        await self.does(f"schlägt „{place}“ vor", "Vorschlagen", place=place, why=why, what=what)

    async def refers_on(self, outcome: str, words: str) -> None:
        """What was agreed to goes there; the first visit, its result and the end, in the console."""
        await self.at_console("/console/people/1/referrals")
        await self.does("hat es weitergegeben", "Weitergabe eintragen", way="phone", words="Mia Muster")
        await self.story.goes_on(days=7)
        await self.at_console("/console/people/1/referrals")
        await self.does("war zum ersten Mal dort", "War zum ersten Mal dort")
        result = {"prevention": "yes", "rehab": "open", "motivation": "yes"}
        await self.does("Ergebnis eingetragen", "Speichern", **result, words=words)
        await self.does("abgeschlossen", "Vermittlung abschließen", outcome=outcome, words=words)

    @property
    def _page(self) -> Browser:
        assert self.browser is not None, f"{self.one.name} has no page open"
        return self.browser

    async def ends(self, reason: str, person: int = 1) -> None:
        """End somebody's programme, in the console."""
        page = await self.at_console(f"/console/people/{person}/phases")
        words = await self.sends(f"beendet das Programm: {reason}", filled(page, "end"), reason=reason)
        assert "Das Programm ist beendet." in words

    async def takes_over(self, words: str, older: int = 0) -> None:
        """Take a concern over, answer, and close it; `older` buttons of that name are for something else."""
        await self.presses("Übernehmen", "Ich schreibe jetzt")
        await self.says(words)
        self.story.tells(f"{self.one.name} drückt „Erledigt“")
        await self.one.presses("Erledigt", older=older)
        await self._then()
        await self.presses("Gesprochen")

    async def on_page(self, *labels: str) -> None:
        """Follow the newest link to the own page, and press these buttons there; "=..." is written."""
        found = _CODE.findall(self.one.last)
        if found and found[0] != self._link:
            self._link = found[0]
            if self.page is None:
                self.page = Browser(httpx.AsyncClient(base_url=self.story.town.address))
                self.story.pages.append(self.page)
            await self.page.open(self._link)
            await self.page.press("Weiter")
            self.story.tells(f"{self.one.name} öffnet die eigene Seite")
            await self._then()
        assert self.page is not None, f"{self.one.name} has no link to the own page: {self.one.last}"
        for label in labels:
            self.story.tells(f"{self.one.name} antwortet dort: {label.removeprefix('=')}")
            if label.startswith("="):
                await self.page.write(label.removeprefix("="))
            else:
                assert any(label in one.buttons for one in self.page.page.forms), self.page.words[-500:]
                await self.page.press(label)
            await self._then()

    async def _then(self) -> None:
        await self.story.happens()
        await self.story.learns_codes()


def heard(happened: Collection[Happening], who: Actor, words: str) -> bool:
    """Whether somebody heard these words."""
    return any(one.who == who.one.name and words in one.text for one in happened)


@asynccontextmanager
async def lived(
    programme: str, title: str, folder: Path, first_start: FirstStart, most_a_week: int, **agency: object
) -> AsyncIterator[Story]:
    """A town with this programme installed, on SQLite, from a Monday in office hours on.

    At its end everything that was heard is compared with the chronicle, and no call was wrong.
    """
    shutil.copytree(first_start.folder, folder, dirs_exist_ok=True)
    url, clock = f"sqlite:///{folder}/lotse.db", AdvanceableClock(MONDAY)
    async with BotApiDouble(clock=lambda: clock.now().timestamp(), backoff=lambda _: 0.01) as api:
        bots = api.add_bot("1:AAA", "lotse_bot"), api.add_bot("2:BBB", "lotse_team_bot")
        town = Town(api, settings_for(api, folder, url, "polling", **agency), clock, *bots)
        await town.start()
        engine = create_engine(url)
        try:
            file = (shipped_programmes()[programme], programme)
            rules = town.app.rules()
            await town.do(
                lambda uow: change_programmes.install(uow, rules, DEFAULT_AGENCY, file, clock.now())
            )
            await town.settled()
            town.forget()
            test = f"test_programme_{programme.replace('-', '_')}"
            async with httpx.AsyncClient(base_url=town.address) as client:
                story = Story(town, programme, test, title, engine, most_a_week, client)
                try:
                    yield story
                except BaseException:
                    print(*story.lines, sep="\n")  # until where it broke off
                    raise
                finally:
                    for page in story.pages:
                        await page.close()
                story.check()
        finally:
            engine.dispose()
            await town.stop()
        assert api.violations == []
        assert api.disobeyed == []
