# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""How long people waited until a human had taken over, by level, in working time and on the wall."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from scheduler.local_time import ReadingHours
from tests.simulation.facts import Facts, moment

#: Until somebody took it over; acknowledged it is only with the next step, due minutes to hours later.
_WAITS = """SELECT c.id, c.state, c.level, c.raised_at, c.uncovered,
    (SELECT min(e.at) FROM concern_event e WHERE e.concern_id = c.id AND e.event = 'take_over')
    FROM concern c ORDER BY c.id"""


@dataclass(frozen=True, slots=True)
class Wait:
    """One concern: how many seconds until somebody took it over, or None while nobody has."""

    level: str
    working: float | None
    wall: float | None


def waits(facts: Facts, hours: ReadingHours) -> list[Wait]:
    """All concerns of a run. `level` is the one that it has now."""
    found = []
    for _, _, level, raised, _, taken in facts.rows(_WAITS):
        begin, end = moment(raised), moment(taken)
        if begin is None or end is None:
            found.append(Wait(level, None, None))
        else:
            working = hours.working_time(begin, end) if end > begin else timedelta()
            found.append(Wait(level, working.total_seconds(), (end - begin).total_seconds()))
    return found


def table(found: Iterable[Wait]) -> str:
    """A line for each level: how many, how many are waiting still, and p50 and p99 in hours."""
    every = list(found)
    lines = ["level  concerns  waiting  working p50  p99 (h)   wall p50  p99 (h)"]
    for level in sorted({wait.level for wait in every}):
        of_level = [wait for wait in every if wait.level == level]
        working = sorted(wait.working for wait in of_level if wait.working is not None)
        wall = sorted(wait.wall for wait in of_level if wait.wall is not None)
        lines.append(
            f"{level:5}  {len(of_level):8}  {len(of_level) - len(wall):7}"
            f"  {_hours(working, 0.5):>11}  {_hours(working, 0.99):>7}"
            f"  {_hours(wall, 0.5):>9}  {_hours(wall, 0.99):>7}"
        )
    return "\n".join(lines)


def _hours(ordered: Sequence[float], share: float) -> str:
    if not ordered:
        return "-"
    return f"{ordered[min(int(share * len(ordered)), len(ordered) - 1)] / 3600:.2f}"
