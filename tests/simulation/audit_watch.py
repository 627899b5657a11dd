# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The auditor against the oracle: what it finds must be so, and in calm weather it repairs nothing.

Except one thing: whoever held a case goes on leave, or for good, and somebody else must be called.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from bot.domain.audit import AuditRecord, Fault
from tests.simulation.facts import micros
from tests.simulation.sight import Sight, Watch
from tests.simulation.staff_watch import Presence

_FACT = "SELECT value FROM fact WHERE name = 'auditor'"
_CALM_S = 1800.0
#: True in a storm for a while: processes were down, or were set back.
_OF_STORMS = frozenset(
    {
        Fault.OVERDUE,
        Fault.TIMER_LATE,
        Fault.MESSAGE_STUCK,
        Fault.LEASE_OVER,
        Fault.CALL_LOST,
        Fault.PERSON_NOT_TOLD,
    }
)


class AuditWatch(Watch):
    """Reads what each cycle wrote down."""

    def __init__(self, sight: Sight) -> None:
        super().__init__(sight)
        self._presence = Presence(self)
        self._text = ""
        self._begun = 0
        self._repaired: dict[str, int] = {}
        self._is_so: dict[Fault, Callable[[int], bool]] = {
            Fault.LEAD_NOT_TOLD: self._nobody_was_called,
            Fault.NOBODY: self._holder_cannot_be_called,
        }

    def committed(self, update: str, changed: int) -> None:
        if update:
            return
        row = self.facts.one(_FACT)
        if row is None or row[0] == self._text:
            return
        self._text = row[0]
        record = msgspec.json.decode(row[0], type=AuditRecord)
        if record.finished_at is not None and record.finished_at >= record.begun_at:
            self._check(record)

    def _check(self, record: AuditRecord) -> None:
        self._begun = micros(record.begun_at)
        is_calm = self.sight.calm_for > _CALM_S
        for finding in record.findings:
            self.sight.storm.counts[f"audit: {finding.fault.value}"] = 1
            for number in finding.ids:
                if not self._agrees(finding.fault, number, is_calm=is_calm):
                    self.sight.break_("audit", f"the auditor says {finding.line}, {number}, and it is not so")
        for fault, count in record.repaired.items():
            if count > self._repaired.get(fault, 0) and is_calm and not self._is_excused(fault):
                self.sight.break_("audit", f"the auditor repaired {fault} although nothing went wrong")
        self._repaired = dict(record.repaired)

    def _is_excused(self, fault: str) -> bool:
        if fault == Fault.NOBODY:
            return all(map(self._holder_cannot_be_called, self._called_again()))
        # What was planned by a clock that ran ahead rests too long when that is right again, hours later.
        return fault == Fault.RESTS_TOO_LONG and self.sight.storm.set_wrong_at > 0

    def _called_again(self) -> list[int]:
        """The concerns for which this cycle called somebody because nobody could be called."""
        found = self.facts.rows(
            "SELECT DISTINCT subject FROM audit WHERE action = ? AND at >= ?",
            f"repaired_{Fault.NOBODY.value}",
            self._begun,
        )
        return [int(subject) for (subject,) in found]

    def _agrees(self, fault: Fault, number: int, *, is_calm: bool) -> bool:
        if fault in _OF_STORMS:
            return not is_calm
        return fault in self._is_so and self._is_so[fault](number)

    def _nobody_was_called(self, number: int) -> bool:
        # Between the auditor's look and its last word somebody may have been called after all.
        nobody = self.facts.number(
            "SELECT count(*) FROM concern_event WHERE concern_id = ? AND event = 'nobody_reachable'", number
        )
        calls = self.facts.number(
            """SELECT count(*) FROM outgoing WHERE concern_id = ? AND kind = 'staff_alert'
            AND state IN ('queued', 'sending', 'sent') AND posted_at < ?""",
            number,
            self._begun,
        )
        return bool(nobody) and not calls

    def _holder_cannot_be_called(self, number: int) -> bool:
        row = self.facts.one("SELECT owner_id, taken_by, raised_at FROM concern WHERE id = ?", number)
        if row is None:
            return False
        holder = row[1] or row[0]
        at = self.facts.number("SELECT max(at) FROM concern_event WHERE concern_id = ?", number)
        return holder is None or not self._presence.surely_called(holder, at)
