# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A whole installation in memory whose clock is turned: every deed and every due moment at its own time.

Nothing is written past the program: what comes about has come about by its use cases, as it does everywhere.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction
from functools import partial
from typing import Protocol, TypeVar

from bot import house
from bot.domain.delivery import QUIET, RetryAfter, SendResult, Sent
from bot.domain.messages import Incoming, IncomingKind, Outgoing
from bot.domain.people import Role
from bot.ports import Receipt, UnitOfWork
from bot.services import deliver
from bot.services.change_plans import publish_shipped as publish_plans
from bot.services.change_programmes import install
from bot.services.desk import Desk
from bot.services.due import fire
from bot.services.duty_watch import ensure_watch
from bot.services.invite import Hired, NewStaff, hire
from bot.services.publish import open_book, publish_shipped
from bot.services.receive import receive
from bot.services.retention import ensure_retention
from bot.services.staff_desk import receive_from_staff
from bot.services.too_late import cancel_late
from bot.services.unwanted import drop_unwanted
from bot.settings import Settings
from bot.storage.inline import InlineDatabase
from bot.storage.sealing import Keyring
from dialogs.book import DialogBook
from dialogs.score_packs import ScorePack

T = TypeVar("T")
PAGE, STAFF = "web_chat", "console"
_CHANNELS = (PAGE, STAFF)
_LEASE = timedelta(minutes=1)
_AT_ONCE = 50
_NOT_PAST = timedelta(seconds=1)


class Ears(Protocol):
    """Somebody at the other end of an address."""

    def hears(self, message: Outgoing, number: str) -> None:
        """A message is there; `number` is what the page calls it."""


