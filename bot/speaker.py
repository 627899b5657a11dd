# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Speaks for one bot or page while it is this process's turn, and stands by while it is another's."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from bot.domain.delivery import RetryAfter, SendResult
from bot.domain.messages import DataClass, Outgoing
from bot.errors import StoreUnavailable
from bot.neighbours import Neighbours
from bot.ports import Channel, Storage, UnitOfWork
from bot.services.pump import Pump
from bot.storage.notices import out
from bot.storage.turns import Turn

T = TypeVar("T")

logger = logging.getLogger(__name__)

#: Makes a pump for a turn, on the channel and the storage that it may use while the turn lasts.
MakePump = Callable[[Channel, Storage], Pump]
#: How long a message waits that was to be sent when nobody could say whose turn it was.
_UNSURE_S = 1.0
#: Receives until the event is set.
Receive = Callable[[asyncio.Event], Coroutine[Any, Any, None]]


class Speaker:
    """One way out. `what` is the token or page that is spoken for; it is kept as a hash only.

    A turn whose lock is lost is not over yet: perhaps the server was only restarted. Until it is known whose
    lock it is now, nothing is received, claimed or written down; what is in hand is kept. Once another
    process was seen to have it, what is in hand is written down, and this one stands by. If it is ours again,
    another one may have had it unseen, and died: what is in hand is written down, and a new turn begins,
    which frees what the other had claimed.
    """

    def __init__(
        self,
        channel: Channel,
        what: str,
        neighbours: Neighbours,
        storage: Storage,
        make: MakePump,
        receive: Receive | None = None,
    ) -> None:
        self.name = channel.name
        self._channel = channel
        self._turn = neighbours.turn(what)
        self._neighbours = neighbours
        self._storage = storage
        self._make = make
        self._receive = receive
        #: The pump of the turn that lasts, if one does.
        self.pump: Pump | None = None

    @property
    def speaks(self) -> bool:
        """Whether it is this process's turn."""
        return self._turn.held.is_set()

    @property
    def stands_by(self) -> bool:
        """Whether another process speaks, so that this one need not."""
        return self._turn.elsewhere.is_set()

    def wake(self) -> None:
        """There may be something to send."""
        if self.pump is not None:
            self.pump.wake()

    async def run(self, stop: asyncio.Event) -> None:
        """Speak whenever it is our turn, until `stop` is set; what is in hand is finished."""
        self._turn.want()
        try:
            await any_of(self._turn.held, stop)
            while not stop.is_set():
                await self._speak(stop)
                await any_of(self._turn.held, stop)
        finally:
            self._turn.give_up()

    async def _speak(self, stop: asyncio.Event) -> None:
        over = asyncio.Event()
        sending = _SendingInTurn(self._channel, self._turn)
        self.pump = self._make(sending, _WhileHeld(self._storage, self._turn, over))
        own = self._neighbours.notices.own
        own.add(out(self.name))
        logger.info("%s: this process speaks", self.name)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self.pump.run(over))
                if self._receive is not None:
                    group.create_task(self._receive_while_held(self._receive, over))
                await any_of(stop, self._turn.elsewhere, self._turn.lost)
                await any_of(stop, self._turn.elsewhere, self._turn.held)
                over.set()
        finally:
            self.pump = None
            own.discard(out(self.name))
            logger.info("%s: this process speaks no more", self.name)

    async def _receive_while_held(self, receive: Receive, over: asyncio.Event) -> None:
        pause = _Pause(self._turn)
        async with asyncio.TaskGroup() as group:
            group.create_task(receive(pause))
            await any_of(over, self._turn.lost)
            pause.set()


class _WhileHeld:
    """The storage for as long as it is our turn, and after its end, when the rest is written down."""

    def __init__(self, storage: Storage, turn: Turn, over: asyncio.Event) -> None:
        self._storage = storage
        self._turn = turn
        self._over = over

    async def run(self, use_case: Callable[[UnitOfWork], T]) -> T:
        """See `bot.ports.Storage`."""
        if self._turn.check() or self._over.is_set():
            return await self._storage.run(use_case)
        raise StoreUnavailable("nobody can say whose turn it is to speak")

    async def healthy(self) -> str:
        """See `bot.ports.Storage`."""
        return await self._storage.healthy()


class _SendingInTurn:
    """The channel for as long as it is our turn: asked at the last moment before each sending."""

    def __init__(self, channel: Channel, turn: Turn) -> None:
        self.name = channel.name
        self._channel = channel
        self._turn = turn

    @property
    def default_class(self) -> DataClass:
        """See `bot.ports.Channel`."""
        return self._channel.default_class

    async def send(self, message: Outgoing) -> SendResult:
        """See `bot.ports.Channel`."""
        if self._turn.check():
            return await self._channel.send(message)
        return RetryAfter(_UNSURE_S)


class _Pause(asyncio.Event):
    """Set as soon as it is not our turn for certain: whoever receives looks here before each call."""

    def __init__(self, turn: Turn) -> None:
        super().__init__()
        self._turn = turn

    def is_set(self) -> bool:
        """See `asyncio.Event`."""
        return super().is_set() or not self._turn.check()


async def any_of(*events: asyncio.Event) -> None:
    """Return as soon as one of them is set."""
    async with asyncio.TaskGroup() as race:
        waiting = [race.create_task(event.wait()) for event in events]
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for task in waiting:
            task.cancel()
