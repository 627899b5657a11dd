# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What waits for a decision, above the list of people: questions with their answers, one press each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from bot.domain.enrolments import TaskKind
from bot.services import decisions
from bot.services.appointment_dates import EntryFault
from bot.services.decisions import WEEKS, Decision, month_of, phase_of
from bot.services.desk import Desk
from bot.services.help_plan_facts import day_of
from bot.texts import mark
from bot.web.console.at_desk import desk_of, settled
from bot.web.console.decision_words import question
from bot.web.console.person_head import HELP_PLAN, PHASES
from bot.web.console.seat import Act, Did, Form, Seat
from dialogs.own_words import pick

#: So many stand there; how many more there are is said.
_ROWS = 8
#: Why somebody enters the phase that was proposed, where nobody says more.
_BY_PROPOSAL = mark("Vorschlag des Programms, gemeinsam entschieden")


def waiting(seat: Seat) -> Mapping[str, object]:
    """What the section shows."""
    found = decisions.waiting(seat.uow, seat.guard, seat.staff, seat.now)
    shown = found[:_ROWS]
    names = seat.uow.people_view.names([one.person.id for one in shown]) if shown else {}
    return {
        "decisions": [_row(seat, one, names) for one in shown],
        "more_decisions": len(found) - len(shown),
        "weeks": WEEKS,
    }


def _row(seat: Seat, one: Decision, names: Mapping[int, str]) -> Mapping[str, object]:
    voice, person, task = seat.voice, one.person, one.task
    who = names.get(person.id, "") or voice.say("Fall {case}", case=person.case_code)
    shared = {
        "who": who,
        "code": person.case_code if names.get(person.id) else "",
        "since": seat.day(one.since),
    }
    path = f"/console/people/{person.id}"
    if task is None or one.enrolment is None:
        text = voice.say("Es ist Zeit, gemeinsam auf den Hilfeplan zu schauen.")
        number = one.plan.id if one.plan is not None else 0
        return {
            **shared,
            "about": f"plan:{number}",
            "text": text,
            "path": f"{path}/{HELP_PLAN}",
            "kind": "plan",
        }
    programme = seat.rules.programmes.of(seat.uow, one.enrolment)
    phase = programme.phases.get(phase_of(task)) if programme is not None else None
    title = (pick(phase.title, voice.language) if phase is not None else "") or phase_of(task)
    return {
        **shared,
        "about": f"task:{task.id}",
        "text": question(voice, task, title, month_of(task)),
        "path": f"{path}/{PHASES}",
        "kind": task.kind.value,
        "phase": title if task.kind is TaskKind.PHASE_PROPOSED else "",
    }


def _answer(act: Callable[[Desk, Form], str], seat: Seat, form: Form) -> Did | None:
    desk = desk_of(seat)
    if desk is None:
        return None
    try:
        said = act(desk, form)
    except EntryFault as fault:
        return Did((fault.say(desk.voice),))
    return settled(desk, said)


def _done(desk: Desk, form: Form) -> str:
    decisions.done(desk, form.get("about", ""))
    return desk.voice.say("Notiert: Das ist entschieden.")


def _later(desk: Desk, form: Form) -> str:
    typed = form.get("weeks", "")
    weeks = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 3 else 0
    day = decisions.later(desk, form.get("about", ""), weeks)
    return desk.voice.say("Lotse fragt wieder: {day}.", day=day_of(desk.voice, day))


def _enter(desk: Desk, form: Form) -> str:
    decisions.enter(desk, form.get("about", ""), desk.voice.say(_BY_PROPOSAL))
    return desk.voice.say("Die Phase ist gewechselt.")


def _confirm(desk: Desk, form: Form) -> str:
    decisions.confirm(desk, form.get("about", ""))
    return desk.voice.say("Die Zuordnung ist bestätigt.")


ACTS: Mapping[str, Act] = {
    "done": partial(_answer, _done),
    "later": partial(_answer, _later),
    "enter": partial(_answer, _enter),
    "confirm": partial(_answer, _confirm),
}
