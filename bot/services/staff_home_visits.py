# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What staff do with a visit at home: who goes, another place, and the tap that all is well."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.accompaniment import LONGEST_LINE
from bot.domain.appointments import Appointment, AppointmentEvent, AppointmentKind, Party
from bot.domain.home_visits import HomeVisit
from bot.services import accompaniments
from bot.services.appointment_dates import EntryFault
from bot.services.appointment_timers import home_key, plan
from bot.services.appointment_words import number_of
from bot.services.appointments import Telling, tell
from bot.services.desk import Desk
from bot.services.home_visit_due import others
from bot.services.home_visits import visit_of
from bot.texts import mark

_NO_VISIT = mark("Dieser Termin ist kein Hausbesuch.")


def visitors(desk: Desk, kept: Appointment, first: int, second: int | None) -> HomeVisit:
    """Who goes there; both are asked afterwards whether they are back. Raises `EntryFault`."""
    one = _visit(desk, kept)
    team = accompaniments.team(desk)
    if first not in team or (second is not None and second not in team) or first == second:
        raise EntryFault(mark("Bitte wählen Sie ein oder zwei Menschen aus dem Team aus."))
    changed = replace(one, staff_id=first, second_id=second)
    desk.uow.casework.joint_appointments.keep_home_visit(changed)
    desk.uow.ledger.note(desk.agency.id, desk.now, desk.actor, "home_visit_who", str(kept.id))
    return changed


def meet_elsewhere(desk: Desk, kept: Appointment, place: str) -> Telling:
    """Another place than the person's home, as they have wished: they are asked whether it fits.

    Raises `EntryFault`.
    """
    _visit(desk, kept)
    place = place.strip()
    if not 0 < len(place) <= LONGEST_LINE or "\n" in place:
        raise EntryFault(
            mark("Bitte schreiben Sie den Treffpunkt in einer Zeile mit höchstens {most} Zeichen."),
            most=LONGEST_LINE,
        )
    changed = replace(kept, details=replace(kept.details, place=place), words="")
    changed = changed.after(AppointmentEvent.PROPOSE, Party.STAFF, desk.now)
    desk.uow.appointments.save(changed)
    plan(desk.uow, desk.rules, changed, desk.now)
    desk.uow.ledger.note(desk.agency.id, desk.now, desk.actor, "home_visit_elsewhere", str(kept.id))
    return tell(desk, changed)


def press(desk: Desk, rest: str, message: str) -> str:
    """Somebody says that all is well: whoever was there, or whoever was told. Returns what is shown."""
    number = number_of(rest)
    one = desk.uow.casework.joint_appointments.home_visits([number]).get(number) if number else None
    may = one is not None and one.agency_id == desk.agency.id
    may = (
        may
        and one is not None
        and desk.staff.id in (*one.visitors, *others(desk.uow, desk.rules, one, desk.now))
    )
    if one is None or not may:
        return desk.voice.say("Dieser Knopf gilt nicht mehr.")
    if one.back_at is None:
        desk.uow.casework.joint_appointments.keep_home_visit(replace(one, back_at=desk.now))
        desk.uow.timers.cancel(home_key(number))
        desk.uow.ledger.note(desk.agency.id, desk.now, desk.actor, "home_visit_back", str(number))
    desk.tell(desk.voice.say("Danke. Gut, dass alles in Ordnung ist."), edit=message)
    return ""


def _visit(desk: Desk, kept: Appointment) -> HomeVisit:
    accompaniments.check_may(desk, kept)
    if kept.kind is not AppointmentKind.HOME:
        raise EntryFault(_NO_VISIT)
    return desk.uow.casework.joint_appointments.home_visits([kept.id]).get(kept.id) or visit_of(kept)
