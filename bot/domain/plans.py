# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Plans as they are published and followed. What a plan says about days and hours is `scheduler.plans`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.editions import Origin


@dataclass(frozen=True, slots=True)
class PlanEdition:
    """One published file of plans of an agency; `version` counts from 1, and the highest is in force."""

    agency_id: int
    version: int
    digest: str
    source: str
    origin: Origin
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Followed:
    """Where a person stands in one plan.

    Everything up to `seen_until` is handled, and it never goes back: so nothing is asked twice, even if the
    clock is set back. `handled_day` is the latest day of the rhythm that was: an occurrence that a change of
    the person's hours moves behind `seen_until` is still the same one. `version` is that of the plans by
    which the next moment was found. `is_on` is false while the person has not agreed, has stopped, or the
    plan is gone; what would have come meanwhile is not caught up on.
    """

    participant_id: int
    plan: str
    version: int
    seen_until: datetime
    is_on: bool
    handled_day: date | None = None


@dataclass(frozen=True, slots=True)
class Milestones:
    """Moments of a person from which plans count, None where there was none.

    `agreed_at`: the first consent to contact. `heard_at`: the last message, press or picture of theirs.
    `crisis_closed_at`: when a serious concern (R2, R3) was last closed.
    """

    agreed_at: datetime | None = None
    heard_at: datetime | None = None
    crisis_closed_at: datetime | None = None
