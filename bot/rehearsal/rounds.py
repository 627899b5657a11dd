# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What simulated staff do once a week about the programme: appointments, phases, its end, and the key.

The program asks (tasks), and they decide, not always at once and not always with yes, as humans do.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import partial

from bot.domain.appointments import AppointmentKind
from bot.domain.enrolments import Enrolment, ProgrammeTask, TaskKind, current, entered_ever, whole_months
from bot.domain.people import Participant, Standing
from bot.house import DEFAULT_AGENCY
from bot.ports import UnitOfWork
from bot.rehearsal.installation import Installation
from bot.rehearsal.staff import Worker, every_week
from bot.services import appointments, assignments, enrolments
from bot.services.appointment_entries import NewEntry
from bot.services.desk import Desk
from dialogs.programme_model import Phase, Programme
from scheduler.local_time import at_wall, local

#: Talks of so many minutes with the way there, so many of them on one day.
_TALK, _MOST_TALKS = 60, 3
_AT = (time(9, 0), time(10, 30), time(13, 0))
_REASON = "Besprochen"
_USUAL_CONTACT = 21
_DAY = timedelta(days=1)


class Rounds:
    """The weekly look of a coach at their people. `gone` is told of everybody whose enrolment they end."""

    def __init__(self, worker: Worker, programme: Programme, gone: Callable[[int], None]) -> None:
        self._worker, self._programme, self._gone = worker, programme, gone
        self._there = worker.there
        self._talks: dict[int, date] = {}
        self._again: dict[int, datetime] = {}

    def begin(self, until: datetime) -> None:
        """Every week from now on."""
        every_week(self._worker, self._go, until)

    def _go(self) -> None:
        there = self._there

        def read(uow: UnitOfWork) -> tuple[list[tuple[Participant, Enrolment]], list[ProgrammeTask]]:
            everybody = {one.id: one for one in uow.people.participants(DEFAULT_AGENCY)}
            open_ones = uow.programmes.open_in(DEFAULT_AGENCY)
            mine = [
                (everybody[one.participant_id], one)
                for one in open_ones
                if everybody[one.participant_id].coach_id == self._worker.hired.id
            ]
            return mine, uow.programmes.tasks(DEFAULT_AGENCY)

        mine, tasks = there.look(read)
        for person, enrolment in mine:
            asked = [task for task in tasks if task.enrolment_id == enrolment.id]
            if not self._decide(person, enrolment, asked):
                self._meet(person, enrolment)

    def _decide(self, person: Participant, enrolment: Enrolment, asked: list[ProgrammeTask]) -> bool:
        """Phases and the end. Returns whether the enrolment is over."""
        chance, kinds = self._worker.chance, {task.kind for task in asked}
        again = self._again.get(enrolment.id)
        if TaskKind.LIMIT_REACHED in kinds and chance.random() < 0.6:
            return self._end(person, enrolment)
        if kinds & {TaskKind.PHASE_LONG, TaskKind.PHASE_PROPOSED} or (again and again <= self._there.now):
            if chance.random() < 0.6:
                if not self._move_on(enrolment):
                    return self._end(person, enrolment)
            else:
                # Not yet: they ask themselves again in a month.
                self._again[enrolment.id] = self._there.now + 28 * _DAY
                self._settle(asked, (TaskKind.PHASE_LONG, TaskKind.PHASE_PROPOSED))
        self._settle(asked, (TaskKind.LIMIT_NEAR,))
        return False

    def _move_on(self, enrolment: Enrolment) -> bool:
        """Into the next phase that the programme has. False if there is none left."""
        history = self._there.look(lambda uow: uow.programmes.history([enrolment.id]).get(enrolment.id, []))
        phase = _next_phase(self._programme, entered_ever(history))
        if phase is None:
            return False
        self._again.pop(enrolment.id, None)
        step = enrolments.Step(enrolment.id, phase.id, _REASON)
        self._at_desk(lambda desk: enrolments.enter(desk.uow, desk.rules, step, desk.staff, desk.now))
        return True

    def _end(self, person: Participant, enrolment: Enrolment) -> bool:
        which = (enrolment.id, _REASON)
        self._at_desk(lambda desk: assignments.end(desk.uow, desk.rules, which, desk.staff, desk.now))
        self._gone(person.id)
        return True

    def _settle(self, asked: list[ProgrammeTask], kinds: tuple[TaskKind, ...]) -> None:
        for task in asked:
            if task.kind in kinds:
                self._at_desk(partial(_settle, task.id))

    def _meet(self, person: Participant, enrolment: Enrolment) -> None:
        """A talk where the last one was too long ago, if a day of the coming week has room for one."""
        worker, today = self._worker, self._worker.today()
        history = self._there.look(lambda uow: uow.programmes.history([enrolment.id]).get(enrolment.id, []))
        every = self._programme.contact_in(frozenset(current(history))) or _USUAL_CONTACT
        last = self._talks.get(enrolment.id)
        if person.standing is not Standing.ACTIVE or (last and (today - last).days + 7 <= every):
            return
        zone = self._there.rules.hours[DEFAULT_AGENCY].zone
        for day in (today + count * _DAY for count in range(1, 8)):
            talks = sum(1 for one in self._talks.values() if one == day)
            if worker.left(day) < _TALK or talks >= _MOST_TALKS:
                continue
            starts_at = at_wall(day, _AT[talks], zone)
            if not worker.is_at_work(starts_at):
                continue
            self._talks[enrolment.id] = day
            worker.spend(day, _TALK)
            entry = NewEntry(person.case_code, AppointmentKind.COACH, starts_at, minutes=45)
            self._at_desk(partial(appointments.set_appointment, person=person, entry=entry))
            return

    def _at_desk(self, deed: Callable[[Desk], object]) -> None:
        self._there.at_desk(self._worker.name, deed)


def confirm_every_week(lead: Worker, until: datetime) -> None:
    """The lead agrees to coaches who have more people than the key, once a week."""

    def go() -> None:
        waiting = lead.there.look(
            lambda uow: [one for one in uow.programmes.open_in(DEFAULT_AGENCY) if one.awaits_lead]
        )
        for one in waiting:
            lead.there.at_desk(lead.name, partial(_confirm, one.id))

    every_week(lead, go, until)


def _settle(task_id: int, desk: Desk) -> None:
    assignments.settle(desk.uow, desk.rules, task_id, desk.staff, desk.now)


def _confirm(enrolment_id: int, desk: Desk) -> None:
    assignments.confirm(desk.uow, enrolment_id, desk.staff, desk.now)


def full_months(there: Installation, enrolment: Enrolment, until: datetime) -> int:
    """How many months of the programme somebody has been in it, at its end or until then."""
    zone = there.rules.hours[DEFAULT_AGENCY].zone
    began = local(enrolment.began_at, zone).date()
    return whole_months(began, local(enrolment.ended_at or until, zone).date())


def _next_phase(programme: Programme, seen: frozenset[str]) -> Phase | None:
    """The first that nobody has been in yet and that may follow on what they have been in."""
    for phase in programme.phases.values():
        if phase.id not in seen and (not phase.after or seen.intersection(phase.after)):
            return phase
    return None
