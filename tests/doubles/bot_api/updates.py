# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A bot's waiting updates: kept in order, forgotten when too old, confirmed by offset or by webhook."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import islice, takewhile
from typing import Any

import msgspec

from tests.doubles.bot_api.refusals import conflict

MESSAGE_SECONDS = 86_400.0
PRESS_SECONDS = 150.0
# What a bot gets that never named `allowed_updates`.
_NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
_KEPT_CONFIRMED = 10_000
_OTHER_POLLER = "terminated by other getUpdates request; make sure that only one bot instance is running"

# Telegram keeps a webhook queue of its own for each chat's messages and for each person's presses.
QueueKey = tuple[str, int]


@dataclass(slots=True)
class Waiting:
    """One update on its way. `body` is the encoded Update object."""

    update_id: int
    kind: str
    queue: QueueKey
    body: bytes
    expires_at: float


@dataclass(slots=True)
class _Poll:
    answer: asyncio.Future[None]


@dataclass(slots=True)
class UpdateQueue:
    """All updates of one bot. `clock` gives seconds since 1970."""

    clock: Callable[[], float]
    next_id: int = 1_000
    waiting: dict[int, Waiting] = field(default_factory=dict)
    confirmed: deque[Waiting] = field(default_factory=lambda: deque(maxlen=_KEPT_CONFIRMED))
    forgotten: list[int] = field(default_factory=list)
    allowed: frozenset[str] | None = None
    on_new: Callable[[Waiting], None] | None = None
    _again: list[Waiting] = field(default_factory=list)
    # Decides at a confirmation whether the update will come once more all the same.
    comes_twice: Callable[[], bool] = field(default=lambda: False)
    _watchers: set[asyncio.Future[None]] = field(default_factory=set)
    _poll: _Poll | None = None

    def put(self, kind: str, queue: QueueKey, content: dict[str, Any]) -> int | None:
        """Add an update of `kind`; its id, or None where the bot did not ask for such updates."""
        if kind not in self.allowed if self.allowed is not None else kind in _NOT_BY_DEFAULT:
            return None
        update_id = self.next_id
        self.next_id += 1
        keep = PRESS_SECONDS if kind == "callback_query" else MESSAGE_SECONDS
        body = msgspec.json.encode({"update_id": update_id, kind: content})
        waiting = Waiting(update_id, kind, queue, body, self.clock() + keep)
        self.waiting[update_id] = waiting
        self._announce(waiting)
        return update_id

    def redeliver(self, update_id: int | None = None) -> int:
        """Deliver a confirmed update once more (the newest one unless named), as Telegram sometimes does."""
        for waiting in reversed(self.confirmed):
            if update_id is None or waiting.update_id == update_id:
                if self.on_new is None:
                    self._again.append(waiting)
                self._announce(waiting)
                return waiting.update_id
        raise LookupError("no such update was ever confirmed")

    def confirm(self, update_ids: Iterable[int]) -> None:
        """The bot has them: they are not delivered again on their own."""
        for update_id in update_ids:
            done = self.waiting.pop(update_id, None)
            if done is not None:
                self.confirmed.append(done)
                # A webhook sees to its own duplicates.
                if self.on_new is None and self.comes_twice():
                    self._again.append(done)
        self._wake()

    def forget_old(self) -> None:
        """Drop what waited too long: a press after 150 s, everything else after a day."""
        now = self.clock()
        for update_id in [key for key, one in self.waiting.items() if one.expires_at <= now]:
            del self.waiting[update_id]
            self.forgotten.append(update_id)
        self._wake()

    def clear(self) -> None:
        """Drop everything that waits (`drop_pending_updates`)."""
        self.forgotten.extend(self.waiting)
        self.waiting.clear()
        self._wake()

    async def polled(self) -> None:
        """Returns once a poll waits for updates."""
        while self._poll is None:
            await self._changed()

    async def unpolled(self) -> None:
        """Returns once no poll waits."""
        while self._poll is not None:
            await self._changed()

    async def drained(self) -> None:
        """Returns once the bot has confirmed everything."""
        while self.waiting:
            await self._changed()

    async def settled(self, update_id: int | None) -> None:
        """Returns once this update is confirmed or forgotten."""
        while update_id in self.waiting:
            await self._changed()

    def close(self) -> None:
        """End a running poll with an empty answer: the server goes down."""
        if self._poll is not None and not self._poll.answer.done():
            self._poll.answer.set_result(None)

    async def poll(self, offset: int, limit: int, timeout: float) -> list[msgspec.Raw]:
        """getUpdates: confirms everything below `offset`, then waits up to `timeout` seconds for more.

        A negative offset keeps only the last updates. Raises 409 when another poll takes over.
        """
        if offset < 0:
            self.confirm(list(self.waiting)[:offset])
        elif offset <= self.next_id:
            self.confirm(list(takewhile(lambda key: key < offset, self.waiting)))
        batch = self._batch(limit)
        if batch or timeout <= 0:
            return batch
        self.end_poll(_OTHER_POLLER)
        poll = self._poll = _Poll(asyncio.get_running_loop().create_future())
        self._wake()
        try:
            await asyncio.wait_for(poll.answer, timeout)
        except TimeoutError:
            return []
        finally:
            if self._poll is poll:
                self._poll = None
                self._wake()
        return self._batch(limit)

    def end_poll(self, why: str) -> None:
        """End a running poll with 409, as a second poller or setWebhook does."""
        if self._poll is not None and not self._poll.answer.done():
            self._poll.answer.set_exception(conflict(why))

    def _batch(self, limit: int) -> list[msgspec.Raw]:
        self.forget_old()
        again, self._again = self._again, []
        self._again = again[limit:]
        fresh = islice(self.waiting.values(), limit - min(limit, len(again)))
        return [msgspec.Raw(one.body) for one in (*again[:limit], *fresh)]

    def _changed(self) -> asyncio.Future[None]:
        watcher = asyncio.get_running_loop().create_future()
        self._watchers.add(watcher)
        return watcher

    def _wake(self) -> None:
        watchers, self._watchers = self._watchers, set()
        for watcher in watchers:
            if not watcher.done():
                watcher.set_result(None)

    def _announce(self, waiting: Waiting) -> None:
        if self.on_new is not None:
            self.on_new(waiting)
        elif self._poll is not None and not self._poll.answer.done():
            self._poll.answer.set_result(None)
