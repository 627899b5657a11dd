# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What staff type about a help plan: `/hilfeplan CODE` shows it, with a word behind it more.

Its words are only shown where the channel may carry them; writing them is for the console.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.domain.access import Action
from bot.domain.help_plans import PlanState, done_steps
from bot.domain.people import Participant
from bot.services import help_plans
from bot.services.appointment_dates import EntryFault
from bot.services.desk import Desk
from bot.services.help_plan_facts import written
from bot.services.staff_queue import find_person
from bot.texts import mark

SHOW = "/hilfeplan K7F3M"
TEMPLATE = "/hilfeplan K7F3M vorlage what_helps_me"
PROPOSE = "/hilfeplan K7F3M vorschlagen"
TICK = "/hilfeplan K7F3M geschafft 2"
#: Where a plan stands, as staff read it.
STATES: Mapping[PlanState, str] = {
    PlanState.DRAFT: mark("Entwurf, die Person hat ihn noch nicht gesehen"),
    PlanState.PROPOSED: mark("vorgeschlagen, die Person hat noch nicht Ja gesagt"),
    PlanState.AGREED: mark("beide haben zugestimmt"),
    PlanState.CHANGED: mark("neue Fassung in Arbeit, die Person sieht noch die alte"),
    PlanState.CLOSED: mark("abgeschlossen"),
}


def act(desk: Desk, typed: str) -> None:
    """`/hilfeplan CODE [vorlage NAME | vorschlagen | geschafft N | offen N | abschließen]`."""
    code, _, rest = typed.partition(" ")
    word, _, more = rest.strip().partition(" ")
    action = Action.CHANGE_PLAN if word else Action.SEE_PLAN
    person = find_person(desk, code, SHOW, action)
    if person is None:
        return
    command = _COMMANDS.get(word.casefold())
    if command is None:
        desk.tell(
            desk.voice.say("Das verstehe ich nicht. Es wurde nichts geändert.")
            + "\n"
            + desk.voice.say("Zum Beispiel: {example}", example=f"{TEMPLATE}\n{PROPOSE}\n{TICK}")
        )
        return
    try:
        command(desk, person, more.strip())
    except EntryFault as fault:
        desk.tell(fault.say(desk.voice))


def _show(desk: Desk, person: Participant, _: str) -> None:
    plan = desk.uow.casework.help_plans.open_of(person.id)
    if plan is None:
        desk.tell(desk.voice.say("Fall {case}: Es gibt noch keinen Hilfeplan.", case=person.case_code))
        return
    desk.uow.ledger.note(desk.agency.id, desk.now, desk.actor, "help_plan_shown", person.case_code)
    content = desk.uow.casework.help_plans.content(plan, plan.version)
    done = frozenset(done_steps(desk.uow.casework.help_plans.history(plan.id)))
    numbers = {step.number for step in content.steps}
    head = desk.voice.say(
        "Fall {case}, Hilfeplan Fassung {version}: {state}. Geschafft: {done} von {all} Schritten.",
        case=person.case_code,
        version=plan.version,
        state=desk.voice.say(STATES[plan.state]),
        done=len(done & numbers),
        all=len(numbers),
    )
    may_see = desk.may_show_content and desk.guard.person(person, Action.SEE_CONTENT).is_allowed
    desk.tell(f"{head}\n\n{written(desk.voice, content, done)}" if may_see else head)


def _from_template(desk: Desk, person: Participant, name: str) -> None:
    found = help_plans.templates(desk, person)
    if name not in found:
        line = desk.voice.say("Vorlagen für diese Person: {names}", names=", ".join(sorted(found)) or "–")
        desk.tell(line)
        return
    content = help_plans.from_template(desk, person, found[name])
    if desk.uow.casework.help_plans.open_of(person.id) is not None:
        raise EntryFault(mark("Es gibt schon einen Hilfeplan. Eine Vorlage ist nur für den Anfang."))
    help_plans.write(desk, person, content)
    _show(desk, person, "")


def _propose(desk: Desk, person: Participant, _: str) -> None:
    telling = help_plans.propose(desk, person)
    line = desk.voice.say("Fall {case}: Der Hilfeplan ist vorgeschlagen.", case=person.case_code)
    desk.tell(f"{line} {desk.voice.say(telling.value)}")


def _done(desk: Desk, person: Participant, typed: str) -> None:
    help_plans.tick(desk, person, _number(typed), is_done=True)
    _show(desk, person, "")


def _open(desk: Desk, person: Participant, typed: str) -> None:
    help_plans.tick(desk, person, _number(typed), is_done=False)
    _show(desk, person, "")


def _close(desk: Desk, person: Participant, _: str) -> None:
    help_plans.close(desk, person)
    desk.tell(desk.voice.say("Fall {case}: Der Hilfeplan ist abgeschlossen.", case=person.case_code))


def _number(typed: str) -> int:
    if not typed.isascii() or not typed.isdecimal() or len(typed) > 3:
        raise EntryFault(mark("Bitte schreiben Sie die Nummer des Schritts dazu."))
    return int(typed)


_COMMANDS: Mapping[str, Callable[[Desk, Participant, str], None]] = {
    "": _show,
    "vorlage": _from_template,
    "vorschlagen": _propose,
    "geschafft": _done,
    "offen": _open,
    "abschließen": _close,
    "abschliessen": _close,
}
