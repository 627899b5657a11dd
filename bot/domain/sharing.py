# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What somebody is asked to let go to a partner: who, what, what for. The answer is a consent of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.consent import Given, Purpose, holding, standing

_HANDED = "shared"
#: So long each of the three may be.
LONGEST_NAME, LONGEST_WORDS = 120, 300


@dataclass(frozen=True, slots=True)
class SharingAsk:
    """A person was, or will be, asked whether something may go to one partner.

    `partner` is the name that the person reads, and the object of the consent. `contact_id` is the staff
    member (role partner) who gets what the person agreed to, if there is one. `handed` is what was given to
    them last, about which concern and when; empty before.
    """

    id: int
    agency_id: int
    participant_id: int
    partner: str
    what: str
    why: str
    asked_by: int
    asked_at: datetime
    contact_id: int | None = None
    handed: str = ""
    concern_id: int | None = None
    handed_at: datetime | None = None

    @property
    def consent(self) -> str:
        """The key of the consent that covers it: see `bot.domain.consent.Given.key`."""
        return f"{Purpose.SHARING}:{self.partner}"

    def is_held(self, given: Sequence[Given], meanings: Mapping[str, int], now: datetime) -> bool:
        """Whether what the person gave covers it now: a yes older than the question covers something else."""
        holds = holding(given, meanings, now).get(self.consent, False)
        return holds and standing(given)[self.consent].at >= self.asked_at


def handed_subject(ask_id: int, giver_id: int) -> str:
    """The subject of the notice to a partner that this staff member gives them something."""
    return f"{_HANDED}:{ask_id}:{giver_id}"


def handed_by(subject: str) -> tuple[int, int] | None:
    """The number of the ask and who gives it, if a message is such a notice."""
    what, _, rest = subject.partition(":")
    ask_id, _, giver_id = rest.partition(":")
    # One that was posted before givers were named there names none.
    return (int(ask_id), int(giver_id or 0)) if what == _HANDED else None
