# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The weeks before the demonstration: invented people live through them on the real use cases.

Nothing is written past the program: what the console shows has come about as it does everywhere. It all
happens in memory, moment by moment, and takes some seconds; then it is the new database.
"""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from functools import partial

from bot.demo_people import EVERY_DAYS, Person
from bot.domain.messages import Incoming, IncomingKind, Key, Outgoing
from bot.ports import UnitOfWork
from bot.rehearsal.installation import PAGE, Installation
from bot.services.invite import invite
from bot.settings import Settings
from bot.storage.sealing import Keyring

LONGEST = timedelta(days=26)
#: What stands under every question and is no answer to it.
ASIDE = frozenset({"Zurück", "Überspringen", "Später", "Back", "Skip", "Later"})


class Weeks(Installation):
    """An installation in memory that begins some weeks before `until`."""

    def __init__(self, settings: Settings, keyring: Keyring, until: datetime) -> None:
        super().__init__(settings, keyring, until - LONGEST)
        self._lives: dict[str, _Life] = {}

    def welcome(self, person: Person, programme: str) -> None:
        """Somebody opens their invitation to a programme."""
        coach = self.team[person.of]
        code = self.run(lambda uow: invite(uow, self.rules, coach.id, programme, person.language, self.now))
        life = _Life(self, person, f"demo-{person.name}")
        self._lives[life.account] = life
        self.listen(life.account, life)
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
        own = [key for key in keys if key.label not in ASIDE]
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
