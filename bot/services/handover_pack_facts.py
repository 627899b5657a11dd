# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What a hand-over pack can be made of, as the person has it now, in words to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import msgspec

from bot.domain.appointments import Appointment
from bot.domain.consent import Consents, Purpose
from bot.domain.handover_packs import Line, Part
from bot.domain.help_plans import done_steps
from bot.domain.referrals import ReferralState
from bot.ports import UnitOfWork
from bot.services.help_plan_facts import day_of
from bot.services.help_plan_moves import shown_content
from bot.services.referral_moves import ask_of
from bot.texts import Voice, mark
from dialogs.effects import Value

#: Under which name the plan for hard hours keeps the person's warning signs.
_SIGNS = "plan_signs"
#: What stands above each part, as the person would say it.
HEADINGS: Mapping[Part, str] = {
    Part.STRENGTHS: mark("Was ich gut kann und was mir hilft"),
    Part.STEPS: mark("Was ich als Nächstes vorhabe"),
    Part.APPOINTMENTS: mark("Meine nächsten Termine"),
    Part.PLACES: mark("Stellen, die mich schon kennen"),
    Part.SIGNS: mark("Woran ich merke, dass es schwer wird"),
}
#: The parts by name, in the question for whom they may go to.
PARTS: Mapping[Part, str] = {
    Part.STRENGTHS: mark("Stärken"),
    Part.STEPS: mark("nächste Schritte"),
    Part.APPOINTMENTS: mark("Termine"),
    Part.PLACES: mark("Stellen"),
    Part.SIGNS: mark("Warnzeichen"),
}


@dataclass(frozen=True, slots=True)
class Sources:
    """One person's material, read when it is asked for; `consents` are those that hold."""

    uow: UnitOfWork
    participant_id: int
    voice: Voice
    now: datetime
    consents: Consents

    def lines(self, part: Part) -> tuple[Line, ...]:
        """What there is for a part now; nothing for the person's own words, which come with the choice."""
        return tuple(_READ[part](self)) if part in _READ else ()

    def every(self, strengths: str) -> tuple[Line, ...]:
        """Everything that could be in the pack."""
        own = (Line(Part.STRENGTHS, Part.STRENGTHS.value, strengths),) if strengths else ()
        return (*own, *(line for part in Part for line in self.lines(part)))

    def steps(self) -> Iterator[Line]:
        """Open steps of the version of the help plan that the person sees."""
        plan = self.uow.casework.help_plans.open_of(self.participant_id)
        if plan is None or not plan.shown:
            return
        done = done_steps(self.uow.casework.help_plans.history(plan.id))
        for step in shown_content(self.uow, plan).steps:
            if step.number not in done:
                words = step.words
                if step.due is not None:
                    words = self.voice.say("{step}, bis {day}", step=words, day=day_of(self.voice, step.due))
                yield Line(Part.STEPS, f"step:{step.number}", words)

    def appointments(self) -> Iterator[Line]:
        """Open appointments ahead."""
        for one in self.uow.appointments.of_participant(self.participant_id, self.now):
            if one.is_open:
                yield Line(Part.APPOINTMENTS, f"appointment:{one.id}", self._when(one))

    def places(self) -> Iterator[Line]:
        """Referrals that go on and that the person has said yes to."""
        for one in self.uow.casework.referrals.of_participant(self.participant_id):
            if one.is_open and one.state is not ReferralState.PROPOSED:
                ask = ask_of(self.uow, one)
                yield Line(Part.PLACES, f"referral:{one.id}", f"{ask.partner}: {ask.why}")

    def signs(self) -> Iterator[Line]:
        """What the person wrote in their plan for hard hours, while they agree that it is kept."""
        is_allowed = self.consents.get(Purpose.SAFETY_PLAN, False)
        kept = self.uow.memory.facts(self.participant_id).get(_SIGNS) if is_allowed else None
        if kept is not None:
            yield Line(Part.SIGNS, Part.SIGNS.value, str(msgspec.json.decode(kept)))

    def _when(self, one: Appointment) -> str:
        day, time = self.voice.day(one.starts_at, one.zone), self.voice.clock(one.starts_at, one.zone)
        if one.details.with_whom:
            return self.voice.say("{day}, {time}, bei {whom}", day=day, time=time, whom=one.details.with_whom)
        return self.voice.say("{day}, {time}", day=day, time=time)


_READ: Mapping[Part, Callable[[Sources], Iterator[Line]]] = {
    Part.STEPS: Sources.steps,
    Part.APPOINTMENTS: Sources.appointments,
    Part.PLACES: Sources.places,
    Part.SIGNS: Sources.signs,
}


def written(voice: Voice, lines: tuple[Line, ...]) -> str:
    """A pack in words, each line with its number from 1 on. Exactly this goes to a place."""
    paragraphs: list[str] = []
    before: Part | None = None
    for number, line in enumerate(lines, start=1):
        if line.part is not before:
            paragraphs.append("\n**" + voice.say(HEADINGS[line.part]) + "**")
        paragraphs.append(f"{number}. {line.words}")
        before = line.part
    return "\n".join(paragraphs).strip()


def _listed(part: Part) -> Callable[[Sources], Value | None]:
    def read(sources: Sources) -> Value | None:
        return "\n".join(f"– {line.words}" for line in sources.lines(part)) or None

    return read


def _state(sources: Sources) -> Value | None:
    pack = sources.uow.casework.handover_packs.open_of(sources.participant_id)
    return pack.state.value if pack is not None else None


def _places(sources: Sources) -> Value | None:
    pack = sources.uow.casework.handover_packs.open_of(sources.participant_id)
    named = sources.uow.casework.handover_packs.receivers(pack.id) if pack is not None else []
    return "\n".join(f"– {one.place}: {one.why}" for one in named) or None


#: By the name under which dialogs know it.
FACTS: Mapping[str, Callable[[Sources], Value | None]] = {
    "handover_steps": _listed(Part.STEPS),
    "handover_appointments": _listed(Part.APPOINTMENTS),
    "handover_places": _listed(Part.PLACES),
    "handover_signs": _listed(Part.SIGNS),
    "handover_state": _state,
    "handover_receivers": _places,
}
