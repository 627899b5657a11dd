# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A staff member's calendar under a secret address, for the calendar program of their choice.

Whoever knows the address sees it, without signing in: so it holds the kind of an appointment and a case code,
and a name only where the agency has allowed it. Only a keyed hash of the secret is kept, and it can be
renewed or withdrawn at any time.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.appointments import AppointmentState
from bot.domain.duty import Span
from bot.domain.people import Staff
from bot.domain.sign_in import counted_in_budget, network_of, wait_of_budget
from bot.ports import UnitOfWork
from bot.services import calendar_view, conference_view
from bot.services.access import Guard
from bot.services.calendar_files import FeedLine, write_feed
from bot.services.rulebook import Rulebook

BACK, AHEAD = timedelta(days=31), timedelta(days=366)
MOST = 2000
#: Calendars ask every few minutes at most; whoever asks more often than this in one minute waits.
_PER_MINUTE = 6
_UNKNOWN_PER_MINUTE = 20
_SHOWN = (AppointmentState.PROPOSED, AppointmentState.AGREED, AppointmentState.MOVED, AppointmentState.OVER)


def make(uow: UnitOfWork, rules: Rulebook, staff: Staff, now: datetime) -> str:
    """A new secret of at least 256 bits, which is told only now; an older one opens nothing any more."""
    token = rules.new_code() + rules.new_code()
    uow.calendars.make_feed(staff.agency_id, staff.id, token, now)
    uow.ledger.note(staff.agency_id, now, f"staff:{staff.id}", "calendar_feed_made", str(staff.id))
    return token


def drop(uow: UnitOfWork, staff: Staff, now: datetime) -> bool:
    """The address opens nothing any more. False if there was none."""
    is_gone = uow.calendars.drop_feed(staff.id)
    if is_gone:
        uow.ledger.note(staff.agency_id, now, f"staff:{staff.id}", "calendar_feed_dropped", str(staff.id))
    return is_gone


def read(uow: UnitOfWork, rules: Rulebook, token: str, host: str, now: datetime) -> bytes | timedelta | None:
    """The calendar with this secret; how long to wait first; None if there is none (any more).

    `host` is where the question comes from: guesses are counted by network, questions of one calendar by it.
    """
    feed = uow.calendars.feed(token)
    if feed is None:
        wait = _count(uow, rules.home, f"calendar:{network_of(host)}", _UNKNOWN_PER_MINUTE, now)
        return wait or None
    uow.serve(feed.agency_id)
    staff = uow.people.staff(feed.staff_id)
    if staff is None or staff.left_at is not None:
        return None
    wait = _count(uow, feed.agency_id, f"feed:{feed.id}", _PER_MINUTE, now)
    if wait:
        return wait
    uow.calendars.read_feed(feed.id, now)
    return _write(uow, rules, staff, now)


def _write(uow: UnitOfWork, rules: Rulebook, staff: Staff, now: datetime) -> bytes:
    agency = rules.agencies[staff.agency_id]
    whom = calendar_view.whose(uow, rules, staff, now)
    found = uow.calendars.between(whom, Span(now - BACK, now + AHEAD), _SHOWN, MOST)
    numbers = {one.participant_id for one in found}
    persons = uow.people.participants_by(numbers)
    names = uow.people_view.names(numbers) if agency.names_in_calendars else {}
    lines = [
        FeedLine(one, persons[one.participant_id].case_code, names.get(one.participant_id, ""))
        for one in found
        if one.participant_id in persons
    ]
    meetings = conference_view.in_calendar(uow, Guard(uow, rules, staff, now), staff, now - BACK)
    return write_feed([*lines, *meetings], rules.voice(staff.language), agency.zone, now)


def _count(uow: UnitOfWork, agency_id: int, what: str, budget: int, now: datetime) -> timedelta:
    tries = uow.sign_ins.tries(what)
    wait = wait_of_budget(tries, budget, now)
    if not wait:
        uow.sign_ins.keep_tries(agency_id, what, counted_in_budget(tries, now))
    return wait
