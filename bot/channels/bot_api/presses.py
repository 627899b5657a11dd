# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Answers to pressed buttons: a press that is not answered spins in the person's app for a while."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

#: `(query id, toast)`; best effort, raises nothing.
AnswerPress = Callable[[str, str], Awaitable[None]]

_AT_ONCE = 16
# More than can be answered within the 15 s after which Telegram forgets a press anyway.
_WAITING = 512


class PressAnswers:
    """Answers presses beside the receiving, never in its way. Nothing is kept: a lost answer does no harm."""

    def __init__(self, answer: AnswerPress) -> None:
        self._answer = answer
        self._waiting: asyncio.Queue[tuple[str, str] | None] = asyncio.Queue()

    def put(self, query_id: str, toast: str) -> None:
        """Answer soon. In a flood the surplus is left to Telegram, which ends the spinning by itself."""
        if self._waiting.qsize() < _WAITING:
            self._waiting.put_nowait((query_id, toast))

    async def run(self, stop: asyncio.Event) -> None:
        """Answer until `stop` is set; what waits then is still answered."""
        async with asyncio.TaskGroup() as group:
            for _ in range(_AT_ONCE):
                group.create_task(self._serve())
            await stop.wait()
            for _ in range(_AT_ONCE):
                self._waiting.put_nowait(None)

    async def _serve(self) -> None:
        while (press := await self._waiting.get()) is not None:
            await self._answer(*press)
