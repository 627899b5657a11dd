# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Does a call reach staff at all? Every way to them is tried once a week and must be confirmed by a button.

A test that is missed is told to a lead. It never closes a way: whoever is called is called on every open one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from bot.domain.delivery import OWN_ADDRESS
from bot.domain.duty import ReachTest, Span, Team
from bot.domain.messages import Body, Draft, Key, Kind
from bot.domain.people import Address, Staff
from bot.ports import UnitOfWork
from bot.services.duty import begins_later
from bot.services.rota import time_at_work
from bot.services.rulebook import Rulebook

EVERY = timedelta(days=7)
#: From one opening to the same weekday's next one a week is an hour shorter when clocks are set forward.
_SLACK = timedelta(hours=2)
_DAY = timedelta(days=1)
#: So much of their own working time people have to confirm a test; half their week, where that is less.
_ENOUGH = timedelta(hours=4)
MARK = "d"
CONFIRM = "here"
#: A page that staff go to calls nobody, so there is nothing to test.
_CALLS_NOBODY = frozenset({"console"})


def is_reachable(uow: UnitOfWork, person: Staff) -> bool:
    """Whether a way to them is open whose last test was not missed. For warnings, never to spare a call."""
    tests = uow.duty.reach_tests(person.agency_id)
    return any(not is_missed(tests, address) for address in ways_to(uow, [person]))


def is_missed(tests: Mapping[int, ReachTest], address: Address) -> bool:
    """Whether the last test of this way was not confirmed in time; one never tested counts as good."""
    test = tests.get(address.id)
    return test is not None and test.missed_at is not None


def probe(
    uow: UnitOfWork, rules: Rulebook, people: Iterable[Staff], addresses: Iterable[Address], now: datetime
) -> list[Draft]:
    """A test message with a button to each of these addresses."""
    by_id = {person.id: person for person in people}
    drafts = []
    for address in addresses:
        person = by_id[address.staff_id or 0]
        voice = rules.voice(person.language)
        uow.duty.ask(person.agency_id, address.id, now)
        text = voice.say("Probe: Bitte bestätigen Sie mit dem Knopf, dass Meldungen Sie hier erreichen.")
        keys = ((Key(voice.say("Bestätigen"), f"{MARK}:{CONFIRM}:{address.id}"),),)
        drafts.append(
            Draft(
                person.agency_id,
                address.id,
                address.channel,
                Kind.STAFF_NOTICE,
                Body(text, keys),
                staff_id=person.id,
                subject=OWN_ADDRESS,
            )
        )
    return drafts


def probe_due(
    uow: UnitOfWork, rules: Rulebook, everybody: Team, agency_id: int, now: datetime
) -> list[Draft]:
    """The tests of today; a way seen for the first time has its own in a week.

    Whoever is not there today is asked when they are back; whoever begins later than the agency, then.
    """
    there, begins = _there_today(uow, rules, everybody, agency_id, now)
    tests = uow.duty.reach_tests(agency_id)
    due = []
    for address in ways_to(uow, there):
        if address.id not in tests:
            # Whoever has just opened a way has shown that it reaches them: its first test is in a week.
            uow.duty.ask(agency_id, address.id, now)
            uow.duty.confirm(address.id, now)
        elif now - tests[address.id].asked_at >= EVERY - _SLACK:
            due.append(address)
    drafts = probe(uow, rules, there, due, now)
    return [replace(draft, not_before=begins.get(draft.staff_id or 0)) for draft in drafts]


def missed(
    uow: UnitOfWork, rules: Rulebook, everybody: Team, agency_id: int, now: datetime
) -> list[tuple[Staff, Address]]:
    """Ways whose test was not confirmed within a working day of somebody who is there; each comes once.

    Whoever works few hours a day, or was away in between, has had `_ENOUGH` of their own working time for it.
    """
    hours = rules.hours[agency_id]
    there, _ = _there_today(uow, rules, everybody, agency_id, now)
    tests, weeks = uow.duty.reach_tests(agency_id), uow.duty.weeks(agency_id)

    def is_late(address: Address) -> bool:
        test = tests.get(address.id)
        if test is None or not test.is_open or now < hours.next_open(test.asked_at + _DAY):
            return False
        person = everybody.members[address.staff_id or 0]
        week = weeks.get(person.id) or hours.weekly
        enough = min(_ENOUGH, sum((_length(day) for day in week.values()), timedelta()) / 2)
        return time_at_work(uow, hours, person, Span(test.asked_at, now)) >= enough

    late = [address for address in ways_to(uow, there) if is_late(address)]
    return [(everybody.members[address.staff_id or 0], address) for address in late]


def _length(day: tuple[time, time]) -> timedelta:
    return datetime.combine(date.min, day[1]) - datetime.combine(date.min, day[0])


def _there_today(
    uow: UnitOfWork, rules: Rulebook, everybody: Team, agency_id: int, now: datetime
) -> tuple[list[Staff], dict[int, datetime]]:
    """Who is there or will be later today, and when the latter begin."""
    weeks, hours = uow.duty.weeks(agency_id), rules.hours[agency_id]
    begins = {
        person.id: later
        for person in everybody.members.values()
        if not everybody.is_away(person.id) and (later := begins_later(weeks, person.id, hours, now))
    }
    members = everybody.members.values()
    return [one for one in members if everybody.is_present(one.id) or one.id in begins], begins


def ways_to(uow: UnitOfWork, people: Sequence[Staff]) -> list[Address]:
    """The open ways that call these people."""
    found = uow.people.staff_addresses([person.id for person in people]) if people else []
    return [address for address in found if address.channel not in _CALLS_NOBODY]
