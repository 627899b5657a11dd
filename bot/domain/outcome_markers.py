# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Outcome markers: what a coach knows about how things have turned out. Entered by hand, never computed.

None of them is a rating, and nothing is sorted by them: they are sealed. There is no marker for what somebody
has not done; what is not so, or no more, is `OPEN`, as if it had never been entered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

#: So long may the words beside a marker be.
LONGEST_WORDS = 300
#: From so many hours a day on, as § 43 SGB VI draws the lines.
_PART, _FULL = 3, 6
_DAY = 24


class Marker(StrEnum):
    """What can be known, in the order in which it is shown."""

    HOURS = "hours"  # how many hours a day somebody could work
    PROFILE = "profile"  # their profile has changed
    LTA_APPLIED = "lta_applied"  # benefits for participation in working life (LTA)
    LTA_APPROVED = "lta_approved"
    JOB = "job"  # with social insurance
    APPRENTICESHIP = "apprenticeship"
    MINI_JOB = "mini_job"
    VOLUNTEERING = "volunteering"
    SUPPORT = "support"  # linked to a support partner


class Finding(StrEnum):
    """What is so."""

    OPEN = "open"  # not known, or not so
    UNDER_3 = "under_3"  # less than 3 hours a day
    FROM_3 = "from_3"  # 3 to less than 6
    FROM_6 = "from_6"  # 6 or more
    YES = "yes"


#: What can be entered for a marker; for all that are not here, `_PLAIN`.
_BANDS = (Finding.UNDER_3, Finding.FROM_3, Finding.FROM_6, Finding.OPEN)
_PLAIN = (Finding.YES, Finding.OPEN)
FINDINGS: Mapping[Marker, tuple[Finding, ...]] = {
    marker: _BANDS if marker is Marker.HOURS else _PLAIN for marker in Marker
}


@dataclass(frozen=True, slots=True)
class MarkerEntry:
    """One entry. `day` is since when it is so; entries are only added, and the newest of a marker counts."""

    id: int
    agency_id: int
    participant_id: int
    set_by: int
    at: datetime
    marker: Marker
    finding: Finding
    day: date
    words: str = ""


def band(hours: float) -> Finding:
    """The band of so many hours a day. Raises `ValueError` outside 0 to 24."""
    if not 0 <= hours <= _DAY:
        raise ValueError(hours)
    if hours < _PART:
        return Finding.UNDER_3
    return Finding.FROM_3 if hours < _FULL else Finding.FROM_6


def current(history: Iterable[MarkerEntry]) -> Mapping[Marker, MarkerEntry]:
    """The newest entry of each marker, in the order of the markers; `history` the oldest first."""
    newest = {entry.marker: entry for entry in history}
    return {marker: newest[marker] for marker in Marker if marker in newest}
