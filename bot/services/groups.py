# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What staff do with group offers, the same from every place: make, invite, cancel, enter who was there."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date

from bot.domain.access import Action
from bot.domain.groups import (
    LONGEST_LINE,
    LONGEST_TITLE,
    LONGEST_WHAT,
    MOST_PLACES,
    Group,
    GroupContent,
    GroupState,
    SeatState,
)
from bot.domain.people import Participant, Role
from bot.services.appointment_dates import EntryFault
from bot.services.appointments import Telling, tell_about
from bot.services.desk import Desk
from bot.services.group_facts import days, is_joinable, starts
from bot.services.group_moves import wait
from bot.services.group_talks import DIALOG, KEEP_FOR, subject_of
from bot.texts import mark

#: More at once nobody invites.
MOST_INVITED = 300
_NONE = mark("Diese Gruppe gibt es nicht.")
_OVER = mark("Diese Gruppe trifft sich nicht mehr. Es wurde nichts geändert.")
_NOT_YOURS = mark("Das kann nur, wer die Gruppe betreut, oder die Leitung. Es wurde nichts geändert.")
_WORKERS = frozenset({Role.COACH, Role.LEAD})


@dataclass(frozen=True, slots=True)
class Offer:
    """What staff enter about a group. `led_by` looks after it in Lotse."""

    content: GroupContent
    capacity: int
    led_by: int
    partner_id: int | None = None


@dataclass(frozen=True, slots=True)
class Invited:
    """How many of those who were chosen hear of it, do not now, and come or wait already."""

    told: int = 0
    not_now: int = 0
    there: int = 0


def make(desk: Desk, offer: Offer) -> Group:
    """A new group. Nobody hears of it before they are invited. Raises `EntryFault`."""
    if desk.staff.role not in _WORKERS:
        raise EntryFault(_NOT_YOURS)
    _check(desk, offer)
    new = Group(
        *(0, desk.agency.id, GroupState.OPEN, offer.capacity, offer.led_by, desk.staff.id, desk.now),
        offer.content,
        partner_id=offer.partner_id,
    )
    if not is_joinable(new, desk.now):
        raise EntryFault(mark("Bitte wählen Sie einen Tag und eine Uhrzeit, die noch kommen."))
    new = replace(new, id=desk.uow.casework.groups.add(new))
    _note(desk, "group_made", new)
    return new


def change(desk: Desk, group: Group, offer: Offer) -> Group:
    """Other words or more places. Dates and place stay once somebody comes. Raises `EntryFault`."""
    _check_may_lead(desk, group)
    _check(desk, offer)
    locked = desk.uow.casework.groups.lock(group.id)
    seats = desk.uow.casework.groups.seats(group.id)
    if locked is None or not locked.is_open:
        raise EntryFault(_OVER)
    before, after = locked.content, offer.content
    if seats and (before.dates, before.place) != (after.dates, after.place):
        raise EntryFault(
            mark("Für diese Gruppe gibt es schon Plätze. Für andere Tage legen Sie bitte eine neue an.")
        )
    highest = max((seat.place for seat in seats if seat.place is not None), default=0)
    if offer.capacity < highest:
        raise EntryFault(
            mark("So viele Plätze sind schon vergeben: {count}. Weniger geht nicht."), count=highest
        )
    freed = desk.now if offer.capacity > locked.capacity else locked.freed_at
    changed = replace(
        locked,
        content=after,
        capacity=offer.capacity,
        led_by=offer.led_by,
        partner_id=offer.partner_id,
        freed_at=freed,
    )
    desk.uow.casework.groups.save(changed)
    wait(desk.uow, changed, desk.now)
    _note(desk, "group_changed", changed)
    return changed


def invite(desk: Desk, group: Group, people: Iterable[Participant]) -> Invited:
    """Ask these people whether they would like to come, each as soon as it fits. Raises `EntryFault`.

    Those whom this staff member does not look after are left out. Who was asked is written down nowhere.
    """
    if not is_joinable(group, desk.now):
        raise EntryFault(_OVER)
    theirs = desk.guard.people(people, Action.CHANGE_APPOINTMENT)
    if not theirs or len(theirs) > MOST_INVITED:
        raise EntryFault(mark("Bitte wählen Sie 1 bis {most} Menschen aus."), most=MOST_INVITED)
    seated = {
        seat.participant_id
        for seat in desk.uow.casework.groups.seats(group.id)
        if seat.state is not SeatState.WAITS
    }
    told = not_now = 0
    # In the order of their numbers, so that two who invite never wait for each other.
    for person in sorted(theirs, key=lambda one: one.id):
        if person.id in seated:
            continue
        about = (DIALOG, subject_of(group.id))
        is_told = tell_about(desk, person.id, about, KEEP_FOR, anew=True) is Telling.ON_ITS_WAY
        told, not_now = told + is_told, not_now + (not is_told)
    _note(desk, "group_invited", group)
    return Invited(told, not_now, len(theirs) - told - not_now)


