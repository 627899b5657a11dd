# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The weeks before the demonstration: invented people live through them on the real use cases.

Nothing is written past the program: what the console shows has come about as it does everywhere. It all
happens in memory, moment by moment, and takes some seconds; then it is the new database.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from bot import house
from bot.demo_people import EVERY_DAYS, Person
from bot.domain.delivery import Sent
from bot.domain.messages import Incoming, IncomingKind, Key, Outgoing
from bot.domain.people import Role
from bot.ports import UnitOfWork
from bot.services import deliver
from bot.services.change_plans import publish_shipped as publish_plans
from bot.services.desk import Desk
from bot.services.due import fire
from bot.services.invite import Hired, NewStaff, hire, invite
from bot.services.publish import open_book, publish_shipped
from bot.services.receive import receive
from bot.services.staff_desk import receive_from_staff
from bot.services.too_late import cancel_late
from bot.services.unwanted import drop_unwanted
from bot.settings import Settings
from bot.storage.inline import InlineDatabase
from bot.storage.sealing import Keyring
from dialogs.book import DialogBook

T = TypeVar("T")
LONGEST = timedelta(days=26)
PAGE, STAFF = "web_chat", "console"
_CHANNELS = (PAGE, STAFF)
_LEASE = timedelta(minutes=1)
#: What stands under every question and is no answer to it.
_ASIDE = frozenset({"Zurück", "Überspringen", "Später", "Back", "Skip", "Later"})


class Weeks:
    """An installation in memory, and the moment that it is there."""

    def __init__(self, settings: Settings, keyring: Keyring, until: datetime) -> None:
        self._until = until
        self.now = until - LONGEST
        self._database = InlineDatabase(keyring)
        self.rules = house.build_rulebook(settings, self._furnish(settings))
        self._coming: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._lives: dict[str, _Life] = {}
        self.team: dict[str, Hired] = {}

    @property
    def zone(self) -> str:
        """Where the agency is."""
        return self.rules.agencies[house.DEFAULT_AGENCY].zone

    def image(self) -> bytes:
        """The database as it is now."""
        return self._database.image()

    def close(self) -> None:
        """Forget everything."""
        self._database.close()

    def run(self, use_case: Callable[[UnitOfWork], T]) -> T:
        """Do something now."""
        return self._database.carry_out(use_case)

    def at(self, moment: datetime, deed: Callable[[], None]) -> None:
        """Something will be done then."""
        heapq.heappush(self._coming, (moment, next(self._order), deed))

    def hire(self, name: str, role: Role, deputy_of: str = "") -> Hired:
        """Somebody new in the team, at work in the console."""
        stood_in = self.team[deputy_of].id if deputy_of else None
        person = NewStaff(house.DEFAULT_AGENCY, name, role, deputy_of=stood_in)
        hired = self.run(lambda uow: hire(uow, self.rules, person, self.now))
        seat = f"demo-{hired.id}"
        self.take(Incoming(STAFF, seat, seat, IncomingKind.START, text=hired.messenger_code))
        self.team[name] = hired
        return hired

    def welcome(self, person: Person, programme: str) -> None:
        """Somebody opens their invitation to a programme."""
        coach = self.team[person.of]
        code = self.run(lambda uow: invite(uow, self.rules, coach.id, programme, person.language, self.now))
        life = _Life(self, person, f"demo-{person.name}")
        self._lives[life.account] = life
        life.does(IncomingKind.START, text=code)
        self.run(lambda uow: uow.people.change_participant(life.number(uow), name=person.name))

    def writes(self, person: Person, words: str) -> None:
        """Somebody writes without being asked."""
        self._lives[f"demo-{person.name}"].does(IncomingKind.TEXT, text=words)

    def case_code(self, name: str) -> str:
        """By which somebody who came in is known to the team."""
        life = self._lives[f"demo-{name}"]

        def read(uow: UnitOfWork) -> str:
            number = life.number(uow)
            return uow.people.participants_by([number])[number].case_code

        return self.run(read)

    def take(self, incoming: Incoming) -> None:
        """Hand something in as a page does."""
        use_case = receive_from_staff if incoming.channel == STAFF else receive
        self.run(partial(use_case, rules=self.rules, incoming=incoming, now=self.now))

    def at_desk(self, name: str, deed: Callable[[Desk], object]) -> None:
        """A colleague does something now."""

        def act(uow: UnitOfWork) -> None:
            found = uow.people.find_staff(STAFF, f"demo-{self.team[name].id}")
            assert found is not None
            desk = Desk(uow, self.rules, found, self.now)
            deed(desk)
            desk.finish()

        self.run(act)

    def live(self) -> None:
        """Let the weeks go by, each thing at its own moment."""
        while True:
            self._deliver()
            moment = self._next()
            if moment is None or moment > self._until:
                break
            self.now = max(self.now, moment)
            while self._coming and self._coming[0][0] <= self.now:
                heapq.heappop(self._coming)[2]()
            for timer in self.run(lambda uow: uow.timers.claim(self.now, 50, self.now + _LEASE)):
                self.run(partial(fire, rules=self.rules, timer=timer, now=self.now))
        self.now = self._until

    def _next(self) -> datetime | None:
        def waiting(uow: UnitOfWork) -> list[datetime | None]:
            return [uow.timers.next_due(), *(uow.outbox.next_due(one, self.now) for one in _CHANNELS)]

        moments = [*self.run(waiting), self._coming[0][0] if self._coming else None]
        return min((moment for moment in moments if moment is not None), default=None)

    def _deliver(self) -> None:
        while found := [message for name in _CHANNELS for message in self.run(partial(self._claim, name))]:
            for message in found:
                number = message.edit or str(next(self._order))
                self.run(partial(self._record, message, Sent(number)))
                life = self._lives.get(message.address)
                if life is not None:
                    life.hears(message, number)

    def _claim(self, channel: str, uow: UnitOfWork) -> list[Outgoing]:
        cancel_late(uow, channel, self.now)
        claimed = uow.outbox.claim(channel, self.now, 50, self.now + _LEASE)
        return drop_unwanted(uow, self.rules, claimed, self.now)

    def _record(self, message: Outgoing, result: Sent, uow: UnitOfWork) -> None:
        deliver.record(uow, self.rules, message, result, self.now)

    def _furnish(self, settings: Settings) -> DialogBook:
        agency, now = house.DEFAULT_AGENCY, self.now
        packs = house.load_instruments(settings)
        self.run(lambda uow: uow.ledger.ensure_agency(agency, settings.agency.name, now))
        self.run(partial(publish_shipped, sources=house.dialog_sources(), now=now, packs=packs))
        self.run(partial(publish_plans, agency_id=agency, source=house.plans_source(), now=now))
        return self.run(partial(open_book, packs=packs))


