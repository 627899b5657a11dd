# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Invitations as staff make, hand out and count them: for one person, or a door open to several."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

#: A card hangs on a wall or lies in a drawer; after that long nobody knows any more who it is for.
LONGEST = timedelta(days=365)
#: Printed at once; more would be no sheets any more but a stack.
MOST_CARDS = 40
#: So many people can come in by one door.
MOST_PEOPLE = 500
LONGEST_NOTE = 120
_GROUP = 4
_LETTERS = 12
#: What base 32 has that looks like something else on paper, and what stands for it.
_CLEAR = str.maketrans("lo", "89")


class CardState(StrEnum):
    """What has become of an invitation."""

    OPEN = "open"
    USED = "used"  # as many have come in as could
    OVER = "over"  # its time has passed
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Card:
    """An invitation that a staff member made: `id` is the invitation's.

    `most` people can come in by it, `opened` have. `code` is there only while it opens. `note` is for
    `made_by` alone, to tell one card from another.
    """

    id: int
    agency_id: int
    made_by: int
    coach_id: int
    language: str
    programme: str
    code: str
    note: str
    most: int
    opened: int
    made_at: datetime
    expires_at: datetime
    withdrawn_at: datetime | None = None

    @property
    def is_door(self) -> bool:
        """Whether it is for several people."""
        return self.most > 1

    def state(self, now: datetime) -> CardState:
        """What has become of it by now."""
        if self.withdrawn_at is not None:
            return CardState.WITHDRAWN
        if self.opened >= self.most:
            return CardState.USED
        return CardState.OPEN if now < self.expires_at else CardState.OVER


def typed_code(secret: str) -> str:
    """A code that can be typed from paper, like `k7mq-4tzx-r2dw`, out of a secret that nobody can guess.

    Twelve letters of an alphabet of 32 are 60 bits. Only somebody online can try them, one at a time, and
    what such a code opens is an empty enrolment.
    """
    letters = base64.b32encode(sha256(secret.encode()).digest()).decode().lower().translate(_CLEAR)
    return "-".join(letters[at : at + _GROUP] for at in range(0, _LETTERS, _GROUP))
