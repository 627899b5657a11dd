# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What the auditor looks for on live data, and what it writes down about a cycle."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

import msgspec


class Fault(StrEnum):
    """A way in which a promise may be broken. The values stand in `/readyz`, metrics and the audit log."""

    UNREADABLE = "concern_not_readable"
    SEALED = "concern_content_not_readable"
    NO_TIMER = "concern_without_next_action"
    OVERDUE = "concern_overdue"
    NO_LADDER = "concern_without_ladder"
    RESTS_TOO_LONG = "concern_rests_too_long"
    NOBODY = "concern_without_human"
    LEAD_NOT_TOLD = "uncovered_nobody_called"
    PERSON_NOT_TOLD = "uncovered_person_not_told"
    LEFT_WAITING = "danger_person_left_waiting"
    NO_FIRST_WORDS = "danger_without_crisis_text"
    HELP_LOST = "crisis_text_lost"
    TALK_WITHOUT_END = "talk_without_end"
    CLOSED_BY_NOBODY = "closed_without_human"
    DELIVERY_TWICE = "delivery_recorded_twice"
    MESSAGE_STUCK = "message_stuck"
    LEASE_OVER = "message_lease_over"
    MESSAGE_UNREADABLE = "message_not_readable"
    CALL_LOST = "failed_call_without_next"
    TIMER_LATE = "timer_late"
    TIMER_PARKED = "timer_parked"
    UNWANTED = "message_unwanted"
    WRONG_ADDRESS = "message_at_wrong_address"
    SCORE_WITHOUT_RULE = "score_without_rule"
    UNTRUE_RECEIPT = "receipt_not_true"
    APPOINTMENT_LOST = "appointment_without_timer"
    VISIT_LOST = "home_visit_without_timer"
    NEVER_WAKES = "conversation_never_wakes"
    PLAN_LOST = "plan_without_timer"
    DUTY_LOST = "duty_watch_without_timer"
    REFERRAL_LOST = "referral_without_timer"
    CONFERENCE_LOST = "conference_without_timer"
    TASK_LOST = "conference_task_without_timer"
    VERSION_GONE = "dialog_version_gone"
    NOT_CHECKED = "not_checked"  # the check itself failed, so that nobody knows


#: Which promise each fault breaks (docs/promises.md).
PROMISES: dict[Fault, str] = {
    Fault.UNREADABLE: "P1",
    Fault.SEALED: "P1",
    Fault.NO_TIMER: "P1",
    Fault.OVERDUE: "P1",
    Fault.NO_LADDER: "P1",
    Fault.RESTS_TOO_LONG: "P1",
    Fault.NOBODY: "P1",
    Fault.LEAD_NOT_TOLD: "P1",
    Fault.PERSON_NOT_TOLD: "P1",
    Fault.LEFT_WAITING: "P1",
    Fault.NO_FIRST_WORDS: "P1",
    Fault.HELP_LOST: "P3",
    Fault.TALK_WITHOUT_END: "P7",
    Fault.CLOSED_BY_NOBODY: "P1",
    Fault.DELIVERY_TWICE: "P2",
    Fault.MESSAGE_STUCK: "P3",
    Fault.LEASE_OVER: "P3",
    Fault.MESSAGE_UNREADABLE: "P3",
    Fault.CALL_LOST: "P3",
    Fault.TIMER_LATE: "P3",
    Fault.TIMER_PARKED: "P3",
    Fault.UNWANTED: "P4",
    Fault.WRONG_ADDRESS: "P5",
    Fault.SCORE_WITHOUT_RULE: "P6",
    Fault.UNTRUE_RECEIPT: "P7",
    Fault.APPOINTMENT_LOST: "P3",
    Fault.VISIT_LOST: "P1",
    Fault.NEVER_WAKES: "P9",
    Fault.PLAN_LOST: "P3",
    Fault.DUTY_LOST: "P1",
    Fault.REFERRAL_LOST: "P3",
    Fault.CONFERENCE_LOST: "P3",
    Fault.TASK_LOST: "P3",
    Fault.VERSION_GONE: "P9",
    Fault.NOT_CHECKED: "P1",
}

#: Faults of lateness: not looked for while nobody could have been in time (after a start, a jump of time).
LATENESS = frozenset({Fault.OVERDUE, Fault.TIMER_LATE, Fault.MESSAGE_STUCK})

#: So many ids of a finding are kept and shown.
SHOWN = 20


class Finding(msgspec.Struct, frozen=True):
    """What one check found in one agency: how many rows, and the ids of the first. Never content.

    The ids are of concerns, messages, timers, scores, conversations or deliveries, as the fault says; of
    people where plans are, and of the agency where its duty is.
    """

    fault: Fault
    agency_id: int
    count: int
    ids: tuple[int, ...] = ()

    @property
    def promise(self) -> str:
        """The promise that is broken, like "P1"."""
        return PROMISES[self.fault]

    @property
    def line(self) -> str:
        """One line for an operator."""
        return f"promise {self.promise}: {self.fault.value} ({self.count})"


class Told(msgspec.Struct, frozen=True):
    """When staff were last told of a fault, and of which ids."""

    at: datetime
    ids: tuple[int, ...] = ()


class AuditRecord(msgspec.Struct, frozen=True):
    """The last cycle, as every process reads it.

    `begun_at` keeps two processes from doing the same; `finished_at` is when a cycle last came to its end.
    `watched_since` is the beginning of the cycles that followed each other without a hole. `findings` is what
    could not be repaired. `repaired` counts since the beginning. `cursors` say how far a check has come that
    looks at a part in each cycle, and `known` is what it found in the parts before: agencies and ids. `told`
    is by agency and fault.
    """

    begun_at: datetime
    watched_since: datetime
    finished_at: datetime | None = None
    findings: tuple[Finding, ...] = ()
    repaired: dict[str, int] = {}
    cursors: dict[str, int] = {}
    known: dict[str, tuple[tuple[int, int], ...]] = {}
    told: dict[str, Told] = {}

    @property
    def is_sound(self) -> bool:
        """Whether the last cycle came to its end and nothing is left to be mended."""
        return self.finished_at is not None and not self.findings

    @property
    def took(self) -> timedelta:
        """How long the last cycle took that has come to its end."""
        return self.finished_at - self.begun_at if self.finished_at else timedelta()


class Pace(msgspec.Struct, frozen=True):
    """How often is looked, and what counts as late, on the program's clock.

    `every`: the time from one cycle to the next. `grace`: what is overdue for longer is not late but stuck.
    """

    every: timedelta = timedelta(seconds=30)
    grace: timedelta = timedelta(minutes=5)

    @property
    def longest(self) -> timedelta:
        """What is broken must be found within this time; a cycle that takes longer is told itself."""
        return self.every * 2

    def times(self, factor: float) -> Pace:
        """The same in real time where the program's own time runs faster."""
        return Pace(self.every * factor, self.grace * factor)
