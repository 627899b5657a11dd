# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What a person does with their help plan in a dialog: confirm it, tick off steps, want reminders or not.

No line here has a word of the plan in it, so each may go to any channel.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.domain.help_plans import HelpPlan, PlanEvent, PlanParty, PlanState, Step, done_steps
from bot.domain.messages import Kind
from bot.ports import Conversation
from bot.services.help_plan_moves import happen, is_current, shown_content, wait
from bot.services.person_dates import zone_of
from bot.services.programme_tasks import who_is_asked
from bot.services.staff_notices import notices
from bot.services.visit import Visit
from dialogs.effects import StoreAnswer, Value
from scheduler.local_time import local

#: What conversations are about: `help_plan:<plan>` the whole plan, `help_step:<plan>:<step>` one step of it.
SUBJECT, STEP_SUBJECT = "help_plan", "help_step"
DIALOG, STEP_DIALOG = "help_plan", "plan_step"
ACTOR = "participant"
# With a dot, so that no dialog can remember anything under the same name.
_SEEN = "help_plan.seen"


def subject_of(plan: HelpPlan) -> str:
    """The subject of a conversation about a whole plan."""
    return f"{SUBJECT}:{plan.id}"


def step_subject(plan: HelpPlan, step: Step) -> str:
    """The subject of a conversation about one step."""
    return f"{STEP_SUBJECT}:{plan.id}:{step.number}"


def fits(visit: Visit, conversation: Conversation) -> bool:
    """Whether the person is still to be asked about a plan when the floor is free."""
    plan = _open(visit)
    return plan is not None and plan.state is PlanState.PROPOSED and subject_of(plan) == conversation.subject


def step_facts(visit: Visit, conversation: Conversation) -> Mapping[str, Value]:
    """The step that a conversation is about."""
    found = _step_of(visit, conversation)
    if found is None or found[1].due is None:
        return {}
    today = local(visit.now, zone_of(visit.participant, visit.agency)).date()
    step, due = found[1], found[1].due
    return {"step_title": step.words, "step_due": due.isoformat(), "days_left": (due - today).days}


def step_fits(visit: Visit, conversation: Conversation) -> bool:
    """Whether a reminder still makes sense: it is wanted, the step is not done, and its day is not over."""
    found = _step_of(visit, conversation)
    if found is None or not found[0].reminds:
        return False
    is_done = found[1].number in done_steps(visit.uow.casework.help_plans.history(found[0].id))
    return not is_done and is_current(found[1], visit.now, zone_of(visit.participant, visit.agency))


def step_answered(visit: Visit, conversation: Conversation, answer: StoreAnswer) -> None:
    """Having done it ticks the step off. Every other answer changes nothing and is held against nobody."""
    found = _step_of(visit, conversation)
    if found is not None and (answer.step, answer.value) == ("how_is_it", "done"):
        _tick(visit, found[0], found[1].number, is_done=True)


def _seen(visit: Visit, value: Value) -> None:
    visit.remember(_SEEN, value)


def _answer(visit: Visit, value: Value) -> None:
    """A yes counts for the version that was shown, and for no other."""
    if value != "fits":
        return
    plan = _open(visit)
    seen = visit.uow.memory.facts(visit.participant.id).get(_SEEN)
    is_same = plan is not None and seen == str(plan.shown)
    if plan is not None and is_same and plan.state is PlanState.AGREED:
        return  # they went back in the conversation and said it once more
    if plan is None or not is_same or not plan.can(PlanEvent.CONFIRM, PlanParty.PERSON):
        visit.tell(
            Kind.REPLY,
            visit.voice.say("Ihr Plan hat sich inzwischen geändert. Den neuen Stand zeigt /hilfeplan."),
        )
        return
    plan = happen(visit.uow, plan, (PlanEvent.CONFIRM, PlanParty.PERSON), ACTOR, visit.now)
    wait(visit.uow, visit.rules, plan, visit.participant, visit.now)
    people = who_is_asked(visit.uow, visit.rules, visit.participant, visit.now)
    case = visit.participant.case_code
    for draft in notices(
        visit.uow,
        visit.rules,
        people,
        lambda voice: voice.say("Fall {case}: Die Person hat dem Hilfeplan zugestimmt.", case=case),
        visit.now,
    ):
        visit.send_to(draft)


def _done(visit: Visit, value: Value) -> None:
    _enter_step(visit, value, is_done=True)


def _not_done(visit: Visit, value: Value) -> None:
    _enter_step(visit, value, is_done=False)


def _enter_step(visit: Visit, value: Value, *, is_done: bool) -> None:
    plan, number = _open(visit), int(value)
    if plan is None or shown_content(visit.uow, plan).step(number) is None:
        text = visit.voice.say(
            "Einen Schritt mit der Nummer {number} gibt es in Ihrem Plan nicht. "
            "Die Nummern zeigt /hilfeplan.",
            number=number,
        )
    else:
        _tick(visit, plan, number, is_done=is_done)
        noted = visit.voice.say(
            "Schritt {number} ist als geschafft notiert. Das haben Sie gemacht.", number=number
        )
        again = visit.voice.say("Schritt {number} ist wieder offen. Das ist in Ordnung.", number=number)
        text = noted if is_done else again
    visit.tell(Kind.REPLY, text)


def _reminders(visit: Visit, value: Value) -> None:
    plan = _open(visit)
    if plan is not None:
        plan = replace(plan, reminds=value is True)
        visit.uow.casework.help_plans.save(plan)
        wait(visit.uow, visit.rules, plan, visit.participant, visit.now)


#: By the name under which the dialog remembers it; none of it is kept as a fact under that name.
ENTRIES: Mapping[str, Callable[[Visit, Value], None]] = {
    "help_plan_seen": _seen,
    "help_plan_answer": _answer,
    "help_plan_done": _done,
    "help_plan_not_done": _not_done,
    "help_plan_reminders": _reminders,
}


def _tick(visit: Visit, plan: HelpPlan, number: int, *, is_done: bool) -> None:
    was_done = number in done_steps(visit.uow.casework.help_plans.history(plan.id))
    event = PlanEvent.TICK if is_done else PlanEvent.UNTICK
    if was_done != is_done and plan.can(event, PlanParty.PERSON):
        plan = happen(visit.uow, plan, (event, PlanParty.PERSON), ACTOR, visit.now, number)
        wait(visit.uow, visit.rules, plan, visit.participant, visit.now)


def _open(visit: Visit) -> HelpPlan | None:
    """The person's plan, once they may see it."""
    found = visit.uow.casework.help_plans.open_of(visit.participant.id)
    return found if found is not None and found.shown else None


def _step_of(visit: Visit, conversation: Conversation) -> tuple[HelpPlan, Step] | None:
    _, plan_id, number = (*conversation.subject.split(":"), "", "")[:3]
    plan = _open(visit)
    if plan is None or str(plan.id) != plan_id or not number.isdecimal():
        return None
    step = shown_content(visit.uow, plan).step(int(number))
    return (plan, step) if step is not None else None
