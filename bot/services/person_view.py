# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What staff who look after a person see of them. That they look stands in the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.domain.access import Action
from bot.domain.appointments import Appointment, AppointmentKind
from bot.domain.concerns import Concern, urgency
from bot.domain.consent import Purpose, holding
from bot.domain.messages import Line
from bot.domain.people import Participant, Staff
from bot.domain.scores import ScoreRecord
from bot.domain.stories import Happening, Sort, page_of
from bot.ports import UnitOfWork
from bot.services.access import Guard
from bot.services.group_facts import group_visits
from bot.services.looks import note_look
from bot.services.remembered import PLAN_FACTS, decode_value
from bot.services.rulebook import Rulebook
from dialogs.instruments.model import Pack, ScoringRule

#: So much stands on one page of what happened, and of what was said.
MOMENTS, LINES, MOST_LOOKS = 40, 60, 200
#: So many values are drawn.
MOST_VALUES = 20
SHOWN, LOOKS_SHOWN = "person_shown", "looks_shown"
_OWN = "own_items"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_INSTANT = timedelta(microseconds=1)
_PLAN_KEPT = "plan_kept"


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above everything. `name` is empty where it is not known; `channels` are the open ways."""

    person: Participant
    name: str
    coach: str
    channels: tuple[str, ...]
    concerns: tuple[Concern, ...]
    next_appointment: Appointment | None


@dataclass(frozen=True, slots=True)
class Story:
    """One page of what happened, the newest first. `older` is where the next one begins, 0 for none."""

    moments: tuple[Happening | Line, ...]
    older: int


@dataclass(frozen=True, slots=True)
class Scale:
    """The values of one scale over time, the oldest first; only those that could be computed."""

    pack: Pack
    rule: ScoringRule
    scores: tuple[ScoreRecord, ...]


def head(uow: UnitOfWork, guard: Guard, person: Participant, now: datetime) -> Head:
    """Who it is and how they can be reached. Only with `Action.SEE_NAME`."""
    coach = uow.people.staff(person.coach_id) if person.coach_id else None
    coming = uow.appointments.of_participant(person.id, now)
    held = guard.own(uow.concerns.of_participant(person.id))
    return Head(
        person,
        uow.people.name_of(person.id),
        coach.name if coach else "",
        tuple(uow.stories.channels(person.id)),
        tuple(sorted(held, key=lambda one: urgency(one, now))),
        next((one for one in coming if one.is_open), None),
    )


def look(
    uow: UnitOfWork, guard: Guard, staff: Staff, person: Participant, now: datetime, *, again: bool = False
) -> None:
    """Write down that somebody looks at what a person said or what was said about them.

    `again`: by itself, for news. That is the same look as before, if that was not long ago.
    """
    if note_look(uow, staff, (SHOWN, person.case_code), now, again=again):
        guard.looks_at(person, Action.SEE_TIMELINE)


def looks(
    uow: UnitOfWork, staff: Staff, person: Participant, now: datetime, *, again: bool = False
) -> list[tuple[datetime, str, str]]:
    """Who has looked or changed something: when, who, what. Whoever reads it is in it. `again`: as `look`."""
    note_look(uow, staff, (LOOKS_SHOWN, person.case_code), now, again=again)
    return uow.stories.looks(person, MOST_LOOKS)


def story(uow: UnitOfWork, person: Participant, before: datetime, actions: Mapping[str, str]) -> Story:
    """What happened before that moment; `actions` are those of the audit log that are told."""
    lines = uow.stories.lines(person.id, before, MOMENTS + 1)
    happened = uow.stories.happenings(person.id, before, MOMENTS + 1, actions)
    visits = group_visits(uow, person.id, before, MOMENTS + 1)
    there = {one.at for one in visits}
    # Where somebody was, the plan of it says less.
    planned = (Sort.APPOINTMENT, AppointmentKind.GROUP.value)
    happened = [one for one in happened if (one.sort, one.word) != planned or one.at not in there]
    moments: list[Happening | Line] = [*happened, *visits, *reversed(lines)]
    moments.sort(key=lambda one: one.at, reverse=True)
    size = page_of([one.at for one in moments], MOMENTS)
    shown = moments[:size]
    return Story(tuple(shown), cursor(shown[-1].at) if size < len(moments) else 0)


def said(uow: UnitOfWork, person: Participant, before: datetime) -> tuple[list[Line], int]:
    """What was said before that moment, the oldest first; and where older words begin, 0 for none."""
    lines = uow.stories.lines(person.id, before, LINES + 1)
    size = page_of([one.at for one in reversed(lines)], LINES)
    shown = lines[-size:] if size else []
    return shown, cursor(shown[0].at) if size < len(lines) else 0


def cursor(at: datetime) -> int:
    """A moment as a number in an address."""
    return (at - _EPOCH) // _INSTANT


def moment_of(typed: str, now: datetime) -> datetime:
    """The moment of such a number; just behind `now` for anything else."""
    is_one = typed.isascii() and typed.isdecimal() and len(typed) <= 16
    return _EPOCH + int(typed) * _INSTANT if is_one else now + _INSTANT


def scales(uow: UnitOfWork, rules: Rulebook, person: Participant) -> list[Scale]:
    """Everything of the person that has numbers over time, their own items first."""
    packs = [pack for name, pack in rules.book.packs.items() if name == _OWN or name in rules.packs_on]
    found = []
    for pack in sorted(packs, key=lambda one: one.id != _OWN):
        for rule in pack.rules.values():
            kept = uow.memory.scores(person.id, f"{pack.id}.{rule.id}", pack.version, MOST_VALUES)
            values = tuple(one for one in kept if one.value is not None)
            if values:
                found.append(Scale(pack, rule, values))
    return found


def own_plan(uow: UnitOfWork, rules: Rulebook, person: Participant, now: datetime) -> dict[str, str] | None:
    """The person's plan for hard hours, part by part; None without their consent, or if there is none.

    They were told that whoever looks after them can read it.
    """
    consents = holding(uow.talks.given(person.id), rules.book.meanings, now)
    facts = uow.memory.facts(person.id)
    is_kept = _PLAN_KEPT in facts and bool(decode_value(facts[_PLAN_KEPT]))
    if not consents.get(Purpose.SAFETY_PLAN, False) or not is_kept:
        return None
    return {name: str(decode_value(facts[name])) for name in PLAN_FACTS if name in facts}
