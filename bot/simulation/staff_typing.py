# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What simulated staff type by themselves: leave, appointments, the rota, and commands with mistakes."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.people import Role

BACK = "/da"
_DAY = timedelta(days=1)
_NUMBER = re.compile(r"Termin (\d{1,6})")
_KINDS = ("coach", "amt", "arzt", "partner", "praktikum", "gruppe")
_TIMES = ("8:30", "9:00", "10:30", "13:00", "15:45", "19:00")
_WEEKDAYS = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")
_LOOKS = (
    "/dienst",
    "/termine",
    "/team",
    "/probe",
    "/vertretung",
    "/uebernahme",
    "/abwesend",
    "/meldungen",
    "/ende",
    "/tagesblick",
    "/hilfe",
    "/gibtesnicht",
)
_DETAILS = (
    "",
    " Ort: Musterstraße 1",
    " Ort: Raum 12 Mit: Frau Beispiel",
    " Erinnerung: 2, morgens",
    " Dauer: 45",
)


@dataclass(frozen=True, slots=True)
class _Desk:
    """What somebody who types has before them."""

    chance: random.Random
    today: date
    cases: Sequence[str]
    colleagues: Sequence[str]
    numbers: Sequence[str]
    role: Role


def numbers_in(text: str) -> list[str]:
    """The numbers of appointments that a message names."""
    return _NUMBER.findall(text)


def leave(until: date, deputy: str) -> str:
    """Away from today, to the day before `until`; `deputy` may be empty."""
    last = until - _DAY
    return f"/abwesend bis {last:%d.%m.%Y} {deputy}".rstrip()


def command(
    chance: random.Random,
    today: date,
    cases: Sequence[str],
    colleagues: Sequence[str],
    numbers: Sequence[str],
    role: Role,
) -> str:
    """Something that somebody may type on a day. It is not always right."""
    desk = _Desk(chance, today, cases, colleagues, numbers, role)
    return chance.choice(_TYPED)(desk)


def _appointment(desk: _Desk) -> str:
    if not desk.cases:
        return "/termine"
    chance = desk.chance
    kind = chance.choice(_KINDS)
    end = chance.choice(_DETAILS)
    if kind != "amt" and chance.random() < 0.5:
        kind += " vorschlag"
    elif chance.random() < 0.15:
        end += " jede Woche 3 mal"
    return f"/termin {chance.choice(desk.cases)} {_soon(desk)} {kind}{end}"


def _moved(desk: _Desk) -> str:
    if not desk.numbers:
        return "/termine"
    end = desk.chance.choice(("", "", " abgesprochen", " behörde"))
    return f"/verschieben {desk.chance.choice(desk.numbers[-10:])} {_soon(desk)}{end}"


def _cancelled(desk: _Desk) -> str:
    if not desk.numbers:
        return "/termine"
    end = desk.chance.choice(("", "", " behörde", " reihe"))
    return f"/absagen {desk.chance.choice(desk.numbers[-10:])}{end}"


def _deputy(desk: _Desk) -> str:
    return f"/vertretung {desk.chance.choice(desk.colleagues)}" if desk.colleagues else "/vertretung"


def _swap(desk: _Desk) -> str:
    if not desk.colleagues:
        return "/dienst"
    day = desk.today + desk.chance.randint(0, 9) * _DAY
    return f"/tausch {day:%d.%m.%Y} {desk.chance.choice(desk.colleagues)}"


def _shift(desk: _Desk) -> str:
    if desk.role is Role.COACH or not desk.colleagues:
        return "/dienst"
    when = desk.chance.choice(("16:00-20:00", "18-22", "10:00-14:00", "20:00-08:00"))
    return f"/schicht {desk.chance.choice(_WEEKDAYS)} {when} {desk.chance.choice(desk.colleagues)}"


def _look(desk: _Desk) -> str:
    return desk.chance.choice(_LOOKS)


def _case(desk: _Desk) -> str:
    return f"/fall {desk.chance.choice(desk.cases)}" if desk.cases else "/meldungen"


def _soon(desk: _Desk) -> str:
    day = desk.today + desk.chance.choice((0, 1, 1, 2, 3, 7, 16)) * _DAY
    return f"{day:%d.%m.%Y} {desk.chance.choice(_TIMES)}"


_TYPED: Sequence[Callable[[_Desk], str]] = (
    _appointment,
    _appointment,
    _appointment,
    _moved,
    _cancelled,
    _deputy,
    _swap,
    _shift,
    _look,
    _case,
)
