# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What belongs to the person first: their own view of seven areas of life, and licensed scores.

Nobody else sees any of it, not even that it is there, until the person shares that one (promise P4). There is
no sum of a profile, and nothing that happens by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.errors import UnknownTransition

#: Every area is a whole number from the one to the other, or was left out.
LOWEST, HIGHEST = 0, 10
#: What staff write beside a shared score, in characters.
SHORTEST_JUDGEMENT, LONGEST_JUDGEMENT = 3, 2000

PROFILE_DIALOG, SCORE_DIALOG = "conversation_profile", "score_result"
#: In this one a person puts together what they take along at the end.
PACK_DIALOG = "hand_over"
#: What is said in these is kept from staff.
OWN_DIALOGS = frozenset({PROFILE_DIALOG, SCORE_DIALOG, PACK_DIALOG})


class Area(StrEnum):
    """An area of life, in the order in which it is asked. The values are the names of the questions."""

    HEALTH = "health"
    SLEEP = "sleep"
    EVERYDAY = "everyday"
    PEOPLE = "people"
    HOME = "home"
    WORK = "work"
    HOPE = "hope"


class Sharing(StrEnum):
    """Who sees a profile or a score beside the person."""

    OWN = "own"
    SHARED = "shared"


class SharingEvent(StrEnum):
    """What the person does with it. Nobody else can."""

    SHARE = "share"
    TAKE_BACK = "take_back"


#: Every move there is. Both may be said twice: the second changes nothing.
MOVES: Mapping[tuple[Sharing, SharingEvent], Sharing] = {
    (Sharing.OWN, SharingEvent.SHARE): Sharing.SHARED,
    (Sharing.OWN, SharingEvent.TAKE_BACK): Sharing.OWN,
    (Sharing.SHARED, SharingEvent.SHARE): Sharing.SHARED,
    (Sharing.SHARED, SharingEvent.TAKE_BACK): Sharing.OWN,
}


def shared_after(shared_at: datetime | None, event: SharingEvent, now: datetime) -> datetime | None:
    """Since when something is shared after `event`. Raises `UnknownTransition`."""
    before = Sharing.OWN if shared_at is None else Sharing.SHARED
    if (before, event) not in MOVES:
        raise UnknownTransition(f"what is {before} has no {event}")
    return (shared_at or now) if MOVES[before, event] is Sharing.SHARED else None


@dataclass(frozen=True, slots=True)
class Profile:
    """One conversation profile. An area that was left out is not in `values`; it is never a zero.

    `first` is where the person would like to begin, if they said so.
    """

    id: int
    agency_id: int
    participant_id: int
    conversation_id: int
    at: datetime
    values: Mapping[Area, int]
    first: Area | None = None
    shared_at: datetime | None = None

    def change(self, area: Area, before: Profile | None) -> int | None:
        """How far an area is from what it was in the profile before; None where one of both is not there."""
        if before is None or area not in self.values or area not in before.values:
            return None
        return self.values[area] - before.values[area]


@dataclass(frozen=True, slots=True)
class LicensedScore:
    """What a score pack made of the answers of one conversation (promise P6).

    `value` as the pack rounds it, with the key of its `band`; or None, and then `reason` says why, `items`
    which inputs that is about.
    """

    id: int
    agency_id: int
    participant_id: int
    conversation_id: int
    pack: str
    version: int
    at: datetime
    value: float | None = None
    band: str = ""
    reason: str = ""
    items: tuple[str, ...] = ()
    shared_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a staff member says about a shared score, as a human. `score_id` is the score."""

    id: int
    agency_id: int
    participant_id: int
    score_id: int
    staff_id: int
    at: datetime
    words: str = field(repr=False)
