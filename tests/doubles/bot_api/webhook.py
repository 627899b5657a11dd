# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Delivery by webhook: one queue for each chat's messages and one for each person's presses.

An update is delivered until the bot answers 2xx; a failure holds up its own queue only. Telegram tries
again at once, then after 2, 4, 8 ... seconds up to a minute; tests pass a shorter schedule.
"""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import msgspec

from tests.doubles.bot_api.updates import QueueKey, UpdateQueue, Waiting

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
ANSWER_TIMEOUT = aiohttp.ClientTimeout(total=60)

# failures so far (1, 2, ...) -> seconds until the next attempt
Backoff = Callable[[int], float]
# A bot may answer a delivery with one call, "method" and its parameters.
OnReply = Callable[[str, dict[str, Any]], Awaitable[None]]


def telegram_backoff(failures: int) -> float:
    """Telegram's own schedule in seconds."""
    return 0.0 if failures <= 1 else min(2.0 ** (failures - 1), 60.0)


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    """What setWebhook asked for."""

    url: str
    secret: str = ""
    max_connections: int = 40


@dataclass(slots=True)
class Mishaps:
    """What goes wrong with deliveries, by webhook or by polling.

    `duplicates` so many of the next updates come twice, as if the bot's confirmation had been lost;
    `duplicate_odds` does the same by chance. A held kind ("message", "callback_query") waits in its
    webhook queues while others pass: so an order is forced.
    """

    duplicates: int = 0
    duplicate_odds: float = 0.0
    dice: random.Random = field(default_factory=random.Random)
    held: set[str] = field(default_factory=set)
    _moved: asyncio.Event = field(default_factory=asyncio.Event)

    def hold(self, kind: str) -> None:
        """Keep updates of this kind back until `release`."""
        self.held.add(kind)

    def release(self, kind: str) -> None:
        """Let updates of this kind go."""
        self.held.discard(kind)
        self._moved.set()
        self._moved = asyncio.Event()

    async def pass_gate(self, kind: str) -> None:
        """Returns once updates of this kind may go."""
        while kind in self.held:
            await self._moved.wait()

    def comes_twice(self) -> bool:
        """Whether the delivery that just succeeded is repeated."""
        if self.duplicates > 0:
            self.duplicates -= 1
            return True
        return self.duplicate_odds > 0 and self.dice.random() < self.duplicate_odds


@dataclass(slots=True)
class Webhook:
    """Delivers one bot's updates to its address until it is stopped."""

    settings: WebhookSettings
    updates: UpdateQueue
    session: aiohttp.ClientSession
    mishaps: Mishaps
    backoff: Backoff
    on_reply: OnReply
    attempts: int = 0
    delivered: int = 0
    last_error: str = ""
    last_error_at: int = 0
    _lines: dict[QueueKey, deque[Waiting]] = field(default_factory=dict)
    _workers: dict[QueueKey, asyncio.Task[None]] = field(default_factory=dict)
    _connections: asyncio.Semaphore = field(init=False)

    def start(self) -> None:
        """Begin with what already waits, and take every new update from now on."""
        self._connections = asyncio.Semaphore(self.settings.max_connections)
        self.updates.on_new = self.accept
        for waiting in list(self.updates.waiting.values()):
            self.accept(waiting)

    def accept(self, waiting: Waiting) -> None:
        """Put an update at the end of its queue."""
        line = self._lines.get(waiting.queue)
        if line is not None:
            line.append(waiting)
            return
        self._lines[waiting.queue] = deque([waiting])
        self._workers[waiting.queue] = asyncio.get_running_loop().create_task(self._work(waiting.queue))

    async def stop(self) -> None:
        """End deliveries; what was not delivered keeps waiting."""
        self.updates.on_new = None
        workers = list(self._workers.values())
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)

    async def _work(self, key: QueueKey) -> None:
        line = self._lines[key]
        try:
            while line:
                await self._deliver(line[0])
                line.popleft()
        finally:
            del self._lines[key]
            del self._workers[key]

    async def _deliver(self, waiting: Waiting) -> None:
        failures = 0
        while True:
            await self.mishaps.pass_gate(waiting.kind)
            if waiting.expires_at <= self.updates.clock():
                self.updates.forget_old()
                return
            async with self._connections:
                delay = await self._post(waiting)
            if delay is None:
                self.updates.confirm([waiting.update_id])
                self.delivered += 1
                if not self.mishaps.comes_twice():
                    return
                failures = 0
                continue
            failures += 1
            await asyncio.sleep(delay or self.backoff(failures))

    async def _post(self, waiting: Waiting) -> float | None:
        """One attempt: None for success, else the seconds the bot asked to wait (0: our own schedule)."""
        headers = {"Content-Type": "application/json"}
        if self.settings.secret:
            headers[SECRET_HEADER] = self.settings.secret
        self.attempts += 1
        try:
            async with self.session.post(
                self.settings.url, data=waiting.body, headers=headers, timeout=ANSWER_TIMEOUT
            ) as response:
                body = await response.read()
                if 200 <= response.status < 300:
                    await self._take_reply(response.content_type, body)
                    return None
                self._note(f"Wrong response from the webhook: {response.status} {response.reason}")
                asked = response.headers.get("Retry-After", "")
                return float(asked) if asked.isdecimal() else 0.0
        except (aiohttp.ClientError, TimeoutError, OSError):
            self._note("Connection refused or closed")
            return 0.0

    async def _take_reply(self, content_type: str, body: bytes) -> None:
        if content_type != "application/json" or not body:
            return
        try:
            reply = msgspec.json.decode(body)
        except msgspec.DecodeError:
            return
        if isinstance(reply, dict) and isinstance(reply.get("method"), str):
            await self.on_reply(reply.pop("method"), reply)

    def _note(self, error: str) -> None:
        self.last_error, self.last_error_at = error, int(self.updates.clock())
