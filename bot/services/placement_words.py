# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Internships in words, and hours as somebody types them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from babel.numbers import format_decimal

from bot.domain.placements import MOST_MINUTES, Placement, PlacementStage, PlacementTerms
from bot.services.appointment_dates import EntryFault
from bot.services.help_plan_facts import day_of
from bot.texts import Voice, mark

STAGES: Mapping[PlacementStage, str] = {
    PlacementStage.PLANNED: mark("geplant"),
    PlacementStage.BEGUN: mark("hat begonnen"),
    PlacementStage.ENDED: mark("zu Ende"),
    PlacementStage.ENDED_EARLY: mark("früher zu Ende"),
}
_HOURS = re.compile(r"(\d{1,2})(?:[.,](\d{1,2})|:([0-5]\d))?")
_NO_HOURS = mark("Bitte schreiben Sie Stunden von 0 bis 60, zum Beispiel 20 oder 7,5.")


def read_hours(typed: str) -> int:
    """Hours as `20`, `7,5` or `7:30`, in minutes, from 0 to 60 hours. Raises `EntryFault`."""
    found = _HOURS.fullmatch(typed.strip())
    if found is None:
        raise EntryFault(_NO_HOURS)
    hours, part, minutes = found.groups()
    total = int(hours) * 60 + int(minutes or 0) + round(int((part or "0").ljust(2, "0")) * 60 / 100)
    if total > MOST_MINUTES:
        raise EntryFault(_NO_HOURS)
    return total


def typed_hours(minutes: int, language: str) -> str:
    """Minutes as hours, as one would type them: `7,5`."""
    return format_decimal(round(minutes / 60, 2), locale=language.partition("-")[0])


def hours_text(voice: Voice, terms: PlacementTerms) -> str:
    """How much, and when if that was arranged."""
    hours = voice.say("{hours} Stunden in der Woche", hours=typed_hours(terms.minutes, voice.language))
    return f"{hours}, {terms.times}" if terms.times else hours


def days_text(voice: Voice, terms: PlacementTerms) -> str:
    """From when to when."""
    first, last = day_of(voice, terms.first_day), day_of(voice, terms.last_day)
    return voice.say("{first} bis {last}", first=first, last=last)


def place_text(terms: PlacementTerms) -> str:
    """The firm, with its district if that is known."""
    return f"{terms.employer}, {terms.district}" if terms.district else terms.employer


def for_case(voice: Voice, placement: Placement, today: date) -> str:
    """One line for whoever is asked for help with it: where, when, and whom to call there."""
    terms = placement.terms
    line = voice.say(
        "Praktikum: {employer}, {days} ({stage})",
        employer=place_text(terms),
        days=days_text(voice, terms),
        stage=voice.say(STAGES[placement.stage(today)]),
    )
    return line + "\n" + voice.say("Im Betrieb: {contact}", contact=terms.contact) if terms.contact else line
