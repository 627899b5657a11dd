# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Internships at a firm, for its contact: their one page, with days and hours and nothing else."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.people import Role
from bot.services.appointment_dates import EntryFault
from bot.services.appointment_forms import read_day
from bot.services.appointment_words import number_of
from bot.services.at_firm import AtFirm, enter_hours, seen_here
from bot.services.help_plan_facts import day_of
from bot.services.placement_words import read_hours, typed_hours
from bot.web.console.at_desk import desk_of, settled
from bot.web.console.navigation import PLACEMENTS
from bot.web.console.seat import Did, Form, Page, Seat


def _read(seat: Seat) -> Mapping[str, object] | None:
    desk = desk_of(seat)
    if desk is None or seat.staff.role is not Role.EMPLOYER_CONTACT:
        return None
    return {"placements": [_shown(seat, one) for one in seen_here(desk, again=seat.is_refresh)]}


def _shown(seat: Seat, one: AtFirm) -> dict[str, object]:
    voice = seat.voice

    def hours(minutes: int) -> str:
        return typed_hours(minutes, voice.language)

    entered = {week.week: hours(week.minutes) for week in one.worked}
    return {
        "number": one.number,
        "name": one.shown_as,
        "first": day_of(voice, one.first_day),
        "last": day_of(voice, one.last_day),
        "hours": hours(one.minutes),
        "times": one.times,
        "weeks": [
            (week.isoformat(), voice.say("Woche ab {day}", day=day_of(voice, week)))
            for week in one.open_weeks
        ],
        "entered": [(day_of(voice, week), text) for week, text in reversed(entered.items())],
    }


def _enter(seat: Seat, form: Form) -> Did | None:
    desk = desk_of(seat)
    if desk is None or seat.staff.role is not Role.EMPLOYER_CONTACT:
        return None
    number = number_of(form.get("number", ""))
    try:
        enter_hours(desk, number, read_day(form.get("week", "")), read_hours(form.get("hours", "")))
    except EntryFault as fault:
        return Did(faults={"hours": fault.say(desk.voice)})
    return settled(desk, desk.voice.say("Die Stunden sind eingetragen."))


PAGES = (
    Page("/console/placements", "placements.html", PLACEMENTS, _read, needs=None, acts={"hours": _enter}),
)
