# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Being in a programme: it begins with the person's yes, and only staff move anybody from phase to phase.

A human always gives a reason. What the program thinks about it is a task (`programme_tasks`), never a move.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from bot.domain.access import Action
from bot.domain.enrolments import Enrolment, Move, PhaseEvent, TaskKind, current, entered_ever
from bot.domain.people import Participant, Staff
from bot.errors import NotFound
from bot.ports import UnitOfWork
from bot.services import leaving
from bot.services.access import Guard
from bot.services.caseload import people_of
from bot.services.follow_plans import follow
from bot.services.measuring import look_back
from bot.services.person_dates import SAID, zone_of
from bot.services.programme_tasks import ask_lead, timer_key, watch
from bot.services.remembered import encode_value
from bot.services.rulebook import Rulebook
from dialogs.programme_model import Entry, Phase, Programme
from scheduler.local_time import local

_OF_PHASES = (TaskKind.PHASE_LONG, TaskKind.PHASE_PROPOSED)


class Outcome(StrEnum):
    """What came of a wish of staff. Everything but DONE has changed nothing."""

    DONE = "done"
    NOT_ALLOWED = "not_allowed"
    NO_REASON = "no_reason"
    IS_OVER = "is_over"  # the enrolment has ended; a new one begins with a new yes
    UNKNOWN_PHASE = "unknown_phase"
    THERE_ALREADY = "there_already"
    NOT_THERE = "not_there"
    OUT_OF_ORDER = "out_of_order"  # the programme has another phase before it: confirm it, or enter that one


@dataclass(frozen=True, slots=True)
class Step:
    """Into a phase or out of it. `day` is what plans count from, today without it.

    `is_confirmed`: on purpose, although the programme has another phase before it.
    """

    enrolment_id: int
    phase: str
    reason: str
    day: date | None = None
    is_confirmed: bool = False


def begin(
    uow: UnitOfWork, rules: Rulebook, person: Participant, programme: str, actor: str, now: datetime
) -> Enrolment | None:
    """The person is in the programme from now on, in the phases in which everybody begins.

    None if it is not installed here, or if they are in it already. Whoever was in it before gets a new
    enrolment; the old one stays closed. A coach who has more people than the programme's key afterwards
    keeps them, and a lead is asked: nobody is sent away at the door.
    """
    number = uow.programmes.versions_in_force(person.agency_id).get(programme, 0)
    found = rules.programmes.version(uow, person.agency_id, programme, number)
    if found is None:
        return None
    uow.plans.lock(person.id)
    load = people_of(uow, person.agency_id, person.coach_id)
    is_over = bool(found.caseload) and load > found.caseload
    new = Enrolment(0, person.agency_id, person.id, programme, number, now, is_over_key=is_over)
    enrolment_id = uow.programmes.enrol(new)
    if enrolment_id is None:
        return None
    new = replace(new, id=enrolment_id)
    if person.programme != programme and not _is_in_another(uow, new):
        # Of two programmes the first one's ladders count.
        uow.people.change_participant(person.id, programme=programme)
    starts = [phase.id for phase in found.phases.values() if phase.entry is Entry.START]
    moves = [(Move.BEGIN, ""), *((Move.ENTER, name) for name in starts)]
    _write(uow, new, [PhaseEvent(new.id, now, move, phase, actor) for move, phase in moves])
    note(uow, new, "enrolled", actor, now)
    uow.outbox.post(watch(uow, rules, new, now), now)
    if is_over:
        ask_lead(uow, rules, new, (load, found.caseload), now)
    return new


def enter(uow: UnitOfWork, rules: Rulebook, step: Step, staff: Staff, now: datetime) -> Outcome:
    """Staff let a person into a phase. It ends the others, unless it overlaps. Raises `NotFound`."""
    enrolment, person, programme = _open(uow, rules, step.enrolment_id)
    refusal = _refusal(uow, rules, (enrolment, person), step.reason, (staff, now))
    phase = programme.phases.get(step.phase)
    if refusal is not None or phase is None:
        return refusal or Outcome.UNKNOWN_PHASE
    history = uow.programmes.history([enrolment.id]).get(enrolment.id, [])
    inside = current(history)
    if phase.id in inside:
        return Outcome.THERE_ALREADY
    if phase.after and not step.is_confirmed and not entered_ever(history).intersection(phase.after):
        return Outcome.OUT_OF_ORDER
    left = [] if phase.overlaps else [name for name in inside if not _overlaps(programme, name)]
    actor = f"staff:{staff.id}"
    moves = [(Move.LEAVE, name) for name in left] + [(Move.ENTER, phase.id)]
    _write(uow, enrolment, [PhaseEvent(enrolment.id, now, *one, actor, step.reason) for one in moves])
    day = step.day or _today(rules, person, now)
    dates = {programme.phases[name].exit_date: day for name in left if name in programme.phases}
    leaving.ask(uow, rules, enrolment, left, now)
    _after_moving(uow, rules, (enrolment, person), dates | {phase.entry_date: day}, (staff, now))
    return Outcome.DONE