class _Life:
    """What one of them does with what comes."""

    def __init__(self, weeks: Weeks, person: Person, account: str) -> None:
        self._weeks, self._person = weeks, person
        self.account = account
        self._came = weeks.now
        self._said = itertools.count()

    def does(self, kind: IncomingKind, *, text: str = "", press: str = "", message: str = "") -> None:
        """Something at their page, now."""
        delivery = f"{self.account}-{next(self._said)}"
        said = Incoming(PAGE, delivery, self.account, kind, text=text, press=press, message=message)
        self._weeks.take(said)

    def hears(self, message: Outgoing, number: str) -> None:
        """A message is there; a question is answered after some minutes, as long as they answer at all."""
        keys = [key for row in message.body.keys for key in row]
        then = (self._weeks.now - self._came).days // EVERY_DAYS
        if keys and then < len(self._person.moods):
            after = timedelta(minutes=3 + 7 * (len(self._person.name) % 5))
            self._weeks.at(self._weeks.now + after, partial(self._answers, keys, number, then))

    def number(self, uow: UnitOfWork) -> int:
        """The person's."""
        contact = uow.people.find_contact(PAGE, self.account)
        assert contact is not None
        return contact.participant.id

    def _answers(self, keys: list[Key], number: str, then: int) -> None:
        own = [key for key in keys if key.label not in _ASIDE]
        if not own:
            lines = self._person.lines
            self.does(IncomingKind.TEXT, text=lines[then % len(lines)])
            return
        key = self._chosen(own, then)
        self.does(IncomingKind.PRESS, press=key.token, message=number)

    def _chosen(self, own: list[Key], then: int) -> Key:
        wanted = self._person.wants.get(then, "Nein")
        for label in (str(self._person.moods[then]), wanted, "Nein", "No"):
            for key in own:
                if key.label == label:
                    return key
        return own[0]
