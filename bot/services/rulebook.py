# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What every use case may look up besides its unit of work: it never changes while the program runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.agency import Agency
from bot.domain.escalation import Policies
from bot.texts import Texts, Voice
from dialogs.book import DialogBook
from scheduler.local_time import QuietHours, ReadingHours


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Agencies with their hours, dialogs, ladders and texts.

    `new_code` makes a one-time code that nobody can guess (at least 128 bits, usable as a /start payload).
    `public_url` is where participants reach Lotse's own pages; empty if there is none.
    """

    agencies: Mapping[int, Agency]
    hours: Mapping[int, ReadingHours]
    policies: Policies
    book: DialogBook
    texts: Texts
    new_code: Callable[[], str]
    public_url: str = ""
    quiet: QuietHours | None = None

    def voice(self, language: str) -> Voice:
        """The texts in a language."""
        return self.texts.voice(language)

    def hours_text(self, agency_id: int, voice: Voice) -> str:
        """When staff of the agency read messages, in words."""
        return voice.week(self.hours[agency_id].weekly)

    def is_read_now(self, agency_id: int, now: datetime) -> bool:
        """Whether staff of the agency are at work."""
        return self.hours[agency_id].is_open(now)

    def next_reading(self, agency_id: int, now: datetime) -> datetime:
        """When staff of the agency will next be at work; `now` if they are."""
        return self.hours[agency_id].next_open(now)