def leave(uow: UnitOfWork, rules: Rulebook, step: Step, staff: Staff, now: datetime) -> Outcome:
    """Staff let a person out of a phase, into none or those they are still in. Raises `NotFound`."""
    enrolment, person, programme = _open(uow, rules, step.enrolment_id)
    refusal = _refusal(uow, rules, (enrolment, person), step.reason, (staff, now))
    if refusal is not None:
        return refusal
    if step.phase not in current(uow.programmes.history([enrolment.id]).get(enrolment.id, [])):
        return Outcome.NOT_THERE
    event = PhaseEvent(enrolment.id, now, Move.LEAVE, step.phase, f"staff:{staff.id}", step.reason)
    _write(uow, enrolment, [event])
    phase = programme.phases.get(step.phase, Phase(id=step.phase, title={}))
    dates = {phase.exit_date: step.day or _today(rules, person, now)}
    leaving.ask(uow, rules, enrolment, [step.phase], now)
    _after_moving(uow, rules, (enrolment, person), dates, (staff, now))
    return Outcome.DONE


def close(uow: UnitOfWork, enrolment: Enrolment, reason: str, actor: str, now: datetime) -> None:
    """This enrolment is over, and with it what the program asked about it. Open concerns stay."""
    _write(uow, enrolment, [PhaseEvent(enrolment.id, now, Move.END, "", actor, reason)])
    uow.programmes.save(replace(enrolment, ended_at=now))
    uow.timers.cancel(timer_key(enrolment.id))
    look_back(uow, enrolment, now)
    settle_all(uow, enrolment, tuple(TaskKind), actor, now)
    note(uow, enrolment, "enrolment_ended", actor, now)


def close_all(uow: UnitOfWork, person: Participant, actor: str, now: datetime) -> None:
    """The person is in no programme any more."""
    for enrolment in uow.programmes.of_participant(person.id):
        if enrolment.is_open:
            close(uow, enrolment, "", actor, now)


def note(uow: UnitOfWork, enrolment: Enrolment, action: str, actor: str, now: datetime) -> None:
    """Write down in the audit log what was done about an enrolment, so that its person finds it there."""
    person = uow.people.participants_by([enrolment.participant_id])[enrolment.participant_id]
    uow.ledger.note(enrolment.agency_id, now, actor, action, f"{enrolment.id}:{person.case_code}")


def settle_all(
    uow: UnitOfWork, enrolment: Enrolment, kinds: Iterable[TaskKind], actor: str, now: datetime
) -> None:
    """What was asked about the enrolment, of these kinds, is decided."""
    wanted = set(kinds)
    tasks = uow.programmes.tasks(enrolment.agency_id)
    mine = [task.id for task in tasks if task.enrolment_id == enrolment.id and task.kind in wanted]
    uow.programmes.settle(mine, actor, now)


def _open(uow: UnitOfWork, rules: Rulebook, enrolment_id: int) -> tuple[Enrolment, Participant, Programme]:
    enrolment = uow.programmes.enrolment(enrolment_id)
    person = uow.plans.lock(enrolment.participant_id) if enrolment else None
    programme = rules.programmes.of(uow, enrolment) if enrolment else None
    if enrolment is None or person is None or programme is None:
        raise NotFound(f"there is no enrolment {enrolment_id}")
    return enrolment, person, programme


def _refusal(
    uow: UnitOfWork,
    rules: Rulebook,
    whose: tuple[Enrolment, Participant],
    reason: str,
    by: tuple[Staff, datetime],
) -> Outcome | None:
    enrolment, person = whose
    if not Guard(uow, rules, *by).person(person, Action.CHANGE_PLAN).is_allowed:
        return Outcome.NOT_ALLOWED
    if not enrolment.is_open:
        return Outcome.IS_OVER
    return None if reason.strip() else Outcome.NO_REASON


def _after_moving(
    uow: UnitOfWork,
    rules: Rulebook,
    whose: tuple[Enrolment, Participant],
    dates: dict[str, date],
    by: tuple[Staff, datetime],
) -> None:
    (enrolment, person), (staff, now) = whose, by
    for name, day in dates.items():
        if name:
            value = encode_value(day.isoformat())
            uow.memory.set_fact(person.agency_id, person.id, SAID[name], value, now)
    actor = f"staff:{staff.id}"
    settle_all(uow, enrolment, _OF_PHASES, actor, now)
    note(uow, enrolment, "phase_changed", actor, now)
    uow.outbox.post(watch(uow, rules, enrolment, now), now)
    follow(uow, rules, person, now)


def _is_in_another(uow: UnitOfWork, new: Enrolment) -> bool:
    theirs = uow.programmes.of_participant(new.participant_id)
    return any(one.is_open and one.id != new.id for one in theirs)


def _overlaps(programme: Programme, name: str) -> bool:
    return name in programme.phases and programme.phases[name].overlaps


def _today(rules: Rulebook, person: Participant, now: datetime) -> date:
    return local(now, zone_of(person, rules.agencies[person.agency_id])).date()


def _write(uow: UnitOfWork, enrolment: Enrolment, events: list[PhaseEvent]) -> None:
    uow.programmes.add_events(enrolment.agency_id, enrolment.participant_id, events)
