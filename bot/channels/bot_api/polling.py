# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Receiving by long polling: updates are confirmed only after everything they cause is committed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from bot.channels.bot_api.presses import AnswerPress, PressAnswers
from bot.channels.bot_api.updates import Batch, Update, read_batch
from bot.errors import ConfigurationError, StoreUnavailable
from bot.ports import Inbox
from scheduler.clock import Clock

#: `(offset, seconds)` -> the body of the answer to getUpdates, whatever its HTTP status. Offset 0 confirms
#: nothing. Raises `ConnectionError`, whose text is the name of the error's class, when no answer came.
Fetch = Callable[[int, int], Awaitable[bytes]]

LONG_POLL_SECONDS = 30
_LONGEST_PAUSE = 30.0

_log = logging.getLogger(__name__)


class Poller:
    """Polls one bot. Several at once on one token disturb each other; Telegram answers 409 then."""

    def __init__(
        self, channel: str, fetch: Fetch, inbox: Inbox, answer_press: AnswerPress, clock: Clock
    ) -> None:
        self._channel = channel
        self._ask = fetch
        self._inbox = inbox
        self._answers = PressAnswers(answer_press)
        self._clock = clock
        self._offset = 0
        self._failures = 0
        self._trouble = ""

    @property
    def trouble(self) -> str:
        """Why nothing is being received at the moment; empty when all is well."""
        return self._trouble

    async def run(self, stop: asyncio.Event) -> None:
        """Receive until `stop` is set; a batch in hand is finished first.

        Each person's updates are taken one after the other, different persons' at the same time. When the
        store cannot take one, it and all after it are fetched again later; taking twice does no harm.
        Raises `ConfigurationError` when Telegram refuses the token. Whatever else `inbox.take` raises is
        a broken promise and ends the loop.
        """
        finished = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._answers.run(finished))
            refused = await self._receive(stop)
            finished.set()
        if refused:
            raise ConfigurationError([f"{self._channel}: Telegram refuses the token"])

    async def _receive(self, stop: asyncio.Event) -> bool:
        while not stop.is_set():
            batch = await self._fetch(stop)
            if batch is None:
                continue
            if batch.code in (401, 404):
                return True
            trouble = _trouble(batch) or await self._take(batch.updates)
            if trouble:
                await self._clock.wait(stop, self._back_off(trouble, batch.retry_after))
            elif self._trouble:
                _log.info("%s: receiving again", self._channel)
                self._trouble, self._failures = "", 0
        return False

    async def _fetch(self, stop: asyncio.Event) -> Batch | None:
        """The next batch; None if there is none because of `stop` or a failure that was slept off."""
        async with asyncio.TaskGroup() as race:
            fetching = race.create_task(self._try_fetch())
            stopping = race.create_task(stop.wait())
            await asyncio.wait((fetching, stopping), return_when=asyncio.FIRST_COMPLETED)
            fetching.cancel()
            stopping.cancel()
        if fetching.cancelled():
            return None
        outcome = fetching.result()
        if isinstance(outcome, Batch):
            return outcome
        await self._clock.wait(stop, self._back_off(outcome))
        return None

    async def _try_fetch(self) -> Batch | str:
        try:
            return read_batch(await self._ask(self._offset, LONG_POLL_SECONDS), self._channel)
        except ConnectionError as error:
            return f"no connection ({error})"
        except ValueError:
            return "the answer is not the Bot API's"

    async def _take(self, updates: Sequence[Update]) -> str:
        """Hand over a batch and move the offset past what is committed. Returns the trouble, if any."""
        chains: dict[str, list[Update]] = {}
        for update in updates:
            if update.incoming is not None:
                chains.setdefault(update.person, []).append(update)
            elif update.query_id:
                self._answers.put(update.query_id, "")
        if len(chains) == 1:
            failed = [await self._take_chain(chain) for chain in chains.values()]
        else:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(self._take_chain(chain)) for chain in chains.values()]
            failed = [task.result() for task in tasks]
        first_failed = min((update_id for update_id in failed if update_id is not None), default=None)
        if first_failed is not None:
            self._offset = first_failed
            return "the store cannot take messages"
        if updates:
            self._offset = updates[-1].update_id + 1
        return ""

    async def _take_chain(self, chain: Sequence[Update]) -> int | None:
        """Take one person's updates in order. Returns the id of the first that could not be committed."""
        for update in chain:
            assert update.incoming is not None
            try:
                receipt = await self._inbox.take(update.incoming)
            except StoreUnavailable:
                return update.update_id
            if update.query_id:
                self._answers.put(update.query_id, receipt.toast)
        return None

    def _back_off(self, trouble: str, retry_after: int = 0) -> float:
        if trouble != self._trouble:
            _log.warning("%s: nothing is received: %s", self._channel, trouble)
        self._trouble = trouble
        self._failures += 1
        return max(float(retry_after), min(_LONGEST_PAUSE, 2.0 ** min(self._failures - 1, 10)))


def _trouble(batch: Batch) -> str:
    if batch.code == 409:
        if batch.webhook_is_set:
            return "a webhook is set for this bot; polling needs it removed"
        return "another process polls this bot"
    if batch.code:
        return f"Telegram answers {batch.code}"
    if batch.unreadable and not batch.updates:
        return "the updates have no ids"
    return ""
