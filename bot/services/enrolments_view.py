# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A person's programmes as staff see them: phases, what comes, what the programme needs and is not there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.consent import Consents, holding
from bot.domain.enrolments import Enrolment, PhaseEvent, ProgrammeTask, TaskKind, current, whole_months
from bot.domain.people import Participant
from bot.ports import UnitOfWork
from bot.services.programme_tasks import Question, questions
from bot.services.rulebook import Rulebook
from dialogs.programme_model import Programme
from scheduler.local_time import local, zone

_LIMIT = (TaskKind.LIMIT_NEAR, TaskKind.LIMIT_REACHED)


@dataclass(frozen=True, slots=True)
class InProgramme:
    """One enrolment. `month` counts from 1; `inside` are the phases with the moment they began.

    `programme` is None if it is not installed any more. `coming` are the limit's reminders ahead, `missing`
    the consents that the programme counts on and that do not hold. `tasks` are open questions about it.
    """

    enrolment: Enrolment
    programme: Programme | None
    month: int
    inside: Sequence[tuple[str, datetime]]
    history: Sequence[PhaseEvent]
    coming: Sequence[Question]
    holding: Sequence[str]
    missing: Sequence[str]
    tasks: Sequence[ProgrammeTask]


def in_programmes(uow: UnitOfWork, rules: Rulebook, person: Participant, now: datetime) -> list[InProgramme]:
    """All enrolments of a person, those that go on first, the newest of each first."""
    every = uow.programmes.of_participant(person.id)
    history = uow.programmes.history([one.id for one in every]) if every else {}
    consents = holding(uow.talks.given(person.id), rules.book.meanings, now)
    tasks = uow.programmes.tasks(person.agency_id) if every else []
    found = [_one(uow, rules, one, (history.get(one.id, []), consents, tasks), now) for one in every]
    return sorted(
        found, key=lambda one: (one.enrolment.is_open, one.enrolment.began_at, one.enrolment.id), reverse=True
    )


def not_in(uow: UnitOfWork, rules: Rulebook, person: Participant) -> list[Programme]:
    """The programmes in force here that the person is not in, by name."""
    inside = {one.programme for one in uow.programmes.of_participant(person.id) if one.is_open}
    in_force = rules.programmes.in_force(uow, person.agency_id)
    return [in_force[name] for name in sorted(in_force) if name not in inside]


def _one(
    uow: UnitOfWork,
    rules: Rulebook,
    enrolment: Enrolment,
    known: tuple[Sequence[PhaseEvent], Consents, Sequence[ProgrammeTask]],
    now: datetime,
) -> InProgramme:
    history, consents, tasks = known
    programme = rules.programmes.of(uow, enrolment)
    hours = rules.hours[enrolment.agency_id]
    where = zone(rules.agencies[enrolment.agency_id].zone)
    until = enrolment.ended_at or now
    needed = programme.consents if programme is not None else ()
    coming = questions(programme, enrolment, history, hours) if programme and enrolment.is_open else []
    return InProgramme(
        enrolment,
        programme,
        whole_months(local(enrolment.began_at, where).date(), local(until, where).date()) + 1,
        list(current(history).items()) if enrolment.is_open else [],
        history,
        [one for one in coming if one.kind in _LIMIT and one.at > now],
        [name for name in needed if _holds(name, consents)],
        [name for name in needed if not _holds(name, consents)],
        [one for one in tasks if one.enrolment_id == enrolment.id],
    )


def _holds(name: str, consents: Consents) -> bool:
    """Whether it holds; of a kind with objects, like each partner, one is enough."""
    return any(is_so for key, is_so in consents.items() if key == name or key.startswith(f"{name}:"))
