# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Conferences in the console: one's own, calling one, preparing its sheet, and what was decided.

Partners' contacts see those that they are invited to, and can change nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from bot.domain.access import Action
from bot.domain.conferences import AgeBand, Conference, ConferenceEvent, ConferenceParty, Decision
from bot.domain.people import TEAM, Role
from bot.services import conference_tasks, conferences
from bot.services.appointment_dates import EntryFault
from bot.services.appointment_words import number_of
from bot.services.appointments import Telling
from bot.services.conference_sheet import AGES, goals_of, is_named, label, traces
from bot.services.conference_view import INVITED, Seen, find, listed
from bot.services.desk import Desk
from bot.services.looks import note_look
from bot.services.staff_conferences import STATES
from bot.texts import mark
from bot.web.console.at_desk import desk_of, settled
from bot.web.console.conference_form import read_day, read_wish
from bot.web.console.navigation import PEOPLE
from bot.web.console.seat import Act, Did, Form, Page, Seat
from scheduler.local_time import local, zone

HOME = "/console/conferences"
PATH = f"{HOME}/{{conference:int}}"
PRINT = f"{PATH}/print"
_SHOWN = 100


def _list(seat: Seat) -> Mapping[str, object] | None:
    if seat.staff.role not in INVITED:
        return None
    found = listed(seat.uow, seat.guard, seat.staff)
    tasks = seat.uow.casework.conferences.open_tasks(seat.staff.id)
    works = seat.may(Action.WORK)
    return {
        "rows": [_row(seat, one) for one in found if one.is_open][:_SHOWN],
        "past": [_row(seat, one) for one in found if not one.is_open][:_SHOWN],
        "tasks": [_task(seat, one) for one in tasks],
        "can_call": works,
        "case": seat.whence.query.get("case", ""),
        "team": _team(seat) if works else [],
        "chosen": (),
        "stored": {},
        "back": "/console/people" if works else "/console/shared",
    }


