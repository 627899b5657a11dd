# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The people of a run and their office: they are invited, live their days, and at the end grow quiet."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from bot.domain.editions import Origin
from bot.domain.messages import Kind
from bot.ports import UnitOfWork
from bot.services import floor
from bot.services.invite import invite
from bot.services.own_page import enter_page
from bot.services.rulebook import Rulebook
from bot.services.visit import Visit
from bot.simulation.loop import pass_time
from bot.simulation.participants import Participant, Temper
from bot.simulation.phones import Day, Phone
from tests.simulation.office import A_YEAR, Office, Pace
from tests.simulation.town import grave_words, town

if TYPE_CHECKING:
    from tests.simulation.world import World

T = TypeVar("T")

NAMES = ("Mia Muster", "Bernd Beispiel", "Carla Canaris", "Deniz Dummy", "Elif Exempel")
ASKED = ("wellbeing_fortnightly", "monthly_check", "long_silence", "after_crisis", "plan_step")


class Crowd:
    """Everybody in a run. With a number of people it is a large one, in which the single day is quieter."""

    def __init__(self, world: World, rules: Rulebook) -> None:
        self._world = world
        self._rules = rules
        self._chance = world.stream("crowd")
        self._is_large = world.size.people is not None
        self.office = Office(world, rules, A_YEAR if self._is_large else Pace(), world.size.staff)
        self.people: list[Participant] = world.sight.people
        self._pages = 0

    async def move_in(self) -> None:
        """Hire staff and invite participants; they come in by their links as one does."""
        chance = self._chance
        await self.office.open()
        await pass_time(60)
        some, many = chance.choice((1, 2, 2, 3, 4)), self._world.size.people
        names = NAMES[:some] if many is None else [f"Mensch{number} Muster" for number in range(many)]
        within = (2 if many is None else 20) * 86400
        for name in names:
            coach = chance.choice(self.office.coaches)
            code = await self._carry_out(partial(_invite, rules=self._rules, coach=coach))
            person = self._participant(name)
            person.day.later(chance.uniform(0, within), partial(person.phone.start, code))

    def live(self) -> None:
        """A day begins: all do what they do, and sometimes something is asked or published."""
        for person in self.people:
            person.live()
        self.office.live()
        chance = self._chance
        for _ in range(chance.choice((0, 1, 2))):
            self._background(self._ask(chance.choice(ASKED), chance.uniform(0, 86400)))
        if chance.random() < (0.01 if self._is_large else 0.25):
            self._background(self._publish(chance.uniform(0, 86400)))
        if chance.random() < 0.05:
            person = chance.choice(self.people)
            if not person.phone.chat.moved_to:
                person.phone.move(f"{person.phone.chat.address}-new")

    def retire(self) -> None:
        """Participants fall silent, staff do all that is left."""
        for person in self.people:
            person.is_silent = True
        self.office.retire()

    def _participant(self, name: str) -> Participant:
        chance = self._world.stream(name)
        temper = _year_temper(chance) if self._is_large else _temper(chance)
        day = Day(
            self._world.clock.truth, chance, wakes=chance.uniform(4, 8), sleeps=chance.uniform(19, 23.9)
        )
        address = f"chat-{name.split(maxsplit=1)[0].casefold()}-{chance.randrange(10**6)}"
        phone = Phone(self._world.messengers["telegram"], address)
        person = Participant(name, phone, day, chance, temper, grave_words(), self._opens)
        phone.when_seen = person.saw
        self.people.append(person)
        return person

    def _opens(self, person: Participant, link: str) -> None:
        if link.startswith(f"{self._rules.public_url}/p/"):
            self._background(self._enter(person, link.rpartition("/")[2]))

    async def _enter(self, person: Participant, code: str) -> None:
        self._pages += 1
        account = f"page-{self._pages}-{person.phone.chat.address}"
        entry = await self._carry_out(lambda uow, now: enter_page(uow, self._rules, code, account, now))
        if entry is not None:
            phone = Phone(self._world.messengers["web_chat"], account)
            phone.when_seen = person.saw
            phone.start()

    async def _ask(self, dialog: str, after: float) -> None:
        await pass_time(after)
        number = self._chance.randrange(1, len(self.people) + 1)
        await self._carry_out(lambda uow, now: _want(uow, self._rules, number, dialog, now))

    async def _publish(self, after: float) -> None:
        await pass_time(after)
        source = town().checkin[self._chance.random() < 0.7]
        digest = hashlib.sha256(source.encode()).hexdigest()
        # That only sound dialogs are published is tested elsewhere, and takes a second.
        await self._carry_out(
            lambda uow, now: uow.ledger.publish("weekly_checkin", digest, source, Origin.ADMIN, now)
        )
        for process in self._world.farm.processes:
            process.publish_soon()

    async def _carry_out(self, use_case: Callable[[UnitOfWork, datetime], T]) -> T:
        return await self._world.farm.carry_out(lambda uow: use_case(uow, self._world.clock.now()))

    def _background(self, task: Coroutine[Any, Any, None]) -> None:
        self._world.group.create_task(task)


def _temper(chance: random.Random) -> Temper:
    return Temper(
        answers=chance.choice((0.5, 0.9, 0.97)),
        agrees=chance.choice((0.7, 0.95, 0.99)),
        writes=chance.choice((0.1, 0.4, 0.8)),
        danger=chance.choice((0.0, 0.1, 0.3)),
        mischief=chance.choice((0.05, 0.2, 0.4)),
        leaves=chance.choice((0.0, 0.03, 0.15)),
        vanishes=chance.choice((0.0, 0.03)),
    )


def _year_temper(chance: random.Random) -> Temper:
    """Somebody who writes every week or two, seldom in danger, and mostly stays for long."""
    return Temper(
        answers=chance.choice((0.4, 0.7, 0.9)),
        agrees=chance.choice((0.7, 0.95)),
        writes=chance.choice((0.05, 0.1, 0.3)),
        danger=chance.choice((0.0, 0.02, 0.1)),
        mischief=chance.choice((0.02, 0.1)),
        leaves=chance.choice((0.0, 0.01, 0.05)),
        vanishes=chance.choice((0.0, 0.001)),
        acts=100_000,
    )


def _invite(uow: UnitOfWork, now: datetime, *, rules: Rulebook, coach: int) -> str:
    return invite(uow, rules, coach, "", "de", now)


def _want(uow: UnitOfWork, rules: Rulebook, number: int, dialog: str, now: datetime) -> None:
    contact = uow.people.contact_of(number)
    if contact is not None:
        visit = Visit(uow, rules, contact, now)
        floor.want(visit, dialog, Kind.REMINDER, timedelta(days=1))
        visit.finish()
