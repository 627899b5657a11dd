# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What a participant sees of what is kept about them, and what they may change there themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from bot.domain.appointments import Appointment, AppointmentState
from bot.domain.consent import Purpose, holding, standing
from bot.domain.own_page import Factor, PageSession
from bot.domain.people import Participant
from bot.ports import Receipt, UnitOfWork
from bot.services.appointment_words import KINDS
from bot.services.calendar_files import calendar_for_person
from bot.services.consent_facts import Agreed
from bot.services.consents import withdraw
from bot.services.enrol import stop
from bot.services.follow_plans import look
from bot.services.page_lock import leave_everywhere, who
from bot.services.person_dates import person_time, zone_of
from bot.services.rulebook import Rulebook
from bot.services.visit import Visit
from dialogs.own_words import pick

#: What is shown as a picture: how the person was, and how they slept, from 0 to 10.
_PACK = "own_items"
TRENDS = ("mood", "sleep")
_WORDS = "achieved"
MOST_ANSWERS = 12
_SHOWN = frozenset({AppointmentState.PROPOSED, AppointmentState.AGREED, AppointmentState.MOVED})
#: What stands in the record of a consent that was taken back here.
_BY = "own_page"


@dataclass(frozen=True, slots=True)
class Checked:
    """One check-in: the person's own numbers by name, and their own words."""

    at: datetime
    values: dict[str, int]
    words: str = ""


@dataclass(frozen=True, slots=True)
class Planned:
    """What Lotse asks by itself, and when it comes next."""

    title: str
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class Met:
    """An appointment with what it is, in words."""

    kept: Appointment
    kind: str


@dataclass(frozen=True, slots=True)
class Consented:
    """One purpose: `told` says whether it holds and since when. `can_end`: it was agreed to."""

    purpose: Purpose
    whom: str
    told: str
    can_end: bool


@dataclass(frozen=True, slots=True)
class Area:
    """Everything that the page shows. `is_closed`: what was said about health needs a link with more."""

    person: Participant
    session: PageSession
    is_closed: bool
    checked: tuple[Checked, ...]
    planned: tuple[Planned, ...]
    met: tuple[Met, ...]
    consented: tuple[Consented, ...]
    sessions: tuple[PageSession, ...]


def show(uow: UnitOfWork, rules: Rulebook, account: str, now: datetime) -> Area | None:
    """The area of the participant whose browser this is; None if nobody's."""
    guest = who(uow, rules, account, now)
    if guest is None:
        return None
    person = guest.contact.participant
    uow.serve(person.agency_id)
    closed = is_closed(rules, guest.session)
    return Area(
        person=person,
        session=guest.session,
        is_closed=closed,
        checked=() if closed else tuple(_checked(uow, rules, person)),
        planned=tuple(_planned(uow, rules, person, now)),
        met=tuple(_met(uow, rules, person, now)),
        consented=tuple(_consented(uow, rules, person, now)),
        sessions=tuple(uow.own_page.sessions(person.id)),
    )


def is_closed(rules: Rulebook, session: PageSession) -> bool:
    """Whether what was said about health, and the copy of everything, need a link that asks for more."""
    return rules.page.factor is not Factor.NONE and not session.is_strong


def calendar(
    uow: UnitOfWork, rules: Rulebook, account: str, appointment_id: int, now: datetime
) -> bytes | None:
    """The calendar file of an appointment of theirs; None if it is not, or nobody is signed in."""
    guest = who(uow, rules, account, now)
    if guest is None:
        return None
    return calendar_for_person(uow, rules, guest.contact.participant.id, appointment_id)


def end_consent(
    uow: UnitOfWork, rules: Rulebook, account: str, key: tuple[str, str], now: datetime
) -> Receipt | None:
    """Take back what was agreed to, at once: `key` is (purpose, partner). None if nobody is there."""
    guest = who(uow, rules, account, now)
    if guest is None:
        return None
    visit = Visit(uow, rules, guest.contact, now)
    if key[0] == Purpose.CONTACT:
        stop(visit)
    else:
        withdraw(visit, *key, version=_BY)
    visit.finish()
    return Receipt("", frozenset(visit.woken), frozenset({visit.participant.id}))


def end_sessions(uow: UnitOfWork, rules: Rulebook, account: str, now: datetime) -> int | None:
    """Sign out everywhere, here too. How many browsers it were; None if nobody is signed in here."""
    guest = who(uow, rules, account, now)
    return leave_everywhere(uow, guest.contact.participant, "participant", now) if guest else None


def _checked(uow: UnitOfWork, rules: Rulebook, person: Participant) -> list[Checked]:
    """The last check-ins, the oldest first."""
    pack = rules.book.packs.get(_PACK)
    if pack is None:
        return []
    words = {one.conversation_id: one.value for one in uow.talks.answers(person.id) if one.key == _WORDS}
    found: dict[int, Checked] = {}
    for name in TRENDS:
        for score in uow.memory.scores(person.id, f"{_PACK}.{name}", pack.version, MOST_ANSWERS):
            said = words.get(score.conversation_id)
            text = str(msgspec.json.decode(said)) if said else ""
            one = found.setdefault(score.conversation_id, Checked(score.at, {}, text))
            if score.value is not None:
                one.values[name] = score.value
    return sorted((one for one in found.values() if one.values), key=lambda one: one.at)[-MOST_ANSWERS:]


def _planned(uow: UnitOfWork, rules: Rulebook, person: Participant, now: datetime) -> list[Planned]:
    plans = rules.plans.in_force(uow, person.agency_id)
    rows = [row for row in uow.plans.followed(person.id).values() if row.is_on]
    time = person_time(uow, rules, person, now) if rows else None
    found = []
    for row in rows:
        check_in = plans.check_ins.get(row.plan)
        dialog = rules.book.latest(check_in.dialog) if check_in else None
        if check_in is None or dialog is None or time is None:
            continue
        coming = look(check_in, time, row, now).next
        title = pick(dialog.title, person.language) or ""
        found.append(Planned(title, coming.at if coming else None))
    return sorted((one for one in found if one.next_at), key=lambda one: one.next_at or now)


def _met(uow: UnitOfWork, rules: Rulebook, person: Participant, now: datetime) -> list[Met]:
    voice = rules.voice(person.language)
    coming = uow.appointments.of_participant(person.id, now - timedelta(hours=1))
    return [Met(one, voice.say(KINDS[one.kind])) for one in coming if one.state in _SHOWN]


def _consented(uow: UnitOfWork, rules: Rulebook, person: Participant, now: datetime) -> list[Consented]:
    given = uow.talks.given(person.id)
    holds = holding(given, rules.book.meanings, now)
    zone = zone_of(person, rules.agencies[person.agency_id])
    agreed = Agreed(given, holds, rules.voice(person.language), zone)
    stands = standing(given)
    found = [
        Consented(purpose, "", agreed.told(purpose), purpose in stands)
        for purpose in Purpose
        if purpose is not Purpose.SHARING
    ]
    shared = [
        Consented(Purpose.SHARING, one.object, agreed.told(key), can_end=True)
        for key, one in stands.items()
        if one.object
    ]
    return found + shared
