# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A group's timer: a place that is free is kept for the next who waits, and a cancelled group is told of.

It does one thing for one person at a time, because a person is locked before their group.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.consent import may_send
from bot.domain.groups import Group, Seat, SeatEvent, SeatState, free_places, to_ask
from bot.domain.messages import Kind
from bot.ports import Receipt, UnitOfWork
from bot.services import floor
from bot.services.group_moves import answer_until, end_dates, hold, wait
from bot.services.group_talks import DIALOG, END, KEEP_FOR, subject_of
from bot.services.rulebook import Rulebook
from bot.services.visit import Visit
from bot.services.whose_turn import is_serious
from scheduler.timers import Timer


def group_due(uow: UnitOfWork, rules: Rulebook, timer: Timer, now: datetime) -> Receipt:
    """Let the timer of a group take effect for one person, and set it for what comes next."""
    group = uow.casework.groups.get(timer.subject)
    seat = _next(group, uow.casework.groups.seats(timer.subject), now) if group is not None else None
    woken, changed = frozenset[str](), frozenset[int]()
    if group is not None and seat is not None:
        uow.plans.lock(seat.participant_id)
        group = uow.casework.groups.lock(timer.subject)
        # Meanwhile everything may have changed.
        again = _next(group, uow.casework.groups.seats(timer.subject), now) if group is not None else None
        if group is not None and again == seat:
            contact = uow.people.contact_of(seat.participant_id)
            visit = Visit(uow, rules, contact, now) if contact is not None else None
            _move(uow, rules, (group, seat), visit, now)
            if visit is not None:
                visit.finish()
                woken = frozenset(visit.woken)
            changed = frozenset({seat.participant_id})
    if group is not None:
        wait(uow, group, now)
    return Receipt("", woken, changed)


def _next(group: Group, seats: list[Seat], now: datetime) -> Seat | None:
    """Whose turn it is: to hear that nothing takes place, to wait on, or to be asked."""
    if not group.is_open:
        return seats[0] if seats else None
    over = [seat for seat in seats if seat.held_until is not None and seat.held_until <= now]
    waiting = to_ask(group, seats) if free_places(group, seats) else []
    return next(iter((*over, *waiting)), None)


def _move(
    uow: UnitOfWork, rules: Rulebook, whose: tuple[Group, Seat], visit: Visit | None, now: datetime
) -> None:
    group, seat = whose
    if not group.is_open:
        uow.casework.groups.stand_up(seat)
        end_dates(uow, rules, seat, now)
        if visit is not None:
            floor.end_about(visit, subject_of(group.id), "changed")
            floor.want(visit, DIALOG, Kind.NOTICE, KEEP_FOR, f"{subject_of(group.id)}:{END}")
    elif seat.state is SeatState.HELD:
        uow.casework.groups.save_seat(seat.after(SeatEvent.PASS))
        if visit is not None:
            floor.end_about(visit, subject_of(group.id), "changed")
            floor.look_again(visit)
    elif visit is None or not _may_be_asked(visit):
        # Whoever cannot be asked now keeps their turn for the next place.
        uow.casework.groups.save_seat(replace(seat, asked_at=now))
    elif hold(uow, rules, group, seat, now) is not None:
        floor.end_about(visit, subject_of(group.id), "changed")
        until = answer_until(rules, group, now)
        floor.want(visit, DIALOG, Kind.NOTICE, until - now, subject_of(group.id))


def _may_be_asked(visit: Visit) -> bool:
    """Whether a place that is kept for the person can reach them before it is kept for the next."""
    return may_send(Kind.NOTICE, visit.participant, visit.consents, visit.now) and not is_serious(visit)
