# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Measuring points of an evaluation: when each may be answered, and which answers are its.

Whoever does not answer simply has no value at that point; nothing says why.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

#: So long after it opens a point may be answered, and so long before the end the last one may.
WINDOW = timedelta(weeks=4)


@dataclass(frozen=True, slots=True)
class Window:
    """When the answers to a point count: from `opens` until just before `closes`."""

    opens: datetime
    closes: datetime

    def has(self, at: datetime) -> bool:
        """Whether an answer given at this moment counts."""
        return self.opens <= at < self.closes


@dataclass(frozen=True, slots=True)
class MeasuringPoint:
    """One questionnaire at one point of one enrolment.

    `made_at` is since when it is known. `run_id` is the conversation whose answers are its, the first that
    was answered in the window; nothing is copied. `asked_at` is when we asked by ourselves, if we did: once.
    """

    id: int
    agency_id: int
    participant_id: int
    enrolment_id: int
    point: str
    instrument: str
    opens_at: datetime
    closes_at: datetime
    made_at: datetime
    asked_at: datetime | None = None
    run_id: int | None = None
    answered_at: datetime | None = None

    def is_open(self, at: datetime) -> bool:
        """Whether answers given at this moment would be its."""
        return self.run_id is None and self.opens_at <= at < self.closes_at
