# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A stage for use cases: the real storage in memory, time in the test's hand, and people with ears.

Nobody hears anything that the test does not expect: `expect_silence` and `heard` look at everything.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from typing import Any, TypeVar

from bot import house
from bot.domain.concerns import Concern
from bot.domain.delivery import SendResult, Sent
from bot.domain.messages import Body, Incoming, IncomingKind, Outgoing
from bot.domain.people import Role
from bot.ports import Receipt, UnitOfWork
from bot.services import deliver, digest
from bot.services.change_plans import publish_shipped as publish_plans
from bot.services.due import fire
from bot.services.inbox import STAFF_CHANNELS
from bot.services.invite import Hired, NewStaff, hire, invite
from bot.services.publish import open_book, publish_shipped
from bot.services.read_ladders import LadderShelf
from bot.services.read_plans import PlanShelf
from bot.services.read_programmes import ProgrammeShelf
from bot.services.receive import receive
from bot.services.rulebook import Rulebook
from bot.services.staff_desk import receive_from_staff
from bot.services.too_late import cancel_late
from bot.services.unwanted import drop_unwanted
from bot.settings import without_environment
from bot.storage.database import SqlStorage
from bot.storage.inline import InlineDatabase
from bot.storage.sealing import Keyring
from dialogs.book import DialogBook
from tests.storage.stores import image_of, open_copy

T = TypeVar("T")

#: A Monday morning in office hours.
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
CHANNELS = ("telegram", "telegram_staff", "web_chat", "console", "mail")
KEYRING = Keyring({"k1": bytes(range(32))}, "k1")


def furnish(run: Callable[[Callable[[UnitOfWork], None]], None], now: datetime) -> None:
    """Put into an empty store what the program itself does at its first start: dialogs and plans."""
    run(lambda uow: uow.ledger.ensure_agency(house.DEFAULT_AGENCY, "Lotse", now))
    run(partial(publish_shipped, sources=house.dialog_sources(), now=now))
    run(partial(publish_plans, agency_id=house.DEFAULT_AGENCY, source=house.plans_source(), now=now))


def _look_up(book: DialogBook) -> Rulebook:
    return house.build_rulebook(without_environment(public_url="https://lotse.example"), book)


@cache
def _furnished(now: datetime, plans: str) -> tuple[bytes, Rulebook]:
    # `plans` is what the house ships at this moment: some tests bring their own.
    # Reading and publishing all dialogs takes half a second, and there are two thousand stages.
    database = InlineDatabase(KEYRING)
    furnish(database.carry_out, now)
    made = database.image(), _look_up(database.carry_out(open_book))
    database.close()
    return made


def _takes_everything(message: Outgoing) -> SendResult | None:
    del message
    return None


@dataclass(frozen=True)
class _Past:
    """Where a stage stands after its first steps, and the actor whom the last of them has brought."""

    image: bytes
    ears: dict[tuple[str, str], list[Body]]
    keys: dict[tuple[str, str], dict[str, tuple[str, str]]]
    sent: int
    actor: tuple[str, str, int, int]


#: By the moment, the plans, whether there are digests, and the steps.
_PASTS: dict[tuple[datetime, str, bool, tuple[str, ...]], _Past] = {}


