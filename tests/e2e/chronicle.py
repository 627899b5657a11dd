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
from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast
from zoneinfo import ZoneInfo

import httpx
from sqlalchemy import func, select

from bot.domain.partners import Partner
from bot.domain.people import Participant, Role
from bot.house import DEFAULT_AGENCY
from bot.ports import UnitOfWork
from bot.services import change_programmes
from bot.services.invite import invite, link_anew
from bot.storage.tables import WAITING, timer
from dialogs.shipped import shipped_programmes
from scheduler.clock import AdvanceableClock
from tests.doubles.bot_api import Bot, BotApiDouble
from tests.e2e.conftest import Ground
from tests.e2e.stories import MONDAY, Colleague, Happening, Someone, Town, next_door, settings_for
from tests.web.building import Browser, Form
from tests.web.test_console_casework import filled

if TYPE_CHECKING:
    from bot.storage.unit_of_work import SqlUnitOfWork

TRANSCRIPTS = Path(__file__).parent / "transcripts"
BERLIN = ZoneInfo("Europe/Berlin")
#: Timers of the house that are no news to anybody in the story. One that is late fires with the next jump.
_OF_THE_HOUSE = ("duty_day", "digest", "retention")
#: The weekly test of every way to staff has its own tests; here it would hide what happens.
_OF_THE_WAYS = ("Probe:", "Eine Probe wurde nicht bestätigt")
_TAG = re.compile(r"</?[a-z]+[^>]*>")
#: A line of the own page that the program or the team says, and the words in it.
_LINE = re.compile(r'<li class="line line-(?!person)[^"]*" id="([^"]*)">(.*?)</li>', re.DOTALL)
_WORDS = re.compile(r'<p class="words"[^>]*>(.*?)</p>', re.DOTALL)
_FIRST_TIMER = select(func.min(timer.c.due_at)).where(
    timer.c.state == WAITING, timer.c.kind.not_in(_OF_THE_HOUSE)
)
_CODE = re.compile(r"/p/[\w-]+")
_HEAD = """<!--
SPDX-FileCopyrightText: 2026 The Lotse authors
SPDX-License-Identifier: EUPL-1.2
-->

# {title}

Geschrieben von `tests/e2e/{test}.py`: das ganze Programm mit beiden Bots, der eigenen Seite und der
Konsole, in vorgestellter Zeit. Alle Menschen sind erfunden. ⏰ heißt: Lotse schreibt von sich aus. 🔒 heißt:
auf der eigenen Seite statt im Messenger. Was die Menschen tun, steht kursiv. Antworten auf Fragen, die weiter
oben schon stehen, stehen in einer Zeile. Nicht dabei ist die wöchentliche Probe der Wege zum Team.
"""


#: How somebody usually answers what Lotse asks again and again: the newest question has one of these words.
USUAL: Mapping[str, str] = {
    "Wie geht es Ihnen heute?": "6",
    "geschlafen?": "6",
    "gelungen?": "überspringen",
    "Kraft haben Sie?": "5",
    "arbeiten?": "4",
    "bei Ihnen melden?": "nein",
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
    "Wie war es für Sie?": "Gut",
    "noch etwas dazu schreiben?": "überspringen",
}


