# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A moment of an appointment has come: a reminder, its start, or the question how it was.

What happens is decided by what the clock shows now, not by what was planned: after an outage one is neither
reminded of what has begun nor twice of the same.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.appointments import Appointment, AppointmentEvent, AppointmentKind, Coming, Party
from bot.domain.consent import may_send
from bot.domain.messages import Kind
from bot.ports import Receipt, UnitOfWork
from bot.services import floor, joint_notes
from bot.services.appointment_talks import NOT_SAID, OVER, say_not_said, say_unsaid
from bot.services.appointment_timers import plan, subject_of
from bot.services.appointment_times import asking_moment, last_chance
from bot.services.group_feedback import ask_later
from bot.services.rulebook import Rulebook
from bot.services.visit import Visit
from scheduler.local_time import zone
from scheduler.timers import Timer

#: For so long after its moment one may still be asked how it was.
ASK_FOR = timedelta(days=1)


def appointment_due(uow: UnitOfWork, rules: Rulebook, timer: Timer, now: datetime) -> Receipt:
    """Let the timer of an appointment take effect, and set it for what comes next."""
    kept = uow.appointments.get(timer.subject)
    if kept is None or not kept.is_open:
        return Receipt()
    contact = uow.people.contact_of(kept.participant_id)
    visit = Visit(uow, rules, contact, now) if contact else None
    woken = frozenset[str]()
    if now < kept.starts_at:
        woken = _remind(visit, kept) if visit else _tell_unreachable(uow, rules, kept, now)
    else:
        was_agreed = kept.is_agreed
        kept = _go_by(uow, rules, visit, kept, now)
        if was_agreed and not kept.is_open:
            woken = joint_notes.offer_one(uow, rules, kept, now)
    plan(uow, rules, kept, now)
    if visit is not None:
        visit.finish()
        woken |= visit.woken
    return Receipt("", woken, frozenset({kept.participant_id}))


def _remind(visit: Visit, kept: Appointment) -> frozenset[str]:
    if not kept.is_agreed:
        return frozenset()
    until = last_chance(kept.starts_at, zone(kept.zone), visit.rules.quiet_of(kept.agency_id))
    if visit.now >= until or not _may_be_told(visit, until):
        say_not_said(visit, kept)
        return frozenset()
    # What is still open about it is out of date now, or says the same.
    subject = subject_of(kept.id)
    floor.end_about(visit, subject, "newer")
    dialog = "home_visit_reminder" if kept.kind is AppointmentKind.HOME else "appointment_reminder"
    floor.want(visit, dialog, Kind.REMINDER, until - visit.now, subject)
    return frozenset()


def _may_be_told(visit: Visit, until: datetime) -> bool:
    """Whether the gate is open, or opens in time because a pause is over by then."""
    paused_until = visit.participant.paused_until
    at = visit.now
    if paused_until is not None and visit.participant.is_paused(at) and paused_until < until:
        at = paused_until
    return may_send(Kind.REMINDER, visit.participant, visit.consents, at)


def _tell_unreachable(uow: UnitOfWork, rules: Rulebook, kept: Appointment, now: datetime) -> frozenset[str]:
    return say_unsaid(uow, rules, kept, NOT_SAID, now) if kept.is_agreed else frozenset()


def _go_by(
    uow: UnitOfWork, rules: Rulebook, visit: Visit | None, kept: Appointment, now: datetime
) -> Appointment:
    """It has begun, so nothing about it is asked any more; an hour after its end one may say how it was."""
    if visit is not None:
        floor.end_about(visit, subject_of(kept.id), OVER)
    asking = asking_moment(kept.ends_at, zone(kept.zone), rules.quiet_of(kept.agency_id))
    if not kept.is_agreed or now >= asking:
        was_agreed = kept.is_agreed
        kept = kept.after(AppointmentEvent.PASS, Party.TIME, now)
        uow.appointments.save(kept)
        # After a group's meeting there is a question of its own, on the next day.
        is_asked_later = was_agreed and ask_later(uow, kept)
        # Whoever has said that they cannot make it is not asked how it was.
        is_asked = was_agreed and not is_asked_later and kept.coming is not Coming.NO
        if visit is not None and is_asked and now < asking + ASK_FOR:
            left = asking + ASK_FOR - now
            floor.want(visit, "appointment_after", Kind.REMINDER, left, subject_of(kept.id))
    if visit is not None:
        floor.look_again(visit)
    return kept