class Stage:
    """The whole road without a network: what is posted is delivered at once, unless a test says otherwise."""

    def __init__(self, now: datetime = MONDAY, *, storage: SqlStorage | None = None) -> None:
        """On an empty `storage` of one's own, or in memory, where it is a copy of what was made once."""
        self.now = now
        self._storage = storage
        #: The steps so far, as long as nothing else has happened.
        self._steps: tuple[str, ...] | None = None
        if storage is None:
            self._image, rules = _furnished(now, house.plans_source())
            self._steps = ()
            self.rules = self._first_rules = replace(
                rules,
                plans=PlanShelf(),
                ladders=LadderShelf(),
                programmes=ProgrammeShelf(),
                _hours_facts={},
            )
        else:
            furnish(storage.run_sync, now)
            self.renew_rules()
        #: Whether staff hear about their day at opening time; most tests look at other things.
        self.has_digests = False
        self.ears: dict[tuple[str, str], list[Body]] = {}
        self.refuse: Callable[[Outgoing], SendResult | None] = _takes_everything
        self._sent = 0
        self._keys: dict[tuple[str, str], dict[str, tuple[str, str]]] = {}

    def renew_rules(self) -> None:
        """Look things up anew, as after a restart."""
        self.rules = _look_up(self.run(open_book))

    @property
    def storage(self) -> SqlStorage:
        """The database; opened when it is needed first."""
        self._steps = None
        if self._storage is None:
            self._storage = open_copy(self._image, KEYRING)
        return self._storage

    @storage.setter
    def storage(self, storage: SqlStorage) -> None:
        self._steps, self._storage = None, storage

    def close(self) -> None:
        """Let go of the database."""
        if self._storage is not None:
            self._storage.close()

    def run(self, use_case: Callable[[UnitOfWork], T]) -> T:
        """Run one use case and commit it."""
        return self.storage.run_sync(use_case)

    def begin(self, step: str, act: Callable[[], Actor]) -> Actor:
        """One of the first steps, with which very many tests begin: done once, and copied for all others.

        `step` names it. Where anything else has happened on this stage before, it is simply done.
        """
        is_untouched = self.rules is self._first_rules and self.refuse is _takes_everything
        if self._steps is None or not is_untouched:
            return act()
        steps = (*self._steps, step)
        key = (self.now, house.plans_source(), self.has_digests, steps)
        if key not in _PASTS:
            _PASTS[key] = self._remember(act())
        actor = self._recall(_PASTS[key])
        self._steps = steps
        return actor

    def _remember(self, actor: Actor) -> _Past:
        ears = {place: list(heard) for place, heard in self.ears.items()}
        keys = {place: dict(known) for place, known in self._keys.items()}
        facts = (actor.channel, actor.address, actor.id, actor.deliveries)
        return _Past(image_of(self.storage), ears, keys, self._sent, facts)

    def _recall(self, past: _Past) -> Actor:
        self.close()
        self._storage, self._image = None, past.image
        self.ears = {place: list(heard) for place, heard in past.ears.items()}
        self._keys = {place: dict(known) for place, known in past.keys.items()}
        self._sent = past.sent
        channel, address, number, deliveries = past.actor
        actor = Actor(self, channel, address, number)
        actor.deliveries = deliveries
        return actor

    def take(self, incoming: Incoming) -> Receipt:
        """Hand something in as a channel does, and deliver what follows."""
        use_case = receive_from_staff if incoming.channel in STAFF_CHANNELS else receive
        receipt = self.run(partial(use_case, rules=self.rules, incoming=incoming, now=self.now))
        self.deliver()
        return receipt

    def deliver(self) -> None:
        """Send everything that may go out now."""
        delivered = True
        while delivered:
            delivered = False
            for message in [m for c in CHANNELS for m in self.run(partial(self._claim, c))]:
                result = self.refuse(message) or self._hear(message)
                self.run(lambda uow, m=message, r=result: deliver.record(uow, self.rules, m, r, self.now))
                delivered = True

    def pass_time(self, **span: float) -> None:
        """Let time go by, firing every timer at its own moment."""
        end = self.now + timedelta(**span)
        while True:
            due = [self.run(lambda uow: uow.timers.next_due())]
            due += [self.run(lambda uow, c=c: uow.outbox.next_due(c, self.now)) for c in CHANNELS]
            moments = [moment for moment in due if moment is not None and moment <= end]
            if not moments:
                break
            self.now = max(self.now, min(moments))
            self._fire()
            self.deliver()
        self.now = end

    def hire(self, name: str, role: Role = Role.COACH, deputy_of: int | None = None) -> Hired:
        """A new staff member, not linked to any messenger yet."""
        person = NewStaff(house.DEFAULT_AGENCY, name, role, deputy_of=deputy_of)
        return self.run(lambda uow: hire(uow, self.rules, person, self.now))

    def staff(self, name: str, role: Role = Role.COACH, deputy_of: int | None = None) -> Actor:
        """A new staff member who has opened the staff bot."""
        hired = self.hire(name, role, deputy_of)
        actor = Actor(self, "telegram_staff", f"staff-{hired.id}", hired.id)
        actor.starts(hired.messenger_code)
        actor.hears("Willkommen")
        if not self.has_digests:
            self.run(lambda uow: uow.timers.cancel(digest.timer_key(hired.id)))
        return actor

    def invitation(self, coach: Actor) -> str:
        """A fresh code for a participant of this coach."""
        return self.run(lambda uow: invite(uow, self.rules, coach.id, "", "de", self.now))

    def person(self, name: str = "mia", channel: str = "telegram") -> Actor:
        """Somebody with a phone whom nobody knows yet."""
        return Actor(self, channel, name, 0)

    def participant(self, coach: Actor, name: str = "mia") -> Actor:
        """Somebody who has agreed to everything and put the first check-in off, twice, which ends it."""
        actor = self.person(name)
        actor.starts(self.invitation(coach))
        for _ in range(3):
            actor.presses("Ja")
        actor.presses("Später")
        actor.writes("weiter")
        actor.presses("Später")
        actor.forgets()
        return actor

    def concerns(self) -> list[Concern]:
        """Every concern there is, open or not, in the order in which they were raised."""
        found = self.run(lambda uow: uow.concerns.of_agency(house.DEFAULT_AGENCY, open_only=False))
        return sorted(found, key=lambda concern: concern.id)

    def _claim(self, channel: str, uow: UnitOfWork) -> list[Outgoing]:
        cancel_late(uow, channel, self.now)
        claimed = uow.outbox.claim(channel, self.now, 50, self.now + timedelta(minutes=1))
        return drop_unwanted(uow, self.rules, claimed, self.now)

    def _hear(self, message: Outgoing) -> SendResult:
        ears = (message.channel, message.address)
        self._sent += not message.edit
        number = message.edit or str(self._sent)
        self.ears.setdefault(ears, []).append(message.body)
        for row in message.body.keys:
            for key in row:
                self._keys.setdefault(ears, {})[key.label] = (key.token, number)
        return Sent(number)

    def _fire(self) -> None:
        for timer in self.run(lambda uow: uow.timers.claim(self.now, 50, self.now + timedelta(minutes=1))):
            self.run(partial(fire, rules=self.rules, timer=timer, now=self.now))

    def key(self, channel: str, address: str, label: str) -> tuple[str, str]:
        """The button with this label, or the newest that begins so: its token and its message."""
        keys = self._keys.get((channel, address), {})
        if label in keys:
            return keys[label]
        for known in reversed(keys):
            if known.startswith(label):
                return keys[known]
        raise AssertionError(f"{address} sees no button {label!r}, only {list(keys)}")


