# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""An internship at a firm: where, from when to when, how much; and the hours that were worked there.

Where it stands follows from its days alone. That one ends earlier says nothing about anybody: why, if it is
known at all, is a note of the team that never leaves it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

import msgspec

#: So long each of the texts may be; the last is a note of several lines.
LONGEST_NAME, LONGEST_LINE, LONGEST_REASON = 80, 120, 1000
#: More hours a week than these nobody enters on purpose.
MOST_MINUTES = 60 * 60
#: An internship is not longer: a wrong year is the likeliest slip.
LONGEST = timedelta(days=366)
_WEEK = timedelta(days=7)


class PlacementStage(StrEnum):
    """Where an internship stands on a day."""

    PLANNED = "planned"
    BEGUN = "begun"
    ENDED = "ended"
    ENDED_EARLY = "ended_early"  # also one that did not begin after all


class PlacementTerms(msgspec.Struct, frozen=True, kw_only=True):
    """What was arranged. `minutes` are those of a week. `shown_as` is what the firm calls the person here."""

    employer: str
    first_day: date
    last_day: date
    minutes: int
    shown_as: str
    district: str = ""
    times: str = ""
    contact: str = ""


class EarlyEnd(msgspec.Struct, frozen=True, kw_only=True):
    """The day from which the person is not there any more, and what the team noted about it."""

    day: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Placement:
    """One internship of one person. `ask_id` is what they were asked about the firm seeing it.

    `contact_id` is the staff member (role employer contact) who may see it if they agree; None if nobody.
    """

    id: int
    agency_id: int
    participant_id: int
    ask_id: int
    terms: PlacementTerms
    made_by: int
    made_at: datetime
    changed_at: datetime
    contact_id: int | None = None
    ending: EarlyEnd | None = None

    @property
    def over_on(self) -> date:
        """The first day on which it is over."""
        regular = self.terms.last_day + timedelta(days=1)
        return min(self.ending.day, regular) if self.ending is not None else regular

    def stage(self, today: date) -> PlacementStage:
        """Where it stands."""
        if self.ending is not None and self.ending.day <= today:
            return PlacementStage.ENDED_EARLY
        if today > self.terms.last_day:
            return PlacementStage.ENDED
        return PlacementStage.BEGUN if today >= self.terms.first_day else PlacementStage.PLANNED

    def goes_on(self, today: date) -> bool:
        """Whether it is planned or has begun."""
        return today < self.over_on

    def weeks(self, today: date) -> list[date]:
        """The Mondays of the weeks in which there were days of it until today, the newest first."""
        last = min(today, self.over_on - timedelta(days=1))
        monday, found = monday_of(self.terms.first_day), []
        while self.terms.first_day <= last and monday <= last:
            found.append(monday)
            monday += _WEEK
        return found[::-1]


@dataclass(frozen=True, slots=True)
class WorkedWeek:
    """How long somebody worked there in the week of this Monday, as the firm entered it last."""

    week: date
    minutes: int
    entered_by: int
    entered_at: datetime


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())
