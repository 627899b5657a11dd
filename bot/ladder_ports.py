# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The port for ladders that an agency put in force itself. Part of `ports`."""

from __future__ import annotations

from typing import Protocol

from bot.domain.escalation import LadderEdition


class Ladders(Protocol):
    """Versions of sets of ladders, by agency and name; kept for ever."""

    def publish(self, edition: LadderEdition) -> None:
        """Keep a version for ever. Only after `Ledger.lock_publishing`."""

    def versions_in_force(self, agency_id: int) -> dict[str, int]:
        """The number of the newest version of each set that was ever changed here."""

    def edition(self, agency_id: int, name: str, version: int) -> LadderEdition | None: ...
    def editions(self, agency_id: int, name: str) -> list[LadderEdition]:
        """All versions of a set, the oldest first."""