def of_programme(desk: Desk, programme: str) -> list[Participant]:
    """Everybody in a programme; empty if it has nobody."""
    inside = {one.participant_id for one in desk.uow.programmes.open_in(desk.agency.id, programme)}
    return list(desk.uow.people.participants_by(inside).values())


def cancel(desk: Desk, group: Group) -> Group:
    """It takes place no more: everybody who comes or waits is told. Raises `EntryFault`."""
    _check_may_lead(desk, group)
    locked = desk.uow.casework.groups.lock(group.id)
    if locked is None or not locked.is_open:
        raise EntryFault(_OVER)
    cancelled = replace(locked, state=GroupState.CANCELLED)
    desk.uow.casework.groups.save(cancelled)
    wait(desk.uow, cancelled, desk.now)
    _note(desk, "group_cancelled", cancelled)
    return cancelled


def enter_attendance(desk: Desk, group: Group, day: date, came: Collection[int]) -> int:
    """Who was there on a day that has begun: of everybody else nothing is written. Raises `EntryFault`.

    Those who neither come nor were entered before are left out. Returns how many were there.
    """
    _check_may_lead(desk, group)
    if day not in days(group) or starts(group, day) > desk.now:
        raise EntryFault(mark("Wer da war, tragen Sie bitte ab dem Beginn des Treffens ein."))
    desk.uow.casework.groups.lock(group.id)
    known = set(attendable(desk, group, day))
    there = known & set(came)
    desk.uow.casework.groups.enter_visits(group, day, there)
    desk.changed |= there
    _note(desk, "group_attendance", group)
    return len(there)


def attendable(desk: Desk, group: Group, day: date) -> list[int]:
    """Who can have been there: everybody who has a place, and who was entered before; by number."""
    seats = desk.uow.casework.groups.seats(group.id)
    here = {seat.participant_id for seat in seats if seat.state is SeatState.COMES}
    return sorted(here | desk.uow.casework.groups.visited(group.id, day))


def group_of(desk: Desk, number: int) -> Group:
    """A group of the agency. Raises `EntryFault`."""
    group = desk.uow.casework.groups.get(number) if 0 < number < 2**63 else None
    if group is None or group.agency_id != desk.agency.id:
        raise EntryFault(_NONE)
    return group


def may_lead(desk: Desk, group: Group) -> bool:
    """Whether this staff member looks after the group, or leads the team."""
    is_theirs = desk.staff.id in (group.led_by, group.made_by) and desk.staff.role in _WORKERS
    return group.agency_id == desk.agency.id and (is_theirs or desk.staff.role is Role.LEAD)


def _check_may_lead(desk: Desk, group: Group) -> None:
    if not may_lead(desk, group):
        raise EntryFault(_NOT_YOURS)


def _check(desk: Desk, offer: Offer) -> None:
    content = offer.content
    lines = ((content.title, LONGEST_TITLE), *((text, LONGEST_LINE) for text in _lines(content)))
    if not content.title or any(len(text) > most or "\n" in text for text, most in lines):
        raise EntryFault(
            mark("Jede Zeile hat höchstens {most} Zeichen, der Titel 1 bis {title}."),
            most=LONGEST_LINE,
            title=LONGEST_TITLE,
        )
    if not content.what.get("de") or any(len(text) > LONGEST_WHAT for text in content.what.values()):
        raise EntryFault(mark("Bitte schreiben Sie in 1 bis {most} Zeichen, was es ist."), most=LONGEST_WHAT)
    if not 1 <= offer.capacity <= MOST_PLACES:
        raise EntryFault(mark("Eine Gruppe hat 1 bis {most} Plätze."), most=MOST_PLACES)
    leader = desk.uow.people.staff(offer.led_by)
    if leader is None or leader.agency_id != desk.agency.id or leader.role not in _WORKERS:
        raise EntryFault(mark("Bitte wählen Sie, wer die Gruppe betreut."))


def _lines(content: GroupContent) -> tuple[str, ...]:
    return content.place, content.open_for, content.guided_by


def _note(desk: Desk, action: str, group: Group) -> None:
    desk.uow.ledger.note(desk.agency.id, desk.now, desk.actor, action, str(group.id))
