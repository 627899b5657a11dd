# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The port for rehearsals that were asked for in the console. Part of `ports`."""

from __future__ import annotations

from typing import Protocol

from bot.domain.rehearsals import Rehearsal


class Rehearsals(Protocol):
    """Rehearsals with their reports."""

    def alone(self) -> None:
        """Until the end of the transaction nobody else decides which one begins."""

    def add(self, new: Rehearsal) -> int:
        """Keep a new one; its own `id` is ignored. Returns its number."""

    def get(self, rehearsal_id: int) -> Rehearsal | None: ...
    def of_agency(self, agency_id: int) -> list[Rehearsal]:
        """All of them, the newest first."""

    def unfinished(self) -> list[Rehearsal]:
        """Those of all agencies that wait or run, the oldest first."""

    def save(self, changed: Rehearsal, tries: int, report: str = "") -> bool:
        """Write down what may change; a report only with one that has it.

        False, and nothing is changed, if it was removed or another process has begun it since it was read:
        then it is no longer the one with so many `tries` as before.
        """

    def report(self, rehearsal_id: int) -> str:
        """The page, empty if there is none."""

    def drop(self, agency_id: int, rehearsal_id: int) -> int:
        """Remove one of this agency. How many there were."""
