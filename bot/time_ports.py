# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Ports for what has its time: plans, programmes and appointments. Part of `ports`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Protocol

from bot.domain.appointments import Appointment, Series
from bot.domain.enrolments import Enrolment, PhaseEvent, ProgrammeEdition, ProgrammeTask
from bot.domain.people import Participant
from bot.domain.plans import Followed, Milestones, PlanEdition
from scheduler.timers import ParkedTimer, Timer, Unparked


class Plans(Protocol):
    """Published plans, and where each person stands in them."""

    def publish(self, edition: PlanEdition) -> None:
        """Keep a file of plans for ever. Only after `Ledger.lock_publishing`."""

    def version_in_force(self, agency_id: int) -> int:
        """The number of the newest version; 0 if there is none."""

    def edition(self, agency_id: int, version: int) -> PlanEdition | None: ...
    def editions(self, agency_id: int) -> list[PlanEdition]:
        """All versions, the oldest first."""

    def followed(self, participant_id: int) -> dict[str, Followed]:
        """Where the person stands, by plan."""

    def without_timer(self, participant_id: int) -> list[Followed]:
        """Where the person stands in plans that are on, and for which nothing waits or is parked."""

    def follow(self, agency_id: int, rows: Iterable[Followed]) -> None:
        """Write down where a person stands, in place of what it was."""

    def milestones(self, participant_id: int) -> Milestones: ...
    def lock(self, participant_id: int) -> Participant | None:
        """The person, locked for this unit of work, whether or not they can be reached."""

    def by_case_code(self, agency_id: int, case_code: str) -> Participant | None:
        """As `lock`, by the code that staff see."""

    def members(self, agency_id: int, after: int, limit: int) -> list[int]:
        """Ids of participants above `after`, ascending."""


class Programmes(Protocol):
    """Programmes as agencies installed them, and who is in which phase of them since when."""

    def publish(self, edition: ProgrammeEdition) -> None:
        """Keep a version for ever. Only after `Ledger.lock_publishing`."""

    def versions_in_force(self, agency_id: int) -> dict[str, int]:
        """The number of the newest version of each programme of the agency."""

    def edition(self, agency_id: int, name: str, version: int) -> ProgrammeEdition | None: ...
    def editions(self, agency_id: int) -> list[ProgrammeEdition]:
        """All versions, by name, the oldest first."""

    def enrol(self, new: Enrolment) -> int | None:
        """Keep a new enrolment, whose own `id` is ignored. None if the person is in the programme already."""

    def enrolment(self, enrolment_id: int) -> Enrolment | None: ...
    def save(self, changed: Enrolment) -> None:
        """Write down its version, end and confirmation; whose it is never changes. Raises `NotFound`."""

    def of_participant(self, participant_id: int) -> list[Enrolment]:
        """All of a person, the oldest first, the ended ones too."""

    def open_in(self, agency_id: int, programme: str = "") -> list[Enrolment]:
        """Those that go on, of one programme if it is named, by number."""

    def add_events(self, agency_id: int, participant_id: int, events: Iterable[PhaseEvent]) -> None:
        """Add to a person's history, in this order."""

    def history(self, enrolments: Collection[int]) -> Mapping[int, list[PhaseEvent]]:
        """What happened in these, the oldest first; whatever has no history is not there."""

    def raise_task(self, new: ProgrammeTask) -> bool:
        """Keep a task, whose own `id` is ignored. False if the enrolment has had one of this mark before."""

    def tasks(self, agency_id: int, *, open_only: bool = True) -> list[ProgrammeTask]:
        """The agency's tasks, the oldest first."""

    def settle(self, task_ids: Collection[int], by: str, now: datetime) -> int:
        """A human has decided. Returns how many of them were still open."""

    def last_contacts(self, agency_id: int) -> Mapping[int, datetime]:
        """When each person last had to do with a human of the agency; nobody for whom that never was.

        That is a human's words that were delivered to them, an appointment with their coach that has passed,
        or a note that a human made about them.
        """


class Appointments(Protocol):
    """Appointments of participants, the series that make them, and what staff have not confirmed yet."""

    def add(self, new: Appointment) -> int | None:
        """Keep an appointment, whose own `id` is ignored. None if its series has made this day already."""

    def get(self, appointment_id: int) -> Appointment | None:
        """An appointment in whatever state; its participant is locked for this unit of work."""

    def save(self, changed: Appointment) -> None:
        """Raises `NotFound`. Whose it is, its kind, series and `uid` never change."""

    def of_participant(self, participant_id: int, since: datetime) -> list[Appointment]:
        """Those that begin at `since` or later, in whatever state, the soonest first."""

    def of_series(self, series_id: int) -> list[Appointment]:
        """All occurrences that were made, in whatever state, in the order of their days."""

    def add_series(self, new: Series) -> int: ...
    def series(self, series_id: int) -> Series | None:
        """A series; its participant is locked for this unit of work."""

    def save_series(self, changed: Series) -> None:
        """Write down how far it has been made, and whether it is cancelled. Raises `NotFound`."""

    def keep_entry(self, agency_id: int, staff_id: int, entry: str, now: datetime) -> int:
        """Keep what a staff member has typed until they confirm it, in place of what they typed before."""

    def take_entry(self, entry_id: int, staff_id: int) -> str | None:
        """Take out what waits for confirmation; None if it is theirs no more."""


class Timers(Protocol):
    """Everything that waits for a moment, in one table."""

    def set(
        self, agency_id: int, kind: str, subject: int, due_at: datetime, dedup: str, payload: str = ""
    ) -> None:
        """Set a timer; a waiting one with the same dedup key is moved, not doubled."""

    def cancel(self, dedup: str) -> None: ...
    def claim(self, now: datetime, limit: int, lease_until: datetime) -> list[Timer]: ...
    def take(self, timer: Timer) -> bool:
        """Remove a claimed timer, in the commit of its effect; False if it was cancelled, moved or done."""

    def retry(self, timer: Timer, due_at: datetime, error: str) -> None:
        """Count a failure of a claimed timer: try again at `due_at`."""

    def park(self, timer: Timer, now: datetime, error: str) -> bool:
        """It failed too often: set it aside for an admin to see. False if it was no longer there."""

    def next_due(self) -> datetime | None: ...
    def release(self, now: datetime) -> int: ...
    def parked(self) -> int: ...
    def all_parked(self, limit: int) -> list[ParkedTimer]: ...
    def unpark(self, timer_id: int, now: datetime) -> Unparked:
        """Try a parked timer again now; one in whose place a newer one waits is dropped."""
