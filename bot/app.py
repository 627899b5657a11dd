# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The composition root: the only place that names concrete classes and puts them together."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import replace
from functools import partial

from bot import house
from bot.auditor import Auditor
from bot.beginning import begin
from bot.bots import Bot, open_bots
from bot.channels.web_chat.send import PageChannel
from bot.dialog_watch import LOOK_EVERY_S, DialogWatch
from bot.domain.audit import Pace
from bot.domain.channels import DEFAULT_KEY, username_fact
from bot.errors import ConfigurationError, StoreUnavailable, all_problems
from bot.gate import Gate
from bot.heartbeat import Heartbeat
from bot.metrics import Metrics, ProcessState
from bot.neighbours import Neighbours
from bot.ports import Channel, Receipt
from bot.post import Post, open_post
from bot.rehearser import Rehearser
from bot.serve import WebServer
from bot.services import live
from bot.services.inbox import StorageInbox
from bot.services.pump import Pump
from bot.services.rulebook import Rulebook
from bot.settings import Settings
from bot.storage.database import SqlStorage, open_storage
from bot.storage.notices import ALL, TIMER, channel_of, participant_of
from bot.voices import Voices
from bot.web.app import Demo, Office, build_web
from bot.working import WatchedDesk, Working
from dialogs.book import DialogBook
from scheduler.clock import Clock, SystemClock
from scheduler.runner import Ticker
from scheduler.worker import Worker

logger = logging.getLogger(__name__)

ROLES = ("web", "worker", "telegram", "telegram-staff")
_TICK_S = 10.0
_HEALTH_LOOK_S = 10.0
_DATABASE_PAUSE_S = 1.0


def roles_of(settings: Settings) -> tuple[str, ...]:
    """The roles a process may have: `telegram` runs the bots of all agencies, `telegram@mk` only one's."""
    further = settings.agency.further
    keys = (DEFAULT_KEY, *further) if further else ()
    return (*ROLES, *(f"{role}@{key}" for role in ROLES if role.startswith("telegram") for key in keys))


def _turns(roles: frozenset[str], settings: Settings) -> frozenset[str]:
    """What nobody else may be on SQLite: who runs all agencies' bots also runs that of each one."""
    known = roles_of(settings)
    return roles | {one for one in known if one.partition("@")[0] in roles}


