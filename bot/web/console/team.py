# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The team as leads see it: load, what waits, who can be reached, and whether promises are kept."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.access import Action
from bot.domain.concerns import Level
from bot.domain.enrolments import ProgrammeTask, TaskKind
from bot.services import assignments, audit_book
from bot.services.assignments import Assigned
from bot.services.decisions import month_of
from bot.services.duty_words import span_text
from bot.services.own_programme import coach_label
from bot.services.parked import SHOWN, retry_parked
from bot.services.team_view import TeamView, coaches, team_view
from bot.texts import mark
from bot.web.console.admin_words import FAULTS, span_name
from bot.web.console.navigation import TEAM
from bot.web.console.seat import Did, Form, Page, Seat
from bot.web.console.wording import LEVELS
from scheduler.timers import ParkedTimer

PATH = "/console/team"
#: So many of a list are shown; how many there are is said beside it.
_ROWS = 50
_TASKS = {
    TaskKind.LIMIT_NEAR: mark("Monat {month} im Programm: Wie geht es danach weiter?"),
    TaskKind.LIMIT_REACHED: mark("Die {month} Monate des Programms sind vorbei. Von selbst endet nichts."),
    TaskKind.PHASE_LONG: mark("Eine Phase dauert länger als üblich."),
    TaskKind.PHASE_PROPOSED: mark("Vielleicht ist es Zeit für die nächste Phase."),
    TaskKind.OVER_KEY: mark("{name} begleitet damit {people} Menschen, vorgesehen sind {key}."),
}
_ALREADY = mark("Das ist schon entschieden.")


def _read(seat: Seat) -> Mapping[str, object]:
    voice, found = seat.voice, team_view(seat.uow, seat.rules, seat.staff, seat.now)
    parked, record = _parked(seat), audit_book.read(seat.uow)
    findings = [one for one in record.findings if one.agency_id == seat.staff.agency_id] if record else []
    return {
        "team": found,
        "coach_label": coach_label(seat.uow, seat.rules, seat.staff.agency_id, voice),
        "most": max([found.key, *(one.people for one in found.load)]),
        "levels": [
            (voice.say(LEVELS[level]), int(level.value[1]), found.ages[level], sum(found.ages[level]))
            for level in sorted(Level, reverse=True)
            if level in found.ages
        ],
        "averages": [
            (voice.say(LEVELS[one.level]), span_name(voice, one.mean), one.concerns)
            for one in found.acknowledged
        ],
        "gaps": [span_text(voice, gap, seat.zone) for gap in found.gaps[:_ROWS]],
        "tasks": [(one, _question(seat, found, one.task, one.coach_id)) for one in found.waiting[:_ROWS]],
        "over_key": TaskKind.OVER_KEY,
        "codes": found.codes[:_ROWS],
        "coaches": [(one.id, one.name) for one in coaches(seat.uow, seat.staff.agency_id)],
        "parked": [(one, seat.moment(one.parked_at)) for one in parked[:_ROWS]],
        "parked_count": len(parked),
        "checked": seat.moment(record.finished_at) if record and record.finished_at else "",
        "findings": [(voice.say(FAULTS[one.fault]), one.promise, one.count) for one in findings],
        "repaired": sum(record.repaired.values()) if record else 0,
    }


def _question(seat: Seat, found: TeamView, task: ProgrammeTask, coach_id: int | None) -> str:
    load = {one.coach.id: one for one in found.load}.get(coach_id or 0)
    return seat.voice.say(
        _TASKS[task.kind],
        month=month_of(task),
        name=load.coach.name if load else "?",
        people=load.people if load else 0,
        key=found.key,
    )


def _parked(seat: Seat) -> list[ParkedTimer]:
    return [one for one in seat.uow.timers.all_parked(SHOWN) if one.agency_id == seat.staff.agency_id]


def _retry(seat: Seat, form: Form) -> Did | None:
    """One parked timer, or all of the agency without a number."""
    there, wanted = [one.id for one in _parked(seat)], form.get("timer", "")
    chosen = [number for number in there if wanted in ("", str(number))]
    retry_parked(seat.uow, chosen, seat.now, seat.actor)
    if not chosen:
        return Did((seat.voice.say("Da war nichts mehr zu tun: Jemand anderes war schneller."),))
    return Did((seat.voice.say("Lotse versucht es jetzt noch einmal."),))


def _confirm(seat: Seat, form: Form) -> Did | None:
    """A lead agrees that a coach has more people than the key."""
    task = _task(seat, form)
    if not seat.may(Action.CHANGE_PLAN) or task is None:
        return _gone(seat)
    done = assignments.confirm(seat.uow, task.enrolment_id, seat.staff, seat.now)
    said = mark("Die Zuordnung ist bestätigt.") if done else _ALREADY
    return Did((seat.voice.say(said),))


def _settle(seat: Seat, form: Form) -> Did | None:
    """What the program asked is decided."""
    task = _task(seat, form)
    if not seat.may(Action.CHANGE_PLAN) or task is None:
        return _gone(seat)
    done = assignments.settle(seat.uow, seat.rules, task.id, seat.staff, seat.now)
    return Did((seat.voice.say(mark("Notiert: Das ist entschieden.") if done else _ALREADY),))


def _assign(seat: Seat, form: Form) -> Did | None:
    """Give somebody a coach; above the key only on purpose."""
    if not seat.may(Action.CHANGE_PLAN):
        return None
    code = form.get("case", "")
    person = seat.uow.plans.by_case_code(seat.staff.agency_id, code)
    chosen = [one for one in coaches(seat.uow, seat.staff.agency_id) if str(one.id) == form.get("coach", "")]
    if person is None or not chosen:
        return Did(faults={f"coach-{code}": seat.voice.say("Bitte wählen Sie jemanden aus dem Team aus.")})
    sure = form.get("sure", "") == "yes"
    whom = person.id, chosen[0].id
    done = assignments.assign(seat.uow, seat.rules, whom, seat.staff, seat.now, is_confirmed=sure)
    if done is Assigned.DONE:
        return Did((seat.voice.say("{name} begleitet jetzt Fall {case}.", name=chosen[0].name, case=code),))
    if done is Assigned.NOT_ALLOWED:
        return None
    said = seat.voice.say(
        "{name} hätte damit mehr Menschen als vorgesehen. Das kann nur die Leitung bestätigen: "
        "Bitte setzen Sie den Haken.",
        name=chosen[0].name,
    )
    return Did(faults={f"coach-{code}": said})


def _task(seat: Seat, form: Form) -> ProgrammeTask | None:
    there = {str(task.id): task for task in seat.uow.programmes.tasks(seat.staff.agency_id)}
    return there.get(form.get("task", ""))


def _gone(seat: Seat) -> Did | None:
    """Not theirs to decide, or somebody was faster."""
    return Did((seat.voice.say(_ALREADY),)) if seat.may(Action.CHANGE_PLAN) else None


PAGES = (
    Page(
        PATH,
        "team.html",
        TEAM,
        _read,
        needs=Action.MANAGE_ROTA,
        acts={"retry": _retry, "confirm": _confirm, "settle": _settle, "assign": _assign},
    ),
)
