# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A person's help plan as dialogs may know it, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from bot.domain.help_plans import HelpPlan, PlanContent, Step, done_steps
from bot.ports import UnitOfWork
from bot.services.help_plan_moves import shown_content
from bot.texts import Voice
from dialogs.effects import Value
from dialogs.own_words import words_for
from dialogs.rendering import spoken_date


@dataclass(frozen=True)
class OwnPlan:
    """The plan of one person that goes on, read when it is asked for."""

    uow: UnitOfWork
    participant_id: int
    voice: Voice

    @cached_property
    def plan(self) -> HelpPlan | None:
        """The plan, once the person may see it."""
        found = self.uow.casework.help_plans.open_of(self.participant_id)
        return found if found is not None and found.shown else None

    def text(self) -> Value | None:
        """The version that the person sees, with what is done."""
        if self.plan is None:
            return None
        done = done_steps(self.uow.casework.help_plans.history(self.plan.id))
        return written(self.voice, shown_content(self.uow, self.plan), frozenset(done))

    def state(self) -> Value | None:
        """The state, as a machine word."""
        return self.plan.state.value if self.plan else None

    def version(self) -> Value | None:
        """The number of the version that is shown."""
        return self.plan.shown if self.plan else None

    def reminds(self) -> Value | None:
        """Whether the person wants to be reminded."""
        return ("yes" if self.plan.reminds else "no") if self.plan else None


#: By the name under which dialogs know it.
FACTS: Mapping[str, Callable[[OwnPlan], Value | None]] = {
    "help_plan": OwnPlan.text,
    "help_plan_state": OwnPlan.state,
    "help_plan_version": OwnPlan.version,
    "help_plan_reminds": OwnPlan.reminds,
}


def written(voice: Voice, content: PlanContent, done: frozenset[int]) -> str:
    """A plan in words: goals, numbered steps with what is done, and when it is looked at again."""
    lines: list[str] = []
    for goal in content.goals:
        lines.append(voice.say("**Ziel:** {words}", words=goal.words))
        lines += [_step(voice, step, is_done=step.number in done) for step in goal.steps]
        lines.append("")
    if content.review_on is not None:
        lines.append(voice.say("Wir schauen gemeinsam darauf: {day}", day=day_of(voice, content.review_on)))
    return "\n".join(lines).strip()


def day_of(voice: Voice, day: date) -> str:
    """A day as one says it."""
    return spoken_date(day, words_for(voice.language))


def _step(voice: Voice, step: Step, *, is_done: bool) -> str:
    line = voice.say("{number}. {words}", number=step.number, words=step.words)
    if is_done:
        done = voice.say("geschafft")
        return f"{line} – {done}"
    if step.due is not None:
        line = voice.say("{step}, bis {day}", step=line, day=day_of(voice, step.due))
    if step.helper:
        line = voice.say("{step} (dabei hilft: {helper})", step=line, helper=step.helper)
    return line
