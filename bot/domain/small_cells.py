# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Counts of people that may be shown: none below five, and none that can be reckoned from the others.

A list of counts is shown with its sum. A count below `LEAST` is hidden. What is hidden could be reckoned if
it were alone, or if those hidden were together as few or as many as they can be; so the smallest shown counts
are hidden too, until there is more than one way how they may be, also for somebody who knows this rule. Equal
counts are hidden together: their places say nothing. Below `LEAST` people nothing is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

#: The smallest count that is shown.
LEAST = 5


@dataclass(frozen=True, slots=True)
class Shown:
    """What may be shown of a list of counts, in its order, and their sum. None: too few people."""

    cells: tuple[int | None, ...]
    total: int | None


def shown(counts: Sequence[int]) -> Shown:
    """What may be shown of these counts, each 0 or more, of people of whom each is in one of them."""
    total = sum(counts)
    if total < LEAST:
        return Shown((None,) * len(counts), None)
    hidden = {place for place, count in enumerate(counts) if count < LEAST}
    while hidden and len(hidden) < len(counts) and not _is_safe([counts[place] for place in hidden]):
        least = min(count for place, count in enumerate(counts) if place not in hidden)
        hidden |= {place for place, count in enumerate(counts) if count == least}
    return Shown(tuple(None if place in hidden else count for place, count in enumerate(counts)), total)


def _is_safe(hidden: Sequence[int]) -> bool:
    is_open_above = max(hidden) >= LEAST or sum(hidden) < len(hidden) * (LEAST - 1)
    return len(hidden) > 1 and sum(hidden) >= LEAST and is_open_above
