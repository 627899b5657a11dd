# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The one timer of an appointment, and what staff hear about it without a concern."""

from __future__ import annotations

from datetime import datetime

from bot.domain.appointments import Appointment
from bot.domain.messages import Body, DataClass, Draft, Kind
from bot.domain.people import Participant
from bot.ports import UnitOfWork
from bot.services.appointment_times import next_act
from bot.services.rulebook import Rulebook

TIMER_KIND = "appointment"
SUBJECT = "appointment"


def subject_of(appointment_id: int) -> str:
    """What conversations about an appointment are about."""
    return f"{SUBJECT}:{appointment_id}"


def timer_key(appointment_id: int) -> str:
    """The one timer of an appointment."""
    return f"appointment:{appointment_id}"


def plan(uow: UnitOfWork, rules: Rulebook, kept: Appointment, after: datetime) -> None:
    """Set the timer for what comes next after this moment; there is none when nothing does."""
    following = next_act(kept, rules.quiet_of(kept.agency_id), after)
    if following is None:
        uow.timers.cancel(timer_key(kept.id))
    else:
        uow.timers.set(kept.agency_id, TIMER_KIND, kept.id, following[0], timer_key(kept.id))


def notices(
    uow: UnitOfWork, rules: Rulebook, person: Participant, kept: Appointment, what: str, dedup: str = ""
) -> list[Draft]:
    """A line to the person's coach, or to whoever set the appointment. `what` is a source text.

    No name and no place; where the channel may not carry appointments, not even day and time.
    """
    staff_id = person.coach_id or kept.set_by
    staff = uow.people.staff(staff_id)
    voice = rules.voice(staff.language if staff else "de")
    agency = rules.agencies[kept.agency_id]
    drafts = []
    for address in uow.people.staff_addresses([staff_id]):
        fields: dict[str, object] = {"case": person.case_code, "number": kept.id}
        line = voice.say("Fall {case}, Termin {number}", **fields)
        if agency.class_of(address.channel).carries(DataClass.APPOINTMENT):
            line += f" ({voice.day(kept.starts_at, kept.zone)}, {voice.clock(kept.starts_at, kept.zone)})"
        drafts.append(
            Draft(
                agency_id=kept.agency_id,
                address_id=address.id,
                channel=address.channel,
                kind=Kind.STAFF_NOTICE,
                body=Body(f"{line}: {voice.say(what, number=kept.id)}"),
                staff_id=staff_id,
                dedup=f"{dedup}:{address.id}" if dedup else None,
            )
        )
    return drafts
