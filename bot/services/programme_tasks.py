# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What the program asks staff about an enrolment, and when: limits, long phases, the next phase.

It asks; nothing moves or ends by itself. One timer an enrolment waits for the next question. Each is kept as
a task until a human settles it, and is asked once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.domain.enrolments import (
    Enrolment,
    PhaseEvent,
    ProgrammeTask,
    TaskKind,
    current,
    entered_ever,
    months_later,
)
from bot.domain.messages import Body, Draft, Key
from bot.domain.people import Participant, Staff
from bot.ports import Receipt, UnitOfWork
from bot.services import duty
from bot.services.rulebook import Rulebook
from bot.services.staff_notices import notices
from bot.texts import Voice
from dialogs.programme_model import Programme
from scheduler.local_time import ReadingHours, at_wall, local
from scheduler.timers import Timer

TIMER_KIND = "enrolment"
#: What stands in front of the buttons under a question; behind it `task` or `plan`, and its number.
MARK = "p"
_LIMIT = (TaskKind.LIMIT_NEAR, TaskKind.LIMIT_REACHED)


@dataclass(frozen=True, slots=True)
class Question:
    """Something to ask staff at a moment; `month` is that of the programme, 0 where it does not matter."""

    at: datetime
    kind: TaskKind
    mark: str
    month: int = 0


def timer_key(enrolment_id: int) -> str:
    """The one timer of an enrolment."""
    return f"enrolment:{enrolment_id}"


def questions(
    programme: Programme, enrolment: Enrolment, history: Sequence[PhaseEvent], hours: ReadingHours
) -> list[Question]:
    """Everything that is to be asked as far as can be known now, the soonest first.

    Each comes when the agency opens on its day, or on the next day on which it does.
    """
    began = local(enrolment.began_at, hours.zone).date()

    def question(months: int, kind: TaskKind, mark: str) -> Question:
        day = at_wall(months_later(began, months), time.min, hours.zone)
        return Question(hours.next_open(day), kind, mark, months)

    found: list[Question] = []
    limit = programme.limit
    if limit is not None:
        found += [question(month, TaskKind.LIMIT_NEAR, f"limit:{month}") for month in limit.warnings]
        found.append(question(limit.months, TaskKind.LIMIT_REACHED, f"limit:{limit.months}"))
    seen = entered_ever(history)
    for phase in programme.phases.values():
        if phase.proposed_at and phase.id not in seen:
            found.append(question(phase.proposed_at, TaskKind.PHASE_PROPOSED, f"propose:{phase.id}"))
    for name, entered in current(history).items():
        usual = programme.phases[name].usual if name in programme.phases else None
        if usual:
            day = local(entered, hours.zone).date()
            last = months_later(day, usual.months) + timedelta(days=usual.days)
            at = hours.next_open(at_wall(last, time.min, hours.zone))
            found.append(Question(at, TaskKind.PHASE_LONG, f"long:{name}:{day.isoformat()}"))
    return sorted(found, key=lambda one: (one.at, one.mark))


def watch(uow: UnitOfWork, rules: Rulebook, enrolment: Enrolment, now: datetime) -> list[Draft]:
    """Ask what has come due, and wait for what comes next. The same is never asked twice.

    Of several reminders of the limit that have passed only the last is asked. The caller posts the drafts.
    """
    programme = rules.programmes.of(uow, enrolment) if enrolment.is_open else None
    if programme is None:
        uow.timers.cancel(timer_key(enrolment.id))
        return []
    history = uow.programmes.history([enrolment.id]).get(enrolment.id, [])
    found = questions(programme, enrolment, history, rules.hours[enrolment.agency_id])
    coming = next((one.at for one in found if one.at > now), None)
    if coming is None:
        uow.timers.cancel(timer_key(enrolment.id))
    else:
        uow.timers.set(enrolment.agency_id, TIMER_KIND, enrolment.id, coming, timer_key(enrolment.id))
    due = [one for one in found if one.at <= now]
    limits = [one for one in due if one.kind in _LIMIT]
    due = [one for one in due if one.kind not in _LIMIT] + limits[-1:]
    return [draft for one in due for draft in ask(uow, rules, enrolment, one, now)]


def ask(uow: UnitOfWork, rules: Rulebook, enrolment: Enrolment, one: Question, now: datetime) -> list[Draft]:
    """Keep a question as a task; the drafts say so to those who decide. Nothing if it was asked before."""
    if not uow.programmes.raise_task(_task(enrolment, one, now)):
        return []
    return _tell(uow, rules, enrolment, one, now)


