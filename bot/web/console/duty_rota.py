# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The rota by week; leads put shifts in, end them, and give one to somebody else for a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from bot.domain.access import Action
from bot.domain.duty import Shift, ShiftPattern
from bot.domain.people import Staff
from bot.services import plan_duty
from bot.services.appointment_dates import EntryFault
from bot.services.appointment_forms import read_clock, read_day
from bot.services.duty_forms import near_day
from bot.services.duty_view import DutyBoard
from bot.services.rota import is_away_during, last_begun, shift_span
from bot.services.staff_shifts import pattern_text
from bot.web.console.at_desk import desk_of, settled
from bot.web.console.calendar import chosen_day, short, span_of
from bot.web.console.duty import ROTA, board_of, pressed, read_shift_token, shift_token, tabs, when
from bot.web.console.navigation import DUTY
from bot.web.console.seat import Did, Form, Page, Seat
from scheduler.local_time import at_wall, local, zone

_DAY = timedelta(days=1)
_WEEK = 7 * _DAY
#: What a form sends for a shift that does not take place.
_NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Line:
    """One shift in words. `token` is empty where nothing can be changed; `is_dropped`: nobody has it."""

    at: str
    until: str
    name: str
    instead_of: str
    is_mine: bool
    token: str
    is_dropped: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the rota."""

    iso: str
    title: str
    is_today: bool
    lines: tuple[Line, ...]


def _show(seat: Seat) -> Mapping[str, object]:
    board, where = board_of(seat), zone(seat.zone)
    today = local(seat.now, where).date()
    chosen = chosen_day(seat.whence.query.get("day", ""), today)
    first = chosen - chosen.weekday() * _DAY
    may_plan = seat.may(Action.MANAGE_ROTA)
    by_day: dict[date, list[Line]] = {}
    for shift, is_dropped in _week(seat, board, first):
        line = _line(seat, board, shift, may_plan=may_plan)
        line = replace(line, name="", instead_of="", is_mine=False, is_dropped=True) if is_dropped else line
        by_day.setdefault(local(shift.span.since, where).date(), []).append(line)
    return {
        "tabs": tabs(seat, ROTA),
        "days": [
            Day(
                day.isoformat(),
                seat.day(at_wall(day, time(12), where)),
                day == today,
                tuple(by_day.get(day, ())),
            )
            for day in (first + number * _DAY for number in range(7))
        ],
        "span": f"{short(seat, first)} – {short(seat, first + 6 * _DAY)}",
        "before": f"{ROTA}?day={first - _WEEK}",
        "after": f"{ROTA}?day={first + _WEEK}",
        "may_plan": may_plan,
        "people": [(str(one.id), one.name) for one in board.people.values()],
        "nobody": _NOBODY,
        "patterns": _patterns(seat, board, today) if may_plan else [],
        "earliest": today.isoformat(),
    }


def _week(seat: Seat, board: DutyBoard, first: date) -> list[tuple[Shift, bool]]:
    """The shifts of a week in their order, and of each whether it does not take place."""
    found = [(one, False) for one in board.shifts(span_of(seat, first, _WEEK))]
    found += [(one, True) for one in board.dropped(first, first + 6 * _DAY)]
    return sorted(found, key=lambda pair: (pair[0].span, pair[0].staff_id))


def _line(seat: Seat, board: DutyBoard, shift: Shift, *, may_plan: bool) -> Line:
    person, pattern = board.people.get(shift.staff_id), board.patterns.get(shift.pattern_id or 0)
    usual = board.people.get(pattern.staff_id) if pattern and pattern.staff_id != shift.staff_id else None
    can_change = may_plan and pattern is not None and shift.span.since > seat.now
    return Line(
        at=seat.voice.clock(shift.span.since, seat.zone),
        until=seat.voice.clock(shift.span.until, seat.zone),
        name=person.name if person else "",
        instead_of=usual.name if usual else "",
        is_mine=shift.staff_id == seat.staff.id,
        token=shift_token(shift) if can_change else "",
    )


def _patterns(seat: Seat, board: DutyBoard, today: date) -> list[tuple[int, str, bool]]:
    def text(pattern: ShiftPattern) -> str:
        person = board.people.get(pattern.staff_id)
        return pattern_text(seat.voice, pattern, person.name if person else "", seat.now)

    def can_end(pattern: ShiftPattern) -> bool:
        return pattern.last_day is None or pattern.last_day > last_begun(pattern, today, seat.now)

    running = [one for one in board.patterns.values() if one.last_day is None or one.last_day >= today]
    return [(one.id, text(one), can_end(one)) for one in running]


def _add(seat: Seat, form: Form) -> Did | None:
    """A new shift, for one day or every week, as `/schicht` keeps it."""
    if not seat.may(Action.MANAGE_ROTA):
        return None
    person = _person(seat, form.get("person", ""))
    faults: dict[str, str] = {}
    if person is None:
        faults["person"] = seat.voice.say("Bitte wählen Sie, wer Dienst hat.")
    begins = ends = time()
    first = today = local(seat.now, zone(seat.zone)).date()
    try:
        begins = read_clock(form.get("begins", ""))
        ends = read_clock(form.get("ends", ""))
    except EntryFault as fault:
        faults["begins"] = fault.say(seat.voice)
    try:
        first = near_day(read_day(form.get("first", "")), today)
        if first < today:
            faults["first"] = seat.voice.say("Dieser Tag ist schon vorbei.")
    except EntryFault as fault:
        faults["first"] = fault.say(seat.voice)
    if person is None or faults:
        return Did(faults=faults)
    often = "w" if form.get("often") == "weekly" else "o"
    return pressed(seat, f"shift:{often}:{first}:{begins:%H%M}:{ends:%H%M}:{person.id}")


def _end(seat: Seat, form: Form) -> Did | None:
    """No more of these shifts from today on; one that has begun goes on to its end."""
    return pressed(seat, f"end:{form.get('pattern', '')}") if seat.may(Action.MANAGE_ROTA) else None


def _give(seat: Seat, form: Form) -> Did | None:
    """The shift of one day goes to somebody else, or does not take place."""
    if not seat.may(Action.MANAGE_ROTA):
        return None
    shift, person = read_shift_token(form.get("shift", "")), _person(seat, form.get("person", ""))
    desk = desk_of(seat)
    if desk is None or shift is None or (person is None and form.get("person") != _NOBODY):
        return Did((seat.voice.say("Bitte wählen Sie einen Dienst und wer ihn übernimmt."),))
    back = f"{ROTA}?day={shift[1]}"
    pattern = board_of(seat).patterns.get(shift[0])
    planned = shift_span(pattern, shift[1]) if pattern and person else None
    if person is not None and planned is not None and is_away_during(seat.uow, person, planned):
        return Did((seat.voice.say("{name} ist an diesem Tag abwesend.", name=person.name),), back)
    span = plan_duty.give_shift(desk, *shift, person)
    if span is None:
        line = seat.voice.say(
            "Es hat sich nichts geändert: Der Dienst ist schon so vergeben oder hat begonnen."
        )
        return Did((line,), back)
    if person is None:
        return settled(
            desk, seat.voice.say("Dieser Dienst fällt aus: {when}.", when=when(seat, span)), to=back
        )
    fields = {"name": person.name, "when": when(seat, span)}
    return settled(desk, seat.voice.say("{name} hat jetzt diesen Dienst: {when}.", **fields), to=back)


def _person(seat: Seat, number: str) -> Staff | None:
    return next((one for one in board_of(seat).people.values() if str(one.id) == number), None)


PAGES = (Page(ROTA, "duty_rota.html", DUTY, _show, acts={"add": _add, "end": _end, "give": _give}),)
