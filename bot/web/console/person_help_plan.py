# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""One person's help plan: what they see beside what is being written, what became of it, and the form."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.access import Action
from bot.domain.help_plans import (
    LONGEST_HELPER,
    LONGEST_WORDS,
    HelpPlan,
    PlanContent,
    PlanEntry,
    PlanEvent,
    PlanParty,
    PlanState,
    done_steps,
)
from bot.services import help_plans, restrict
from bot.services.appointment_dates import EntryFault
from bot.services.desk import Desk
from bot.services.help_plan_facts import day_of
from bot.services.help_plan_moves import shown_content
from bot.services.looks import note_look
from bot.services.staff_help_plans import STATES
from bot.texts import Voice, mark
from bot.web.console.at_desk import desk_of
from bot.web.console.help_plan_form import OWN_WHO, WHO, fields_of, read_form, redrawn
from bot.web.console.navigation import PEOPLE
from bot.web.console.person_head import HELP_PLAN, PATH, Opened, opened, page, title_of
from bot.web.console.seat import Did, Form, Page, Seat
from dialogs.own_words import pick

PRINT = f"{PATH}/{HELP_PLAN}/print"
_HAPPENED: Mapping[PlanEvent, str] = {
    PlanEvent.WRITE: mark("{who} hat daran geschrieben (Fassung {version})."),
    PlanEvent.PROPOSE: mark("{who} hat Fassung {version} vorgeschlagen."),
    PlanEvent.CONFIRM: mark("{who} hat Fassung {version} zugestimmt."),
    PlanEvent.TICK: mark("{who} hat Schritt {step} als geschafft notiert."),
    PlanEvent.UNTICK: mark("{who} hat Schritt {step} wieder geöffnet."),
    PlanEvent.REMIND: mark("An Schritt {step} wurde erinnert."),
    PlanEvent.REVIEW: mark("Der Tag ist da, gemeinsam auf den Plan zu schauen."),
    PlanEvent.CLOSE: mark("{who} hat den Plan abgeschlossen."),
}
_GONE = mark("Diesen Plan gibt es so nicht mehr. Es wurde nichts geändert.")


def _read(seat: Seat, found: Opened) -> Mapping[str, object]:
    plan = seat.uow.casework.help_plans.open_of(found.person.id)
    _note(seat, found)
    every = seat.uow.casework.help_plans.of_participant(found.person.id)
    desk = desk_of(seat)
    templates = help_plans.templates(desk, found.person) if desk is not None else {}
    shared: dict[str, object] = {
        "plan": plan,
        "edit": None,
        "templates": [(key, pick(one.title, seat.voice.language) or key) for key, one in templates.items()],
        "closed": sum(not one.is_open for one in every),
        "longest": LONGEST_WORDS,
        "longest_helper": LONGEST_HELPER,
        "whos": [(key, seat.voice.say(text)) for key, text in WHO.items()],
        "print_path": f"{found.path}/{HELP_PLAN}/print",
    }
    if plan is None:
        return shared
    newest = seat.uow.casework.help_plans.content(plan, plan.version)
    shown = shown_content(seat.uow, plan)
    history = seat.uow.casework.help_plans.history(plan.id)
    return {
        **shared,
        "state": seat.voice.say(STATES[plan.state]),
        "shown": _written(seat.voice, shown, frozenset(done_steps(history))) if plan.shown else None,
        "draft": (
            _written(seat.voice, newest, frozenset(done_steps(history)))
            if plan.version != plan.shown
            else None
        ),
        "stored": fields_of(newest),
        "review": newest.review_on.isoformat() if newest.review_on else "",
        "can": {event.value: plan.can(event, PlanParty.STAFF) for event in PlanEvent},
        "history": _history(seat, history),
    }


def _written(
    voice: Voice, content: PlanContent, done: frozenset[int], whos: Mapping[str, str] = WHO
) -> Mapping[str, object]:
    return {
        "goals": [
            {
                "words": goal.words,
                "steps": [
                    {
                        "number": step.number,
                        "words": step.words,
                        "is_done": step.number in done,
                        "due": day_of(voice, step.due) if step.due else "",
                        "who": voice.say(whos[step.who]) if step.who in whos else "",
                        "helper": step.helper,
                    }
                    for step in goal.steps
                ],
            }
            for goal in content.goals
        ],
        "review": day_of(voice, content.review_on) if content.review_on else "",
    }


def _history(seat: Seat, history: list[PlanEntry]) -> list[tuple[str, str]]:
    names = {one.id: one.name for one in seat.uow.people.all_staff(seat.staff.agency_id)}

    def who(actor: str) -> str:
        kind, _, number = actor.partition(":")
        if kind == "staff" and number.isdecimal():
            return names.get(int(number), seat.voice.say("Jemand aus dem Team"))
        return seat.voice.say("Die Person")

    return [
        (
            seat.moment(one.at),
            seat.voice.say(_HAPPENED[one.event], who=who(one.actor), version=one.version, step=one.step),
        )
        for one in reversed(history)
    ]


