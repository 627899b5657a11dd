# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Group offers: a list of all, one with who comes and who was there, and a sheet to print."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, time

from bot.domain.groups import Feeling, Group, Meeting, SeatState
from bot.services import calendar_view, groups, groups_view
from bot.services.appointment_dates import EntryFault
from bot.services.appointment_forms import read_day
from bot.services.desk import Desk
from bot.services.group_facts import coming, dates_text
from bot.services.groups_view import Guest
from bot.texts import mark
from bot.web.console.at_desk import desk_of, settled
from bot.web.console.calendar import RHYTHM_WORDS
from bot.web.console.group_form import USUAL_MINUTES, GroupFaults, choices, fields_of, read_change, read_new
from bot.web.console.navigation import CALENDAR
from bot.web.console.person_head import title_of
from bot.web.console.seat import Did, Form, Page, Seat
from scheduler.local_time import at_wall, local, zone

HOME = "/console/groups"
_ONE = f"{HOME}/{{group:int}}"
_FEELINGS = {Feeling.GOOD: mark("Gut"), Feeling.MIXED: mark("Ging so"), Feeling.BAD: mark("Nicht so gut")}
#: So many days back who was there can be entered.
_DAYS_BACK = 10


def _list(seat: Seat) -> Mapping[str, object] | None:
    desk = desk_of(seat)
    if desk is None:
        return None
    rows = [
        {
            "id": one.group.id,
            "title": one.group.content.title,
            "next": _day(seat, one.next_day) if one.next_day else "",
            "is_cancelled": not one.group.is_open,
            "comes": one.comes,
            "capacity": one.group.capacity,
            "waits": one.waits,
            "is_over": one.next_day is None,
        }
        for one in groups_view.counted(desk)
    ]
    return {
        "rows": [row for row in rows if not row["is_over"]],
        "past": [row for row in rows if row["is_over"]],
        "rhythms": [(word, seat.voice.say(label)) for word, label in RHYTHM_WORDS.items()],
        "earliest": local(seat.now, zone(seat.zone)).date().isoformat(),
        "minutes": USUAL_MINUTES,
        "own": str(seat.staff.id),
        **choices(seat),
    }


def _make(seat: Seat, form: Form) -> Did | None:
    desk = desk_of(seat)
    if desk is None:
        return None
    try:
        made = groups.make(desk, read_new(seat, form))
    except GroupFaults as found:
        return Did(faults=found.faults)
    except EntryFault as fault:
        return Did(faults={"capacity": fault.say(seat.voice)})
    said = seat.voice.say("Die Gruppe ist angelegt. Eingeladen ist noch niemand.")
    return settled(desk, said, to=f"{HOME}/{made.id}")


def _show(seat: Seat) -> Mapping[str, object] | None:
    opened = _opened(seat)
    if opened is None:
        return None
    desk, group = opened
    guests = groups_view.guests(desk, group)
    seats = seat.uow.casework.groups.seats(group.id)
    comes = sum(one.state is SeatState.COMES for one in seats)
    may_lead = groups.may_lead(desk, group)
    leader = seat.uow.people.staff(group.led_by)
    return {
        "group": group,
        "content": group.content,
        "dates": dates_text(seat.voice, group, seat.now).splitlines(),
        "is_coming": group.is_open and bool(coming(group, seat.now)),
        "led_by": leader.name if leader is not None else "",
        "comes": comes,
        "waits": len(seats) - comes,
        "guests": _rows(seat, guests, is_coming=True),
        "waiting": _rows(seat, guests, is_coming=False),
        "hidden": len(seats) - len(guests),
        "may_lead": may_lead,
        "days": _days(seat, desk, group, guests) if may_lead else [],
        "people": _people(seat, {one.participant_id for one in seats if one.state is not SeatState.WAITS}),
        "kept": fields_of(group),
        **choices(seat),
    }


def _rows(seat: Seat, guests: Sequence[Guest], *, is_coming: bool) -> list[tuple[str, str]]:
    """Who it is, and the number in the address of their page; empty for whom this one may not open."""
    found = [one for one in guests if (one.seat.state is SeatState.COMES) is is_coming]
    return [
        (title_of(seat.voice, one.person, one.name), str(one.person.id) if one.name else "") for one in found
    ]


def _people(seat: Seat, seated: set[int]) -> list[tuple[str, str]]:
    whose = calendar_view.whose(seat.uow, seat.rules, seat.staff, seat.now)
    theirs = calendar_view.people(seat.uow, whose)
    return [
        (f"person-{one.id}", title_of(seat.voice, one, name)) for one, name in theirs if one.id not in seated
    ]


def _days(seat: Seat, desk: Desk, group: Group, guests: Sequence[Guest]) -> list[dict[str, object]]:
    meetings = {one.day: one for one in seat.uow.casework.groups.meetings(group.id)}
    return [
        {
            "iso": day.isoformat(),
            "day": _day(seat, day),
            "came": meetings[day].came if day in meetings else None,
            "rows": [
                (f"came-{one.seat.participant_id}", title_of(seat.voice, one.person, one.name), is_there)
                for one, is_there in _there(seat, group, day, guests)
            ],
            "felt": _felt(seat, meetings.get(day)),
        }
        for day in groups_view.past_days(desk, group)[:_DAYS_BACK]
    ]


