# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A new appointment from the fields of a form, by the same rules as one that is typed as a command."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from functools import partial
from typing import TypeVar

from bot.domain.appointments import AppointmentKind, Details
from bot.services.appointment_dates import EntryFault, read_moment, read_time
from bot.services.appointment_entries import (
    MOST_OCCURRENCES,
    NewEntry,
    SeriesEntry,
    check_together,
    on_day,
    read_details,
    read_length,
    read_reminders,
)
from bot.texts import mark
from scheduler.local_time import local, zone

T = TypeVar("T")
#: What a form offers as rhythm, and the rule of each.
RHYTHMS: Mapping[str, str] = {
    "week": "FREQ=WEEKLY;INTERVAL=1",
    "fortnight": "FREQ=WEEKLY;INTERVAL=2",
    "month": "FREQ=MONTHLY",
}
#: What a form offers as reminders, and how a command says it.
REMINDERS: Mapping[str, str] = {
    "": "",
    "none": "keine",
    "day": "morgens",
    "two": "2, morgens",
    "week": "7, 2, morgens",
}
_DETAILS = ("place", "map_link", "with_whom", "accompanied_by", "note")
_WALL = re.compile(r"(\d{1,2}:\d{2})(?::\d{2})?")
_NO_END = mark("Wann endet die Reihe? Bitte nennen Sie einen letzten Tag oder eine Anzahl.")
_NO_DAY = mark("Bitte wählen Sie einen Tag.")
_NO_TIME = mark("Bitte nennen Sie eine Uhrzeit, zum Beispiel 10:30.")
_NO_KIND = mark("Bitte wählen Sie, was für ein Termin es ist.")
_NO_CHOICE = mark("Bitte wählen Sie etwas aus der Liste.")
_COUNT = mark("Eine Reihe hat 2 bis {most} Termine.")


class FormFaults(ValueError):
    """What cannot be kept as it is, by the name of its field."""

    def __init__(self, faults: Mapping[str, EntryFault]) -> None:
        super().__init__("a form that cannot be kept")
        self.faults = faults


def read_form(form: Mapping[str, str], case_code: str, now: datetime, zone_name: str) -> NewEntry:
    """The appointment that the form describes. Raises `FormFaults` with everything that is wrong.

    Fields: `day` (2026-11-24), `clock` (10:30), `kind`, `minutes`, `proposal` ("yes"), those of `Details`,
    `reminders`, `rhythm`, `until` (a day), `count`.
    """
    faults: dict[str, EntryFault] = {}

    def kept(name: str, read: Callable[[], T], fallback: T) -> T:
        try:
            return read()
        except EntryFault as fault:
            faults[name] = fault
            return fallback

    starts_at = kept("day", lambda: read_start(form, now, zone_name), now)
    minutes = kept("minutes", lambda: read_length(form.get("minutes", "").strip()), 0)
    kind = kept("kind", lambda: _kind(form.get("kind", "")), AppointmentKind.COACH)
    reminders = kept("reminders", lambda: read_reminders(_chosen(REMINDERS, form.get("reminders", ""))), None)
    parts = {name: form.get(name, "").strip() for name in _DETAILS}
    for name in _DETAILS:
        kept(name, partial(read_details, {name: parts[name]}), Details())
    first = local(starts_at, zone(zone_name)).date()
    series = kept("rhythm", lambda: _series(form), None)
    if "day" not in faults:
        series = kept("rhythm", lambda: on_day(series, first), None)
    # Whoever is visited at home is always asked first.
    is_proposal = form.get("proposal") == "yes" or kind is AppointmentKind.HOME
    if faults:
        raise FormFaults(faults)
    entry = NewEntry(case_code, kind, starts_at, minutes, read_details(parts), reminders, series, is_proposal)
    kept("proposal", lambda: check_together(entry), None)
    if faults:
        raise FormFaults(faults)
    return entry


def read_day(text: str, fault: str = _NO_DAY) -> date:
    """A day as browsers send it, `2026-11-24`. Raises `EntryFault`."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise EntryFault(fault) from None


def read_clock(text: str) -> time:
    """A time of day as browsers send it, `10:30`. Raises `EntryFault`."""
    wall = _WALL.fullmatch(text.strip())
    if wall is None:
        raise EntryFault(_NO_TIME)
    return read_time([wall[1]])


def read_start(form: Mapping[str, str], now: datetime, zone_name: str) -> datetime:
    """When it begins, from the fields `day` and `clock`. Raises `EntryFault`."""
    day = read_day(form.get("day", ""))
    clock = read_clock(form.get("clock", ""))
    return read_moment([f"{day:%d.%m.%Y}", f"{clock:%H:%M}"], now, zone_name)


def _kind(word: str) -> AppointmentKind:
    if word not in set(AppointmentKind):
        raise EntryFault(_NO_KIND)
    return AppointmentKind(word)


def _chosen(offered: Mapping[str, str], word: str) -> str:
    if word not in offered:
        raise EntryFault(_NO_CHOICE)
    return offered[word]


def _series(form: Mapping[str, str]) -> SeriesEntry | None:
    rhythm, until, count = (form.get(name, "").strip() for name in ("rhythm", "until", "count"))
    if not rhythm:
        return None
    rule = _chosen(RHYTHMS, rhythm)
    if not until and not count:
        raise EntryFault(_NO_END)
    if count and not (re.fullmatch(r"[0-9]{1,3}", count) and 2 <= int(count) <= MOST_OCCURRENCES):
        raise EntryFault(_COUNT, most=MOST_OCCURRENCES)
    return SeriesEntry(rule, read_day(until) if until else None, int(count) if count else None)
