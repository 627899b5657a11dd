# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Numbers for Prometheus: how much waits and how long, never what it says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from bot.domain.agency import Agency
from bot.domain.audit import AuditRecord, Fault
from bot.domain.concerns import Level
from bot.errors import StoreUnavailable
from bot.ports import Storage, UnitOfWork
from bot.services import audit_book
from bot.services.live import Live


@dataclass(frozen=True, slots=True)
class ProcessState:
    """What one process does: `speaks` by channel; seconds since its worker looked, None if it has none.

    `failed_pings` counts heartbeats that could not be delivered since it began.
    """

    roles: frozenset[str]
    speaks: Mapping[str, bool]
    hears_others: bool
    workers: int
    worker_looked_s: float | None
    failed_pings: int = 0


class Metrics:
    """Reads the state at the moment of the question. What is in the database every process tells the same."""

    def __init__(
        self, live: Live, state: Callable[[], ProcessState], agencies: Callable[[], Mapping[int, Agency]]
    ) -> None:
        self._agencies = agencies
        self._live = live
        self._state = state
        self._registry = CollectorRegistry()
        self._up = self._gauge("lotse_database_up", "1 if the database answers")
        self._outbox = self._gauge("lotse_outbox_waiting", "messages not yet settled", "channel")
        self._concerns = self._gauge(
            "lotse_concerns_open", "concerns that no human has closed", "level", "agency"
        )
        self._parked = self._gauge(
            "lotse_timers_parked", "timers that failed too often and wait for an admin"
        )
        self._streams = self._gauge("lotse_live_listeners", "open live streams")
        self._role = self._gauge("lotse_role", "1 for each role of this process", "role")
        self._speaks = self._gauge(
            "lotse_speaker", "1 if this process speaks for the channel, 0 if it stands by", "channel"
        )
        self._hears = self._gauge(
            "lotse_listener_connected", "1 if notices of other processes can be heard here"
        )
        self._workers = self._gauge("lotse_workers", "processes that fire timers, as far as this one knows")
        self._looked = self._gauge(
            "lotse_worker_look_age_seconds",
            "since this process last looked for due timers; -1 if it does not",
        )
        self._findings = self._gauge("lotse_audit_findings", "rows that break a promise", "fault")
        self._repaired = self._gauge("lotse_audit_repaired", "rows put right since the beginning", "fault")
        self._audited = self._gauge(
            "lotse_audit_ended_seconds",
            "when a cycle of the auditor last ended, in seconds since 1970; 0: never",
        )
        self._pings = self._gauge(
            "lotse_heartbeats_failed", "heartbeats that could not be delivered since this process began"
        )

    async def render(self, storage: Storage) -> bytes:
        """The text format of Prometheus."""
        self._streams.set(self._live.count)
        self._show(self._state())
        try:
            depth, concerns, parked, audited = await storage.run(_read)
        except StoreUnavailable:
            self._up.set(0)
        else:
            self._up.set(1)
            self._parked.set(parked)
            _fill(self._outbox, depth)
            self._show_concerns(concerns)
            self._show_audit(audited)
        return generate_latest(self._registry)

    def _show(self, state: ProcessState) -> None:
        _fill(self._role, dict.fromkeys(state.roles, 1))
        _fill(self._speaks, {name: int(speaks) for name, speaks in state.speaks.items()})
        self._hears.set(int(state.hears_others))
        self._workers.set(state.workers)
        self._looked.set(-1 if state.worker_looked_s is None else state.worker_looked_s)
        self._pings.set(state.failed_pings)

    def _show_concerns(self, counts: Mapping[tuple[int, Level], int]) -> None:
        self._concerns.clear()
        for number, agency in self._agencies().items():
            for level in Level:
                self._concerns.labels(level.value, agency.key).set(counts.get((number, level), 0))

    def _show_audit(self, record: AuditRecord | None) -> None:
        found = dict.fromkeys((fault.value for fault in Fault), 0)
        for finding in record.findings if record else ():
            found[finding.fault.value] += finding.count
        _fill(self._findings, found)
        _fill(self._repaired, record.repaired if record else {})
        ended = record.finished_at if record else None
        self._audited.set(ended.timestamp() if ended else 0)

    def _gauge(self, name: str, meaning: str, *labels: str) -> Gauge:
        return Gauge(name, meaning, labels, registry=self._registry)


def _fill(gauge: Gauge, values: Mapping[str, int]) -> None:
    gauge.clear()
    for name, value in values.items():
        gauge.labels(name).set(value)


def _read(uow: UnitOfWork) -> tuple[dict[str, int], dict[tuple[int, Level], int], int, AuditRecord | None]:
    return uow.outbox.depth(), uow.concerns.count_open(), uow.timers.parked(), audit_book.read(uow)
