# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Notices what was published while the program runs, by any process: the next conversation begins on it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from functools import partial

from bot.domain.editions import Edition
from bot.errors import StoreUnavailable
from bot.ports import Storage, UnitOfWork
from bot.services.publish import renewed
from dialogs.book import DialogBook
from dialogs.instruments import Pack
from dialogs.problems import DialogError
from scheduler.clock import Clock

logger = logging.getLogger(__name__)

LOOK_EVERY_S = 3.0


class DialogWatch:
    """The book of all published dialogs, kept up to date. `trouble` is empty, or what keeps it from being so.

    `look_every_s` is measured on `clock`. A look is one statement for the number of the newest edition; only
    what is new is read.
    """

    def __init__(self, clock: Clock, packs: Mapping[str, Pack], look_every_s: float = LOOK_EVERY_S) -> None:
        self.trouble = ""
        self.book = DialogBook((), packs)
        self._clock = clock
        self._look_every_s = look_every_s
        self._seen = 0  # the newest edition that was looked at
        self._read = 0  # the newest one that is in the book

    async def look(self, storage: Storage) -> bool:
        """Read what is new; True if anything was.

        Raises `StoreUnavailable`, and `DialogError` if this program cannot read a newest version; then the
        book stays as it was, and the same edition is not tried again.
        """
        editions = await storage.run(partial(_newer, seen=self._seen, read=self._read))
        if not editions:
            return False
        self._seen = max(edition.number for edition in editions)
        self.book = await asyncio.to_thread(renewed, self.book, editions)
        self._read = self._seen
        return True

    async def run(self, storage: Storage, stop: asyncio.Event, renew: Callable[[DialogBook], None]) -> None:
        """Look again and again until `stop` is set; `renew` is told of each new book."""
        while not await self._clock.wait(stop, self._look_every_s):
            try:
                if await self.look(storage):
                    renew(self.book)
                    self.trouble = ""
                    logger.info("dialogs: renewed, %d versions", len(self.book))
            except StoreUnavailable:
                continue  # the database is waited for elsewhere; what is new stays new
            except DialogError as error:
                problem = error.problems[0]
                self.trouble = f"{problem.file} is published, but cannot be read here: update this process"
                logger.warning("dialogs: %s", self.trouble)


def _newer(uow: UnitOfWork, seen: int, read: int) -> list[Edition]:
    return uow.ledger.published(read) if uow.ledger.newest_edition() > seen else []