class Installation:
    """One agency with the shipped dialogs and plans, beginning at a moment, and the moment that it is there.

    Raises `ConfigurationError` for settings that do not go together.
    """

    def __init__(self, settings: Settings, keyring: Keyring, begins: datetime) -> None:
        self.now = begins
        self._database = InlineDatabase(keyring)
        self.rules = house.build_rulebook(settings, self._furnish(settings))
        self._coming: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._ears: dict[str, Ears] = {}
        #: Channels in whose outbox something may have changed, and when each has something to send next.
        self._rung: set[str] = set(_CHANNELS)
        self._held: dict[str, datetime | None] = {}
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

    def keep_house(self) -> None:
        """Let the daily look at who is there and the nightly deletion begin, as at every start."""
        agency = house.DEFAULT_AGENCY
        self.run(lambda uow: ensure_watch(uow, self.rules, agency, self.now))
        self.run(lambda uow: ensure_retention(uow, self.rules, agency, self.now))

    def install(self, source: str, filename: str, licensed: str = "") -> None:
        """Put a programme in force. Raises `DialogError` with everything that is wrong with it.

        `licensed` is the score that it names: it may be named, but none is ever computed here.
        """
        agency = house.DEFAULT_AGENCY
        rules = self.rules if not licensed else replace(self.rules, score_packs={licensed: _empty(licensed)})
        self.run(lambda uow: install(uow, rules, agency, (source, filename), self.now))

    def run(self, use_case: Callable[[UnitOfWork], T]) -> T:
        """Do something now."""
        self._rung.update(_CHANNELS)
        return self._database.carry_out(use_case)

    def look(self, reading: Callable[[UnitOfWork], T]) -> T:
        """Read something that changes nothing and sends nothing."""
        return self._database.carry_out(reading)

    def at(self, moment: datetime, deed: Callable[[], None]) -> None:
        """Something will be done then."""
        heapq.heappush(self._coming, (moment, next(self._order), deed))

    def listen(self, address: str, ears: Ears) -> None:
        """From now on this is who hears what comes to the address."""
        self._ears[address] = ears

    def hire(self, name: str, role: Role, deputy_of: str = "") -> Hired:
        """Somebody new in the team, at work in the console."""
        stood_in = self.team[deputy_of].id if deputy_of else None
        person = NewStaff(house.DEFAULT_AGENCY, name, role, deputy_of=stood_in)
        hired = self.run(lambda uow: hire(uow, self.rules, person, self.now))
        seat = self.seat(hired)
        self.take(Incoming(STAFF, seat, seat, IncomingKind.START, text=hired.messenger_code))
        self.team[name] = hired
        return hired

    def seat(self, hired: Hired) -> str:
        """The address of a colleague in the console."""
        return f"demo-{hired.id}"

    def take(self, incoming: Incoming) -> None:
        """Hand something in as a page does."""
        use_case = receive_from_staff if incoming.channel == STAFF else receive
        self.carry(partial(use_case, rules=self.rules, incoming=incoming, now=self.now))

    def at_desk(self, name: str, deed: Callable[[Desk], object]) -> None:
        """A colleague does something now."""

        def act(uow: UnitOfWork) -> Receipt:
            found = uow.people.find_staff(STAFF, self.seat(self.team[name]))
            assert found is not None
            desk = Desk(uow, self.rules, found, self.now)
            deed(desk)
            return desk.finish()

        self.carry(act)

    def carry(self, use_case: Callable[[UnitOfWork], Receipt]) -> None:
        """Do something now that says itself which ways out have something to send."""
        self._rung |= self._database.carry_out(use_case).wake

    def live(self, until: datetime) -> None:
        """Let time go by, each thing at its own moment."""
        while True:
            self._deliver()
            moment = self._next()
            if moment is None or moment > until:
                break
            self.now = max(self.now, moment)
            while self._coming and self._coming[0][0] <= self.now:
                heapq.heappop(self._coming)[2]()
            for timer in self.look(lambda uow: uow.timers.claim(self.now, _AT_ONCE, self.now + _LEASE)):
                self.carry(partial(fire, rules=self.rules, timer=timer, now=self.now))
        self.now = until

    def heard(self, message: Outgoing) -> None:
        """A message has been delivered; whoever counts them says so here."""

    def held(self, message: Outgoing) -> None:
        """A message has been held back until the quiet hours are over."""

    def _next(self) -> datetime | None:
        moments = [
            self.look(lambda uow: uow.timers.next_due()),
            *self._held.values(),
            self._coming[0][0] if self._coming else None,
        ]
        return min((moment for moment in moments if moment is not None), default=None)

    def _deliver(self) -> None:
        """Send what can be sent now; what is begun at night waits, as in the real way out (promise P4)."""
        for channel, moment in self._held.items():
            if moment is not None and moment <= self.now:
                self._rung.add(channel)
        while self._rung:
            channel = min(self._rung)
            self._rung.discard(channel)
            found = self._database.carry_out(partial(self._claim, channel))
            self._send(found)
            # What waits behind somebody's first message is due at once; looking costs less than claiming.
            due = self.look(partial(self._waits, channel))
            if found and due is not None and due <= self.now:
                self._rung.add(channel)
            self._held[channel] = None if due is None else max(due, self.now + _NOT_PAST)

    def _send(self, found: list[Outgoing]) -> None:
        if not found:
            return
        results: list[tuple[Outgoing, SendResult]] = []
        for message in found:
            until = deliver.quiet_until(self.rules, message, self.now)
            result: SendResult = Sent(message.edit or str(next(self._order)))
            if until is not None:
                result = RetryAfter((until - self.now).total_seconds(), reason=QUIET)
            results.append((message, result))
        for receipt in self.look(partial(self._record, results)):
            self._rung |= receipt.wake
        for message, result in results:
            if not isinstance(result, Sent):
                self.held(message)
                continue
            self.heard(message)
            if message.address in self._ears:
                self._ears[message.address].hears(message, result.message)

    def _waits(self, channel: str, uow: UnitOfWork) -> datetime | None:
        return uow.outbox.next_due(channel, self.now)

    def _claim(self, channel: str, uow: UnitOfWork) -> list[Outgoing]:
        cancel_late(uow, channel, self.now)
        claimed = uow.outbox.claim(channel, self.now, _AT_ONCE, self.now + _LEASE)
        return drop_unwanted(uow, self.rules, claimed, self.now)

    def _record(self, results: list[tuple[Outgoing, SendResult]], uow: UnitOfWork) -> list[Receipt]:
        return deliver.record_all(uow, self.rules, results, self.now)

    def _furnish(self, settings: Settings) -> DialogBook:
        agency, now = house.DEFAULT_AGENCY, self.now
        packs = house.load_instruments(settings)

        def furnish(uow: UnitOfWork) -> DialogBook:
            uow.ledger.ensure_agency(agency, settings.agency.name, now)
            publish_shipped(uow, sources=house.dialog_sources(), now=now, packs=packs)
            publish_plans(uow, agency_id=agency, source=house.plans_source(), now=now)
            return open_book(uow, packs=packs)

        return self._database.carry_out(furnish)


def _empty(name: str) -> ScorePack:
    """Stands for a licensed score where only its name must be known: it has no questions and no rule."""
    nothing = Fraction(0)
    return ScorePack(
        id=name,
        version=1,
        title={},
        inputs={},
        formula={},
        output="",
        low=nothing,
        high=nothing,
        bands={},
        source="",
        validity={},
        fixed_sentence={},
    )
