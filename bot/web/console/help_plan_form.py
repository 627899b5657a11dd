# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The form of a help plan: its fields from a plan, a plan from its fields, and one more or less of them.

Fields are named `goal-0`, `goal-0-step-1`, with `-due`, `-who`, `-helper` and `-number` behind a step.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.domain.help_plans import (
    LONGEST_HELPER,
    LONGEST_WORDS,
    MOST_GOALS,
    MOST_STEPS,
    Goal,
    PlanContent,
    Step,
)
from bot.services.appointment_dates import EntryFault
from bot.services.appointment_forms import read_day
from bot.services.help_plan_facts import day_of
from bot.texts import Voice, mark
from bot.web.console.seat import Form
from dialogs.programme_model import Who

#: Who does a step, as staff read it.
WHO: Mapping[str, str] = {
    Who.PERSON: mark("die Person"),
    Who.COACH: mark("der Coach"),
    Who.BOTH: mark("beide zusammen"),
    Who.PARTNER: mark("eine Partnerstelle"),
}
#: The same on the sheet that the person takes home.
OWN_WHO: Mapping[str, str] = {
    Who.PERSON: mark("ich selbst"),
    Who.COACH: mark("mein Coach"),
    Who.BOTH: mark("wir beide"),
    Who.PARTNER: mark("eine Partnerstelle"),
}
_TOO_LONG = mark("Bitte schreiben Sie 1 bis {most} Zeichen.")
_LATE_STEP = mark("Das Programm endet am {end}. Dieser Schritt wäre erst danach fällig.")
_LATE_REVIEW = mark("Das Programm endet am {end}. Bitte schauen Sie vorher gemeinsam auf den Plan.")


@dataclass(frozen=True, slots=True)
class StepField:
    """One step as it stands in the form."""

    words: str = ""
    number: str = "0"
    due: str = ""
    who: str = Who.PERSON.value
    helper: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written in it."""
        return not (self.words.strip() or self.due.strip() or self.helper.strip())


@dataclass(frozen=True, slots=True)
class GoalField:
    """One goal as it stands in the form."""

    words: str = ""
    steps: Sequence[StepField] = field(default_factory=lambda: (StepField(),))

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written in it or its steps."""
        return not self.words.strip() and all(step.is_empty for step in self.steps)


def fields_of(content: PlanContent) -> list[GoalField]:
    """A plan in the form."""
    return [
        GoalField(
            goal.words,
            tuple(
                StepField(
                    step.words,
                    str(step.number),
                    step.due.isoformat() if step.due else "",
                    step.who,
                    step.helper,
                )
                for step in goal.steps
            ),
        )
        for goal in content.goals
    ]


def typed_goals(form: Form) -> list[GoalField]:
    """What stands in the form, as it is."""
    return [
        GoalField(form[f"goal-{number}"], tuple(_steps(form, number)))
        for number in range(MOST_GOALS)
        if f"goal-{number}" in form
    ]


def redrawn(form: Form, wish: str) -> list[GoalField]:
    """The form with what a button changes: `add-goal`, `drop-goal-0`, `add-step-0`, `drop-step-0-1`."""
    goals = typed_goals(form)
    verb, _, where = wish.partition("-")
    kind, *rest = where.split("-")
    at = [int(one) for one in rest if one.isascii() and one.isdecimal() and len(one) < 3]
    if (verb, kind) == ("add", "goal") and len(goals) < MOST_GOALS:
        return [*goals, GoalField()]
    if not at or at[0] >= len(goals):
        return goals
    goal = goals[at[0]]
    match verb, kind:
        case "drop", "goal":
            return [one for number, one in enumerate(goals) if number != at[0]]
        case "add", "step" if sum(len(one.steps) for one in goals) < MOST_STEPS:
            goals[at[0]] = GoalField(goal.words, (*goal.steps, StepField()))
        case "drop", "step" if len(at) > 1:
            left = tuple(one for number, one in enumerate(goal.steps) if number != at[1])
            goals[at[0]] = GoalField(goal.words, left)
    return goals


def read_form(form: Form, voice: Voice, end: date | None) -> tuple[PlanContent, dict[str, str]]:
    """The plan in the form, and what is wrong with it by field; what is empty is left out.

    `end` is the last day of the person's programmes, None if they have none.
    """
    faults: dict[str, str] = {}
    goals = []
    for number, goal in enumerate(typed_goals(form)):
        if goal.is_empty:
            continue
        name = f"goal-{number}"
        _check_line(faults, voice, name, goal.words)
        steps = [
            _step(faults, voice, (f"{name}-step-{at}", one), end)
            for at, one in enumerate(goal.steps)
            if not one.is_empty
        ]
        goals.append(Goal(words=goal.words.strip(), steps=tuple(steps)))
    if not goals:
        faults["plan"] = voice.say("Ein Hilfeplan beginnt mit einem Ziel. Schreiben Sie bitte eines.")
    review = _day(faults, voice, ("review", form.get("review", "")), (end, _LATE_REVIEW))
    return PlanContent(goals=tuple(goals), review_on=review), faults


def _steps(form: Form, goal: int) -> list[StepField]:
    found = []
    for number in range(MOST_STEPS):
        name = f"goal-{goal}-step-{number}"
        if name in form:
            more = [form.get(f"{name}-{part}", "") for part in ("number", "due", "who", "helper")]
            found.append(StepField(form[name], more[0] or "0", more[1], more[2] or Who.PERSON.value, more[3]))
    return found


def _step(faults: dict[str, str], voice: Voice, named: tuple[str, StepField], end: date | None) -> Step:
    name, one = named
    _check_line(faults, voice, name, one.words)
    if len(one.helper) > LONGEST_HELPER or "\n" in one.helper:
        faults[f"{name}-helper"] = voice.say(
            mark("Wer hilft, steht in höchstens {most} Zeichen da."), most=LONGEST_HELPER
        )
    if one.who not in WHO:
        faults[f"{name}-who"] = voice.say("Bitte wählen Sie, wer den Schritt geht.")
    number = one.number if one.number.isascii() and one.number.isdecimal() and len(one.number) < 4 else "0"
    return Step(
        words=one.words.strip(),
        number=int(number),
        due=_day(faults, voice, (f"{name}-due", one.due), (end, _LATE_STEP)),
        who=one.who,
        helper=one.helper.strip(),
    )


def _check_line(faults: dict[str, str], voice: Voice, name: str, words: str) -> None:
    if not 0 < len(words.strip()) <= LONGEST_WORDS or "\n" in words:
        faults[name] = voice.say(_TOO_LONG, most=LONGEST_WORDS)


def _day(
    faults: dict[str, str], voice: Voice, typed: tuple[str, str], limit: tuple[date | None, str]
) -> date | None:
    name, text = typed
    end, late = limit
    if not text.strip():
        return None
    try:
        day = read_day(text.strip())
    except EntryFault as fault:
        faults[name] = fault.say(voice)
        return None
    if end is not None and day > end:
        faults[name] = voice.say(late, end=day_of(voice, end))
    return day