def buttons(voice: Voice, about: str) -> tuple[tuple[Key, ...], ...]:
    """What is under a question: decided, or ask again; `about` names it for `staff_decisions`."""
    return (
        (
            Key(voice.say("Erledigt"), f"{MARK}:{about}:done"),
            Key(voice.say("In 4 Wochen wieder"), f"{MARK}:{about}:later"),
        ),
    )


def enrolment_due(uow: UnitOfWork, rules: Rulebook, timer: Timer, now: datetime) -> Receipt:
    """Let the timer of an enrolment take effect."""
    enrolment = uow.programmes.enrolment(timer.subject)
    if enrolment is None:
        return Receipt()
    uow.plans.lock(enrolment.participant_id)
    drafts = watch(uow, rules, enrolment, now)
    uow.outbox.post(drafts, now)
    return Receipt("", frozenset(d.channel for d in drafts), frozenset({enrolment.participant_id}))


def ask_lead(
    uow: UnitOfWork, rules: Rulebook, enrolment: Enrolment, load: tuple[int, int], now: datetime
) -> None:
    """The coach has more people now than the programme's key: `load` is how many, and the key."""
    mark = f"key:{now.isoformat()}"
    if not uow.programmes.raise_task(_task(enrolment, Question(now, TaskKind.OVER_KEY, mark), now)):
        return
    person = uow.plans.lock(enrolment.participant_id)
    coach = uow.people.staff(person.coach_id) if person and person.coach_id else None

    def say(voice: Voice) -> str:
        return voice.say(
            "Fall {case}: {name} begleitet damit {people} Menschen, vorgesehen sind {key}. "
            "Bitte bestätigen Sie die Zuordnung oder ordnen Sie neu zu.",
            case=person.case_code if person else "?",
            name=coach.name if coach else "?",
            people=load[0],
            key=load[1],
        )

    leads = duty.leads(uow, enrolment.agency_id, now, rules.hours[enrolment.agency_id])
    uow.outbox.post(notices(uow, rules, leads, say, now), now)


def _task(enrolment: Enrolment, one: Question, now: datetime) -> ProgrammeTask:
    return ProgrammeTask(
        *(0, enrolment.agency_id, enrolment.participant_id, enrolment.id, one.kind, one.mark, now)
    )


def _tell(
    uow: UnitOfWork, rules: Rulebook, enrolment: Enrolment, one: Question, now: datetime
) -> list[Draft]:
    person = uow.plans.lock(enrolment.participant_id)
    if person is None:
        return []
    words = _words(uow, person, one)
    tasks = uow.programmes.tasks(enrolment.agency_id)
    number = next(task.id for task in tasks if (task.enrolment_id, task.mark) == (enrolment.id, one.mark))

    def say(voice: Voice) -> Body:
        return Body(words(voice), buttons(voice, f"task:{number}"))

    people = who_is_asked(uow, rules, person, now)
    if one.kind is TaskKind.LIMIT_REACHED:
        leads = duty.leads(uow, person.agency_id, now, rules.hours[person.agency_id])
        people = list({each.id: each for each in (*people, *leads)}.values())
    return notices(uow, rules, people, say, now)


def who_is_asked(uow: UnitOfWork, rules: Rulebook, person: Participant, now: datetime) -> list[Staff]:
    """The coach, whoever stands in if they are away, and the leads if there is nobody."""
    team = duty.team(uow, person.agency_id, now, rules.hours[person.agency_id])
    coach = person.coach_id
    if coach is not None and team.is_present(coach):
        return [team.members[coach]]
    instead = team.standing_in(coach) if coach is not None else None
    return [instead] if instead else duty.leads(uow, person.agency_id, now, rules.hours[person.agency_id])


def _words(uow: UnitOfWork, person: Participant, one: Question) -> Callable[[Voice], str]:
    """Case code, month and a number: nothing about the person, and no phase, whose name may say something."""
    case = person.case_code
    still_open = len(uow.concerns.of_participant(person.id))

    def say(voice: Voice) -> str:
        match one.kind:
            case TaskKind.LIMIT_NEAR:
                return voice.say(
                    "Fall {case}: Monat {month} im Programm. Bitte sprechen Sie darüber, wie es danach "
                    "weitergeht.",
                    case=case,
                    month=one.month,
                )
            case TaskKind.LIMIT_REACHED:
                return voice.say(
                    "Fall {case}: Die {month} Monate des Programms sind vorbei. Offene Meldungen: {count}. "
                    "Von selbst endet nichts: Die Begleitung geht weiter, bis ein Mensch sie beendet.",
                    case=case,
                    month=one.month,
                    count=still_open,
                )
            case _:
                return voice.say(
                    "Fall {case}: Vielleicht ist es Zeit für die nächste Phase. Das entscheiden Sie "
                    "zusammen mit der Person; von selbst wechselt nichts.",
                    case=case,
                )

    return say
