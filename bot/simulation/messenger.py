# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A simulated messenger: chats that remember what they saw, updates that are delivered until confirmed."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from bot.domain.delivery import AddressChanged, Permanent, RetryAfter, SendResult, Sent
from bot.domain.messages import Body, DataClass, Incoming, IncomingKind, Kind, Outgoing
from bot.simulation.fates import Sending

#: Reasons that the real channels give.
BLOCKED = Permanent("blocked", address_dead=True)


class Mortal(Protocol):
    """Who sent something, as far as it matters: whether they live to hear what became of it."""

    is_over: bool


@dataclass(slots=True)
class Seen:
    """One message as it arrived. `told` says whether the sender heard that it did."""

    outgoing: int
    number: str
    at: datetime
    kind: Kind
    body: Body
    address: str
    edit: bool
    told: bool
    sender: Mortal


@dataclass(slots=True)
class Chat:
    """One account. `owner` is called with each message that arrives."""

    address: str
    owner: Callable[[Seen], None] = lambda _: None
    seen: list[Seen] = field(default_factory=list)
    is_blocked: bool = False
    moved_to: str = ""
    updates: deque[Incoming] = field(default_factory=deque)
    is_delivering: bool = False


class SimulatedMessenger:
    """All chats of one channel. `watch` is told of each arrival, `ring` that an update waits."""

    def __init__(self, name: str, data_class: DataClass, truth: Callable[[], datetime]) -> None:
        self.name = name
        self.data_class = data_class
        self.chats: dict[str, Chat] = {}
        self.watch: Callable[[SimulatedMessenger, Seen], None] = lambda *_: None
        self.ring: Callable[[SimulatedMessenger, Chat], None] = lambda *_: None
        self.confirmed = 0
        self._truth = truth
        self._numbers = itertools.count(1)
        self._deliveries = itertools.count(1)

    def chat(self, address: str) -> Chat:
        """The chat of an account; a new one for a new account."""
        if address not in self.chats:
            self.chats[address] = Chat(address)
        return self.chats[address]

    def accept(self, message: Outgoing, fate: Sending, sender: Mortal) -> SendResult:
        """A process sends something: it arrives or not, and this is what the process would hear."""
        chat = self.chat(message.address)
        if chat.moved_to:
            return AddressChanged(chat.moved_to)
        if chat.is_blocked:
            return BLOCKED
        if not fate.arrives:
            return fate.result or RetryAfter(1.0, reason="server")
        number = message.edit or f"{self.name}-{next(self._numbers)}"
        told = fate.result is None or isinstance(fate.result, Sent)
        seen = Seen(
            outgoing=message.id,
            number=number,
            at=self._truth(),
            kind=message.kind,
            body=message.body,
            address=chat.address,
            edit=bool(message.edit),
            told=told,
            sender=sender,
        )
        chat.seen.append(seen)
        self.watch(self, seen)
        chat.owner(seen)
        return fate.result or Sent(number)

    def bring(self, address: str, kind: IncomingKind, **fields: str | bool) -> Incoming:
        """Somebody does something in their chat; it is delivered until it is confirmed."""
        delivery = f"{self.name[:3]}{next(self._deliveries)}"
        incoming = replace(Incoming(self.name, delivery, address, kind), **fields)  # type: ignore[arg-type]
        chat = self.chat(address)
        chat.updates.append(incoming)
        self.ring(self, chat)
        return incoming

    def move(self, old: str, new: str) -> None:
        """The account gets another address; what is sent to the old one is answered with the new one."""
        chat = self.chats.pop(old)
        self.chats[old] = Chat(old, moved_to=new)
        chat.address = new
        self.chats[new] = chat
        chat.updates = deque(replace(update, address=new) for update in chat.updates)

    @property
    def waiting(self) -> int:
        """How many updates are not confirmed yet."""
        return sum(len(chat.updates) for chat in self.chats.values())
