# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Absences and working hours from the fields of a form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time

from bot.domain.duty import Week
from bot.services.appointment_dates import FURTHEST, EntryFault
from bot.services.appointment_forms import FormFaults, read_clock, read_day
from bot.texts import mark

_NO_FIRST = mark("Bitte wählen Sie den ersten Tag.")
_NO_LAST = mark("Bitte wählen Sie den letzten Tag, oder lassen Sie das Feld leer.")
_TOO_EARLY = mark("Der letzte Tag liegt vor dem ersten.")
_OVER = mark("Diese Zeit ist schon vorbei.")
_TOO_FAR = mark("Das ist mehr als zwei Jahre hin. Ist das Jahr richtig?")
_HALF = mark("Bitte nennen Sie Anfang und Ende, oder lassen Sie beide leer.")
_BACKWARDS = mark("Das Ende liegt nicht nach dem Anfang.")


def read_days(form: Mapping[str, str], today: date) -> tuple[date, date | None]:
    """From which day to which somebody is away, None for an open end: the fields `first` and `last`.

    Raises `FormFaults`.
    """
    faults: dict[str, EntryFault] = {}
    first, last = today, None
    try:
        # Before today there is nothing to plan, whatever year was meant.
        first = max(near_day(read_day(form.get("first", ""), _NO_FIRST), today), today)
    except EntryFault as fault:
        faults["first"] = fault
    try:
        if form.get("last", "").strip():
            last = _last(near_day(read_day(form["last"], _NO_LAST), today), first, today)
    except EntryFault as fault:
        faults["last"] = fault
    if faults:
        raise FormFaults(faults)
    return first, last


def read_week(form: Mapping[str, str]) -> Week:
    """Own hours from `begins0` and `ends0` (Monday) to `begins6` and `ends6`; both empty: free.

    Raises `FormFaults`.
    """
    week: dict[int, tuple[time, time]] = {}
    faults: dict[str, EntryFault] = {}
    for weekday in range(7):
        begins, ends = (form.get(f"{name}{weekday}", "").strip() for name in ("begins", "ends"))
        try:
            if begins or ends:
                week[weekday] = _hours(begins, ends)
        except EntryFault as fault:
            faults[f"begins{weekday}"] = fault
    if faults:
        raise FormFaults(faults)
    return week


def near_day(day: date, today: date) -> date:
    """The day, if it is not so far ahead that its year must be a slip. Raises `EntryFault`."""
    if day - today > FURTHEST:
        raise EntryFault(_TOO_FAR)
    return day


def _last(last: date, first: date, today: date) -> date:
    if last < first:
        raise EntryFault(_TOO_EARLY)
    if last < today:
        raise EntryFault(_OVER)
    return last


def _hours(begins: str, ends: str) -> tuple[time, time]:
    if not (begins and ends):
        raise EntryFault(_HALF)
    first, last = read_clock(begins), read_clock(ends)
    if first >= last:
        raise EntryFault(_BACKWARDS)
    return first, last
