# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The whole program between the people who use it, so that a test reads like a story.

One line says who does what, the next one who hears what: `await town.then(mia.hears("..."))` waits until
nothing is left to do anywhere, and fails on every message too many, whoever got it.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any, Literal, Self, TypeVar

from bot.app import App
from bot.domain.people import Role
from bot.house import DEFAULT_AGENCY
from bot.ports import UnitOfWork
from bot.services.invite import Hired, NewStaff, hire, invite
from bot.settings import DefaultAgency, Http, Settings, TelegramBot, without_environment
from scheduler.clock import AdvanceableClock
from tests.doubles.bot_api import Bot, BotApiDouble, Call, Person, Press
from tests.doubles.bot_api.chats import Seen

T = TypeVar("T")

#: A Monday in office hours, eleven o'clock in Berlin, in a week without holidays.
MONDAY = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
SECRET = "Geheim-1_x"
Mode = Literal["polling", "webhook"]
How = Literal["hears", "sees", "reads"]


@dataclass(frozen=True)
class Happening:
    """What reaches a person: a new message (hears), a changed one (sees), or a line over a button (reads)."""

    who: str
    how: How
    text: str

    def is_met_by(self, other: Happening) -> bool:
        """Whether `other` is this, with these words somewhere in its text."""
        return (self.who, self.how) == (other.who, other.how) and self.text in other.text

    def __str__(self) -> str:
        return f"{self.who} {self.how} {self.text!r}"


@dataclass(frozen=True)
class Someone:
    """A person with a messenger in hand."""

    name: str
    bot: Bot = field(repr=False)
    phone: Person = field(repr=False)

    async def opens(self, code: str = "") -> None:
        """Follow a link into the bot."""
        await self.phone.starts(code)

    async def says(self, *texts: str) -> None:
        """Write one message after the other."""
        for text in texts:
            await self.phone.sends(text)

    async def presses(self, label: str, **which: int | bool) -> Press:
        """Press a button; every press gets an answer, or the app would spin."""
        press = await self.phone.presses(label, **which)  # type: ignore[arg-type]
        await self.phone.is_answered(press)
        return press

    def hears(self, text: str) -> Happening:
        """A new message with these words."""
        return Happening(self.name, "hears", text)

    def sees(self, text: str) -> Happening:
        """A message of ours that changed into one with these words."""
        return Happening(self.name, "sees", text)

    def reads(self, text: str) -> Happening:
        """A short line over the button that was pressed."""
        return Happening(self.name, "reads", text)

    @property
    def last(self) -> str:
        """The newest message of the bot."""
        return self._newest.text

    @property
    def buttons(self) -> list[str]:
        """The buttons of the newest message of the bot."""
        return self._newest.labels()

    @property
    def _newest(self) -> Seen:
        # Not by the whole screen: a story of two years has hundreds of messages.
        return next(one.seen() for one in reversed(self.phone.chat.messages.values()) if one.from_bot)


