# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Ports for who may see what, and for the chain of the audit log. Part of `ports`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.access import BrokenGlass
from bot.domain.ledger_chain import Checkpoint, Head, Link, Note


class Access(Protocol):
    """What decides how a staff member stands to a person, where other ports do not say it."""

    def coach_of(self, participant_id: int) -> int | None:
        """Who looks after this person; locks nothing."""

    def coaches(self, agency_id: int) -> Mapping[int, int | None]:
        """The coach of every person of the agency, by person."""

    def called(self, agency_id: int, staff_id: int) -> frozenset[int]:
        """Concerns of the agency that are open and for which an alert was made out to this staff member."""

    def break_glass(self, new: BrokenGlass) -> int:
        """Keep it for good; its own `id` is ignored."""

    def glasses(self, staff_id: int, now: datetime) -> list[BrokenGlass]:
        """Those of this staff member that are not over."""


class AuditChain(Protocol):
    """The chain over the audit log, one an agency. Rows join it some time after they are written."""

    def lock(self) -> None:
        """Until the end of this unit of work nobody else lengthens or cuts a chain."""

    def agencies(self) -> list[int]:
        """Every agency with a chain."""

    def waiting(self, limit: int) -> list[Note]:
        """Rows in no chain yet that the program wrote, the oldest first. Only after `lock`."""

    def forged(self) -> list[Note]:
        """Rows that are in no chain and that the program did not write, or not so; 100 at most."""

    def head(self, agency_id: int) -> Head | None:
        """The end of the chain; None before its first link."""

    def append(self, links: Sequence[Link]) -> None: ...
    def read(self, agency_id: int, after: int, limit: int) -> list[tuple[Link, Note | None]]:
        """The links behind a position, each with its row, or None where the row is gone."""

    def checkpoint(self, agency_id: int) -> Checkpoint | None:
        """Behind which place the chain begins by now; None if nothing was ever removed."""

    def is_genuine(self, checkpoint: Checkpoint) -> bool:
        """Whether the program signed it."""

    def cut(self, agency_id: int, before: datetime, now: datetime) -> int:
        """Remove the rows before this moment from the beginning of the chain. How many. After `lock`.

        A signed checkpoint takes their place; one that was kept for longer stops it, so no gap arises.
        """
