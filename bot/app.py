# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The composition root: the only place that names concrete classes and puts them together."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial

from bot import house
from bot.bots import Bot, open_bots
from bot.channels.web_chat.send import PageChannel
from bot.dialog_watch import LOOK_EVERY_S, DialogWatch
from bot.errors import ConfigurationError, StoreUnavailable
from bot.gate import Gate
from bot.metrics import Metrics
from bot.ports import Channel, Receipt, Storage
from bot.serve import WebServer
from bot.services import live
from bot.services.inbox import StorageInbox
from bot.services.on_call import without_deputy
from bot.services.publish import publish_shipped
from bot.services.pump import Pump
from bot.services.rulebook import Rulebook
from bot.services.timer_desk import TimerDesk
from bot.settings import Settings
from bot.storage.database import SqlStorage, open_storage
from bot.web.app import Demo, Office, build_web
from dialogs.book import DialogBook
from dialogs.concerns.rulebook import rulebook
from dialogs.problems import DialogError
from scheduler.clock import Clock, SystemClock
from scheduler.rates import Limits, SendLimits
from scheduler.runner import Ticker
from scheduler.worker import Worker

logger = logging.getLogger(__name__)

ROLES = ("web", "worker", "telegram", "telegram-staff")
_TICK_S = 10.0
#: How often a way out looks by itself: rarely where this process makes all commits, and rings the bell.
_LOOK_ALONE_S = 30.0
_LOOK_TOGETHER_S = 1.0
_DATABASE_PAUSE_S = 1.0


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
        self.pumps: dict[str, Pump] = {}
        self.metrics = Metrics(self.live)
        packs = house.load_instruments(settings)
        self._rulebook = house.build_rulebook(settings, DialogBook((), packs))
        # In real seconds, however fast the program's own time runs.
        look_every_s = LOOK_EVERY_S * settings.time_factor
        self._dialogs = DialogWatch(self.clock, packs, look_every_s)
        self._pictures = house.open_pictures(settings)
        self.inbox = StorageInbox(self.storage, self.rules, self.clock, self.committed)
        self.timers = TimerDesk(self.storage, self.rules, self.clock, self.committed)
        self.worker = Worker(self.timers, self.timers.handle, self.clock)
        self.bots: list[Bot] = open_bots(settings, self.roles, self.inbox, self.clock, self._pictures)
        self._database: SqlStorage | None = None
        self._more_channels: list[Channel] = []
        self._demo = demo

    def rules(self) -> Rulebook:
        """The rulebook in force."""
        return self._rulebook

    def committed(self, receipt: Receipt) -> None:
        """After a commit: wake whoever has something to send or to show."""
        for channel in receipt.wake:
            pump = self.pumps.get(channel)
            if pump is not None:
                pump.wake()
        if receipt.changed:
            self.live.publish([live.STAFF, *map(live.person, receipt.changed)])

    def wake_all(self) -> None:
        """Time was moved by hand: everybody looks again."""
        for pump in self.pumps.values():
            pump.wake()
        self.worker.wake()

    def add_channel(self, channel: Channel) -> None:
        """One more way out, started with everything else."""
        self._more_channels.append(channel)

    async def run(self, stop: asyncio.Event, started: Callable[[str], None] | None = None) -> None:
        """Run until `stop` is set. `started` is told the address of the web side, or "", once all is up.

        Raises `ConfigurationError` for what an operator must mend; a database that is away is waited for.
        """
        server = self._listen() if "web" in self.roles else None
        try:
            async with asyncio.TaskGroup() as group:
                if server is not None:
                    group.create_task(server.run(stop))
                await self.open_database(stop)
                if not stop.is_set():
                    self._start(group, stop)
                    if started is not None:
                        started(server.address if server else "")
        except* ConfigurationError as faults:
            raise ConfigurationError(_problems(faults)) from None
        finally:
            if server is not None:
                server.close()
            await self.close()

    async def open_database(self, stop: asyncio.Event) -> None:
        """Reach the database, bring a new one to its schema, publish the dialogs that ship."""
        while not stop.is_set():
            try:
                if self._database is None:
                    self._database = await asyncio.to_thread(self._open_storage)
                await self._publish(self._database)
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
        found = [await self.storage.healthy()]
        found += [f"{bot.name}: {bot.trouble}" if bot.trouble else "" for bot in self.bots]
        found.append(self._dialogs.trouble)
        if not any(found):
            now = self.clock.now()
            broken = await self.storage.run(lambda uow: uow.concerns.without_next_action(now))
            found.append(f"promise P1: {broken} concerns without a next action" if broken else "")
        return [problem for problem in found if problem]

    def _open_storage(self) -> SqlStorage:
        return open_storage(self.settings.database, house.prepare_database(self.settings))

    async def _publish(self, storage: Storage) -> None:
        now, rules = self.clock.now(), self._rulebook
        agency = next(iter(rules.agencies.values()))
        packs = self._dialogs.book.packs
        await storage.run(lambda uow: uow.ledger.ensure_agency(agency.id, agency.name, now))
        on = [packs[name] for name in sorted(rules.packs_on)]
        fault = house.deputy_fault(await storage.run(lambda uow: without_deputy(uow, agency.id, on)))
        if fault:
            raise ConfigurationError([fault])
        if on:
            logger.warning("instruments: clinical ones are on: %s", ", ".join(pack.id for pack in on))
        shipped = partial(publish_shipped, sources=house.dialog_sources(), now=now, packs=packs)
        try:
            for dialog in await storage.run(shipped):
                logger.info("dialogs: the agency's own version stays dialog=%s", dialog)
            # The rules that recognise concerns are read now, not while the first person waits for an answer.
            await asyncio.to_thread(rulebook)
            await self._dialogs.look(storage)
        except DialogError as error:
            raise ConfigurationError([str(problem) for problem in error.problems]) from None
        self._renew(self._dialogs.book)

    def _renew(self, book: DialogBook) -> None:
        self._rulebook = replace(self._rulebook, book=book)

    def _listen(self) -> WebServer:
        return WebServer(self._web(), self.settings.http.host, self.settings.http.port)

    def _start(self, group: asyncio.TaskGroup, stop: asyncio.Event) -> None:
        if "web" in self.roles:
            console = PageChannel("console", lambda: self.live.is_heard(live.STAFF))
            for page in (PageChannel("web_chat"), console):
                self._start_pump(group, stop, page, None)
        for channel in self._more_channels:
            self._start_pump(group, stop, channel, None)
        for bot in self.bots:
            group.create_task(bot.receive(stop, self._remember_username))
            if bot.speaks:
                self._start_pump(group, stop, bot.channel, SendLimits(_limits(bot)))
        group.create_task(self._dialogs.run(self.storage, stop, self._renew))
        if "worker" in self.roles:
            group.create_task(self._work(stop))
            group.create_task(self._tick(stop))

    def _start_pump(
        self, group: asyncio.TaskGroup, stop: asyncio.Event, channel: Channel, limits: SendLimits | None
    ) -> None:
        look_every_s = _LOOK_ALONE_S if self.roles == frozenset(ROLES) else _LOOK_TOGETHER_S
        pump = Pump(
            channel,
            self.storage,
            self.rules,
            self.clock,
            self.committed,
            limits,
            look_every_s=look_every_s,
        )
        self.pumps[channel.name] = pump
        group.create_task(pump.run(stop))

    async def _work(self, stop: asyncio.Event) -> None:
        await self.timers.give_back()
        await self.worker.run(stop)

    async def _tick(self, stop: asyncio.Event) -> None:
        # The rows are the truth and the worker knows the next one; the ticker only makes sure that it looks.
        ticker = Ticker(self.worker.wake, _TICK_S)
        ticker.start()
        await stop.wait()
        ticker.stop()

    async def _remember_username(self, name: str, username: str) -> None:
        # So that links can be made while the messenger cannot be asked; not worth stopping for.
        with contextlib.suppress(StoreUnavailable):
            await self.storage.run(lambda uow: uow.ledger.set_fact(f"{name}.username", username))

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
        )
        return build_web(office)


def _problems(faults: BaseExceptionGroup[ConfigurationError]) -> list[str]:
    found = []
    for fault in faults.exceptions:
        found += _problems(fault) if isinstance(fault, BaseExceptionGroup) else fault.problems
    return found


def _limits(bot: Bot) -> Limits:
    part = bot.settings
    burst = max(5, int(part.messages_per_second / 5))
    return Limits(
        bot_rate=part.messages_per_second,
        bot_burst=burst,
        chat_rate=part.messages_per_chat,
        chat_burst=max(3, int(part.messages_per_chat)),
    )
