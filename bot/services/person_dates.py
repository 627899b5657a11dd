# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""One person's time as plans need it: zone, dates, hours, holidays of the agency, pause."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.domain.agency import Agency
from bot.domain.people import Participant
from bot.ports import UnitOfWork
from bot.services.availability import Window, read_window
from bot.services.read_plans import LAST_ANSWER, LAST_CRISIS, PAUSE_END, CheckIn
from bot.services.remembered import decode_value
from bot.services.rulebook import Rulebook
from dialogs.conditions import day_of
from scheduler.local_time import local, zone
from scheduler.person_time import PersonTime
from scheduler.plans import Span
from scheduler.recurrence import FIRST_DAY, LAST_DAY

#: Where the dates stand that somebody has to say: the fact of each. Dialogs read the same facts.
SAID = {
    "discharge": "discharged_on",
    "internship_start": "internship_since",
    "internship_end": "internship_until",
    "new_start": "new_start_on",
    "prevention_start": "prevention_since",
}
#: The fact with the hours of `availability`.
WINDOW = "window"
#: Facts that change when plans ask.
FACTS = frozenset({*SAID.values(), WINDOW})


def zone_of(person: Participant, agency: Agency) -> ZoneInfo:
    """The person's zone; the agency's if theirs is unknown."""
    try:
        return zone(person.zone)
    except ValueError:
        return zone(agency.zone)


def person_time(uow: UnitOfWork, rules: Rulebook, person: Participant, now: datetime) -> PersonTime:
    """The person's time, as far as it is known. An unknown zone is noted in the audit log, once."""
    agency = rules.agencies[person.agency_id]
    where = zone_of(person, agency)
    if where.key != person.zone:
        _note_zone(uow, person, now)
    facts = uow.memory.facts(person.id)
    milestones = uow.plans.milestones(person.id)
    moments = {
        "enrolment": milestones.agreed_at,
        LAST_ANSWER: milestones.heard_at,
        LAST_CRISIS: milestones.crisis_closed_at,
        PAUSE_END: person.paused_until,
    }
    dates = {name: local(at, where).date() for name, at in moments.items() if at is not None}
    said = {name: _said_day(facts.get(fact)) for name, fact in SAID.items()}
    dates |= {name: day for name, day in said.items() if day is not None}
    return PersonTime(
        zone=where,
        seed=person.id,
        dates=dates,
        window=_window(facts.get(WINDOW)),
        closed=rules.hours[agency.id].closed,
        pauses=_pauses(dates.get(PAUSE_END)),
    )


def said_day(uow: UnitOfWork, participant_id: int, name: str) -> date | None:
    """The day that somebody has said for this date of a person (a key of `SAID`); None if nobody has."""
    return _said_day(uow.memory.facts(participant_id).get(SAID[name]))


def time_for(check_in: CheckIn, time: PersonTime) -> PersonTime:
    """The person's time for one plan: what follows a pause comes on its last day, when it is over."""
    return replace(time, pauses=()) if check_in.follows_pause else time


def _pauses(last_day: date | None) -> tuple[Span, ...]:
    # Whatever was due until the end of the pause is over: nothing is caught up on.
    return () if last_day is None else (Span(FIRST_DAY, last_day),)


def _said_day(fact: str | None) -> date | None:
    """The day that a fact names; None for anything else, and outside the years that plans know."""
    day = day_of(decode_value(fact)) if fact else None
    return day if day is not None and FIRST_DAY <= day <= LAST_DAY else None


def _window(fact: str | None) -> Window:
    try:
        return read_window(str(decode_value(fact))) if fact else {}
    except ValueError:  # a dialog of the agency's own has remembered something else under this name
        return {}


def _note_zone(uow: UnitOfWork, person: Participant, now: datetime) -> None:
    name = f"zone_unknown:{person.id}"
    if uow.ledger.fact(name) != person.zone:
        uow.ledger.set_fact(name, person.zone)
        uow.ledger.note(person.agency_id, now, "system", "zone_unknown", person.case_code)
