# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What a rehearsal has shown, as numbers."""

from __future__ import annotations

from datetime import date

import msgspec


class Week(msgspec.Struct, frozen=True):
    """One week: `number` is that of the calendar (ISO), `monday` its first day in the rehearsal.

    `usual`, `many` and `most` are messages to a person who got any: the median, the 90th percentile, the
    most. `late` counts concerns of the week that were taken over after the ladder's aim, or not yet.
    `heaviest` is how many people the coach with the most had.
    """

    number: int
    monday: date
    people: int
    usual: float
    many: float
    most: int
    concerns: int
    late: int
    waiting: int
    tasks: int
    heaviest: int
    hours: dict[str, float]
    away: tuple[str, ...]


class Acknowledged(msgspec.Struct, frozen=True):
    """How soon a human took concerns of a level over, in minutes of working time."""

    level: str
    concerns: int
    aim: float
    p50: float
    p90: float
    p99: float
    late: int
    never: int


class Alone(msgspec.Struct, frozen=True):
    """What was raised while nobody was at work: by hour, and how many hours until a human had it."""

    concerns: int
    by_hour: tuple[int, ...]
    usual: float
    longest: float
    grave: int


class Coach(msgspec.Struct, frozen=True):
    """`people` is the most that they had at the same time; hours are those for people, a week."""

    name: str
    people: int
    taken: int
    hours_usual: float
    hours_most: float


class PhaseLength(msgspec.Struct, frozen=True):
    """Days that people spent in a phase and have left it; `inside` are in it at the end."""

    id: str
    entered: int
    inside: int
    usual: float
    shortest: float
    longest: float


class Asked(msgspec.Struct, frozen=True):
    """What the program asked staff to decide."""

    kind: str
    asked: int
    waiting: int
    oldest_days: int


class ClosedDays(msgspec.Struct, frozen=True):
    """What the program began while the agency was closed; `dialog` is empty for what is no dialog."""

    dialog: str
    weekend: int
    holiday: int


class Findings(msgspec.Struct, frozen=True):
    """A whole rehearsal. `reached` counts people by month of the programme; `late_weeks` are indices.

    `goodbyes` counts people who answered something when they left a phase. `left_out` names scores and
    questionnaires of the programme that need a licence or must be switched on: nobody was asked them.
    """

    programme: str
    participants: int
    months: int
    staff: int
    seed: str
    begins: date
    enrolled: int
    ended: int
    goodbyes: int
    key: int
    messages: int
    unasked: int
    quiet: int
    held: int
    closed_days: tuple[ClosedDays, ...]
    weeks: tuple[Week, ...]
    acknowledged: tuple[Acknowledged, ...]
    sources: dict[str, dict[str, int]]
    alone: Alone
    coaches: tuple[Coach, ...]
    phases: tuple[PhaseLength, ...]
    reached: dict[int, int]
    asked: tuple[Asked, ...]
    late_weeks: tuple[int, ...]
    heavy_weeks: tuple[int, ...]
    left_out: tuple[str, ...] = ()
