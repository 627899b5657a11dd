# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Figures of evaluations: for evaluators, for whom there is nothing else here, and for leads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.access import Action
from bot.domain.small_cells import LEAST
from bot.services.evaluation_statistics import LEAST_FOR_MEDIAN, Change, Statistics, statistics
from bot.texts import Voice, mark
from bot.web.console.navigation import STATISTICS
from bot.web.console.seat import Page, Seat

PATH = "/console/statistics"
_POINTS = {"start": mark("Anfang"), "end": mark("Ende")}
_MONTH = "month_"


@dataclass(frozen=True, slots=True)
class Programme:
    """The figures of one programme in words; a count of None is hidden."""

    name: str
    title: str
    people: int | None
    phases: tuple[tuple[str, int | None], ...]
    points: tuple[tuple[str, tuple[int | None, ...]], ...]
    changes: tuple[tuple[str, str, str], ...]


def _read(seat: Seat) -> Mapping[str, object]:
    found = statistics(seat.uow, seat.rules, seat.staff.agency_id, seat.now)
    return {
        "programmes": [_in_words(seat.voice, one) for one in found],
        "until": seat.day(found[0].last_moment) if found else "",
        "least": LEAST,
        "least_for_median": LEAST_FOR_MEDIAN,
    }


def _in_words(voice: Voice, one: Statistics) -> Programme:
    names = (*one.phases, voice.say("In keiner Phase, oder Teilnahme beendet"))
    return Programme(
        name=one.programme,
        title=one.title.get(voice.language) or one.title.get("de", one.programme),
        people=one.by_phase.total,
        phases=tuple(zip(names, one.by_phase.cells, strict=True)),
        points=tuple((_point(voice, each.point), each.shown.cells) for each in one.points),
        changes=tuple(_change(voice, each) for each in one.changes if each.middle is not None),
    )


def _point(voice: Voice, name: str) -> str:
    if name in _POINTS:
        return voice.say(_POINTS[name])
    month = name.removeprefix(_MONTH)
    return voice.say("Monat {month}", month=month) if month.isdecimal() else name


def _change(voice: Voice, one: Change) -> tuple[str, str, str]:
    low, middle, high = (_number(voice, value) for value in one.middle or (0, 0, 0))
    between = voice.say("{low} bis {high}", low=low, high=high)
    return f"{_point(voice, one.point)}, {one.score}", middle, between


def _number(voice: Voice, value: float) -> str:
    text = f"{value:+.1f}".removesuffix(".0")
    return text.replace(".", ",") if voice.language.startswith("de") else text


PAGES = (Page(PATH, "statistics.html", STATISTICS, _read, needs=Action.SEE_STATISTICS),)
