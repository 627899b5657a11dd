# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What moves an accompaniment, whoever does it: its row, the audit log, its timer, and who hears of it.

What the person is told follows from what is true at that moment, not from what was written down once: a
promise of somebody who is away by then, or for another time, is none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.accompaniment import (
    Accompaniment,
    AccompanimentEvent,
    AccompanimentParty,
    AccompanimentState,
    Companion,
)
from bot.domain.appointments import Appointment
from bot.domain.messages import Draft
from bot.domain.people import Participant
from bot.ports import UnitOfWork
from bot.services.appointment_timers import lines_to
from bot.services.rulebook import Rulebook
from bot.texts import Voice, mark
from dialogs.effects import Value

TIMER_KIND = "accompaniment"
#: What conversations are about: `accompaniment:<number of the appointment>`.
SUBJECT = "accompaniment"
PERSON, SYSTEM = "participant", "system"
#: So long before the appointment whoever looks after the person is asked once more what is still open: two
#: days are enough to find somebody, and to tell the person that nobody can.
LOOK_BEFORE, AGAIN = timedelta(days=2), timedelta(days=1)
#: Later than so long before the appointment nobody is asked any more: they could not do anything.
SHORTEST_LOOK = timedelta(hours=1)
_NOT_YOU = mark("Sie begleiten hier nicht mehr. Sie müssen nichts tun.")


def subject_of(appointment_id: int) -> str:
    """The subject of a conversation about who comes along."""
    return f"{SUBJECT}:{appointment_id}"


def timer_key(appointment_id: int) -> str:
    """The one timer of an accompaniment."""
    return f"accompaniment:{appointment_id}"


def of(uow: UnitOfWork, kept: Appointment) -> Accompaniment | None:
    """Who comes along to an appointment, if anything is known of it."""
    return uow.casework.joint_appointments.accompaniments([kept.id]).get(kept.id)


def begun(uow: UnitOfWork, kept: Appointment, now: datetime) -> Accompaniment:
    """What there is, or a new wish that is not written down yet."""
    new = Accompaniment(kept.agency_id, kept.participant_id, kept.id, AccompanimentState.WISHED, now)
    return of(uow, kept) or new


def stands(uow: UnitOfWork, one: Accompaniment, kept: Appointment) -> bool:
    """Whether what was promised can be kept now, as far as Lotse knows."""
    return one.holds_for(kept) and (one.staff_id is None or is_free(uow, one.staff_id, kept))


def is_free(uow: UnitOfWork, staff_id: int, kept: Appointment) -> bool:
    """Whether a staff member is in the team, and not away at the time of an appointment."""
    person = uow.people.staff(staff_id)
    if person is None or person.left_at is not None:
        return False
    away = uow.duty.absences(kept.agency_id, kept.starts_at)
    return not any(
        one.staff_id == staff_id
        and one.since < kept.ends_at
        and (one.until is None or one.until > kept.starts_at)
        for one in away
    )


def happen(
    uow: UnitOfWork,
    rules: Rulebook,
    kept: Appointment,
    one: Accompaniment,
    move: tuple[AccompanimentEvent, AccompanimentParty, str],
    now: datetime,
) -> Accompaniment:
    """Let `move` (what, by whose right, who) happen. Raises `UnknownTransition` for what cannot."""
    event, party, actor = move
    changed = one.after(event, party, now)
    uow.casework.joint_appointments.keep_accompaniment(changed)
    uow.ledger.note(kept.agency_id, now, actor, f"accompaniment_{event.value}", str(kept.id))
    wait(uow, rules, changed, kept, now)
    return changed


def wait(uow: UnitOfWork, rules: Rulebook, one: Accompaniment, kept: Appointment, now: datetime) -> None:
    """Set the timer for the next look at it; there is none when nothing can change any more."""
    left = kept.starts_at - now
    later = LOOK_BEFORE if left > LOOK_BEFORE else max(left - AGAIN, left / 2)
    at = rules.hours[kept.agency_id].next_open(kept.starts_at - later)
    is_done = one.state in (AccompanimentState.NOT_POSSIBLE, AccompanimentState.NOT_NEEDED)
    if is_done or not kept.is_open or later < SHORTEST_LOOK or at >= kept.starts_at:
        uow.timers.cancel(timer_key(kept.id))
    else:
        uow.timers.set(kept.agency_id, TIMER_KIND, kept.id, at, timer_key(kept.id))


def look_again(uow: UnitOfWork, agency_id: int, appointment_id: int, now: datetime) -> None:
    """Let the timer look at once: something has changed on which a promise rests."""
    uow.timers.set(agency_id, TIMER_KIND, appointment_id, now, timer_key(appointment_id))


def companion_changed(uow: UnitOfWork, staff_id: int, now: datetime) -> None:
    """A staff member will be away, or has left: everything they have promised is looked at."""
    for one in uow.casework.joint_appointments.promised_by(staff_id):
        look_again(uow, one.agency_id, one.appointment_id, now)


def appointment_changed(uow: UnitOfWork, kept: Appointment, now: datetime) -> Appointment:
    """Its time is another one, or it does not take place: what was promised for it is looked at.

    A name that was only written down counted for the old time; it becomes a promise that has to be renewed.
    """
    one = of(uow, kept)
    if one is None and kept.details.accompanied_by:
        companion = Companion(name=kept.details.accompanied_by)
        one = replace(begun(uow, kept, now), state=AccompanimentState.CONFIRMED, companion=companion)
        uow.casework.joint_appointments.keep_accompaniment(one)
        kept = replace(kept, details=replace(kept.details, accompanied_by=""))
        uow.appointments.save(kept)
    if one is not None:
        look_again(uow, kept.agency_id, kept.id, now)
    return kept


def wished(uow: UnitOfWork, rules: Rulebook, kept: Appointment, actor: str, now: datetime) -> None:
    """The person would like somebody to come along; nothing changes where that is known already."""
    one, event = of(uow, kept), AccompanimentEvent.WISH
    if one is None:
        one = begun(uow, kept, now)
        uow.casework.joint_appointments.keep_accompaniment(one)
        uow.ledger.note(kept.agency_id, now, actor, f"accompaniment_{event.value}", str(kept.id))
        wait(uow, rules, one, kept, now)
    elif one.can(event, AccompanimentParty.PERSON):
        happen(uow, rules, kept, one, (event, AccompanimentParty.PERSON, actor), now)


def facts_of(uow: UnitOfWork, kept: Appointment) -> Mapping[str, Value]:
    """What dialogs about the appointment may say: a name only where it is certain, else that it is open."""
    one = of(uow, kept)
    if one is None:
        return {"accompanied_by": kept.details.accompanied_by}
    if one.state is AccompanimentState.CONFIRMED and stands(uow, one, kept):
        return {"accompanied_by": one.companion.name, "accompanied_from": one.companion.meet}
    return {} if one.is_settled and not one.is_promised else {"accompaniment_open": True}


def tell_companion(
    uow: UnitOfWork, rules: Rulebook, person: Participant, kept: Appointment, one: Accompaniment
) -> list[Draft]:
    """A line to the colleague that they are not expected any more; nothing where there is none."""
    if one.staff_id is None or not one.is_promised:
        return []

    def say(voice: Voice) -> str:
        return voice.say(_NOT_YOU)

    return lines_to(uow, rules, one.staff_id, (person, kept), say)


def to_whom(uow: UnitOfWork, kept: Appointment) -> Participant:
    """The person whose appointment it is."""
    return uow.people.participants_by([kept.participant_id])[kept.participant_id]
