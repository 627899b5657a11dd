# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What happened with one person, as staff who look after them see it, and what they note for each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

#: So long a note may be.
LONGEST_NOTE = 4000


class Sort(StrEnum):
    """What something that happened is about. It decides what its other words mean."""

    CONCERN = "concern"  # word: the event, text: its note
    APPOINTMENT = "appointment"  # word: the kind, more: the state
    TALK = "talk"  # a conversation that came to its end; word: the dialog
    CONSENT = "consent"  # word: the purpose, more: "yes" or "no", text: with whom
    NOTE = "note"  # text: the words
    ACT = "act"  # word: the action of the audit log
    GLASS = "glass"  # somebody looked in an emergency; text: the reason
    VISIT = "visit"  # somebody was there; word: "group" or "appointment", text: the group's title
    PHASE = "phase"  # word: the move, more: the phase, text: the reason


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened.

    `number` is that of the concern, appointment, conversation, group or note. `actor` is like `staff:17`,
    `system` or `participant`. `text` is content, all others are machine words; what they are says `Sort`.
    """

    at: datetime
    sort: Sort
    number: int
    word: str = ""
    more: str = ""
    text: str = ""
    actor: str = ""


@dataclass(frozen=True, slots=True)
class PersonNote:
    """What a staff member noted about a person, who does not see it but has it in the copy of their data."""

    id: int
    agency_id: int
    participant_id: int
    staff_id: int
    at: datetime
    text: str


def page_of(moments: Sequence[datetime], limit: int) -> int:
    """How many of these, the newest first, make one page, if only `limit` are sure to be whole.

    The next page begins before the last one's moment, so a page never ends between two of the same moment,
    unless all of it is that one.
    """
    if len(moments) <= limit:
        return len(moments)
    end = limit
    while end and moments[end - 1] == moments[limit]:
        end -= 1
    return end or limit