class Actor:
    """Somebody at a messenger."""

    def __init__(self, stage: Stage, channel: str, address: str, number: int) -> None:
        self.stage = stage
        self.channel = channel
        self.address = address
        self.id = number
        #: How much came from here so far.
        self.deliveries = 0

    def starts(self, code: str = "") -> None:
        """/start, with a code or without."""
        self.does(IncomingKind.START, text=code)

    def writes(self, text: str) -> None:
        """Type a message."""
        self.does(IncomingKind.TEXT, text=text)

    def presses(self, label: str) -> Receipt:
        """Press the newest button that begins with `label`."""
        token, message = self.stage.key(self.channel, self.address, label)
        return self.does(IncomingKind.PRESS, press=token, message=message)

    def does(self, kind: IncomingKind, **fields: Any) -> Receipt:
        """Anything else; `delivery` may be given to deliver the same thing twice."""
        self.deliveries += 1
        delivery = fields.pop("delivery", f"{self.address}-{self.deliveries}")
        return self.stage.take(Incoming(self.channel, delivery, self.address, kind, **fields))

    def hears(self, *beginnings: str) -> list[Body]:
        """Exactly these messages came since the last look; each contains the words given for it."""
        heard = self._take()
        said = [body.text for body in heard]
        assert len(said) == len(beginnings), said
        for text, words in zip(said, beginnings, strict=True):
            assert words in text, said
        return heard

    def hears_nothing(self) -> None:
        """No message came since the last look."""
        self.hears()

    def forgets(self) -> None:
        """Whatever came until now does not matter for the test."""
        self._take()

    def _take(self) -> list[Body]:
        return self.stage.ears.pop((self.channel, self.address), [])
