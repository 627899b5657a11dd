# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""One person over time: their own numbers, what they are asked when, their appointments."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time, timedelta

from babel.numbers import format_decimal

from bot.domain.access import Action
from bot.domain.appointments import Appointment, AppointmentKind, AppointmentState
from bot.services import (
    availability,
    calendar_files,
    joint_notes,
    person_desk,
    person_view,
    placements,
    staff_plans,
)
from bot.services.appointment_dates import EntryFault
from bot.services.appointment_entries import CancelEntry, MoveEntry
from bot.services.appointment_forms import read_day, read_start
from bot.services.appointment_words import COMING, KINDS
from bot.services.appointments import can_move
from bot.services.desk import Desk
from bot.services.person_dates import SAID, WINDOW, zone_of
from bot.services.remembered import decode_value
from bot.services.staff_appointments import change_one
from bot.texts import mark
from bot.web.console import person_words as words
from bot.web.console.at_desk import desk_of
from bot.web.console.person_head import APPOINTMENTS, PATH, PLAN, TREND, Opened, opened, page
from bot.web.console.person_joint import ACTS, choices, open_appointment, shown
from bot.web.console.seat import Did, Download, File, Form, Seat
from bot.web.trend import Trend, draw
from dialogs.own_words import pick
from scheduler.local_time import at_wall, local, zone

_AGO = timedelta(days=180)
#: As far as a pause may reach: longer is no pause any more.
_LONGEST_PAUSE = timedelta(days=366)
_BY_AUTHORITY = mark(
    "Einen amtlichen Termin ändert allein die Behörde. Wählen Sie das bitte nur aus, wenn sie es "
    "geschrieben hat."
)
_OF_INTERNSHIP = ("internship_start", "internship_end")


def _trend(seat: Seat, found: Opened) -> Mapping[str, object]:
    language = seat.staff.language
    drawn = []
    for scale in person_view.scales(seat.uow, seat.rules, found.person):
        values = [one.value for one in scale.scores if one.value is not None]
        trend = Trend(values, scale.rule.low, scale.rule.high)
        title = words.scale(seat.voice, scale.rule.id) or pick(scale.pack.title, language) or scale.pack.id
        told = seat.voice.say(
            "Zuletzt {last} auf der Skala von {low} bis {high}. Das eigene Mittel aus {number} Antworten: "
            "{usual}.",
            last=values[-1],
            low=scale.rule.low,
            high=scale.rule.high,
            number=len(values),
            usual=format_decimal(trend.usual, locale=language.partition("-")[0]),
        )
        rows = [(seat.day(one.at), one.value) for one in reversed(scale.scores)]
        drawn.append({"id": scale.rule.id, "title": title, "svg": draw(trend), "told": told, "rows": rows})
    return {"scales": drawn}


def _plan(seat: Seat, found: Opened) -> Mapping[str, object]:
    desk = desk_of(seat)
    facts = seat.uow.memory.facts(found.person.id)
    said = {name: str(decode_value(facts[fact]) or "") for name, fact in SAID.items() if fact in facts}
    window = str(decode_value(facts[WINDOW]) or "") if WINDOW in facts else ""
    return {
        "planned": staff_plans.planned(desk, found.person) if desk else [],
        "said": said,
        "window": window,
        "has_internship": desk is not None and _has_internship(desk, found),
        "is_paused": found.person.is_paused(seat.now),
    }


def _dates(desk: Desk, found: Opened, form: Form) -> Did:
    """The days from which plans count; an empty field takes one away."""
    faults, facts, days = {}, {}, {}
    # The days of an internship that is entered are changed where it stands.
    has_internship = _has_internship(desk, found)
    for name, fact in SAID.items():
        if has_internship and name in _OF_INTERNSHIP:
            continue
        typed = form.get(name, "").strip()
        try:
            days[name] = read_day(typed) if typed else None
        except EntryFault as fault:
            faults[name] = fault.say(desk.voice)
            continue
        day = days[name]
        if day is not None and not staff_plans.may_be_meant(desk, found.person, day):
            faults[name] = desk.voice.say("Dieser Tag ist zu weit weg. Ist das Jahr richtig?")
        facts[fact] = day.isoformat() if day else ""
    first, last = days.get("internship_start"), days.get("internship_end")
    if last and (first is None or last < first):
        faults["internship_end"] = desk.voice.say("Der letzte Tag liegt vor dem ersten.")
    if faults:
        return Did(faults=faults)
    staff_plans.keep_facts(desk, found.person, facts)
    return Did((desk.voice.say("Gespeichert."),))


def _has_internship(desk: Desk, found: Opened) -> bool:
    return placements.current(desk.uow, found.person, placements.today_of(desk, found.person)) is not None


def _window(desk: Desk, found: Opened, form: Form) -> Did:
    try:
        window = availability.read_window(form.get("window", ""))
    except ValueError:
        hint = desk.voice.say("Diese Zeiten verstehe ich nicht. So geht es: mo-fr 9-17; sa 10-12")
        return Did(faults={"window": hint})
    staff_plans.keep_facts(desk, found.person, {WINDOW: availability.write_window(window)})
    return Did((desk.voice.say("Gespeichert."),))


