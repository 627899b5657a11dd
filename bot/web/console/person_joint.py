# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What belongs to a person's appointment with others: who comes along, who visits them at home."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bot.domain.access import Action
from bot.domain.accompaniment import Accompaniment
from bot.domain.appointments import Appointment, AppointmentKind
from bot.services import accompaniments, staff_home_visits
from bot.services.accompaniments import Promise
from bot.services.appointment_dates import EntryFault
from bot.services.desk import Desk
from bot.services.home_visits import visit_of
from bot.services.staff_accompaniments import done_text, state_line
from bot.texts import mark
from bot.web.console.person_head import Opened
from bot.web.console.seat import Did, Form, Seat

#: What else may stand in the list of whom to choose.
_PARTNER = "partner"
_GONE = mark("Termin {number} ist schon abgesagt oder vorbei.")


def open_appointment(desk: Desk, found: Opened, form: Form) -> Appointment | Did:
    """The open appointment that is meant; what is said if it is not open any more, or never was theirs."""
    typed = form.get("number", "")
    is_one = typed.isascii() and typed.isdecimal() and len(typed) <= 15
    kept = desk.uow.appointments.get(int(typed)) if is_one else None
    is_theirs = kept is not None and kept.participant_id == found.person.id
    if kept is None or not is_theirs or not kept.is_open or kept.ends_at <= desk.now:
        return Did((desk.voice.say(_GONE, number=typed[:15]),))
    return kept


def shown(seat: Seat, every: Sequence[Appointment]) -> Mapping[int, Mapping[str, object]]:
    """For each appointment what there is to read and to choose; two statements, however many there are."""
    numbers = [one.id for one in every]
    along = seat.uow.casework.joint_appointments.accompaniments(numbers)
    visits = seat.uow.casework.joint_appointments.home_visits(numbers)
    found = {}
    for one in every:
        visit = visits.get(one.id) or visit_of(one)
        found[one.id] = {
            "along": _along(seat, along.get(one.id)),
            "meet": along[one.id].companion.meet if one.id in along else "",
            "is_home": one.kind is AppointmentKind.HOME,
            "first": str(visit.staff_id),
            "second": str(visit.second_id or ""),
            "is_waiting": visit.asked_at is not None and visit.back_at is None,
        }
    return found


def choices(desk: Desk | None) -> list[tuple[str, str]]:
    """Everybody in the team, by number."""
    team = accompaniments.team(desk) if desk is not None else {}
    return [(str(number), name) for number, name in team.items()]


def _along(seat: Seat, one: Accompaniment | None) -> str:
    return state_line(seat.voice, one, shows_names=True) if one is not None else ""


def _offer(desk: Desk, kept: Appointment, form: Form) -> Did:
    who, meet = form.get("who", ""), form.get("meet", "")
    promise = Promise(name=form.get("partner", ""), meet=meet)
    if who != _PARTNER:
        promise = Promise(int(who) if who.isdecimal() and len(who) <= 15 else 0, meet=meet)
    is_arranged = form.get("arranged") == "yes"
    telling = accompaniments.offer(desk, kept, promise, is_arranged=is_arranged)
    line = mark("Notiert. Lotse fragt niemanden mehr.") if is_arranged else done_text(telling)
    return Did((desk.voice.say(line),))


def _cannot(desk: Desk, kept: Appointment, form: Form) -> Did:
    return Did((desk.voice.say(accompaniments.cannot(desk, kept, form.get("instead", "")).value),))


def _let_go(desk: Desk, kept: Appointment, form: Form) -> Did:
    del form
    accompaniments.let_go(desk, kept)
    return Did((desk.voice.say("Notiert. Es wird niemand gebraucht."),))


def _wish(desk: Desk, kept: Appointment, form: Form) -> Did:
    del form
    accompaniments.wish(desk, kept)
    return Did((desk.voice.say("Notiert. Wer mitkommt, ist noch offen."),))


def _visitors(desk: Desk, kept: Appointment, form: Form) -> Did:
    first, second = form.get("first", ""), form.get("second", "")
    numbers = [int(one) if one.isdecimal() and len(one) <= 15 else 0 for one in (first, second)]
    staff_home_visits.visitors(desk, kept, numbers[0], numbers[1] if second else None)
    return Did((desk.voice.say("Gespeichert."),))


def _elsewhere(desk: Desk, kept: Appointment, form: Form) -> Did:
    return Did((desk.voice.say(staff_home_visits.meet_elsewhere(desk, kept, form.get("place", "")).value),))


def _acting(
    field: str, act: Callable[[Desk, Appointment, Form], Did]
) -> tuple[Action, Callable[[Desk, Opened, Form], Did]]:
    """An act on one appointment, whose faults stand at `field`."""

    def carry_out(desk: Desk, found: Opened, form: Form) -> Did:
        kept = open_appointment(desk, found, form)
        if isinstance(kept, Did):
            return kept
        try:
            return act(desk, kept, form)
        except EntryFault as fault:
            return Did(faults={field: fault.say(desk.voice)})

    return Action.CHANGE_APPOINTMENT, carry_out


#: By the name of the form.
ACTS = {
    "along": _acting("who", _offer),
    "along_cannot": _acting("instead", _cannot),
    "along_let_go": _acting("who", _let_go),
    "along_wish": _acting("who", _wish),
    "visitors": _acting("first", _visitors),
    "elsewhere": _acting("place", _elsewhere),
}