@dataclass
class Town:
    """The program, the messenger, and everybody in it."""

    api: BotApiDouble
    settings: Settings
    clock: AdvanceableClock
    participants: Bot
    staff: Bot
    people: dict[str, Someone] = field(default_factory=dict)
    #: The two bots of an agency next to it in the same program, if there is one.
    neighbours: tuple[Bot, ...] = ()
    _app: App | None = None
    _stop: asyncio.Event = field(default_factory=asyncio.Event)
    _started: asyncio.Event = field(default_factory=asyncio.Event)
    _running: asyncio.Task[None] | None = None
    _watch: Watch | None = None
    _told: int = 0

    @property
    def app(self) -> App:
        """The program that runs at the moment."""
        assert self._app is not None, "Lotse does not run"
        return self._app

    @property
    def address(self) -> str:
        """Where the web side answers."""
        return self.settings.address

    # --- the program ---

    async def begin(self) -> None:
        """Start the program, also again after `stop`, on the same database; nothing need be up yet."""
        self._app = App(self.settings, clock=self.clock)
        self._stop, self._started = asyncio.Event(), asyncio.Event()
        self._watch = Watch(self._app)
        self._running = asyncio.get_running_loop().create_task(
            self._app.run(self._stop, lambda _: self._started.set())
        )

    async def start(self) -> None:
        """Start the program, and wait until it is ready."""
        await self.begin()
        assert self._running is not None
        assert self._watch is not None
        waiting = asyncio.get_running_loop().create_task(self._started.wait())
        await asyncio.wait((waiting, self._running), return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if self._running.done():
            self._running.result()
        await self._watch.until(lambda: not any(bot.trouble for bot in self.app.bots))

    async def stop(self) -> None:
        """Stop the program; the messenger goes on without it."""
        if self._running is not None:
            self._stop.set()
            while not (await asyncio.wait({self._running}, timeout=2))[0]:
                await self.passes(seconds=10)  # something still waits for its turn
            self._running.result()
        self._running = None

    async def do(self, use_case: Callable[[UnitOfWork], T]) -> T:
        """Look into the database."""
        return await self.app.storage.run(use_case)

    # --- the people ---

    def meet(self, name: str, number: int, bot: Bot | None = None) -> Someone:
        """Somebody who has yet to open the bot."""
        home = bot or self.participants
        self.people[name] = Someone(name, home, home.person(number, name))
        return self.people[name]

    async def hires(
        self, name: str, number: int, role: Role, deputy_of: int | None = None, agency: int = DEFAULT_AGENCY
    ) -> Colleague:
        """A new colleague, not yet linked to the staff bot of their agency."""
        person = NewStaff(agency, f"{name} Beispiel", role, deputy_of=deputy_of)
        rules, now = self.app.rules(), self.clock.now()
        hired = await self.do(lambda uow: hire(uow, rules, person, now))
        bot = self.staff if agency == DEFAULT_AGENCY else self.neighbours[1]
        return Colleague(self.meet(name, number, bot), hired)

    async def invites(self, coach: Hired) -> str:
        """The code of a fresh invitation."""
        rules, now = self.app.rules(), self.clock.now()
        return await self.do(lambda uow: invite(uow, rules, coach.id, "", "de", now))

    async def passes(self, **time: float) -> None:
        """Let time pass (in the words of `timedelta`)."""
        self.clock.advance(timedelta(**time))

    async def until(self, moment: datetime) -> None:
        """Let time pass until then."""
        self.clock.advance(moment - self.clock.now())

    # --- what they hear ---

    async def then(self, *expected: Happening, in_any_order: bool = False) -> None:
        """Exactly this has happened, to each person in this order, once nothing is left to do.

        In any order: where a jump over days made two things due that have nothing to do with each other.
        """
        await self.settled()
        happened = self._happened()
        for name in self.people:
            wanted = [one for one in expected if one.who == name]
            got = [one for one in happened if one.who == name]
            orders = permutations(got) if in_any_order else [got]
            if len(wanted) != len(got) or not any(_are_met(wanted, order) for order in orders):
                told = "\n  ".join(map(str, happened))
                raise AssertionError(f"wanted of {name}: {[str(w) for w in wanted]}; happened:\n  {told}")

    def forget(self) -> None:
        """What was said so far is no part of the story."""
        self._happened()

    async def settled(self) -> None:
        """Returns once every update is taken, every due timer fired, and everything sent that may go."""
        watch = self._watch
        assert watch is not None
        try:
            async with asyncio.timeout(20):
                for bot in (self.participants, self.staff, *self.neighbours):
                    await bot.drained()
                await watch.until_quiet(self.clock.now())
        except TimeoutError:
            raise AssertionError(f"it does not settle: {await watch.why(self.clock.now())}") from None

    async def recovers(self) -> None:
        """Something was away and is back: whoever found it away looks again after a pause of theirs.

        Returns once nothing is left to do; a minute of the town's time must be enough.
        """
        watch = self._watch
        assert watch is not None
        for _ in range(60):
            await self.passes(seconds=1)
            try:
                async with asyncio.timeout(2):
                    await watch.until_quiet(self.clock.now())
                return
            except TimeoutError:
                continue  # waits for time to pass
        raise AssertionError(f"it does not recover: {await watch.why(self.clock.now())}")

    def _happened(self) -> list[Happening]:
        found = []
        for call in self.api.calls(since=self._told):
            self._told = max(self._told, call.number)
            if call.code == 200 and (happening := self._read(call)) is not None:
                found.append(happening)
        return found

    def _read(self, call: Call) -> Happening | None:
        # The words under a picture are as good as any others.
        bot, text = self.api.bot(call.bot), str(call.values.get("text") or call.values.get("caption") or "")
        if call.method == "answerCallbackQuery":
            press = bot.presses.get(call.values["callback_query_id"])
            return Happening(self._who(bot, press.user_id), "reads", text) if press and text else None
        how: dict[str, How] = {
            "sendMessage": "hears",
            "sendPhoto": "hears",
            "editMessageText": "sees",
            "editMessageCaption": "sees",
        }
        if call.method not in how or call.chat_id is None:
            return None
        return Happening(self._who(bot, call.chat_id), how[call.method], text)

    def _who(self, bot: Bot, number: int) -> str:
        return next(
            one.name for one in self.people.values() if one.bot is bot and one.phone.user_id == number
        )


@dataclass(frozen=True)
class Colleague:
    """A staff member, and the codes they were hired with."""

    person: Someone
    hired: Hired


@dataclass(frozen=True)
class Team:
    """Berta coaches Mia, Dirk is her deputy, Lea leads. Karl coaches Noah: nothing here is their business."""

    town: Town
    berta: Someone
    dirk: Someone
    lea: Someone
    karl: Someone
    mia: Someone
    noah: Someone
    coach: Hired

    @property
    def weekly_tests(self) -> list[Happening]:
        """Every way to staff is tried once a week, first a week after it was opened."""
        return [one.hears("Probe:") for one in (self.berta, self.dirk, self.lea, self.karl)]

    @classmethod
    async def gather(cls, town: Town) -> Self:
        """Everybody linked, and Mia and Noah after their first check-in without anything to report."""
        berta = await town.hires("Berta", 901, Role.COACH)
        dirk = await town.hires("Dirk", 902, Role.COACH, deputy_of=berta.hired.id)
        lea = await town.hires("Lea", 903, Role.LEAD)
        karl = await town.hires("Karl", 904, Role.COACH)
        for colleague in (berta, dirk, lea, karl):
            await colleague.person.opens(colleague.hired.messenger_code)
        mia, noah = town.meet("Mia", 500), town.meet("Noah", 501)
        for person, coach in ((mia, berta), (noah, karl)):
            await person.opens(await town.invites(coach.hired))
            await person.says("ja", "ja", "ja", "4", "4", "nichts Besonderes", "nein")
        await town.settled()
        town.forget()
        one = (berta.person, dirk.person, lea.person, karl.person, mia, noah)
        return cls(town, *one, coach=berta.hired)


class Watch:
    """Sees every use case of an app come and go, so that tests can wait for the last one."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._run = app.storage.run
        self._under_way = 0
        self._begun = 0
        self._moved = asyncio.Event()
        app.storage.run = self._count  # type: ignore[method-assign]

    async def _count(self, use_case: Callable[[UnitOfWork], T]) -> T:
        self._under_way += 1
        self._begun += 1
        try:
            return await self._run(use_case)
        finally:
            self._under_way -= 1
            self._moved.set()

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Returns once it is so; looked at after each use case."""
        async with asyncio.timeout(20):
            while not is_so():
                self._moved.clear()
                await self._moved.wait()

    async def until_quiet(self, now: datetime) -> None:
        """Returns once nothing is left to do at this moment."""
        while await self.why(now):
            await self._moved.wait()

    async def why(self, now: datetime) -> str:
        """What is left to do; empty if nothing is."""
        self._moved.clear()
        begun = self._begun
        reasons = [f"pump {name}" for name, pump in self._app.pumps.items() if pump._under_way]
        reasons += ["a use case"] if self._under_way else []
        if not reasons:
            reasons = await self._run(lambda uow: self._due(uow, now))
        return ", ".join(reasons or (["a new use case"] if self._begun != begun else []))

    def _due(self, uow: UnitOfWork, now: datetime) -> list[str]:
        timer = uow.timers.next_due()
        due = {name: uow.outbox.next_due(name, now) for name in self._app.pumps}
        found = [f"outbox {name}" for name, moment in due.items() if moment is not None and moment <= now]
        return [*found, "timers"] if timer is not None and timer <= now else found


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _bot(api: BotApiDouble, token: str, mode: Mode) -> dict[str, Any]:
    rates = {"messages_per_second": 10_000.0, "messages_per_chat": 1_000.0}
    return {"token": token, "api_url": api.url, "mode": mode, "secret": SECRET, **rates}


def next_door(api: BotApiDouble, mode: Mode, name: str, holidays: str) -> dict[str, Any]:
    """The settings of an agency next to the first one, with the third and the fourth bot."""
    bots = {"telegram": _bot(api, "3:CCC", mode), "telegram_staff": _bot(api, "4:DDD", mode)}
    return {"name": name, "holidays": holidays, **bots}


def settings_for(api: BotApiDouble, folder: Path, database: str, mode: Mode, **agency: object) -> Settings:
    """The program's settings in a story. Rates are out of the way: in a story time only passes when told."""
    return without_environment(
        data_dir=folder,
        database_url=database,
        http=Http(port=free_port()),
        telegram=TelegramBot(**_bot(api, "1:AAA", mode)),
        telegram_staff=TelegramBot(**_bot(api, "2:BBB", mode)),
        agency=DefaultAgency(**agency),  # type: ignore[arg-type]
    )


def _are_met(wanted: Sequence[Happening], got: Sequence[Happening]) -> bool:
    return all(one.is_met_by(other) for one, other in zip(wanted, got, strict=True))
