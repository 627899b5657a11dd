# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The timer of measuring points: ask by ourselves, once a point, and never beside a check-in with the same.

The road is that of every question: the floor, the pause, the quiet hours, the gate (promise P4).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.consent import holding
from bot.domain.enrolments import Enrolment
from bot.domain.measuring import MeasuringPoint
from bot.domain.messages import Kind
from bot.ports import Receipt, UnitOfWork
from bot.services import floor
from bot.services.follow_plans import next_moment
from bot.services.measuring import evaluated, open_rows, wait
from bot.services.measuring_talks import may_be_asked, subject_of
from bot.services.person_dates import person_time, zone_of
from bot.services.rulebook import Rulebook
from bot.services.visit import Visit
from dialogs.book import DialogBook
from dialogs.model import Offer, Start
from dialogs.programme_model import Evaluation, measuring_dialog
from scheduler.local_time import local
from scheduler.timers import Timer

#: So near may no check-in with the same questionnaire be, before or after.
NEAR = timedelta(days=7)
_DAY = timedelta(days=1)


def measuring_due(uow: UnitOfWork, rules: Rulebook, timer: Timer, now: datetime) -> Receipt:
    """Let the timer of an enrolment's points take effect, and set it for what comes next."""
    enrolment = uow.programmes.enrolment(timer.subject)
    found = evaluated(uow, rules, enrolment) if enrolment is not None else None
    if enrolment is None or found is None:
        return Receipt()
    person = uow.plans.lock(enrolment.participant_id)
    consents = holding(uow.talks.given(enrolment.participant_id), rules.book.meanings, now)
    if person is None or not consents.get(found[1].consent, False):
        # Nothing is asked. Whoever agrees later is looked at again, and the points ahead stand.
        wait(uow, rules, enrolment, now, is_looked_at=True)
        return Receipt()
    rows = open_rows(uow, rules, enrolment, found[1], now)
    contact = uow.people.contact_of(enrolment.participant_id) if enrolment.is_open else None
    if contact is None:
        again = now + _DAY if enrolment.is_open and any(row.is_open(now) for row in rows) else None
        wait(uow, rules, enrolment, now, again=again, is_looked_at=True)
        return Receipt("", frozenset(), frozenset({person.id}))
    visit = Visit(uow, rules, contact, now)
    again = min(_ask(visit, enrolment, found[1], rows), default=None)
    visit.finish()
    wait(uow, rules, enrolment, now, again=again, is_looked_at=True)
    return Receipt("", frozenset(visit.woken), frozenset({person.id}))


def _ask(
    visit: Visit, enrolment: Enrolment, evaluation: Evaluation, rows: list[MeasuringPoint]
) -> Iterator[datetime]:
    """Want what is not answered. Yields when to look again at what has to wait."""
    for instrument in evaluation.instruments:
        waiting = [row for row in rows if row.instrument == instrument and row.is_open(visit.now)]
        waiting = [row for row in waiting if row.asked_at is None]
        dialog = measuring_dialog(instrument)
        if not waiting or visit.rules.book.latest(dialog) is None:
            continue
        if not may_be_asked(visit, evaluation):
            # They agree to the evaluation but not to being asked; what they answer of themselves counts.
            continue
        later = _near(visit, instrument)
        closes = max(row.closes_at for row in waiting)
        if later is not None:
            if later < closes:
                yield later
            continue
        for row in waiting:
            visit.uow.casework.measuring.save(replace(row, asked_at=visit.now))
        # Two points that are open at once are answered by the same.
        floor.want(visit, dialog, Kind.REMINDER, closes - visit.now, subject_of(waiting[-1]))


def _near(visit: Visit, instrument: str) -> datetime | None:
    """When to look again, because a plan asks the same about now: the day after, or when it is over."""
    uow, person = visit.uow, visit.participant
    plans = visit.rules.plans.in_force(uow, visit.agency.id)
    today = local(visit.now, zone_of(person, visit.agency)).date()
    moments = []
    for name, row in uow.plans.followed(person.id).items():
        check_in = plans.check_ins.get(name)
        if check_in is None or not row.is_on or not asks(visit.rules.book, check_in.dialog, instrument):
            continue
        if row.handled_day is not None and today - row.handled_day < NEAR:
            moments.append(visit.now + NEAR - (today - row.handled_day))
        coming = next_moment(plans, name, person_time(uow, visit.rules, person, visit.now), row, visit.now)
        if coming is not None and coming < visit.now + NEAR:
            moments.append(max(coming, visit.now) + _DAY)
    return max(moments, default=None)


def asks(book: DialogBook, dialog: str, instrument: str, seen: frozenset[str] = frozenset()) -> bool:
    """Whether a dialog has the questions of an instrument, itself or in one that it begins."""
    found = book.latest(dialog)
    if found is None or dialog in seen:
        return False
    return any(
        (isinstance(step, Offer) and step.instrument == instrument)
        or (isinstance(step, Start) and asks(book, step.dialog, instrument, seen | {dialog}))
        for step in found.steps.values()
    )
