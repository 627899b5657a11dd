# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""People and plans for tests: a person in Saxony, and whatever hypothesis makes up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from hypothesis import strategies as st

from scheduler.occurrences import Occurrence, next_occurrence
from scheduler.person_time import PersonTime
from scheduler.plans import Anchor, Between, Counted, DaysOff, EveryDays, OnDates, Plan, Rule, Span, Weekly
from tests.scheduler.moments import BERLIN, walls, zones

EVERY_DAY = EveryDays(1)
WEEKDAYS = {weekday: (time(9), time(17)) for weekday in range(5)}
ENROLLED = date(2026, 9, 1)

MIA = PersonTime(BERLIN, 1, {"enrolment": ENROLLED}, state="SN")


def coming(plan: Plan, person: PersonTime, after: datetime, count: int) -> list[Occurrence]:
    """The next ones, each found from the one before."""
    found: list[Occurrence] = []
    while len(found) < count and (one := next_occurrence(plan, person, found[-1].at if found else after)):
        found.append(one)
    return found


def days(occurrences: Sequence[Occurrence]) -> list[date]:
    return [one.day for one in occurrences]


_days = st.dates(date(2026, 9, 1), date(2027, 5, 31))
_spans = st.builds(lambda first, length: Span(first, first + timedelta(length)), _days, st.integers(0, 20))
_windows = (
    st.tuples(walls, walls).filter(lambda pair: pair[0] != pair[1]).map(lambda pair: tuple(sorted(pair)))
)
RULES = (
    "FREQ=DAILY;INTERVAL=3",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH",
    "FREQ=MONTHLY;BYDAY=-1FR",
    "FREQ=MONTHLY;BYMONTHDAY=31",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
)
rhythms = st.one_of(
    st.sets(st.integers(0, 6), min_size=1).map(lambda found: Weekly(tuple(sorted(found)))),
    st.integers(1, 40).map(EveryDays),
    st.sets(_days, min_size=1, max_size=6).map(lambda found: OnDates(tuple(found))),
    st.sets(st.integers(-5, 90), min_size=1, max_size=6).map(
        lambda found: Counted("discharge", tuple(found), (1, 6))
    ),
    st.sampled_from(RULES).map(Rule),
)
clocks = walls | _windows.map(lambda pair: Between(*pair))
plans = st.builds(
    lambda rhythm, at, weekends, holidays, pauses, times: Plan(
        id="test",
        rhythm=rhythm,
        at=at,
        start=None if isinstance(rhythm, OnDates) else Anchor("enrolment"),
        weekends=weekends,
        holidays=holidays,
        pauses=tuple(pauses),
        times=times,
    ),
    rhythms,
    clocks,
    st.sampled_from(DaysOff),
    st.sampled_from(DaysOff),
    st.lists(_spans, max_size=2),
    st.none() | st.integers(1, 60),
)
persons = st.builds(
    lambda tz, seed, enrolment, window, state, closed: PersonTime(
        tz, seed, {"enrolment": enrolment, "discharge": enrolment + timedelta(10)}, window, state, closed
    ),
    zones,
    st.integers(0, 2**63),
    st.dates(date(2026, 8, 1), date(2027, 4, 1)),
    st.dictionaries(st.integers(0, 6), _windows),
    st.sampled_from(["", "SN", "NW"]),
    st.frozensets(_days, max_size=10),
)
