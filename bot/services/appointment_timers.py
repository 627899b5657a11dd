# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The one timer of an appointment, and what staff hear about it without a concern."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.domain.appointments import Appointment, AppointmentKind
from bot.domain.messages import Body, DataClass, Draft, Kind
from bot.domain.people import Participant
from bot.ports import UnitOfWork
from bot.services.appointment_times import next_act
from bot.services.rulebook import Rulebook
from bot.texts import Voice

TIMER_KIND = "appointment"
#: Whether whoever has visited somebody at home is back; see `home_visit_due`.
HOME_KIND = "home_visit"
SUBJECT = "appointment"


def subject_of(appointment_id: int) -> str:
    """What conversations about an appointment are about."""
    return f"{SUBJECT}:{appointment_id}"


def timer_key(appointment_id: int) -> str:
    """The one timer of an appointment."""
    return f"appointment:{appointment_id}"


def plan(uow: UnitOfWork, rules: Rulebook, kept: Appointment, after: datetime) -> None:
    """Set the timer for what comes next after this moment; there is none when nothing does."""
    if kept.kind is AppointmentKind.HOME:
        _plan_return(uow, kept, after)
    following = next_act(kept, rules.quiet_of(kept.agency_id), after)
    if following is None:
        uow.timers.cancel(timer_key(kept.id))
    else:
        uow.timers.set(kept.agency_id, TIMER_KIND, kept.id, following[0], timer_key(kept.id))


def _plan_return(uow: UnitOfWork, kept: Appointment, after: datetime) -> None:
    """Once its end has come the question runs by itself, whatever becomes of the appointment."""
    if kept.is_agreed and after < kept.ends_at:
        uow.timers.set(kept.agency_id, HOME_KIND, kept.id, kept.ends_at, home_key(kept.id))
    elif after < kept.ends_at:
        uow.timers.cancel(home_key(kept.id))


def home_key(appointment_id: int) -> str:
    """The one timer that asks whether somebody is back from a visit."""
    return f"home_visit:{appointment_id}"


def notices(
    uow: UnitOfWork, rules: Rulebook, person: Participant, kept: Appointment, what: str, dedup: str = ""
) -> list[Draft]:
    """A line to the person's coach, or to whoever set the appointment. `what` is a source text."""

    def say(voice: Voice) -> str:
        return voice.say(what, number=kept.id)

    return lines_to(uow, rules, person.coach_id or kept.set_by, (person, kept), say, dedup)


def lines_to(
    uow: UnitOfWork,
    rules: Rulebook,
    staff_id: int,
    about: tuple[Participant, Appointment],
    say: Callable[[Voice], Body | str],
    dedup: str = "",
) -> list[Draft]:
    """A line to a staff member about somebody's appointment.

    No name and no place; where the channel may not carry appointments, not even day and time.
    """
    person, kept = about
    staff = uow.people.staff(staff_id)
    voice = rules.voice(staff.language if staff else "de")
    agency = rules.agencies[kept.agency_id]
    said = say(voice)
    body = Body(said) if isinstance(said, str) else said
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
                body=replace(body, text=f"{line}: {body.text}"),
                staff_id=staff_id,
                dedup=f"{dedup}:{address.id}" if dedup else None,
            )
        )
    return drafts


def short_of(voice: Voice, kept: Appointment) -> str:
    """Its day and time, to whoever has it."""
    day, clock = voice.day(kept.starts_at, kept.zone), voice.clock(kept.starts_at, kept.zone)
    return voice.say("{day}, um {time}", day=day, time=clock)
