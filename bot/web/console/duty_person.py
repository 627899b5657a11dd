# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""When somebody is there: absences, who stands in, working hours, and whether calls reach them.

Everybody has this page for themselves; leads have it for each of the team.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from babel.dates import get_day_names

from bot.domain.access import Action
from bot.domain.duty import Absence, Week
from bot.domain.people import Staff
from bot.services import plan_duty, staff_duty
from bot.services.appointment_forms import FormFaults
from bot.services.desk import Desk
from bot.services.duty_forms import read_days, read_week
from bot.services.duty_view import Way
from bot.services.duty_words import absence_text, channel_name
from bot.texts import mark
from bot.web.console.at_desk import desk_of, settled
from bot.web.console.duty import ME, TEAM, board_of, tabs
from bot.web.console.navigation import DUTY
from bot.web.console.seat import Did, Form, Page, Seat
from scheduler.local_time import at_wall, local, zone

_DAY = timedelta(days=1)
_WORKDAYS = range(7)
_ANOTHER = mark("Bitte wählen Sie jemand anderen aus dem Team.")


def _whose(seat: Seat) -> Staff | None:
    """Whom the page is about: themselves, or one of the team for a lead."""
    number = seat.whence.path.get("staff")
    if number is None:
        return seat.staff
    return board_of(seat).people.get(int(number)) if seat.may(Action.MANAGE_ROTA) else None


def _show(seat: Seat) -> Mapping[str, object] | None:
    person = _whose(seat)
    if person is None:
        return None
    board, voice = board_of(seat), seat.voice
    is_me = person.id == seat.staff.id
    theirs, week = board.absences(person.id), board.week(person.id)
    hours = seat.rules.hours_text(seat.staff.agency_id, voice)
    return {
        "tabs": tabs(seat, ME if "staff" not in seat.whence.path else TEAM),
        "person": person,
        "is_me": is_me,
        "is_away": person.id in board.team.away,
        "absences": [(one.id, _text(seat, one), one.covers(seat.now)) for one in theirs],
        "colleagues": [(str(one.id), one.name) for one in board.people.values() if one.id != person.id],
        "deputy": str(person.deputy_id or ""),
        "chain": [one.name for one in board.chain(person.id)],
        "ways": [_way(seat, way) for way in board.ways([person])[person.id]],
        "agency_hours": hours,
        "weekdays": [(number, _weekday(seat, number), *_clocks(week, number)) for number in _WORKDAYS],
        "has_hours": bool(week),
        "earliest": local(seat.now, zone(seat.zone)).date().isoformat(),
    }


def _go_away(seat: Seat, form: Form) -> Did | None:
    person, desk = _whose(seat), desk_of(seat)
    if person is None or desk is None:
        return None
    deputy = _colleague(seat, person, form.get("stand_in", ""))
    if form.get("stand_in") and deputy is None:
        return Did(faults={"stand_in": seat.voice.say(_ANOTHER)})
    try:
        first, last = read_days(form, local(seat.now, zone(seat.zone)).date())
    except FormFaults as found:
        return _refused(seat, found)
    new = Absence(0, desk.agency.id, person.id, *_span(seat, first, last), deputy.id if deputy else None)
    kept = plan_duty.keep_absence(desk, person, new)
    when = absence_text(seat.voice, kept, seat.zone, seat.now)
    said = _said(
        seat,
        person,
        (mark("Eingetragen: Sie sind abwesend {when}."), mark("Eingetragen: {name} ist abwesend {when}.")),
        when,
    )
    return settled(desk, said, *_who_stands_in(seat, desk, person, kept), *plan_duty.lost_duty(desk, kept))


def _who_stands_in(seat: Seat, desk: Desk, person: Staff, absence: Absence) -> list[str]:
    deputy = plan_duty.deputy_of(desk, person, absence)
    if deputy is None:
        return [seat.voice.say("Zu Beginn ist keine Vertretung da. Meldungen gehen dann an die Leitung.")]
    return [seat.voice.say("Vertretung: {name}.", name=deputy.name), *_ring(seat, desk, person, deputy)]


def _ring(seat: Seat, desk: Desk, person: Staff, deputy: Staff) -> list[str]:
    if not plan_duty.closes_ring(desk, person, deputy):
        return []
    text = mark("{name} und {deputy} vertreten einander. Wenn beide fehlen, gehen Meldungen an die Leitung.")
    return [seat.voice.say(text, name=person.name, deputy=deputy.name)]


def _come_back(seat: Seat, form: Form) -> Did | None:
    del form
    person, desk = _whose(seat), desk_of(seat)
    if person is None or desk is None:
        return None
    if not plan_duty.end_absence(desk, person):
        return Did((seat.voice.say("Es war keine Abwesenheit eingetragen, die jetzt gilt."),))
    texts = mark("Willkommen zurück. Meldungen kommen wieder zu Ihnen."), mark("{name} ist wieder da.")
    return settled(desk, _said(seat, person, texts))


