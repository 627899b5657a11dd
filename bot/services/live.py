# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Live events inside one process: a page that waits is told that something changed, never what."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

#: Topic of everything that staff may want to see at once.
STAFF = "staff"


def person(participant_id: int) -> str:
    """The topic of one participant's timeline."""
    return f"person:{participant_id}"


class Live:
    """Wakes listeners by topic. Listeners that are slow miss nothing: they read the state, not the event."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[asyncio.Event]] = {}

    def publish(self, topics: Iterable[str]) -> None:
        """Wake everyone who listens to one of `topics`."""
        for topic in topics:
            for listener in self._listeners.get(topic, ()):
                listener.set()

    def publish_all(self) -> None:
        """Wake everyone: anything may have changed."""
        self.publish(tuple(self._listeners))

    @contextmanager
    def listen(self, topic: str) -> Iterator[asyncio.Event]:
        """An event that is set at each change; the listener clears it before it reads the state."""
        listener = asyncio.Event()
        listeners = self._listeners.setdefault(topic, set())
        listeners.add(listener)
        try:
            yield listener
        finally:
            listeners.discard(listener)
            if not listeners:
                self._listeners.pop(topic, None)

    def is_heard(self, topic: str) -> bool:
        """Whether anybody listens to the topic at this moment."""
        return topic in self._listeners

    @property
    def count(self) -> int:
        """How many listeners there are."""
        return sum(len(listeners) for listeners in self._listeners.values())
