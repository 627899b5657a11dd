# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The ladders of a run: those that ship, or others that an agency may write."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from bot.domain.escalation import Policies
from bot.services.policies import STANDARD, read_policies
from tests.simulation.town import town

#: Duty first, then everybody; by the clock on the wall; calls that are repeated.
_DUTY_FIRST = """
format: 1
policies:
  R3:
    rungs:
      - {after: 0 minutes, call: [duty, owner], every: 5 minutes}
      - {after: 15 minutes, call: [deputy, pool], clock: wall}
      - {after: 15 minutes, call: [lead], clock: wall}
    again_after: 30 minutes
    choose_step_within: 30 minutes
    tell_after: 10 minutes
    out_of_hours: [duty, lead]
  R2:
    rungs:
      - {after: 0 minutes, call: [owner], where: [messenger, mail]}
      - {after: 1 hour, call: [deputy, duty], every: 20 minutes, repeat: 2}
      - {after: 3 hours, call: [lead, pool], clock: wall}
    again_after: 4 hours
    choose_step_within: 2 hours
    out_of_hours: [duty]
  R1:
    rungs:
      - {after: 0 minutes, call: [pool]}
      - {after: 8 hours, call: [owner, lead]}
    again_after: 16 hours
    choose_step_within: 8 hours
"""


@cache
def ladders() -> tuple[Mapping[str, Policies], ...]:
    """The choices, by programme."""
    return town().rules.own_policies, {STANDARD: read_policies(_DUTY_FIRST, "duty_first.yaml")}
