# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Numbers for Prometheus: how much waits and how long, never what it says."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from bot.errors import StoreUnavailable
from bot.ports import Storage, UnitOfWork
from bot.services.live import Live


class Metrics:
    """Reads the state at the moment of the question, so that every process tells the same."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self._registry = CollectorRegistry()
        self._up = self._gauge("lotse_database_up", "1 if the database answers")
        self._outbox = self._gauge("lotse_outbox_waiting", "messages not yet settled", "channel")
        self._concerns = self._gauge("lotse_concerns_open", "concerns that no human has closed", "level")
        self._parked = self._gauge(
            "lotse_timers_parked", "timers that failed too often and wait for an admin"
        )
        self._streams = self._gauge("lotse_live_listeners", "open live streams")

    async def render(self, storage: Storage) -> bytes:
        """The text format of Prometheus."""
        self._streams.set(self._live.count)
        try:
            depth, concerns, parked = await storage.run(_read)
        except StoreUnavailable:
            self._up.set(0)
        else:
            self._up.set(1)
            self._parked.set(parked)
            self._outbox.clear()
            for channel, count in depth.items():
                self._outbox.labels(channel).set(count)
            self._concerns.clear()
            for level, count in concerns.items():
                self._concerns.labels(level).set(count)
        return generate_latest(self._registry)

    def _gauge(self, name: str, meaning: str, *labels: str) -> Gauge:
        return Gauge(name, meaning, labels, registry=self._registry)


def _read(uow: UnitOfWork) -> tuple[dict[str, int], dict[str, int], int]:
    concerns = {level.value: count for level, count in uow.concerns.count_open().items()}
    return uow.outbox.depth(), concerns, uow.timers.parked()