@dataclass
class Story:
    """A town in which one programme is installed, and what has happened in it so far."""

    town: Town
    programme: str
    test: str
    title: str
    most_a_week: int
    lines: list[str] = field(default_factory=list)
    heard: list[Happening] = field(default_factory=list)
    usual: dict[str, str] = field(default_factory=dict)
    pages: list[Browser] = field(default_factory=list)
    told: set[tuple[str, str]] = field(default_factory=set)
    asked: dict[tuple[str, int, int], set[datetime]] = field(default_factory=lambda: defaultdict(set))
    names: dict[str, str] = field(default_factory=dict)
    #: Who takes over what comes while time passes, next morning and with these words.
    on_duty: tuple[Actor, str] | None = None
    _waits: bool = False
    _day: str = ""

    # --- who is there ---

    async def staff(
        self, name: str, number: int, role: Role, deputy_of: int | None = None, agency: int = DEFAULT_AGENCY
    ) -> Actor:
        """A colleague who has opened the staff bot and wants no overview in the morning."""
        colleague = await self.town.hires(name, number, role, deputy_of, agency)
        await colleague.person.opens(colleague.hired.messenger_code)
        await colleague.person.says("/tagesblick aus")
        await self.town.settled()
        self.town.forget()
        return Actor(self, colleague.person, colleague)

    async def firm(self, name: str) -> Actor:
        """The contact of a firm: no messenger, and one page of the console."""
        colleague = await self.town.hires(name, 950, Role.EMPLOYER_CONTACT)
        return Actor(self, colleague.person, colleague)

    async def arrives(self, name: str, number: int, coach: Actor) -> Actor:
        """Somebody opens an invitation of this coach to the programme, in the bot of the coach's agency."""
        actor = Actor(self, self.town.meet(name, number, self._bot_beside(coach.one.bot)))
        await actor.opens(await self.invited(coach), "öffnet die Einladung")
        return actor

    def _bot_beside(self, staff: Bot) -> Bot:
        """The bot for participants of the agency with this staff bot."""
        return self.town.participants if staff is self.town.staff else self.town.neighbours[0]

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

    def tells_page(self, name: str, text: str) -> None:
        """A line that the own page shows."""
        self.lines.append(f"- 🔒 **Lotse an {name}**: {self._plain(text)}")

    async def happens(self, *, by_itself: bool = False) -> list[Happening]:
        """Wait until nothing is left to do now, and write down what was heard."""
        await self.town.settled()
        self.heard = self._found()
        for one in self.heard:
            self._write(one, by_itself)
        return self.heard

    def _found(self) -> list[Happening]:
        """What was heard since the last look: first by participants, then by the team.

        The order between two bots is that of two lines to the messenger, so nobody could promise it.
        """
        found = [one for one in self.town._happened() if not one.text.startswith(_OF_THE_WAYS)]
        names = list(self.town.people)
        return sorted(found, key=lambda one: (not self._is_participant(one.who), names.index(one.who)))

    def _is_participant(self, name: str) -> bool:
        bot = self.town.people[name].bot
        return any(bot is one for one in (self.town.participants, *self.town.neighbours[:1]))

    async def goes_on(self, **span: float) -> list[Happening]:
        """Let time pass, from one moment at which something is due to the next. Everything that was heard."""
        end = self.town.clock.now() + timedelta(**span)
        found: list[Happening] = []
        while (due := await self._next()) is not None and due <= end:
            await self.town.until(max(due, self.town.clock.now()))
            happened = await self.happens(by_itself=True)
            found += happened
            await self._keep_rhythm(happened)
            await self._hand_over_to_duty()
        await self.town.until(max(end, self.town.clock.now()))
        found += await self.happens(by_itself=True)
        self.heard = found
        return found

    async def _hand_over_to_duty(self) -> None:
        if self.on_duty is not None and self._waits:
            coach, words = self.on_duty
            await self.town.until(self.next_morning())
            await self.happens(by_itself=True)
            await coach.takes_over(words)
            self._waits = False

    async def goes_on_to(self, moment: datetime) -> list[Happening]:
        """As `goes_on`, until then."""
        return await self.goes_on(seconds=(moment - self.town.clock.now()).total_seconds())

    async def _next(self) -> datetime | None:
        """When something is due that is about a person, or a message waits to be sent."""
        now, channels = self.town.clock.now(), list(self.town.app.pumps)

        def due(uow: UnitOfWork) -> list[datetime | None]:
            first = cast("SqlUnitOfWork", uow).connection.execute(_FIRST_TIMER).scalar_one()
            return [first, *(uow.outbox.next_due(channel, now) for channel in channels)]

        return min((one for one in await self.town.do(due) if one is not None), default=None)

    async def _keep_rhythm(self, happened: Sequence[Happening]) -> None:
        """Whoever was asked by Lotse answers as usual, until something comes that has no usual answer."""
        for name in sorted(
            {one.who for one in happened if one.how == "hears" and self._is_participant(one.who)}
        ):
            person, given = self.town.people[name], list[str]()
            news: list[Happening] = []
            while answer := self._usual(person.last):
                if any((name, one.text) not in self.told for one in news):
                    self._tell_answers(name, given, news)
                given.append(answer)
                await person.says(answer)
                await self.town.settled()
                news = self._found()
                happened_to_others = [one for one in news if one.who != name]
                if happened_to_others or not news:
                    break
            self._tell_answers(name, given, news)

    def _tell_answers(self, name: str, given: list[str], news: list[Happening]) -> None:
        """What was answered, and what came of the last answer; what came between was told before."""
        if given:
            self.tells(f"{name} antwortet: {', '.join(given)}")
            for one in news:
                self._write(one, by_itself=False)
        given.clear()
        news.clear()

    def _usual(self, question: str) -> str:
        return next((answer for words, answer in self.usual.items() if words in question), "")

    def is_new(self, name: str, text: str) -> bool:
        """Whether somebody sees these words of the own page for the first time, in the messenger or there."""
        return not any(
            who == name and (known.startswith(text) or known.endswith(text)) for who, known in self.told
        )

    def new_browser(self) -> Browser:
        """A browser that has never been here; closed at the end."""
        self.pages.append(Browser(httpx.AsyncClient(base_url=self.town.address)))
        return self.pages[-1]

    # --- what is written ---

    def _date(self) -> None:
        at = self.town.clock.now().astimezone(BERLIN)
        day = f"{_WEEKDAYS[at.weekday()]}, {at.day}.{at.month}.{at.year}, {at:%H:%M} Uhr"
        if day != self._day:
            self.lines += ["", f"**{day}**", ""]
            self._day = day

    def _write(self, one: Happening, by_itself: bool) -> None:
        self.told.add((one.who, one.text))
        duty = self.on_duty[0].one.name if self.on_duty is not None else ""
        self._waits |= one.who == duty and one.text.startswith("Meldung")
        if by_itself and one.how == "hears" and self._is_participant(one.who):
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
        agencies = list(self.town.app.rules().agencies)

        def people(uow: UnitOfWork) -> list[Participant]:
            return [one for agency in agencies for one in uow.people.participants(agency)]

        for one in await self.town.do(people):
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
    _lines: set[str] = field(default_factory=set)

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
            self.browser = self.browser or self.story.new_browser()
            self.browser.client.cookies.clear()
            await self.browser.open(f"/console/enter/{hired.console_code}")
            await self.browser.press("Weiter")
            self._signed_in = now
        await self.browser.open(path)
        assert self.browser.status == 200, (path, self.browser.status)
        return self.browser

    async def is_refused(self, path: str) -> bool:
        """Whether a page of the console is not there for them; the page before stays where it is."""
        page = await self.at_console("/console/calendar")
        await page.open(path)
        return page.status == 404

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
        what = f"neue Phase „{_title(page, phase)}“. Grund: {reason}"
        words = await self.sends(what, filled(page, "enter"), phase=phase, reason=reason, **fields)
        assert "Die Phase ist gewechselt." in words

    async def leaves(self, phase: str, reason: str, person: int = 1) -> None:
        """Let somebody out of a phase that runs beside others, in the console."""
        page = await self.at_console(f"/console/people/{person}/phases")
        what = f"Ende der Phase „{_title(page, phase)}“. Grund: {reason}"
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
            self.page = self.page or self.story.new_browser()
            await self.page.open(self._link)
            await self.page.press("Weiter")
            self.story.tells(f"{self.one.name} öffnet die eigene Seite")
            await self._reads(self.page)
        assert self.page is not None, f"{self.one.name} has no link to the own page: {self.one.last}"
        for label in labels:
            self.story.tells(f"{self.one.name} antwortet dort: {label.removeprefix('=')}")
            if label.startswith("="):
                await self.page.write(label.removeprefix("="))
            else:
                assert any(label in one.buttons for one in self.page.page.forms), self.page.words[-500:]
                await self.page.press(label)
            await self._reads(self.page)

    async def _reads(self, page: Browser) -> None:
        """What the own page says since the last look, and what others heard."""
        await self._then()
        for number, block in _LINE.findall(page.html):
            words = _TAG.sub("", "".join(_WORDS.findall(block))).strip()
            text = html.unescape(words)
            if text and number not in self._lines and self.story.is_new(self.one.name, text):
                self.story.tells_page(self.one.name, text)
            self._lines.add(number)

    async def _then(self) -> None:
        await self.story.happens()
        await self.story.learns_codes()


