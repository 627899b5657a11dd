# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The calendar: appointments by week or as a list, what waits for an answer, and a new one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from urllib.parse import urlencode

from babel.dates import format_date

from bot.calendar_ports import Whose
from bot.domain.access import Action
from bot.domain.appointments import USUAL_LENGTH, AppointmentState, Coming
from bot.domain.duty import Span
from bot.domain.people import Participant, Role
from bot.services import appointments, calendar_view
from bot.services.appointment_forms import RHYTHMS, FormFaults, read_form
from bot.services.appointment_words import KINDS
from bot.services.calendar_view import Planned
from bot.texts import mark
from bot.web.console.at_desk import desk_of, settled
from bot.web.console.navigation import CALENDAR
from bot.web.console.seat import Did, Form, Page, Seat
from scheduler.local_time import at_wall, local, zone

HOME = "/console/calendar"
NEW = f"{HOME}/new"
_DAY = timedelta(days=1)
_WEEK = 7 * _DAY
_LIST = 4 * _WEEK
_TEAM = "team"
_WITH_PEOPLE = (Role.COACH, Role.LEAD)
_STATES = {
    AppointmentState.PROPOSED: mark("Vorschlag, noch offen."),
    AppointmentState.MOVED: mark("Neue Zeit vorgeschlagen, noch offen."),
    AppointmentState.OVER: mark("vorbei"),
}
_COMING = {
    Coming.YES: mark("Die Person kommt."),
    Coming.UNSURE: mark("Die Person weiß es noch nicht."),
    Coming.NO: mark("Die Person schafft es nicht."),
}
#: How often appointments come back, as staff choose it.
RHYTHM_WORDS = {
    "": mark("einmal"),
    "week": mark("jede Woche"),
    "fortnight": mark("alle zwei Wochen"),
    "month": mark("jeden Monat am selben Tag"),
}
_REMINDERS = {
    "": mark("wie üblich für diese Art"),
    "week": mark("7 Tage und 2 Tage vorher und am selben Tag"),
    "two": mark("2 Tage vorher und am selben Tag"),
    "day": mark("nur am selben Tag"),
    "none": mark("keine"),
}
assert set(RHYTHM_WORDS) == {"", *RHYTHMS}


@dataclass(frozen=True, slots=True)
class Row:
    """One appointment in words. `who` is a name, or the case code where there is none."""

    id: int
    person: int
    who: str
    code: str
    kind: str
    at: str
    until: str
    day: str
    note: str
    place: str
    is_open_question: bool


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a week. `iso` names it for machines."""

    iso: str
    title: str
    is_today: bool
    rows: Sequence[Row]


def show(seat: Seat) -> Mapping[str, object]:
    """The chosen week, or four weeks as a list."""
    query = seat.whence.query
    is_list, wants_team = query.get("view") == "list", query.get("whose") == _TEAM
    sees_team = seat.may(Action.SEE_APPOINTMENT)
    whom = Whose(seat.staff.agency_id) if sees_team and wants_team else _own(seat)
    today = local(seat.now, zone(seat.zone)).date()
    chosen = chosen_day(query.get("day", ""), today)
    first = chosen - chosen.weekday() * _DAY
    length = _LIST if is_list else _WEEK
    found = calendar_view.planned(seat.uow, whom, span_of(seat, first, length))
    pairs = [(one, _row(seat, one)) for one in found]
    days = _days(seat, pairs, [first + number * _DAY for number in range(length // _DAY)], today)

    def link(**changes: str) -> str:
        fixed = {"view": "list" if is_list else "", "whose": _TEAM if whom.coaches is None else ""}
        kept = {name: value for name, value in (fixed | changes).items() if value}
        return f"{HOME}?{urlencode(kept)}" if kept else HOME

    return {
        "days": [day for day in days if day.rows] if is_list else days,
        "waiting": [_row(seat, one) for one in calendar_view.waiting(seat.uow, whom, seat.now)],
        "is_list": is_list,
        "sees_team": sees_team,
        "is_team": whom.coaches is None,
        "span": f"{short(seat, first)} – {short(seat, first + length - _DAY)}",
        "is_full": len(found) >= calendar_view.MOST,
        "links": {
            "week": link(view="", day=first.isoformat()),
            "list": link(view="list", day=first.isoformat()),
            "own": link(whose="", day=first.isoformat()),
            "team": link(whose=_TEAM, day=first.isoformat()),
            "before": link(day=(first - length).isoformat()),
            "after": link(day=(first + length).isoformat()),
            "today": link(),
        },
    }


def form(seat: Seat) -> Mapping[str, object]:
    """A new appointment. `person` behind the question mark chooses one beforehand, `day` a day."""
    today = local(seat.now, zone(seat.zone)).date()
    voice = seat.voice
    return {
        "people": [
            (str(person.id), f"{name} · {person.case_code}" if name else person.case_code)
            for person, name in _people(seat)
        ],
        "person": seat.whence.query.get("person", ""),
        "for_team": seat.may(Action.CHANGE_APPOINTMENT),
        "day": seat.whence.query.get("day", ""),
        "earliest": today.isoformat(),
        "kinds": [(kind.value, voice.say(label)) for kind, label in KINDS.items()],
        "rhythms": [(word, voice.say(label)) for word, label in RHYTHM_WORDS.items()],
        "reminders": [(word, voice.say(label)) for word, label in _REMINDERS.items()],
        "minutes": USUAL_LENGTH // timedelta(minutes=1),
    }


def set_new(seat: Seat, form: Form) -> Did | None:
    """Keep it, and say honestly whether the person hears of it."""
    person = _person(seat, form.get("person", ""))
    if person is None:
        return Did(faults={"person": seat.voice.say("Bitte wählen Sie, um wen es geht.")})
    try:
        entry = read_form(form, person.case_code, seat.now, seat.zone)
    except FormFaults as found:
        return Did(faults={name: fault.say(seat.voice) for name, fault in found.faults.items()})
    desk = desk_of(seat)
    if desk is None:
        return None
    number_of, telling = appointments.set_appointment(desk, person, entry)
    kept = seat.voice.say(
        "Fall {case}: Termin {number} ist eingetragen.", case=person.case_code, number=number_of
    )
    day = local(entry.starts_at, zone(seat.zone)).date()
    return settled(desk, kept, seat.voice.say(telling.value), to=f"{HOME}?day={day.isoformat()}")


def chosen_day(text: str, today: date) -> date:
    """The day of an address; today for anything that is none, or lies out of every calendar."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today
    return day if abs(day - today) <= timedelta(days=3660) else today


