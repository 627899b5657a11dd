# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The auditor: looks at all live data again and again, repairs, raises the alarm, and tells the outside.

Any number of processes may run one; they take turns by a row. A cycle is many short use cases, so that nobody
waits for it.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

import msgspec

from bot.audit_ports import Broken
from bot.domain.audit import AuditRecord, Fault, Finding, Pace
from bot.errors import StoreUnavailable
from bot.ports import Receipt, Storage
from bot.services import audit, audit_book, audit_chain, audit_repairs
from bot.services.rulebook import Rulebook
from scheduler.clock import Clock

logger = logging.getLogger(__name__)

_DAY = timedelta(days=1)
#: So many broken rows of a table that is looked at in parts are kept in mind until their part comes again.
_MOST_KNOWN = 500

#: Tells somebody outside that all is sound; False if it could not be told. Raises nothing.
Ping = Callable[[], Awaitable[bool]]


@dataclass(slots=True)
class _Cycle:
    """What one cycle has come to so far."""

    record: AuditRecord
    now: datetime
    findings: list[Finding] = field(default_factory=list)
    repaired: Counter[str] = field(default_factory=Counter)
    cursors: dict[str, int] = field(default_factory=dict)
    known: dict[str, tuple[Broken, ...]] = field(default_factory=dict)


