# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Where channels hand over: one unit of work each, and no message is lost to a fault of ours."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial

from bot.domain.channels import kind_of
from bot.domain.messages import Incoming
from bot.errors import StoreUnavailable
from bot.ports import Receipt, Storage
from bot.services.receive import receive
from bot.services.rulebook import Rulebook
from bot.services.set_aside import only_keep, rescue, set_aside
from bot.services.staff_desk import receive_from_staff
from scheduler.clock import Clock

logger = logging.getLogger(__name__)

#: Kinds of channels on which staff, not participants, write.
STAFF_CHANNELS = frozenset({"telegram_staff", "terminal_staff", "console"})
_STAFF = (receive_from_staff, only_keep)
_PARTICIPANTS = (receive, rescue, set_aside)


class StorageInbox:
    """Runs the right use case for what came in, and tells the rest of the program after the commit."""

    def __init__(
        self,
        storage: Storage,
        rules: Callable[[], Rulebook],
        clock: Clock,
        committed: Callable[[Receipt], None],
    ) -> None:
        self._storage = storage
        self._rules = rules
        self._clock = clock
        self._committed = committed

    async def take(self, incoming: Incoming) -> Receipt:
        """See `bot.ports.Inbox`. What cannot be processed is kept for a human to see."""
        # One after the other, each with less in it that could be at fault.
        *ways, last = _STAFF if kind_of(incoming.channel) in STAFF_CHANNELS else _PARTICIPANTS
        now = self._clock.now()
        for way in ways:
            try:
                receipt = await self._storage.run(
                    partial(way, rules=self._rules(), incoming=incoming, now=now)
                )
            except StoreUnavailable:
                raise
            except Exception as fault:  # one of the few that may: a fault must not cost a message
                logger.exception(
                    "inbox: fault %s cause=%s:%s", type(fault).__name__, incoming.channel, incoming.delivery
                )
            else:
                logger.info("inbox: taken cause=%s:%s", incoming.channel, incoming.delivery)
                break
        else:
            receipt = await self._storage.run(partial(last, rules=self._rules(), incoming=incoming, now=now))
        self._committed(receipt)
        return receipt
