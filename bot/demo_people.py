# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The invented people of the demonstration: how their weeks were."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time

from bot.domain.appointments import AppointmentKind

#: Moods and wishes are of so many days.
EVERY_DAYS = 4
THIS_WEEK = "Ja, diese Woche"
BERTA, CLARA, DIRK, LEA = "Berta Beispiel", "Clara Clausen", "Dirk Dreher", "Lea Lind"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody invented who came in `days` before the demonstration begins.

    `moods` is what they answer to scales, from 0 to 10, one for every `EVERY_DAYS`; after the last they
    answer no more. `wants` says in which of those spans they want to be called, and how. `lines` answer what
    asks for words. `writes` are words that nobody asked for, by hours before the demonstration begins.
    """

    name: str
    days: int
    moods: tuple[int, ...]
    language: str = "de"
    lines: tuple[str, ...] = ("Ich war jeden Tag kurz draußen.",)
    wants: Mapping[int, str] = field(default_factory=dict)
    writes: Mapping[float, str] = field(default_factory=dict)
    of: str = BERTA


@dataclass(frozen=True, slots=True)
class Meeting:
    """An appointment of one of them, so many days after the demonstration begins."""

    name: str
    kind: AppointmentKind
    days: int
    at: time
    is_proposed: bool = False


#: One is in danger, said this very morning; one waits since Thursday, one for some days.
PEOPLE = (
    Person(
        "Mia Muster",
        25,
        (6, 5, 6, 5, 5, 4, 4),
        lines=("Ich habe meine Schwester angerufen.",),
        wants={2: THIS_WEEK},
        writes={0.2: "Ich kann nicht mehr. Ich will nicht mehr leben."},
    ),
    Person(
        "Bernd Berg",
        24,
        (4, 5, 5, 6, 5, 4, 4),
        lines=("Den Brief vom Amt habe ich beantwortet.", "Ich habe zweimal gekocht."),
        wants={2: "Ja, heute"},
        writes={70.0: "Ich habe Angst vor Montag. Es hat alles keinen Sinn mehr."},
    ),
    Person(
        "Chiara Conti", 21, (5, 6, 6, 7, 7, 7, 8), lines=("Der Deutschkurs läuft gut.",), wants={3: THIS_WEEK}
    ),
    Person("David Demir", 20, (3, 4, 3, 4, 4, 5), wants={3: THIS_WEEK}),
    Person(
        "Elif Erdem",
        25,
        (7, 7, 8, 7, 8, 8, 7),
        lines=("Probearbeiten in der Gärtnerei.",),
        wants={2: THIS_WEEK},
    ),
    Person("Fatma Fuchs", 18, (5, 4), wants={1: THIS_WEEK}),
    Person("Georg Gruber", 17, (6, 6, 5, 6, 6), writes={65.0: "Ab morgen bin ich bei meiner Schwester."}),
    Person(
        "Omar Osman",
        13,
        (4, 5, 6, 6),
        language="en",
        lines=("I called the doctor myself.",),
        wants={1: "Yes, this week"},
    ),
    Person("Hanna Huber", 19, (6, 7, 6, 7, 7), of=CLARA, wants={3: THIS_WEEK}),
    Person("Ivan Iwanow", 20, (5, 4, 4, 5, 4, 5), of=DIRK, wants={1: THIS_WEEK}),
)

MEETINGS = (
    Meeting("Chiara Conti", AppointmentKind.COACH, 0, time(14, 0)),
    Meeting("David Demir", AppointmentKind.COACH, 1, time(10, 30)),
    Meeting("Elif Erdem", AppointmentKind.INTERNSHIP, 1, time(9, 0)),
    Meeting("Georg Gruber", AppointmentKind.OFFICIAL, 3, time(8, 45)),
    Meeting("Omar Osman", AppointmentKind.COACH, 2, time(11, 0), is_proposed=True),
    Meeting("Ivan Iwanow", AppointmentKind.MEDICAL, 4, time(15, 30)),
)