def _there(seat: Seat, group: Group, day: date, guests: Sequence[Guest]) -> list[tuple[Guest, bool]]:
    there = seat.uow.casework.groups.visited(group.id, day)
    here = [one for one in guests if one.seat.state is SeatState.COMES]
    return [(one, one.seat.participant_id in there) for one in here]


def _felt(seat: Seat, meeting: Meeting | None) -> list[tuple[str, int | None]]:
    """How it was, in numbers; empty where nobody has said, None for what is too few to show."""
    if meeting is None or not any(meeting.feelings.values()):
        return []
    cells = groups_view.felt(meeting).cells
    return [(seat.voice.say(text), cell) for text, cell in zip(_FEELINGS.values(), cells, strict=True)]


def _sheet(seat: Seat) -> Mapping[str, object] | None:
    opened = _opened(seat)
    if opened is None or not groups.may_lead(*opened):
        return None
    desk, group = opened
    left = coming(group, seat.now)
    return {
        "content": group.content,
        "day": _day(seat, left[0]) if left else "",
        "guests": [who for who, _ in _rows(seat, groups_view.guests(desk, group), is_coming=True)],
        "back": f"{HOME}/{group.id}",
        "printed": seat.day(seat.now),
    }


def _invite(desk: Desk, group: Group, seat: Seat, form: Form) -> Sequence[str]:
    chosen = _numbers(form, "person-")
    people = list(seat.uow.people.participants_by(chosen).values())
    if form.get("programme"):
        people += [one for one in groups.of_programme(desk, form["programme"]) if one.id not in chosen]
    done = groups.invite(desk, group, people)
    say = desk.voice.say
    lines = [say("Gefragt werden, sobald es passt: {count}.", count=done.told)]
    if done.not_now:
        lines.append(say("Bekommen gerade keine Nachrichten von mir: {count}.", count=done.not_now))
    if done.there:
        lines.append(say("Haben schon einen Platz: {count}.", count=done.there))
    return lines


def _change(desk: Desk, group: Group, seat: Seat, form: Form) -> Sequence[str]:
    groups.change(desk, group, read_change(seat, form, group))
    return (desk.voice.say("Gespeichert."),)


def _attend(desk: Desk, group: Group, seat: Seat, form: Form) -> Sequence[str]:
    day = read_day(form.get("day", ""))
    # Whoever has given their place to somebody else since then was there nevertheless.
    here = {one.participant_id for one in seat.uow.casework.groups.seats(group.id)}
    before = seat.uow.casework.groups.visited(group.id, day) - here
    count = groups.enter_attendance(desk, group, day, _numbers(form, "came-") | before)
    return (desk.voice.say("Eingetragen: {count} waren da.", count=count),)


def _cancel(desk: Desk, group: Group, seat: Seat, form: Form) -> Sequence[str]:
    del seat, form
    groups.cancel(desk, group)
    return (
        desk.voice.say(
            "Die Gruppe ist abgesagt. Wer kommt oder wartet, bekommt eine Nachricht, wenn das geht."
        ),
    )


def _acting(
    name: str, act: Callable[[Desk, Group, Seat, Form], Sequence[str]]
) -> Callable[[Seat, Form], Did | None]:
    def carry_out(seat: Seat, form: Form) -> Did | None:
        opened = _opened(seat)
        if opened is None:
            return None
        try:
            said = act(*opened, seat, form)
        except GroupFaults as found:
            return Did(faults=found.faults)
        except EntryFault as fault:
            return Did(faults={name: fault.say(seat.voice)})
        return settled(opened[0], *said)

    return carry_out


def _opened(seat: Seat) -> tuple[Desk, Group] | None:
    desk = desk_of(seat)
    if desk is None:
        return None
    try:
        return desk, groups.group_of(desk, int(seat.whence.path["group"]))
    except EntryFault:
        return None


def _numbers(form: Form, beginning: str) -> set[int]:
    rest = (name.removeprefix(beginning) for name in form if name.startswith(beginning))
    return {int(one) for one in rest if one.isascii() and one.isdecimal() and len(one) < 16}


def _day(seat: Seat, day: date) -> str:
    return seat.day(at_wall(day, time(12), zone(seat.zone)))


PAGES = (
    Page(HOME, "groups.html", CALENDAR, _list, acts={"make": _make}),
    Page(
        _ONE,
        "group.html",
        CALENDAR,
        _show,
        acts={
            "invite": _acting("invite", _invite),
            "change": _acting("title", _change),
            "attend": _acting("attend", _attend),
            "cancel": _acting("cancel", _cancel),
        },
    ),
    Page(f"{_ONE}/sheet", "group_sheet.html", CALENDAR, _sheet),
)