def _title(page: Browser, phase: str) -> str:
    """What a phase is called in the console."""
    found = re.search(rf'<option value="{phase}"[^>]*>(.*?)</option>', page.html)
    assert found is not None, f"no phase {phase} to choose"
    return html.unescape(found[1]).split(" (")[0]


def heard(happened: Collection[Happening], who: Actor, words: str) -> bool:
    """Whether somebody heard these words."""
    return any(one.who == who.one.name and words in one.text for one in happened)


@asynccontextmanager
async def lived(
    programme: str, title: str, ground: Ground, most_a_week: int, next_to: str = "", **agency: object
) -> AsyncIterator[Story]:
    """A town with this programme installed, from a Monday in office hours on; `next_to` a second agency.

    At its end everything that was heard is compared with the chronicle, and no call was wrong.
    """
    clock = AdvanceableClock(MONDAY)
    async with BotApiDouble(clock=lambda: clock.now().timestamp(), backoff=lambda _: 0.01) as api:
        names = ("lotse_bot", "lotse_team_bot", "bot_there", "team_bot_there")[: 4 if next_to else 2]
        bots = [api.add_bot(f"{n}:{'ABCD'[n - 1] * 3}", name) for n, name in enumerate(names, 1)]
        if next_to:
            agency["next"] = next_door(api, ground.mode, next_to, str(agency["holidays"]))
        settings = settings_for(api, ground.folder, ground.url, ground.mode, **agency)
        town = Town(api, settings, clock, bots[0], bots[1], neighbours=tuple(bots[2:]))
        await town.start()
        try:
            await _install(town, programme)
            test = f"test_programme_{programme.replace('-', '_')}"
            story = Story(town, programme, test, title, most_a_week)
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
            await town.stop()
        assert api.violations == []
        assert api.disobeyed == []


async def _install(town: Town, programme: str) -> None:
    """The programme in every agency; what was heard so far is no part of the story."""
    rules, now = town.app.rules(), town.clock.now()
    file = (shipped_programmes()[programme], programme)

    def install(uow: UnitOfWork) -> None:
        for number in rules.agencies:
            change_programmes.install(uow, rules, number, file, now)

    await town.do(install)
    await town.settled()
    town.forget()
