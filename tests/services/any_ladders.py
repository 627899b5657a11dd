# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Any ladders that the checker lets through."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st

from bot.domain.concerns import Level
from bot.domain.escalation import LONGEST, Draft, Drafts, Policy, Repeat, Rung, Target, Way

_MINUTE = timedelta(minutes=1)
#: More than a rung is ever called again after: then it simply is not.
_LONG = 9999


def minutes(least: int, most: int) -> st.SearchStrategy[timedelta]:
    """Spans to the minute."""
    return st.integers(least, most).map(lambda count: count * _MINUTE)


@st.composite
def drafts_of(draw: st.DrawFn, level: Level) -> Draft:
    """One ladder: the last rung calls the lead, none too late, danger not in the console alone."""
    longest = LONGEST[level] // _MINUTE
    count = draw(st.integers(1, 4))
    gaps = [timedelta(), *(draw(minutes(1, longest // count)) for _ in range(count - 1))]
    rungs = []
    for number, gap in enumerate(gaps):
        targets = draw(st.lists(st.sampled_from(list(Target)), min_size=1, unique=True))
        if number == count - 1 and Target.LEAD not in targets:
            targets.append(Target.LEAD)
        ways = draw(st.sampled_from([[], [Way.MAIL], [Way.CONSOLE, Way.MESSENGER], list(Way)]))
        rungs.append(Rung(gap, tuple(targets), draw(st.booleans()), tuple(ways)))
    repeats = st.builds(Repeat, minutes(1, _LONG) | st.just(timedelta(days=_LONG)), st.integers(1, 10))
    tell = minutes(1, longest)
    policy = Policy(
        level,
        tuple(rungs),
        draw(minutes(1, longest)),
        draw(minutes(1, longest)),
        draw(tell if level is Level.R3 else st.none() | tell),
        tuple(draw(st.lists(st.sampled_from(list(Target)), unique=True))),
    )
    return Draft(policy, tuple(draw(st.none() | repeats) for _ in rungs))


#: One for each level.
drafts: st.SearchStrategy[Drafts] = st.fixed_dictionaries(
    {level: drafts_of(level) for level in (Level.R3, Level.R2, Level.R1)}
)
