# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What staff do with appointments, the same from every place: set, propose another time, cancel.

Each also tells the person, where the gate allows it, and says honestly to staff where it does not.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from enum import StrEnum

from bot.domain.appointments import (
    Appointment,
    AppointmentEvent,
    AppointmentKind,
    AppointmentState,
    Party,
    Series,
)
from bot.domain.consent import may_send
from bot.domain.messages import Kind
from bot.domain.people import Participant
from bot.services import floor, group_moves
from bot.services.accompaniment_moves import appointment_changed
from bot.services.appointment_entries import CancelEntry, MoveEntry, NewEntry
from bot.services.appointment_series import make_ahead
from bot.services.appointment_series import timer_key as series_timer_key
from bot.services.appointment_timers import plan, subject_of
from bot.services.desk import Desk
from bot.services.home_visits import visit_of
from bot.services.visit import Visit
from bot.texts import mark
from scheduler.local_time import local, zone

#: The person hears of a cancelled appointment until so long after its start: they may be on their way.
_CANCELLED_FOR = timedelta(hours=1)


class Telling(StrEnum):
    """What the person hears of it. The values are source texts for staff."""

    ON_ITS_WAY = mark("Die Person bekommt eine Nachricht. Ob sie sie liest, weiß ich nicht.")
    NOT = mark("Die Person bekommt gerade keine Nachrichten von mir. Bitte sagen Sie es ihr selbst.")
    NEVER_KNEW = mark("Die Person wusste von mir noch nichts davon und bekommt deshalb keine Nachricht.")


def set_appointment(desk: Desk, person: Participant, entry: NewEntry) -> tuple[int, Telling]:
    """Keep a new appointment or series. Returns the number of the (first) appointment."""
    if entry.series is not None:
        return _set_series(desk, person, entry)
    new = Appointment(
        id=0,
        agency_id=desk.agency.id,
        participant_id=person.id,
        kind=entry.kind,
        state=AppointmentState.PROPOSED if entry.is_proposal else AppointmentState.AGREED,
        starts_at=entry.starts_at,
        zone=desk.agency.zone,
        length=timedelta(minutes=entry.minutes),
        uid=desk.rules.new_code(),
        set_by=desk.staff.id,
        set_at=desk.now,
        changed_at=desk.now,
        details=entry.details,
        reminders=entry.reminders,
    )
    # A single one is always new: only a series may have made its day before.
    number = desk.uow.appointments.add(new) or 0
    kept = replace(new, id=number)
    if kept.kind is AppointmentKind.HOME:
        desk.uow.casework.joint_appointments.keep_home_visit(visit_of(kept))
    plan(desk.uow, desk.rules, kept, desk.now)
    _note(desk, "appointment_set", number)
    return number, tell(desk, kept)


def _set_series(desk: Desk, person: Participant, entry: NewEntry) -> tuple[int, Telling]:
    where = zone(desk.agency.zone)
    begins = local(entry.starts_at, where)
    series = Series(
        id=0,
        agency_id=desk.agency.id,
        participant_id=person.id,
        kind=entry.kind,
        rule=entry.series.rule if entry.series else "",
        first_day=begins.date(),
        at=begins.time(),
        zone=desk.agency.zone,
        length=timedelta(minutes=entry.minutes),
        uid=desk.rules.new_code(),
        set_by=desk.staff.id,
        set_at=desk.now,
        details=entry.details,
        reminders=entry.reminders,
        last_day=entry.series.last_day if entry.series else None,
        count=entry.series.count if entry.series else None,
    )
    series = replace(series, id=desk.uow.appointments.add_series(series))
    first = desk.uow.appointments.get(make_ahead(desk.uow, desk.rules, series, desk.now)[0])
    assert first is not None, "it was added in this very unit of work"
    _note(desk, "appointment_series_set", series.id)
    # Until the person has heard of the first, its news are that it is new.
    first = replace(first, told=False)
    desk.uow.appointments.save(first)
    return first.id, tell(desk, first)


def move(desk: Desk, kept: Appointment, entry: MoveEntry) -> tuple[Appointment, Telling]:
    """Propose another time, or write down one that is settled. Raises `UnknownTransition`: see `can_move`."""
    event, party = _movement(kept, entry)
    changed = kept.moved_to(entry.starts_at).after(event, party, desk.now)
    desk.uow.appointments.save(changed)
    changed = appointment_changed(desk.uow, changed, desk.now)
    plan(desk.uow, desk.rules, changed, desk.now)
    _note(desk, f"appointment_{event.value}", kept.id)
    return changed, tell(desk, changed)


def can_move(kept: Appointment, entry: MoveEntry) -> bool:
    """Whether staff may do this: an official appointment moves only as its authority has set it."""
    return kept.can(*_movement(kept, entry))