def _own(seat: Seat) -> Whose:
    return calendar_view.whose(seat.uow, seat.rules, seat.staff, seat.now)


def _people(seat: Seat) -> list[tuple[Participant, str]]:
    """Whom they look after, and who was chosen on that person's own page: a lead's whole team is no list.

    Admins stand in for colleagues too, but without setting appointments.
    """
    chosen = _person(seat, seat.whence.query.get("person", ""))
    theirs = calendar_view.people(seat.uow, _own(seat)) if seat.staff.role in _WITH_PEOPLE else []
    if chosen is None or any(person.id == chosen.id for person, _ in theirs):
        return theirs
    return [(chosen, seat.uow.people.name_of(chosen.id)), *theirs]


def _person(seat: Seat, number: str) -> Participant | None:
    """The person of this number, if an appointment may be set for them."""
    if not (number.isascii() and number.isdecimal() and len(number) < 16):
        return None
    found = seat.uow.people.participants_by({int(number)}).get(int(number))
    return found if found is not None and seat.may(Action.CHANGE_APPOINTMENT, found) else None


def span_of(seat: Seat, first: date, length: timedelta) -> Span:
    """The time from the beginning of a day on, by the clocks of the agency."""
    where = zone(seat.zone)
    return Span(at_wall(first, time.min, where), at_wall(first + length, time.min, where))


def _days(seat: Seat, pairs: Iterable[tuple[Planned, Row]], days: Sequence[date], today: date) -> list[Day]:
    where = zone(seat.zone)
    by_day: dict[date, list[Row]] = {}
    for one, row in pairs:
        by_day.setdefault(local(one.kept.starts_at, where).date(), []).append(row)
    noon = time(12)
    return [
        Day(day.isoformat(), seat.day(at_wall(day, noon, where)), day == today, by_day.get(day, ()))
        for day in days
    ]


def _row(seat: Seat, one: Planned) -> Row:
    kept, voice = one.kept, seat.voice
    said = _STATES.get(kept.state) or _COMING.get(kept.coming)
    return Row(
        id=kept.id,
        person=one.person.id,
        who=one.name or voice.say("Fall {case}", case=one.person.case_code),
        code=one.person.case_code,
        kind=voice.say(KINDS[kept.kind]),
        at=voice.clock(kept.starts_at, kept.zone),
        until=voice.clock(kept.ends_at, kept.zone),
        day=seat.day(kept.starts_at),
        note=voice.say(said) if said else "",
        place=kept.details.place,
        is_open_question=kept.state in (AppointmentState.PROPOSED, AppointmentState.MOVED),
    )


def short(seat: Seat, day: date) -> str:
    """A day in digits, as the staff member's language writes it."""
    return format_date(day, "short", locale=seat.voice.language.partition("-")[0])


PAGES = (
    Page(HOME, "calendar.html", CALENDAR, show),
    Page(NEW, "calendar_new.html", CALENDAR, form, acts={"set": set_new}),
)
