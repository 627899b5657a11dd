# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What the form of a conference says."""

from __future__ import annotations

from datetime import date, time, timedelta

from bot.domain.conferences import Agenda
from bot.services.appointment_dates import EntryFault
from bot.services.appointment_words import number_of
from bot.services.conferences import Wish
from bot.services.desk import Desk
from bot.texts import mark
from bot.web.console.seat import Form
from scheduler.local_time import at_wall, zone

_NO_DAY = mark("Bitte nennen Sie Tag und Uhrzeit.")


def read_wish(desk: Desk, form: Form) -> Wish:
    """How a conference is to be. Raises `EntryFault`."""
    day, minutes = read_day(form.get("day", "")), number_of(form.get("minutes", ""))
    hour, _, minute = form.get("time", "").partition(":")
    if not (hour.isdecimal() and minute.isdecimal() and int(hour) < 24 and int(minute) < 60):
        raise EntryFault(_NO_DAY)
    agenda = Agenda(
        topic=" ".join(form.get("topic", "").split()),
        place=" ".join(form.get("place", "").split()),
        items=_lines(form.get("items", "")),
        outsiders=_lines(form.get("outsiders", "")),
    )
    starts_at = at_wall(day, time(int(hour), int(minute)), zone(desk.agency.zone))
    guests = frozenset(number_of(name.removeprefix("guest-")) for name in form if name.startswith("guest-"))
    length = timedelta(minutes=min(minutes, 10_000))
    return Wish(starts_at, length, agenda, guests, is_checked=form.get("checked") == "yes")


def _lines(typed: str) -> tuple[str, ...]:
    return tuple(line for each in typed.splitlines() if (line := " ".join(each.split())))


def read_day(typed: str) -> date:
    """A day as browsers send it. Raises `EntryFault`."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise EntryFault(_NO_DAY) from None
