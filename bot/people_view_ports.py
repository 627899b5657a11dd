# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Port for lists of people: one statement a kind of fact, however many people it is. Part of `ports`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.appointments import AppointmentKind
from bot.domain.concerns import Level
from bot.domain.enrolments import Enrolment
from bot.domain.people import Participant


@dataclass(frozen=True, slots=True)
class Meeting:
    """The appointment that comes next. `is_agreed` is False while its time is only proposed."""

    at: datetime
    kind: AppointmentKind
    is_agreed: bool


@dataclass(frozen=True, slots=True)
class Participation:
    """An enrolment that goes on, and the phases that its person is in now, each with when they came."""

    enrolment: Enrolment
    phases: Mapping[str, datetime]


class PeopleView(Protocol):
    """Facts for lists. Whoever has none of a kind is not in its answer."""

    def looked_after(self, agency_id: int) -> list[Participant]:
        """Everybody whom the agency looks after, by number: no visitors, nobody who has left."""

    def names(self, people: Collection[int]) -> Mapping[int, str]:
        """Names, where they are known."""

    def last_contacts(self, agency_id: int, people: Collection[int]) -> Mapping[int, datetime]:
        """As `Programmes.last_contacts`, of these people of the agency."""

    def last_answers(self, people: Collection[int]) -> Mapping[int, datetime]:
        """When each last answered or skipped a question."""

    def open_concerns(self, people: Collection[int]) -> Mapping[int, Sequence[tuple[int, Level]]]:
        """Number and level of what is open, the most urgent first, then the oldest."""

    def next_meetings(self, people: Collection[int], now: datetime) -> Mapping[int, Meeting]:
        """The first open appointment that begins at `now` or later."""

    def channels(self, people: Collection[int]) -> Mapping[int, str]:
        """The channel of the open address that was used last."""

    def participations(self, people: Collection[int]) -> Mapping[int, Sequence[Participation]]:
        """Programmes that go on, the oldest first."""

    def values(
        self, people: Collection[int], rule: tuple[str, int], limit: int
    ) -> Mapping[int, Sequence[int]]:
        """The newest scores by a rule (name and version) whose answers are kept, the oldest first."""
