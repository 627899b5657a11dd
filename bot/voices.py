# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""All ways out of this process, each with its turn."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from bot.neighbours import Neighbours
from bot.ports import Channel, Storage
from bot.services.pump import Pump
from bot.speaker import Receive, Speaker
from scheduler.rates import SendLimits

#: Makes a pump for a channel on a storage: everything else is the same for all of them.
PumpFor = Callable[..., Pump]

# How often a way out looks by itself: rarely where this process makes all commits, and rings the bell; more
# often where others ring it, in case that fails; all the time where nobody can.
_LOOK_ALONE_S = 30.0
_LOOK_AMONG_OTHERS_S = 5.0
_LOOK_UNHEARD_S = 1.0


class Voices:
    """Makes a speaker for each channel and keeps it running. `has_all_roles`: nobody else need play any."""

    def __init__(
        self, neighbours: Neighbours, storage: Storage, make: PumpFor, *, has_all_roles: bool
    ) -> None:
        self._neighbours = neighbours
        self._storage = storage
        self._make = make
        self._speakers: dict[str, Speaker] = {}
        self._look_every_s = _LOOK_UNHEARD_S
        if neighbours.may_be_others:
            self._look_every_s = _LOOK_AMONG_OTHERS_S
        elif has_all_roles:
            self._look_every_s = _LOOK_ALONE_S

    @property
    def pumps(self) -> Mapping[str, Pump]:
        """The ways out for which this process speaks at the moment."""
        return {name: one.pump for name, one in self._speakers.items() if one.pump is not None}

    def add_page(self, channel: Channel) -> None:
        """One more way out that ends on one of our own pages or screens."""
        self._add(channel, f"page {channel.name}", lambda: None)

    def add_bot(
        self, channel: Channel, token: str, limits: Callable[[], SendLimits], receive: Receive
    ) -> None:
        """One more way out, to a messenger: whoever speaks for a token receives for it, too."""
        self._add(channel, token, limits, receive)

    def wake(self, channel: str) -> None:
        """There may be something to send there."""
        if (speaker := self._speakers.get(channel)) is not None:
            speaker.wake()

    def wake_all(self) -> None:
        """There may be something to send anywhere."""
        for speaker in self._speakers.values():
            speaker.wake()

    def speaking(self) -> dict[str, bool]:
        """For each channel, whether it is this process's turn."""
        return {name: speaker.speaks for name, speaker in self._speakers.items()}

    def stands_by(self, channel: str) -> bool:
        """Whether another process speaks there, so that this one need not."""
        speaker = self._speakers.get(channel)
        return speaker is not None and speaker.stands_by

    async def run(self, stop: asyncio.Event) -> None:
        """Speak wherever it is our turn, until `stop` is set; what is in hand is finished."""
        async with asyncio.TaskGroup() as group:
            for speaker in self._speakers.values():
                group.create_task(speaker.run(stop))

    def _add(
        self,
        channel: Channel,
        what: str,
        limits: Callable[[], SendLimits | None],
        receive: Receive | None = None,
    ) -> None:
        def make(sending: Channel, storage: Storage) -> Pump:
            more: dict[str, Any] = {"limits": limits(), "look_every_s": self._look_every_s}
            return self._make(sending, storage, **more)

        speaker = Speaker(channel, what, self._neighbours, self._storage, make, receive)
        self._speakers[channel.name] = speaker
