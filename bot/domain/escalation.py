# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The ladder that a concern climbs until a human has taken it over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from bot.domain.concerns import Level


class Target(StrEnum):
    """Whom a rung calls."""

    OWNER = "owner"
    DEPUTY = "deputy"
    LEAD = "lead"


@dataclass(frozen=True, slots=True)
class Rung:
    """Call `targets` when `after` has passed since the rung before, in working time or on the wall clock."""

    after: timedelta
    targets: tuple[Target, ...]
    working_time: bool = True


@dataclass(frozen=True, slots=True)
class Policy:
    """The rungs for one level.

    After the last rung the ladder begins again, `again_after` later, and the lead is told.
    `choose_step_within` is how long somebody who took over may leave the next step open.
    `tell_after` is when the person hears by itself that nobody has answered yet; None means never.
    """

    level: Level
    rungs: tuple[Rung, ...]
    again_after: timedelta
    choose_step_within: timedelta
    tell_after: timedelta | None = None


Policies = dict[Level, Policy]
