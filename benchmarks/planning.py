# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""How long it takes to work out the coming week of 100,000 participants.

    python -m benchmarks.planning [--people 100000] [--rounds 1]

Each participant has three plans: the weekly check-in (moved from a holiday to the next working day), one
every two weeks at a drawn moment of a window, and one on day 1, 3, 7, 14, 30 ... after a discharge. They live
in all 16 German states and in several zones, enrolled on any day of the last two years, and have hours in
which they want to hear of us; some are on holiday. It is the week in which the clocks change in autumn 2026,
with Reformation Day, which only some states keep. One process, nothing kept but what Lotse itself keeps.
"""

from __future__ import annotations

import argparse
import platform
import random
import resource
import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from datetime import time as wall
from zoneinfo import ZoneInfo

from scheduler.occurrences import next_occurrence, occurrences_between
from scheduler.person_time import PersonTime
from scheduler.plans import Anchor, Between, Counted, DaysOff, Plan, Rule, Span, Weekly
from scheduler.public_holidays import STATES

FIRST = datetime(2026, 10, 24, 22, tzinfo=UTC)
LAST = FIRST + timedelta(days=8)
PLANS = (
    Plan(
        id="weekly_checkin",
        rhythm=Weekly((0,)),
        at=wall(10),
        start=Anchor("enrolment", 2),
        holidays=DaysOff.NEXT_WORKING_DAY,
    ),
    Plan(
        id="wellbeing",
        rhythm=Rule("FREQ=WEEKLY;INTERVAL=2;BYDAY=TH"),
        at=Between(wall(10), wall(16)),
        start=Anchor("enrolment", 10),
        holidays=DaysOff.SKIP,
    ),
    Plan(
        id="after_discharge",
        rhythm=Counted("discharge", (1, 3, 7, 14, 30, 60, 90), (6, 12)),
        at=Between(wall(9), wall(17)),
        weekends=DaysOff.NEXT_WORKING_DAY,
        until=date(2028, 6, 30),
    ),
)
_ZONES = (
    *[ZoneInfo("Europe/Berlin")] * 17,
    *(ZoneInfo(name) for name in ("Europe/Istanbul", "Europe/Kyiv", "Atlantic/Azores")),
)
_OFFICE = {weekday: (wall(9), wall(18)) for weekday in range(5)}
_LATE = {weekday: (wall(14), wall(21)) for weekday in range(7)}


def make_people(count: int) -> list[PersonTime]:
    """Invented participants, always the same ones."""
    dice = random.Random(7)
    people = []
    for number in range(count):
        enrolled = date(2026, 10, 24) - timedelta(days=dice.randrange(730))
        dates = {"enrolment": enrolled}
        if dice.random() < 0.4:
            dates["discharge"] = enrolled - timedelta(days=dice.randrange(40))
        away = (Span(date(2026, 10, 26), date(2026, 10, 30)),) if dice.random() < 0.05 else ()
        window = dice.choice([{}, _OFFICE, _OFFICE, _LATE])
        people.append(
            PersonTime(dice.choice(_ZONES), number, dates, window, dice.choice(STATES), frozenset(), away)
        )
    return people


def plan_week(people: list[PersonTime]) -> Counter[str]:
    """How many occurrences each plan has in the week."""
    found: Counter[str] = Counter()
    for person in people:
        for plan in PLANS:
            for _ in occurrences_between(plan, person, FIRST, LAST):
                found[plan.id] += 1
    return found


def find_next(people: list[PersonTime]) -> int:
    """As the running program does: only the next one of each plan. How many there are."""
    return sum(next_occurrence(plan, person, FIRST) is not None for person in people for plan in PLANS)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=1)
    asked = parser.parse_args()
    people = make_people(asked.people)
    pairs = len(people) * len(PLANS)
    print(f"Python {platform.python_version()}, {len(people)} people with {len(PLANS)} plans each")
    for _ in range(asked.rounds):
        began, cpu = time.perf_counter(), time.process_time()
        found = plan_week(people)
        took, cpu = time.perf_counter() - began, time.process_time() - cpu
        said = ", ".join(f"{name} {count}" for name, count in sorted(found.items()))
        print(f"a week: {took:.1f} s ({cpu:.1f} s of CPU, {cpu / pairs * 1e6:.0f} us a plan): {said}")
        began, cpu = time.perf_counter(), time.process_time()
        count = find_next(people)
        took, cpu = time.perf_counter() - began, time.process_time() - cpu
        print(f"the next: {took:.1f} s ({cpu:.1f} s of CPU, {cpu / pairs * 1e6:.0f} us a plan): {count}")
    print(f"memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB, the people included")


if __name__ == "__main__":
    main()