def _take_back(seat: Seat, form: Form) -> Did | None:
    person, desk, number = _whose(seat), desk_of(seat), form.get("absence", "")
    if person is None or desk is None:
        return None
    is_number = number.isascii() and number.isdecimal() and len(number) < 16
    kept = plan_duty.take_back(desk, person, int(number)) if is_number else None
    if kept is None:
        return Did((seat.voice.say("Diese Abwesenheit gibt es nicht mehr."),))
    when = absence_text(seat.voice, kept, seat.zone, seat.now)
    return settled(desk, seat.voice.say("Zurückgenommen: abwesend {when}.", when=when))


def _choose_deputy(seat: Seat, form: Form) -> Did | None:
    person, desk = _whose(seat), desk_of(seat)
    if person is None or desk is None:
        return None
    deputy = _colleague(seat, person, form.get("deputy", ""))
    if deputy is None and form.get("deputy"):
        return Did(faults={"deputy": seat.voice.say(_ANOTHER)})
    if (deputy.id if deputy else None) == person.deputy_id:
        return Did((seat.voice.say("Das war schon so eingetragen."),))
    plan_duty.choose_deputy(desk, person, deputy)
    if deputy is None:
        return settled(desk, seat.voice.say("Eingetragen: ohne ständige Vertretung."))
    fields = {"deputy": deputy.name, "name": person.name}
    texts = mark("Eingetragen: {deputy} vertritt Sie."), mark("Eingetragen: {deputy} vertritt {name}.")
    said = seat.voice.say(texts[person.id != seat.staff.id], **fields)
    return settled(desk, said, *_ring(seat, desk, person, deputy))


def _set_hours(seat: Seat, form: Form) -> Did | None:
    person, desk = _whose(seat), desk_of(seat)
    if person is None or desk is None:
        return None
    try:
        week = read_week(form)
    except FormFaults as found:
        return _refused(seat, found)
    plan_duty.set_hours(desk, person, week)
    return settled(desk, seat.voice.say("Die Arbeitszeiten sind gespeichert."))


def _try_ways(seat: Seat, form: Form) -> Did | None:
    del form
    desk = desk_of(seat)
    if desk is None:
        return None
    staff_duty.try_ways(desk, "")
    return settled(desk)


def _refused(seat: Seat, found: FormFaults) -> Did:
    return Did(faults={name: fault.say(seat.voice) for name, fault in found.faults.items()})


def _span(seat: Seat, first: date, last: date | None) -> tuple[datetime, datetime | None]:
    where = zone(seat.zone)
    until = at_wall(last + _DAY, time.min, where) if last else None
    return max(at_wall(first, time.min, where), seat.now), until


def _colleague(seat: Seat, person: Staff, number: str) -> Staff | None:
    found = next((one for one in board_of(seat).people.values() if str(one.id) == number), None)
    return None if found is None or found.id == person.id else found


def _said(seat: Seat, person: Staff, texts: tuple[str, str], when: str = "") -> str:
    """The first text about oneself, the second about somebody else."""
    return seat.voice.say(texts[person.id != seat.staff.id], name=person.name, when=when)


def _text(seat: Seat, absence: Absence) -> str:
    when = absence_text(seat.voice, absence, seat.zone, seat.now)
    people = board_of(seat).people if absence.deputy_id else {}
    deputy = people.get(absence.deputy_id or 0)
    if deputy is None:
        return when
    return seat.voice.say("{when}, Vertretung: {name}", when=when, name=deputy.name)


def _way(seat: Seat, way: Way) -> tuple[str, str, bool]:
    say, test = seat.voice.say, way.test
    name = channel_name(seat.voice, way.address.channel)
    if test is None:
        return name, say("noch keine Probe"), False
    if test.missed_at is not None:
        return name, say("nicht bestätigt seit {moment}", moment=seat.moment(test.missed_at)), True
    if not way.is_confirmed:
        return (
            name,
            say("Probe gesendet {moment}, noch nicht bestätigt", moment=seat.moment(test.asked_at)),
            False,
        )
    return name, say("bestätigt {moment}", moment=seat.moment(test.confirmed_at or test.asked_at)), False


def _weekday(seat: Seat, number: int) -> str:
    return str(get_day_names("wide", locale=seat.voice.language.partition("-")[0])[number])


def _clocks(week: Week, number: int) -> tuple[str, str]:
    own = week.get(number)
    return (f"{own[0]:%H:%M}", f"{own[1]:%H:%M}") if own else ("", "")


_ACTS = {
    "away": _go_away,
    "back": _come_back,
    "undo": _take_back,
    "deputy": _choose_deputy,
    "hours": _set_hours,
}
PAGES = (
    Page(ME, "duty_person.html", DUTY, _show, acts=_ACTS | {"probe": _try_ways}),
    Page(f"{TEAM}/{{staff:int}}", "duty_person.html", DUTY, _show, Action.MANAGE_ROTA, _ACTS),
)