def _movement(kept: Appointment, entry: MoveEntry) -> tuple[AppointmentEvent, Party]:
    if not entry.is_settled:
        return AppointmentEvent.PROPOSE, Party.STAFF
    is_official = kept.kind is AppointmentKind.OFFICIAL
    return AppointmentEvent.FIX, Party.AUTHORITY if is_official else Party.STAFF


def cancel(desk: Desk, kept: Appointment, entry: CancelEntry) -> tuple[Appointment, Telling]:
    """It does not take place. Raises `UnknownTransition` if it is over or cancelled already."""
    later = _later(desk, kept) if entry.whole_series else []
    changed = _cancel(desk, kept)
    if kept.told:
        telling = tell(desk, changed)
    else:
        telling = Telling.NEVER_KNEW
        end_talks(desk, kept.participant_id, subject_of(kept.id))
    for one in later:
        _cancel(desk, one)
        end_talks(desk, one.participant_id, subject_of(one.id))
    if kept.kind is AppointmentKind.GROUP:
        # The person before their group, as everybody does.
        desk.uow.plans.lock(kept.participant_id)
        group_moves.not_coming(desk.uow, desk.rules, kept, desk.now)
    return changed, telling


def _later(desk: Desk, kept: Appointment) -> list[Appointment]:
    """The later occurrences of its series, which makes no more of them."""
    series = desk.uow.appointments.series(kept.series_id) if kept.series_id else None
    if series is None:
        return []
    desk.uow.appointments.save_series(replace(series, is_cancelled=True))
    desk.uow.timers.cancel(series_timer_key(series.id))
    made = desk.uow.appointments.of_series(series.id)
    return [one for one in made if one.id != kept.id and one.is_open and one.starts_at > kept.starts_at]


def _cancel(desk: Desk, kept: Appointment) -> Appointment:
    party = Party.AUTHORITY if kept.kind is AppointmentKind.OFFICIAL else Party.STAFF
    cancelled = kept.after(AppointmentEvent.CANCEL, party, desk.now)
    desk.uow.appointments.save(cancelled)
    appointment_changed(desk.uow, cancelled, desk.now)
    plan(desk.uow, desk.rules, cancelled, desk.now)
    _note(desk, "appointment_cancel", kept.id)
    return cancelled


def end_talks(desk: Desk, participant_id: int, subject: str, dialog: str = "") -> None:
    """Nothing more is said about a subject; for `dialog` see `floor.end_about`."""
    visit = _visit(desk, participant_id)
    if visit is not None:
        floor.end_about(visit, subject, "changed", dialog)
        floor.look_again(visit)
        _leave(desk, visit)


def tell(desk: Desk, kept: Appointment) -> Telling:
    """Let the person hear how it stands: a question where they are asked, else the news."""
    is_question = kept.state in (AppointmentState.PROPOSED, AppointmentState.MOVED)
    question = "home_visit" if kept.kind is AppointmentKind.HOME else "appointment_moved"
    dialog = question if is_question else "appointment_news"
    until = kept.starts_at + (_CANCELLED_FOR if not kept.is_open else timedelta())
    return tell_about(desk, kept.participant_id, (dialog, subject_of(kept.id)), until - desk.now)


def tell_about(
    desk: Desk, participant_id: int, about: tuple[str, str], keep_for: timedelta, *, anew: bool = False
) -> Telling:
    """End what was being said about a subject and let the person hear how it stands now.

    `about` is the dialog and its subject; it waits for its opportunity for `keep_for`. `anew`: the dialog
    also ends where the person has begun it themselves.
    """
    visit = _visit(desk, participant_id)
    if visit is None:
        return Telling.NOT
    dialog, subject = about
    floor.end_about(visit, subject, "changed", dialog if anew else "")
    # Whoever has ended contact or never agreed hears nothing; a pause is waited for.
    is_open = may_send(Kind.NOTICE, replace(visit.participant, paused_until=None), visit.consents, desk.now)
    if is_open:
        floor.want(visit, dialog, Kind.NOTICE, keep_for, subject)
    else:
        floor.look_again(visit)
    is_paused = visit.participant.is_paused(desk.now)
    _leave(desk, visit)
    return Telling.ON_ITS_WAY if is_open and not is_paused else Telling.NOT


def _visit(desk: Desk, participant_id: int) -> Visit | None:
    contact = desk.uow.people.contact_of(participant_id)
    return Visit(desk.uow, desk.rules, contact, desk.now) if contact else None


def _leave(desk: Desk, visit: Visit) -> None:
    visit.finish()
    desk.woken |= visit.woken
    desk.changed.add(visit.participant.id)


def _note(desk: Desk, action: str, number: int) -> None:
    desk.uow.ledger.note(desk.agency.id, desk.now, desk.actor, action, str(number))