class App:
    """One process of Lotse, with the roles it plays."""

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Clock | None = None,
        roles: frozenset[str] = frozenset(ROLES),
        demo: Demo | None = None,
    ) -> None:
        self.settings = settings
        self.roles = roles
        self.clock: Clock = clock or SystemClock(settings.time_factor)
        self.live = live.Live()
        self.storage = Gate()
        self._working = Working()
        gone = self._working.worker_gone
        turns = _turns(roles, settings)
        self.neighbours = Neighbours(settings.database, turns, self.clock.now, self.hear, gone)
        make = partial(Pump, rules=self.rules, clock=self.clock, committed=self.committed)
        self._voices = Voices(self.neighbours, self.storage, make, has_all_roles=roles == frozenset(ROLES))
        self.metrics = Metrics(self.live, self.state, lambda: self.rules().agencies)
        packs = house.load_instruments(settings)
        self._rulebook = house.build_rulebook(settings, DialogBook((), packs))
        # In real seconds, however fast the program's own time runs.
        look_every_s = LOOK_EVERY_S * settings.time_factor
        self._dialogs = DialogWatch(self.clock, packs, look_every_s)
        self._pictures = house.open_pictures(settings)
        self.inbox = StorageInbox(self.storage, self.rules, self.clock, self.committed)
        self.timers = WatchedDesk(self.storage, self.rules, self.clock, self.committed)
        self.worker = Worker(self.timers, self.timers.handle, self.clock)
        self._heartbeat = Heartbeat(settings.heartbeat_url) if settings.heartbeat_url else None
        pace = Pace().times(settings.time_factor)
        self.auditor = Auditor(self.storage, self.rules, self.clock, self.committed, pace, self._beat)
        self._rehearser = Rehearser(
            self.storage, self.clock, partial(self.live.publish, [live.STAFF]), settings.time_factor
        )
        bots = open_bots(settings, self.roles, self.inbox, self.clock, self._pictures)
        post = open_post(settings, self.roles, self.storage, self.rules, self.clock)
        self.bots: list[Bot | Post] = [*bots, *post]
        self._database: SqlStorage | None = None
        self._more_channels: list[Channel] = []
        self._demo = demo

    def rules(self) -> Rulebook:
        """The rulebook in force."""
        return self._rulebook

    def committed(self, receipt: Receipt) -> None:
        """After a commit: wake whoever has something to send or to show."""
        for channel in receipt.wake:
            self._voices.wake(channel)
        if receipt.changed:
            self.live.publish([live.STAFF, *map(live.person, receipt.changed)])
            self.neighbours.tell_changed(receipt.changed)

    def hear(self, words: Collection[str]) -> None:
        """A commit, here or in another process, was for somebody who waits here."""
        if ALL in words:
            self.wake_all()
            self.live.publish_all()
            return
        for word in words:
            if word == TIMER:
                self.worker.wake()
            elif channel := channel_of(word):
                self._voices.wake(channel)
            elif participant := participant_of(word):
                self.live.publish([live.STAFF, live.person(participant)])

    def wake_all(self) -> None:
        """Everybody looks again: time was moved by hand, or anything may have happened."""
        self._voices.wake_all()
        self.worker.wake()

    @property
    def pumps(self) -> Mapping[str, Pump]:
        """The ways out for which this process speaks at the moment."""
        return self._voices.pumps

    def add_channel(self, channel: Channel) -> None:
        """One more way out, started with everything else."""
        self._more_channels.append(channel)

    async def run(self, stop: asyncio.Event, started: Callable[[str], None] | None = None) -> None:
        """Run until `stop` is set. `started` is told the address of the web side, or "", once all is up.

        Raises `ConfigurationError` for what an operator must mend; a database that is away is waited for.
        """
        self.neighbours.arrive()
        try:
            server = self._listen() if "web" in self.roles else None
            try:
                await self._run(server, stop, started)
            finally:
                if server is not None:
                    server.close()
                await self.close()
        finally:
            self.neighbours.leave()

    async def _run(
        self, server: WebServer | None, stop: asyncio.Event, started: Callable[[str], None] | None
    ) -> None:
        done = asyncio.Event()
        try:
            async with asyncio.TaskGroup() as outer:
                # Ends last: it holds what others must not have before everything here is written down.
                outer.create_task(self.neighbours.run(done))
                async with asyncio.TaskGroup() as group:
                    if server is not None:
                        group.create_task(server.run(stop))
                    await self.open_database(stop)
                    if not stop.is_set():
                        self._start(group, stop)
                        if started is not None:
                            started(server.address if server else "")
                done.set()
        except* ConfigurationError as faults:
            raise ConfigurationError(all_problems(faults)) from None

    async def open_database(self, stop: asyncio.Event) -> None:
        """Reach the database, bring a new one to its schema, publish the dialogs that ship."""
        while not stop.is_set():
            try:
                if self._database is None:
                    self._database = await asyncio.to_thread(self._open_storage)
                now = self.clock.now()
                self._rulebook = await begin(
                    self._database, self.settings, self._rulebook, self._dialogs, now
                )
            except StoreUnavailable as error:
                self.storage.reason = "the database cannot be reached"
                logger.warning("database: not reachable, trying again (%s)", type(error).__name__)
                await self.clock.wait(stop, _DATABASE_PAUSE_S)
            else:
                # Only now: until here a message would meet a program that knows no dialogs.
                self.storage.open(self._database)
                return

    async def close(self) -> None:
        """Let go of connections; what is waiting is in the database."""
        for bot in self.bots:
            await bot.close()
        if self._database is not None:
            await asyncio.to_thread(self._database.close)

    async def problems(self) -> list[str]:
        """Why this process is not ready; empty when it is."""
        found = [one for one in (await self.storage.healthy(), *self._hindrances()) if one]
        return found or await self.auditor.problems()

    async def _beat(self) -> bool:
        """All rows are sound: say so outside, unless nobody is heard or reached. False if that failed."""
        if self._heartbeat is None or self._hindrances():
            return True
        return await self._heartbeat.ping()

    def _hindrances(self) -> list[str]:
        """What keeps it from hearing or reaching anybody, as far as this process can know by itself."""
        needed = [bot for bot in self.bots if not self._voices.stands_by(bot.name)]
        troubles = [f"{bot.name}: {bot.trouble}" for bot in needed if bot.trouble]
        return [one for one in (self.neighbours.trouble, *troubles, self._dialogs.trouble) if one]

    def state(self) -> ProcessState:
        """What this process does at the moment, for those who watch it."""
        looked = self.timers.looked_at
        age = None if looked is None else (self.clock.now() - looked).total_seconds()
        others, pings = self.neighbours, self.auditor.failed_pings
        speaks = self._voices.speaking()
        return ProcessState(self.roles, speaks, others.is_connected, others.workers, age, pings)

    def _open_storage(self) -> SqlStorage:
        keyring = house.prepare_database(self.settings)
        return open_storage(self.settings.database, keyring, notices=self.neighbours.notices)

    def _renew(self, book: DialogBook) -> None:
        self._rulebook = replace(self._rulebook, book=book)

    def _listen(self) -> WebServer:
        return WebServer(self._web(), self.settings.http.host, self.settings.http.port)

    def _start(self, group: asyncio.TaskGroup, stop: asyncio.Event) -> None:
        if "web" in self.roles:
            console = PageChannel("console", lambda: self.live.is_heard(live.STAFF))
            for page in (PageChannel("web_chat"), console):
                self._voices.add_page(page)
        for channel in self._more_channels:
            self._voices.add_page(channel)
        for bot in self.bots:
            group.create_task(bot.answer(stop))
            if bot.speaks:
                receive = partial(bot.poll, started=self._remember_username)
                self._voices.add_bot(bot.channel, bot.token, bot.limits, receive)
        group.create_task(self._voices.run(stop))
        group.create_task(self._dialogs.run(self.storage, stop, self._renew))
        group.create_task(self.storage.watch(self.clock, _HEALTH_LOOK_S * self.settings.time_factor, stop))
        if "worker" in self.roles:
            group.create_task(self._working.run(self.worker, self.timers, stop))
            group.create_task(self._tick(stop))
            group.create_task(self.auditor.run(stop))
            group.create_task(self._rehearser.run(stop))

    async def _tick(self, stop: asyncio.Event) -> None:
        # The rows are the truth and the worker knows the next one; the ticker only makes sure that it looks.
        ticker = Ticker(self.worker.wake, _TICK_S)
        ticker.start()
        await stop.wait()
        ticker.stop()

    async def _remember_username(self, name: str, username: str) -> None:
        # So that links can be made while the messenger cannot be asked; not worth stopping for.
        with contextlib.suppress(StoreUnavailable):
            await self.storage.run(lambda uow: uow.ledger.set_fact(username_fact(name), username))

    def _web(self) -> Callable[..., Awaitable[None]]:
        office = Office(
            storage=self.storage,
            rules=self.rules,
            inbox=self.inbox,
            live=self.live,
            pictures=self._pictures,
            clock=self.clock,
            public_url=self.settings.address,
            wake=self.committed,
            ready=self.problems,
            webhooks={bot.path: bot.webhook for bot in self.bots if bot.webhook is not None},
            metrics=partial(self.metrics.render, self.storage),
            demo=self._demo,
            identity_provider=house.open_identity_provider(self.settings, self.clock),
        )
        return build_web(office)
