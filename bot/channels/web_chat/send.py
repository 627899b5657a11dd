# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Sending to a page: the page reads the storage, so what is committed has arrived where it will be read."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.delivery import Sent
from bot.domain.messages import DataClass, Outgoing


class PageChannel:
    """A way out that ends on one of our own pages. An open page hears of the commit by live events.

    `Sent` means that the message is there to be read; `is_open` tells whether anybody has such a page open.
    """

    default_class = DataClass.HEALTH

    def __init__(self, name: str, is_open: Callable[[], bool] = lambda: False) -> None:
        self.name = name
        self._is_open = is_open

    async def send(self, message: Outgoing) -> Sent:
        """See `bot.ports.Channel`. The message's id on the page is its number in the timeline."""
        return Sent(str(message.id), reached=self._is_open())