class Auditor:
    """Runs cycles. `committed` is told what follows from a repair or an alarm, after its commit."""

    def __init__(
        self,
        storage: Storage,
        rules: Callable[[], Rulebook],
        clock: Clock,
        committed: Callable[[Receipt], None],
        pace: Pace,
        ping: Ping | None = None,
    ) -> None:
        self._storage = storage
        self._rules = rules
        self._clock = clock
        self._committed = committed
        self._pace = pace
        self._ping = ping
        self._began_at = clock.now()
        #: How often the outside could not be told, since this process began.
        self.failed_pings = 0
        self._heads_logged: datetime | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """A cycle, and another, until `stop` is set. The first one when things had time to begin."""
        while not await self._clock.wait(stop, self._pace.every.total_seconds()):
            try:
                await self.cycle()
            except Exception as error:  # noqa: BLE001  (an auditor that ends would end the whole process)
                # `/readyz` says that no cycle ends, and the watch outside hears nothing.
                logger.error("auditor: a cycle failed: %s", type(error).__name__)  # noqa: TRY400

    async def cycle(self) -> AuditRecord | None:
        """Look at everything once. None if another process does it, or the store is away."""
        now = self._clock.now()
        try:
            record = await self._storage.run(partial(audit_book.begin, now=now, pace=self._pace))
            if record is None:
                return None
            cycle = _Cycle(record, now)
            for fault in audit.due_checks(record, now, self._pace):
                await self._check(cycle, fault)
            record = await self._conclude(cycle)
            await self._seal(now)
        except StoreUnavailable:
            logger.warning("auditor: store unavailable, nothing was checked")
            return None
        is_sound = record.is_sound and record.took <= self._pace.longest
        if is_sound and self._ping is not None and not await self._ping():
            self.failed_pings += 1
            logger.warning("auditor: the heartbeat could not be delivered")
        return record

    async def _seal(self, now: datetime) -> None:
        """Put what was written into the chain of the audit log; once a day its end goes into our own log."""
        while await self._storage.run(audit_chain.seal) == audit_chain.AT_ONCE:
            continue
        if self._heads_logged is not None and now - self._heads_logged < _DAY:
            return
        self._heads_logged = now
        for agency_id, head in (await self._storage.run(audit_chain.heads)).items():
            logger.info("audit log: agency=%d head=%s", agency_id, head)

    async def problems(self) -> list[str]:
        """What the last cycle found, in whichever process, and what is stuck now; empty when all is sound."""
        now = self._clock.now()
        look = partial(audit_book.problems, now=now, began_at=self._began_at, pace=self._pace)
        return await self._storage.run(look)

    async def _check(self, cycle: _Cycle, fault: Fault) -> None:
        try:
            at = cycle.now, self._pace
            look = partial(audit.look, rules=self._rules(), fault=fault, record=cycle.record, at=at)
            seen = await self._storage.run(look)
            cycle.cursors[fault.value] = seen.next_after
            done = await self._repair(cycle, fault, seen) if seen.broken else set[int]()
            is_part = bool(seen.next_after or cycle.record.cursors.get(fault.value, 0))
            left = tuple(one for one in seen.broken if one[1] not in done)
            cycle.known[fault.value] = left[:_MOST_KNOWN] if is_part else ()
            cycle.findings += seen.findings(fault, done)
        except StoreUnavailable:
            raise
        except Exception as error:  # noqa: BLE001  (one check that fails must not blind all the others)
            # No text and no traceback: both can hold what a person wrote.
            logger.error("auditor: check %s failed: %s", fault.value, type(error).__name__)  # noqa: TRY400
            cycle.findings.append(Finding(Fault.NOT_CHECKED, self._agency_id, 1))

    async def _repair(self, cycle: _Cycle, fault: Fault, seen: audit.Seen) -> set[int]:
        """Put right what can be; returns the ids that are in order now."""
        ids = audit_repairs.promising(self._rules(), fault, seen.broken)
        done = set[int]()
        for start in range(0, len(ids), audit_repairs.AT_ONCE):
            done |= await self._repair_some(cycle, fault, ids[start : start + audit_repairs.AT_ONCE])
        if done:
            logger.warning("auditor: repaired %d of %s", cycle.repaired[fault.value], fault.value)
        return done

    async def _repair_some(self, cycle: _Cycle, fault: Fault, ids: list[int]) -> set[int]:
        """All in one commit; where one fails, each by itself, so that it stops no other."""
        at = cycle.now, cycle.now - self._pace.grace
        use_case = partial(audit_repairs.repair, rules=self._rules(), fault=fault, ids=ids, at=at)
        try:
            repaired = await self._storage.run(use_case)
        except StoreUnavailable:
            raise
        except Exception as error:  # noqa: BLE001  (what cannot be repaired is a finding, whatever the reason)
            if len(ids) > 1:
                return set().union(*[await self._repair_some(cycle, fault, [number]) for number in ids])
            name = type(error).__name__
            logger.error("auditor: %s of %d not repaired: %s", fault.value, ids[0], name)  # noqa: TRY400
            return set()
        self._committed(repaired.receipt)
        cycle.repaired[fault.value] += repaired.changed
        return set(repaired.ids)

    async def _conclude(self, cycle: _Cycle) -> AuditRecord:
        for finding in cycle.findings:
            ids = ", ".join(map(str, finding.ids))
            logger.error("auditor: %s agency=%d ids=%s", finding.line, finding.agency_id, ids)
        known = cycle.record.known | cycle.known
        record = msgspec.structs.replace(
            cycle.record,
            findings=tuple(cycle.findings),
            cursors=cycle.record.cursors | cycle.cursors,
            known={fault: broken for fault, broken in known.items() if broken},
        )
        now = self._clock.now()
        conclude = partial(audit_book.conclude, cycle=record, repaired=cycle.repaired, now=now)
        record = await self._storage.run(conclude)
        for agency_id in sorted({finding.agency_id for finding in record.findings}):
            await self._tell(agency_id, now)
        return record

    async def _tell(self, agency_id: int, now: datetime) -> None:
        """One agency after the other: whose team cannot be read silences no other's."""
        use_case = partial(audit_book.tell, rules=self._rules(), agency_id=agency_id, now=now)
        try:
            receipt = await self._storage.run(use_case)
        except StoreUnavailable:
            raise
        except Exception as error:  # noqa: BLE001  (then `/readyz` and the silent heartbeat are the alarm)
            name = type(error).__name__
            logger.error("auditor: nobody of agency %d could be told: %s", agency_id, name)  # noqa: TRY400
            return
        self._committed(receipt)

    @property
    def _agency_id(self) -> int:
        return self._rules().home
