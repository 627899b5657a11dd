# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Ports for the auditor: set-based questions about all rows, and what can be put right without a rule. Part
of `ports`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.audit import Fault
from bot.domain.concerns import Level, State

#: Agency and id of a row that breaks a promise.
Broken = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Holding:
    """Open concerns that have the same holder: whoever took them over, or else their owner."""

    agency_id: int
    holder_id: int | None
    is_taken: bool


@dataclass(frozen=True, slots=True)
class Held:
    """One of them. `next_action_at` is as in `Concern`."""

    id: int
    level: Level
    state: State
    next_action_at: datetime | None


class Soundness(Protocol):
    """Reads what is open in few statements; locks nothing that others wait for."""

    def alone(self) -> None:
        """Until the end of this unit of work nobody else decides who does the next cycle."""

    def find(self, fault: Fault, now: datetime, late: datetime, after: int = 0) -> list[Broken]:
        """Rows with this fault, 500 at most. What is due before `late` is late.

        Where a check goes through a table in parts, it looks at the part behind the id `after`. Raises
        `KeyError` for a fault that is not found by a statement of its own.
        """

    def part_end(self, fault: Fault, after: int) -> int:
        """The last id of the part that `find` looks at; 0 if that is the last part, or there are no parts."""

    def stuck(self, now: datetime, late: datetime) -> list[Broken]:
        """Messages that should be out by `late` on ways on which nothing moves, and urgent ones on any."""

    def holdings(self) -> list[Holding]:
        """Who has open concerns that are not marked as uncovered."""

    def held(self, holding: Holding) -> list[Held]:
        """Those concerns."""

    def uncalled(self, holding: Holding, staff_ids: Sequence[int]) -> list[Held]:
        """Those of them, 500 at most, of which no alert is on its way to, or was taken at, these people."""

    def ladders(self) -> list[tuple[int, str]]:
        """The agency and the stored ladder of open concerns, each pair once."""

    def with_ladder(self, agency_id: int, policy: str) -> list[int]:
        """Open concerns with exactly this stored ladder."""

    def resting(
        self, agency_id: int, until: datetime, level: Level | None = None, state: State | None = None
    ) -> list[Broken]:
        """Open concerns, 500 at most, whose next action is later than `until`.

        With a `level` and a `state` those of both, otherwise all.
        """

    def left_waiting(self, agency_id: int, since: datetime, until: datetime) -> list[Broken]:
        """Danger, 500 at most, open and raised after `since`, of which the person hears no more by `until`.

        Nobody has had it in hand, and they were neither told that nobody has answered nor will they be.
        """

    def sealed(self, after: int) -> list[Broken]:
        """The next open concerns behind the id `after` whose words, or person's name, cannot be opened."""

    def has_timer(self, kind: str, subject: int, by: datetime) -> bool:
        """Whether a timer is there that is due by then, or was parked."""

    def without_plan_timer(self, after: int) -> list[tuple[int, int]]:
        """The next people behind the id `after` who follow a plan for which there is no timer.

        Each with the agency, once. Many plans have no coming moment: whether a timer is missing is for the
        plan to say.
        """

    def versions(self) -> set[tuple[str, int]]:
        """Every published dialog with every version."""

    def sessions(self, after: int) -> list[tuple[int, int, str | None]]:
        """Agency, id and session of the next conversations behind the id `after` that have not ended.

        None for a session that cannot be opened.
        """

    def release(self, outgoing_ids: Sequence[int], now: datetime, late: datetime) -> dict[str, int]:
        """Put back messages whose lease ran out before `late`. How many there were, by channel."""

    def withhold(self, outgoing_ids: Sequence[int]) -> int:
        """Cancel messages that we begin ourselves and that nobody has begun to send."""
