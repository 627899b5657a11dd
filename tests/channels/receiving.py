# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What the tests of receiving share: an inbox with gates, a clock that skips every pause, raw updates."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.domain.messages import Incoming
from bot.errors import StoreUnavailable
from bot.ports import Receipt


@dataclass
class Inbox:
    """Commits what it is given. A gate holds one text back; a `broken` text fails so many times."""

    toast: str = "Notiert"
    begun: list[Incoming] = field(default_factory=list)
    committed: list[Incoming] = field(default_factory=list)
    gates: dict[str, asyncio.Event] = field(default_factory=dict)
    broken: dict[str, int] = field(default_factory=dict)
    _moved: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, incoming: Incoming) -> Receipt:
        self.begun.append(incoming)
        self._move()
        if gate := self.gates.get(incoming.text):
            await gate.wait()
        if self.broken.get(incoming.text, 0) > 0:
            self.broken[incoming.text] -= 1
            raise StoreUnavailable
        self.committed.append(incoming)
        self._move()
        return Receipt(self.toast)

    def hold(self, text: str) -> asyncio.Event:
        """Nothing with this text is committed before the event is set."""
        gate = self.gates[text] = asyncio.Event()
        return gate

    @property
    def texts(self) -> list[str]:
        return [incoming.text for incoming in self.committed]

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Returns once it is so; looked at whenever something moves in the inbox."""
        async with asyncio.timeout(10):
            while not is_so():
                await self._moved.wait()

    def _move(self) -> None:
        self._moved.set()
        self._moved = asyncio.Event()


@dataclass
class SkippingClock:
    """Every pause is over at once and is noted."""

    pauses: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return datetime(2026, 5, 4, 9, 0, tzinfo=UTC)

    def monotonic(self) -> float:
        return sum(self.pauses)

    async def sleep(self, seconds: float) -> None:
        await self.wait(asyncio.Event(), seconds)

    async def wait(self, event: asyncio.Event, timeout: float) -> bool:
        self.pauses.append(timeout)
        await asyncio.sleep(0)
        return event.is_set()


@dataclass
class Script:
    """Answers to getUpdates one after the other; after the last one it polls for ever."""

    answers: list[bytes | Exception]
    offsets: list[int] = field(default_factory=list)
    idle: asyncio.Event = field(default_factory=asyncio.Event)

    async def fetch(self, offset: int, seconds: int) -> bytes:
        self.offsets.append(offset)
        if not self.answers:
            self.idle.set()
            await asyncio.Event().wait()
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


@dataclass
class Answered:
    """Presses that were answered."""

    presses: list[tuple[str, str]] = field(default_factory=list)
    gate: asyncio.Event | None = None

    async def __call__(self, query_id: str, toast: str) -> None:
        if self.gate:
            await self.gate.wait()
        self.presses.append((query_id, toast))


@asynccontextmanager
async def running(run: Callable[[asyncio.Event], Awaitable[None]]) -> AsyncIterator[None]:
    """Run it beside the test and stop it in the end, as the program does."""
    stop = asyncio.Event()

    async def whole() -> None:
        await run(stop)

    task = asyncio.get_running_loop().create_task(whole())
    try:
        yield
    finally:
        stop.set()
        async with asyncio.timeout(10):
            await task


def text_update(update_id: int, text: str, person: int = 77) -> dict[str, Any]:
    return {
        "update_id": update_id,
        "message": {
            "message_id": update_id + 1000,
            "date": 1,
            "chat": {"id": person, "type": "private"},
            "from": {"id": person, "is_bot": False, "first_name": "Mia", "language_code": "de"},
            "text": text,
        },
    }


def press_update(update_id: int, data: str, person: int = 77) -> dict[str, Any]:
    return {
        "update_id": update_id,
        "callback_query": {
            "id": f"q{update_id}",
            "from": {"id": person, "is_bot": False, "first_name": "Mia", "language_code": "de"},
            "message": {"message_id": 5, "date": 1, "chat": {"id": person, "type": "private"}},
            "chat_instance": "x",
            "data": data,
        },
    }


def answer(*updates: dict[str, Any]) -> bytes:
    return json.dumps({"ok": True, "result": updates}).encode()


def refusal(code: int, description: str = "", **parameters: int) -> bytes:
    body = {"ok": False, "error_code": code, "description": description, "parameters": parameters}
    return json.dumps(body).encode()
