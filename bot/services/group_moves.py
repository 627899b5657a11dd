# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What changes the seats of a group, whoever does it. Its one timer keeps places for those who wait.

Whoever locks a person and a group locks the person first, so that two at work never wait for each other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bot.domain.appointments import Appointment, AppointmentEvent, Party
from bot.domain.groups import (
    KEPT_FOR,
    Group,
    Seat,
    SeatEvent,
    SeatState,
    free_places,
    next_moment,
    place_for,
    to_ask,
)
from bot.ports import UnitOfWork
from bot.services import appointment_timers
from bot.services.appointment_series import make_ahead
from bot.services.appointment_series import timer_key as series_timer_key
from bot.services.group_facts import as_series, coming, is_joinable
from bot.services.rulebook import Rulebook
from scheduler.local_time import zone

TIMER_KIND = "group"


def timer_key(group_id: int) -> str:
    """The one timer of a group."""
    return f"group:{group_id}"


def wait(uow: UnitOfWork, group: Group, now: datetime) -> None:
    """Set the timer for what comes next; there is none when nothing does."""
    seats = uow.casework.groups.seats(group.id)
    at = next_moment(group, seats, now) if is_joinable(group, now) or not group.is_open else None
    if at is None:
        uow.timers.cancel(timer_key(group.id))
    else:
        uow.timers.set(group.agency_id, TIMER_KIND, group.id, at, timer_key(group.id))


def join(
    uow: UnitOfWork, rules: Rulebook, group_id: int, participant_id: int, now: datetime
) -> SeatState | None:
    """Somebody would like to come: they have a place, or wait for one. None if it meets no more.

    The person is locked already.
    """
    group = uow.casework.groups.lock(group_id)
    if group is None or not is_joinable(group, now):
        return None
    seats = uow.casework.groups.seats(group_id)
    own = next((seat for seat in seats if seat.participant_id == participant_id), None)
    if own is None:
        new = Seat(0, group.agency_id, group.id, participant_id, SeatState.WAITS, now)
        own = replace(new, id=uow.casework.groups.sit(new) or 0)
    place = place_for(group, seats, participant_id)
    if place is not None and own.state is not SeatState.COMES:
        series = as_series(group, participant_id, rules.new_code(), now)
        series = replace(series, id=uow.appointments.add_series(series))
        own = replace(own.after(SeatEvent.COME), place=place, series_id=series.id)
        uow.casework.groups.save_seat(own)
        make_ahead(uow, rules, series, now)
        uow.ledger.note(group.agency_id, now, "participant", "group_joined", str(group.id))
    wait(uow, group, now)
    return own.state


def leave(uow: UnitOfWork, rules: Rulebook, group_id: int, participant_id: int, now: datetime) -> bool:
    """Somebody comes no more, or waits no more. False if they did neither. The person is locked already."""
    group = uow.casework.groups.lock(group_id)
    seats = uow.casework.groups.seats_of(participant_id) if group is not None else []
    seat = next((one for one in seats if one.group_id == group_id), None)
    if group is None or seat is None:
        return False
    _stand_up(uow, group, seat, now)
    end_dates(uow, rules, seat, now)
    return True


def not_coming(uow: UnitOfWork, rules: Rulebook, kept: Appointment, now: datetime) -> None:
    """The person does not come to this meeting, whoever has said so.

    Their place is for somebody else if it was the last one, or if there are no others for them any more. The
    person is locked already.
    """
    group = group_of(uow, kept)
    if group is None or kept.series_id is None:
        return
    series = uow.appointments.series(kept.series_id)
    others = [one for one in uow.appointments.of_series(kept.series_id) if one.id != kept.id]
    is_over = series is not None and series.is_cancelled
    if not goes_on(group, now) or (
        is_over and not any(one.is_open and one.starts_at > now for one in others)
    ):
        leave(uow, rules, group.id, kept.participant_id, now)


def group_of(uow: UnitOfWork, kept: Appointment) -> Group | None:
    """The group of which this is a meeting, if the person has a place there."""
    seat = uow.casework.groups.seat_of_series(kept.series_id) if kept.series_id else None
    return uow.casework.groups.get(seat.group_id) if seat is not None else None


def goes_on(group: Group, now: datetime) -> bool:
    """Whether it meets again after the next meeting."""
    return len(coming(group, now)) > 1


def free(uow: UnitOfWork, seats: Iterable[Seat], now: datetime) -> None:
    """These seats were removed with all else about their person: the places are for others."""
    for seat in seats:
        group = uow.casework.groups.lock(seat.group_id)
        if group is not None:
            _freed(uow, group, seat, now)


def _stand_up(uow: UnitOfWork, group: Group, seat: Seat, now: datetime) -> None:
    uow.casework.groups.stand_up(seat)
    _freed(uow, group, seat, now)


def _freed(uow: UnitOfWork, group: Group, seat: Seat, now: datetime) -> None:
    if seat.state is SeatState.COMES:
        group = replace(group, freed_at=now)
        uow.casework.groups.save(group)
    wait(uow, group, now)


def end_dates(uow: UnitOfWork, rules: Rulebook, seat: Seat, now: datetime) -> None:
    """The person's appointments of this group are not there any more, in calendars neither."""
    series = uow.appointments.series(seat.series_id) if seat.series_id else None
    if series is None:
        return
    uow.appointments.save_series(replace(series, is_cancelled=True))
    uow.timers.cancel(series_timer_key(series.id))
    for kept in uow.appointments.of_series(series.id):
        if kept.is_open and kept.starts_at > now:
            cancelled = kept.after(AppointmentEvent.CANCEL, Party.STAFF, now)
            uow.appointments.save(cancelled)
            appointment_timers.plan(uow, rules, cancelled, now)


def hold(uow: UnitOfWork, rules: Rulebook, group: Group, seat: Seat, now: datetime) -> Seat | None:
    """Keep a free place for somebody who waits. None if there is none any more, or it is not their turn."""
    seats = uow.casework.groups.seats(group.id)
    free, turn = free_places(group, seats), to_ask(group, seats)
    if not free or not turn or turn[0].id != seat.id:
        return None
    held = replace(turn[0].after(SeatEvent.HOLD), place=free[0], asked_at=now)
    held = replace(held, held_until=answer_until(rules, group, now))
    return held if uow.casework.groups.save_seat(held) else None


def answer_until(rules: Rulebook, group: Group, now: datetime) -> datetime:
    """Until when somebody may answer who is asked now: a day, from when Lotse writes on."""
    quiet = rules.quiet_of(group.agency_id)
    begins = quiet.next_allowed(now, zone(group.content.dates.zone)) if quiet else now
    return begins + KEPT_FOR