def _pause(desk: Desk, found: Opened, form: Form) -> Did:
    where = zone_of(found.person, desk.agency)
    try:
        day: date = read_day(form.get("until", ""))
    except EntryFault as fault:
        return Did(faults={"until": fault.say(desk.voice)})
    until = at_wall(day, time(), where)
    if found.person.is_paused(desk.now):
        return Did(
            (desk.voice.say("Es ist schon eine Pause eingetragen. Nur die Person selbst ändert sie."),)
        )
    if not desk.now < until <= desk.now + _LONGEST_PAUSE:
        text = desk.voice.say("Bitte wählen Sie einen Tag, der nach heute liegt und höchstens in einem Jahr.")
        return Did(faults={"until": text})
    if not person_desk.rest_for(desk, found.person, until):
        return Did()
    return Did((desk.voice.say("Die Pause ist eingetragen. Die Person bekommt eine Nachricht."),))


def _appointments(seat: Seat, found: Opened) -> Mapping[str, object]:
    every = seat.uow.appointments.of_participant(found.person.id, seat.now - _AGO)
    coming = [one for one in every if one.is_open and one.ends_at > seat.now]
    shows_words = found.may(Action.SEE_CONTENT)
    joint = shown(seat, coming)
    past = [one for one in reversed(every) if one not in coming]
    notes = joint_notes.notes_of(seat.uow, found.person.id, past, seat.now) if shows_words else {}
    return {
        "coming_list": [{**_shown(seat, one, shows_words=shows_words), **joint[one.id]} for one in coming],
        "team": choices(desk_of(seat)),
        "past": [{**_shown(seat, one, shows_words=False), "joint_note": notes.get(one.id)} for one in past],
        "new_path": f"/console/calendar/new?person={found.person.id}",
    }


def _shown(seat: Seat, one: Appointment, *, shows_words: bool) -> dict[str, object]:
    voice, begins = seat.voice, local(one.starts_at, zone(one.zone))
    details = one.details
    return {
        "id": one.id,
        "kind": voice.say(KINDS[one.kind]),
        "at": seat.moment(one.starts_at),
        "year": one.starts_at.year,
        "day": f"{begins:%Y-%m-%d}",
        "clock": f"{begins:%H:%M}",
        "state": words.state(voice, one.state),
        "is_agreed": one.state is AppointmentState.AGREED,
        "minutes": one.length // timedelta(minutes=1),
        "places": [text for text in (details.place, details.with_whom, details.accompanied_by) if text],
        "note": details.note,
        "coming": voice.say(COMING[one.coming]) if one.coming in COMING else "",
        "words": one.words if shows_words else "",
        "is_official": one.kind is AppointmentKind.OFFICIAL,
        "is_series": one.series_id is not None,
    }


def _move(desk: Desk, found: Opened, form: Form) -> Did:
    kept = open_appointment(desk, found, form)
    if isinstance(kept, Did):
        return kept
    try:
        entry = MoveEntry(kept.id, read_start(form, desk.now, kept.zone), form.get("how") == "settled")
        if not can_move(kept, entry):
            return Did(faults={"day": desk.voice.say(_BY_AUTHORITY)})
        text, telling = change_one(desk, entry)
    except EntryFault as fault:
        return Did(faults={"day": fault.say(desk.voice)})
    return Did((text, desk.voice.say(telling.value)))


def _cancel(desk: Desk, found: Opened, form: Form) -> Did:
    kept = open_appointment(desk, found, form)
    if isinstance(kept, Did):
        return kept
    if kept.kind is AppointmentKind.OFFICIAL and form.get("authority") != "yes":
        return Did(faults={"cancel": desk.voice.say(_BY_AUTHORITY)})
    try:
        entry = CancelEntry(kept.id, form.get("series") == "yes" and kept.series_id is not None)
        text, telling = change_one(desk, entry)
    except EntryFault as fault:
        return Did((fault.say(desk.voice),))
    return Did((text, desk.voice.say(telling.value)))


def _calendar(seat: Seat) -> File | None:
    found = opened(seat, Action.SEE_APPOINTMENT)
    number = int(seat.whence.path["appointment"])
    kept = seat.uow.appointments.get(number) if found is not None and number < 2**63 else None
    if found is None or kept is None or kept.participant_id != found.person.id:
        return None
    made = calendar_files.calendar_for_staff(seat.uow, seat.rules, seat.staff.id, number)
    return File(made, "text/calendar; charset=utf-8", "termin.ics") if made is not None else None


PAGES = (
    page(TREND, "trend.html", _trend),
    page(
        PLAN,
        "plan.html",
        _plan,
        {
            "dates": (Action.CHANGE_PLAN, _dates),
            "window": (Action.CHANGE_PLAN, _window),
            "pause": (Action.CHANGE_PLAN, _pause),
        },
    ),
    page(
        APPOINTMENTS,
        "appointments.html",
        _appointments,
        {
            "move": (Action.CHANGE_APPOINTMENT, _move),
            "cancel": (Action.CHANGE_APPOINTMENT, _cancel),
            **ACTS,
        },
    ),
    Download(f"{PATH}/appointments/{{appointment:int}}.ics", _calendar),
)
