# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""How long ago people last had to do with a human, against the rhythm of their programme. Facts for lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.enrolments import current
from bot.people_view_ports import Participation
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
    of_person: dict[int, list[Participation]] = {}
    for one in going_on:
        phases = current(history.get(one.id, ()))
        of_person.setdefault(one.participant_id, []).append(Participation(one, phases))
    found = [
        contact_age(uow, rules, person, (theirs, last.get(person)), now)
        for person, theirs in of_person.items()
    ]
    return sorted(found, key=lambda age: (age.since, age.participant_id))


def contact_age(
    uow: UnitOfWork,
    rules: Rulebook,
    person: int,
    known: tuple[Sequence[Participation], datetime | None],
    now: datetime,
) -> ContactAge:
    """The age for one person. `known`: the programmes they are in, at least one, and the last contact."""
    theirs, last = known
    programmes = [(rules.programmes.of(uow, one.enrolment), one.phases) for one in theirs]
    rhythms = [each.contact_in(frozenset(phases)) for each, phases in programmes if each]
    began = min(one.enrolment.began_at for one in theirs)
    since = began if last is None else max(last, began)
    return ContactAge(person, since, last, min(filter(None, rhythms), default=0), now)
