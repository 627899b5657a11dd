# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""How long ago people last had to do with a human, against the rhythm of their programme. Facts for lists."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.enrolments import Enrolment, current
from bot.ports import UnitOfWork
from bot.services.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class ContactAge:
    """One person in a programme. `last_at` is None where there was none yet; then the enrolment counts.

    `rhythm` is the strictest of their programmes and phases, in days; 0 where none has one.
    """

    participant_id: int
    since: datetime
    last_at: datetime | None
    rhythm: int
    now: datetime

    @property
    def days(self) -> int:
        """Whole days since then."""
        return max(0, (self.now - self.since) // timedelta(days=1))

    @property
    def is_late(self) -> bool:
        """Whether it is longer ago than the rhythm says: at 14 days from the first moment after them on."""
        return bool(self.rhythm) and self.now - self.since > timedelta(days=self.rhythm)


def contact_ages(uow: UnitOfWork, rules: Rulebook, agency_id: int, now: datetime) -> list[ContactAge]:
    """Everybody in a programme of the agency, the longest without a human first."""
    going_on = uow.programmes.open_in(agency_id)
    history = uow.programmes.history([one.id for one in going_on])
    last = uow.programmes.last_contacts(agency_id)
    of_person: dict[int, list[Enrolment]] = {}
    for one in going_on:
        of_person.setdefault(one.participant_id, []).append(one)
    found = []
    for person, theirs in of_person.items():
        programmes = [(rules.programmes.of(uow, one), history.get(one.id, ())) for one in theirs]
        rhythms = [each.contact_in(frozenset(current(past))) for each, past in programmes if each]
        found.append(_age(person, (theirs, rhythms), last.get(person), now))
    return sorted(found, key=lambda age: (age.since, age.participant_id))


def _age(
    person: int, programmes: tuple[list[Enrolment], Iterable[int]], last: datetime | None, now: datetime
) -> ContactAge:
    theirs, rhythms = programmes
    began = min(one.began_at for one in theirs)
    since = began if last is None else max(last, began)
    return ContactAge(person, since, last, min(filter(None, rhythms), default=0), now)