def _note(seat: Seat, found: Opened) -> None:
    entry = ("help_plan_shown", found.person.case_code)
    note_look(seat.uow, seat.staff, entry, seat.now, again=seat.is_refresh)


def _write(desk: Desk, found: Opened, form: Form) -> Did:
    """Keep what is in the form, or draw it once more with a goal or step more or less."""
    wish = form.get("do", "save")
    if wish != "save":
        return Did(once={"edit": redrawn(form, wish), "typed_review": form.get("review", "")})
    content, faults = read_form(form, desk.voice, help_plans.last_day(desk, found.person))
    if faults:
        return _back(form, faults)
    plan = desk.uow.casework.help_plans.open_of(found.person.id)
    if (plan.changed_at.isoformat() if plan else "") != form.get("seen", ""):
        text = desk.voice.say(
            "Inzwischen hat sich der Plan geändert. Sehen Sie bitte nach, und speichern Sie dann noch einmal."
        )
        return _back(form, {"plan": text})
    try:
        help_plans.write(desk, found.person, content)
    except EntryFault as fault:
        return _back(form, {"plan": fault.say(desk.voice)})
    return Did((desk.voice.say("Gespeichert. Die Person sieht es erst, wenn Sie es vorschlagen."),))


def _back(form: Form, faults: Mapping[str, str]) -> Did:
    once = {"edit": redrawn(form, ""), "typed_review": form.get("review", "")}
    return Did(faults=faults, once=once)


def _template(desk: Desk, found: Opened, form: Form) -> Did:
    """Begin with a template: nothing is kept before the form is saved."""
    known = help_plans.templates(desk, found.person)
    if form.get("template", "") not in known:
        return Did(faults={"template": desk.voice.say("Bitte wählen Sie eine Vorlage.")})
    content = help_plans.from_template(desk, found.person, known[form["template"]])
    review = content.review_on.isoformat() if content.review_on else ""
    return Did(once={"edit": fields_of(content), "typed_review": review})


def _propose(desk: Desk, found: Opened, _: Form) -> Did:
    try:
        telling = help_plans.propose(desk, found.person)
    except EntryFault as fault:
        return Did((fault.say(desk.voice),))
    line = desk.voice.say("Fall {case}: Der Hilfeplan ist vorgeschlagen.", case=found.person.case_code)
    return Did((line, desk.voice.say(telling.value)))


def _tick(desk: Desk, found: Opened, form: Form) -> Did:
    typed = form.get("step", "")
    if not typed.isascii() or not typed.isdecimal() or len(typed) > 3:
        return Did((desk.voice.say(_GONE),))
    try:
        help_plans.tick(desk, found.person, int(typed), is_done=form.get("is_done") == "yes")
    except EntryFault as fault:
        return Did((fault.say(desk.voice),))
    return Did((desk.voice.say("Notiert."),))


def _close(desk: Desk, found: Opened, _: Form) -> Did:
    try:
        help_plans.close(desk, found.person)
    except EntryFault as fault:
        return Did((fault.say(desk.voice),))
    return Did(
        (desk.voice.say("Fall {case}: Der Hilfeplan ist abgeschlossen.", case=found.person.case_code),)
    )


def _sheet(seat: Seat) -> Mapping[str, object] | None:
    """On paper, in the person's language: what they see, or the draft where they see nothing yet."""
    found = opened(seat, Action.SEE_PLAN)
    plan = seat.uow.casework.help_plans.open_of(found.person.id) if found is not None else None
    if found is None or plan is None or restrict.is_restricted(seat.uow, found.person.id):
        return None
    _note(seat, found)
    return {**_on_paper(seat, found, plan), "back": f"{found.path}/{HELP_PLAN}"}


def _on_paper(seat: Seat, found: Opened, plan: HelpPlan) -> Mapping[str, object]:
    voice = seat.rules.voice(found.person.language)
    number = plan.shown or plan.version
    content = seat.uow.casework.help_plans.content(plan, number)
    done = frozenset(done_steps(seat.uow.casework.help_plans.history(plan.id)))
    coach = seat.uow.people.staff(found.person.coach_id) if found.person.coach_id else None
    return {
        "speak": voice.say,
        "tongue": voice.language,
        "written": _written(voice, content, done, OWN_WHO),
        "who": title_of(voice, found.person, seat.uow.people.name_of(found.person.id)),
        "coach": coach.name if coach is not None else "",
        "agency": seat.rules.agencies[seat.staff.agency_id].name,
        "is_draft": plan.state is PlanState.DRAFT,
        "printed": voice.day(seat.now, seat.zone),
    }


_TAB = page(
    HELP_PLAN,
    "help_plan.html",
    _read,
    {
        "write": (Action.CHANGE_PLAN, _write),
        "template": (Action.CHANGE_PLAN, _template),
        "propose": (Action.CHANGE_PLAN, _propose),
        "tick": (Action.CHANGE_PLAN, _tick),
        "close": (Action.CHANGE_PLAN, _close),
    },
)
PAGES = (_TAB, Page(PRINT, "person/help_plan_sheet.html", PEOPLE, _sheet))