def _one(seat: Seat) -> Mapping[str, object] | None:
    seen = _seen(seat)
    if seen is None:
        return None
    kept = seen.conference
    decided = seat.uow.casework.conferences.decisions(kept.id)
    names = {one.id: one.name for one in seat.uow.people.all_staff(seat.staff.agency_id)}
    begins = local(kept.starts_at, zone(seat.zone))
    return {
        **_row(seat, kept),
        "agenda": kept.agenda,
        "guests": [names[one] for one in sorted(seen.guests) if one in names],
        "is_host": seen.is_host,
        "has_case": seen.case is not None,
        "words": seen.case.words if seen.case is not None and seen.is_host else "",
        "sheet": _sheet(seat, seen),
        "can": {one.value: kept.can(one, ConferenceParty.HOST) and seen.is_host for one in ConferenceEvent},
        "decisions": [{**_task(seat, one), "who": names.get(one.owner_id, "")} for one in decided],
        "team": _team(seat) if seen.is_host else [],
        "owners": _team(seat, partners=False) if seen.is_host else [],
        "chosen": seen.guests,
        "stored": {
            "topic": kept.agenda.topic,
            "place": kept.agenda.place,
            "items": "\n".join(kept.agenda.items),
            "outsiders": "\n".join(kept.agenda.outsiders),
            "day": begins.date().isoformat(),
            "time": f"{begins:%H:%M}",
            "minutes": str(kept.length // timedelta(minutes=1)),
        },
        **_builder(seat, seen),
    }


def _builder(seat: Seat, seen: Seen) -> Mapping[str, object]:
    """What the host needs to write the sheet, and what in it may tell who it is."""
    if seen.case is None or seen.person is None or not seen.is_host:
        return {}
    sheet = seen.case.sheet
    goals = tuple(dict.fromkeys((*sheet.goals, *goals_of(seat.uow, seen.person))))
    return {
        "ages": [(one.value, seat.voice.say(text), one is sheet.age) for one, text in AGES.items()],
        "goals": [(goal, goal in sheet.goals or seen.case.version == 0) for goal in goals],
        "found": traces(seat.uow, seen.person, sheet.words, seat.now),
        "version": seen.case.version,
        "is_out": seen.case.released_at is not None,
        "questions": sheet.questions,
        "is_asked": seen.case.ask_id is not None,
    }


def _sheet(seat: Seat, seen: Seen) -> Mapping[str, object] | None:
    """The sheet as this staff member may see it now; that they look is written down."""
    if seen.case is None or seen.person is None or not seen.shows_sheet(seat.now):
        return None
    entry = ("conference_sheet_shown", f"{seen.conference.id}:{seen.person.case_code}")
    note_look(seat.uow, seat.staff, entry, seat.now, again=seat.is_refresh)
    name = ""
    if is_named(seat.uow, seat.rules, seen.case, seat.now):
        name = seat.uow.people_view.names([seen.person.id]).get(seen.person.id, "")
    sheet = seen.case.sheet
    return {
        "label": label(seat.voice, seen.conference),
        "name": name,
        "age": seat.voice.say(AGES[sheet.age]),
        "month": sheet.month,
        "phases": sheet.phases,
        "goals": sheet.goals,
        "questions": sheet.questions,
    }


def _print(seat: Seat) -> Mapping[str, object] | None:
    seen = _seen(seat)
    sheet = _sheet(seat, seen) if seen is not None else None
    if seen is None or sheet is None:
        return None
    row = _row(seat, seen.conference)
    return {**row, "sheet": sheet, "agenda": seen.conference.agenda, "printed": seat.day(seat.now)}


def _seen(seat: Seat) -> Seen | None:
    return find(seat.uow, seat.guard, seat.staff, int(seat.whence.path["conference"]))


def _row(seat: Seat, one: Conference) -> dict[str, object]:
    return {
        "number": one.id,
        "path": f"{HOME}/{one.id}",
        "topic": one.agenda.topic,
        "when": seat.moment(one.starts_at),
        "state": seat.voice.say(STATES[one.state]),
        "kind": one.kind.value,
    }


def _task(seat: Seat, one: Decision) -> dict[str, object]:
    return {
        "id": one.id,
        "conference": one.conference_id,
        "path": f"{HOME}/{one.conference_id}",
        "words": one.words or seat.voice.say("Die Person ist gelöscht. Es ist nichts mehr zu tun."),
        "until": seat.day(conference_tasks.last_day(one)),
        "is_mine": one.owner_id == seat.staff.id,
        "done": seat.day(one.done_at) if one.done_at is not None else "",
    }


def _team(seat: Seat, *, partners: bool = True) -> list[tuple[int, str]]:
    roles = INVITED if partners else TEAM
    everybody = seat.uow.people.all_staff(seat.staff.agency_id)
    return [
        (one.id, _called(seat, one.name, one.role))
        for one in everybody
        if one.left_at is None and one.role in roles
    ]


def _called(seat: Seat, name: str, role: Role) -> str:
    return seat.voice.say("{name} (Partnerstelle)", name=name) if role is Role.PARTNER else name


def _call(desk: Desk, form: Form, _: int) -> tuple[str, str]:
    code = form.get("case", "").strip().upper()
    person = desk.uow.plans.by_case_code(desk.agency.id, code) if code else None
    is_theirs = person is not None and desk.guard.person(person, Action.CHANGE_PLAN).is_allowed
    if code and not is_theirs:
        raise EntryFault(mark("Diesen Fall finde ich bei Ihren Leuten nicht."))
    new, telling = conferences.call(desk, person, read_wish(desk, form))
    return _said(desk, mark("Die Fachkonferenz ist angesetzt."), telling), f"{HOME}/{new.id}"


def _change(desk: Desk, form: Form, number: int) -> tuple[str, str]:
    _, telling = conferences.change(desk, number, read_wish(desk, form))
    return _said(desk, mark("Gespeichert."), telling), ""


def _write(desk: Desk, form: Form, number: int) -> tuple[str, str]:
    age = form.get("age", "")
    chosen = tuple(goal for name, goal in sorted(form.items()) if name.startswith("goal-") and goal)
    band = AgeBand(age) if age in set(AgeBand) else AgeBand.NOT_SAID
    conferences.write_sheet(desk, number, band, chosen, form.get("questions", ""))
    return desk.voice.say("So sieht das Fallblatt aus. Noch sieht es niemand sonst."), ""


def _release(desk: Desk, form: Form, number: int) -> tuple[str, str]:
    version, is_checked = number_of(form.get("version", "")), form.get("checked") == "yes"
    conferences.release_sheet(desk, number, version, is_checked=is_checked)
    return desk.voice.say("Die Eingeladenen sehen das Fallblatt ab einer Woche vor der Konferenz."), ""


def _name(desk: Desk, _: Form, number: int) -> tuple[str, str]:
    telling = conferences.ask_to_name(desk, number)
    return _said(desk, mark("Bis die Person Ja sagt, bleibt das Fallblatt ohne Namen."), telling), ""


def _hold(desk: Desk, _: Form, number: int) -> tuple[str, str]:
    conferences.hold(desk, number)
    return desk.voice.say("Gespeichert."), ""


def _decide(desk: Desk, form: Form, number: int) -> tuple[str, str]:
    owner = number_of(form.get("owner", ""))
    task = (form.get("decision", ""), owner, read_day(form.get("until", "")))
    conference_tasks.decide(desk, number, task, is_checked=form.get("checked") == "yes")
    return desk.voice.say("Der Beschluss ist eingetragen. Lotse erinnert daran, wenn der Tag vorbei ist."), ""


def _tick(desk: Desk, form: Form, _: int) -> tuple[str, str]:
    conference_tasks.tick(desk, number_of(form.get("task", "")))
    return desk.voice.say("Als erledigt notiert."), ""


def _close(desk: Desk, form: Form, number: int) -> tuple[str, str]:
    telling = conferences.close(desk, number, form.get("words", ""))
    return _said(desk, mark("Die Fachkonferenz ist abgeschlossen."), telling), ""


def _call_off(desk: Desk, _: Form, number: int) -> tuple[str, str]:
    telling = conferences.call_off(desk, number)
    return _said(desk, mark("Die Fachkonferenz ist abgesagt."), telling), ""


def _said(desk: Desk, text: str, telling: Telling | None) -> str:
    line = desk.voice.say(text)
    return line if telling is None else f"{line} {desk.voice.say(telling.value)}"


def _acting(name: str, act: Callable[[Desk, Form, int], tuple[str, str]]) -> Act:
    def carry_out(seat: Seat, form: Form) -> Did | None:
        desk, number = desk_of(seat), int(seat.whence.path.get("conference", 0))
        if desk is None or not seat.may(Action.WORK) or (number and _seen(seat) is None):
            return None
        try:
            said, to = act(desk, form, number)
        except EntryFault as fault:
            return Did(faults={name: fault.say(desk.voice)})
        return settled(desk, said, to=to)

    return carry_out


_ACTS = {
    "change": _change,
    "sheet": _write,
    "release": _release,
    "name": _name,
    "hold": _hold,
    "decide": _decide,
    "tick": _tick,
    "close": _close,
    "call_off": _call_off,
}
PAGES = (
    Page(
        HOME,
        "conferences.html",
        PEOPLE,
        _list,
        needs=None,
        acts={"call": _acting("call", _call), "tick": _acting("tick", _tick)},
    ),
    Page(
        PATH,
        "conference.html",
        PEOPLE,
        _one,
        needs=None,
        acts={name: _acting(name, act) for name, act in _ACTS.items()},
    ),
    Page(PRINT, "conference_sheet.html", PEOPLE, _print, needs=None),
)
